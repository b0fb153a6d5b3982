// The filter builder is a form that the server draws again after each change. Here only: showing and hiding its panel
// ([data-filter-toggle="id"]; on a phone it is a screen of its own), and keeping the place of the focus across a swap.
const narrow = matchMedia("(max-width: 30rem)");

document.addEventListener("click", (event) => {
  const toggle = event.target.closest?.("[data-filter-toggle]");
  if (!toggle) return;
  const panel = document.getElementById(toggle.dataset.filterToggle);
  if (!panel) return;
  event.preventDefault();
  const open = narrow.matches ? panel.toggleAttribute("data-open") : panel.toggleAttribute("hidden") === false;
  if (narrow.matches) panel.hidden = false;
  for (const one of document.querySelectorAll(`[data-filter-toggle="${panel.id}"][aria-expanded]`)) one.setAttribute("aria-expanded", String(open));
  if (open) panel.querySelector("select, input:not([type=hidden]), button")?.focus();
});

let focused = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  const tree = event.detail.target?.closest?.("[data-filter]");
  focused = tree?.contains(document.activeElement) ? (document.activeElement.name ?? "") : "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (!focused || document.activeElement !== document.body) return;
  document.querySelector(`[data-filter] [name="${CSS.escape(focused)}"]`)?.focus();
  focused = "";
});
