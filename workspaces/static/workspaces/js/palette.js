// The command palette: pages of the shell at once, what is looked for from the server while typing, arrows and Enter to go.
const dialog = () => document.getElementById("palette");
const results = () => document.getElementById("palette-results");

// Before anything is typed; the server's answers hold the pages that match.
function showPages() {
  const source = dialog()?.querySelector("[data-palette-pages]");
  if (source) results().append(source.content.cloneNode(true));
}

// While the focus is in the field, Enter goes to the marked first answer; arrows move the focus itself.
function mark(item) {
  for (const one of results().querySelectorAll(".at")) one.classList.remove("at");
  item?.classList.add("at");
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-palette-open]") || !dialog() || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const input = dialog().querySelector("input");
  if (!dialog().open) dialog().showModal();
  input.value = "";
  results().replaceChildren();
  showPages();
  mark(results().querySelector(".it"));
  input.focus();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  // An empty query needs no server: the pages are here.
  const form = event.target.closest?.("#palette form");
  if (!form || form.querySelector("input").value.trim()) return;
  event.preventDefault();
  results().replaceChildren();
  showPages();
  mark(results().querySelector(".it"));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "palette-results") return;
  mark(results().querySelector(".it"));
});

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#palette")) return;
  const input = dialog().querySelector("input");
  const all = [...results().querySelectorAll(".it")];
  const at = all.indexOf(document.activeElement);
  if (event.key === "ArrowDown") {
    event.preventDefault();
    (all[at + 1] ?? all[0])?.focus();
  } else if (event.key === "ArrowUp") {
    event.preventDefault();
    (at < 0 ? all.at(-1) : (all[at - 1] ?? input))?.focus();
  } else if (event.key === "Enter" && event.target === input && all[0]) {
    event.preventDefault();
    all[0].click();
  } else if (at >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    input.focus();
  }
});
document.addEventListener("focusin", (event) => {
  if (event.target.closest?.("#palette")) mark(event.target.matches("input") ? results().querySelector(".it") : null);
});
// A link to a place on the same page leaves the palette open otherwise.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#palette .it")) dialog().close();
});
