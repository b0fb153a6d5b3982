// A file field that shows what was chosen or dropped, and refuses a file that is too large before it travels.
import { bind } from "./bind.js";

function size(bytes) {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(steps.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: steps[step], maximumFractionDigits: step ? 1 : 0 }).format(bytes / 1000 ** step);
}

bind("[data-dropzone]", (zone) => {
  const input = zone.querySelector("input[type=file]");
  const name = zone.querySelector("[data-dropzone-name]");
  const note = zone.querySelector("[data-dropzone-size]");
  const error = zone.parentElement.querySelector("[data-dropzone-error]");
  const usual = [name.textContent, note.textContent];
  const show = () => {
    const file = input.files[0];
    const tooLarge = file && Number(zone.dataset.maxBytes || Infinity) < file.size;
    zone.classList.toggle("has-file", Boolean(file) && !tooLarge);
    name.textContent = file ? file.name : usual[0];
    note.textContent = file ? size(file.size) : usual[1];
    input.setCustomValidity(tooLarge ? zone.dataset.tooLarge : "");
    if (!error) return;
    error.hidden = !tooLarge;
    if (tooLarge) error.querySelector("span").textContent = zone.dataset.tooLarge;
  };
  input.addEventListener("change", show);
  for (const event of ["dragenter", "dragover"]) zone.addEventListener(event, () => zone.classList.add("over"));
  for (const event of ["dragleave", "drop"]) zone.addEventListener(event, () => zone.classList.remove("over"));
  if (input.files.length) show();
});
