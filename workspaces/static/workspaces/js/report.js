// A filter that was just added opens its choices; choosing days of one's own takes the named range away.
import { bind } from "./bind.js";

bind("[data-open-now]", (menu) => {
  menu.showPopover();
  setTimeout(() => menu.querySelector("input:not([type=hidden]), button")?.focus()); // once a select has become a combobox
});

bind("[data-range-preset]", (preset) => {
  const form = preset.form;
  const changed = (event) => { if (["from", "to"].includes(event.target.name)) preset.disabled = Boolean(event.target.value); };
  const slimmed = () => {
    for (const field of form.querySelectorAll("input:not([type=checkbox]), select:not([multiple])")) if (!field.value) field.disabled = true;
  };
  form.addEventListener("change", changed);
  form.addEventListener("submit", slimmed);
  return () => { form.removeEventListener("change", changed); form.removeEventListener("submit", slimmed); };
});
