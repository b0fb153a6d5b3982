// The filter builder is a form that the server draws again after each change of its shape. Here only: showing and hiding
// its panel ([data-filter-toggle="id"]; on a phone it is a screen of its own), telling the server which control changed,
// so that it leaves alone what is being typed in, and keeping the place of the focus across a swap.
const narrow = matchMedia("(max-width: 30rem)");
let changed = "";
let focused = null;

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

for (const type of ["input", "change"]) {
  document.addEventListener(type, (event) => { changed = event.target.name ?? ""; }, true);
}
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-filter] button[name=do]")) changed = "do";
}, true);

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, headers, parameters, triggeringEvent } = event.detail;
  if (!elt.querySelector?.("[data-filter]")) return;
  headers["X-Filter-Changed"] = changed;
  // htmx sends along a button that merely has the focus; only one that was pressed means something.
  if (triggeringEvent?.type !== "submit") delete parameters.do;
});

function remember(event) {
  const tree = event.detail.target?.closest?.("[data-filter]");
  const active = document.activeElement;
  if (!tree?.contains(active)) return;
  focused = { id: active.id, name: active.name, value: active.name === "do" ? active.value : null };
}
document.addEventListener("htmx:beforeSwap", remember);
document.addEventListener("htmx:oobBeforeSwap", remember);
document.addEventListener("htmx:afterSettle", () => {
  if (!focused) return;
  const { id, name, value } = focused;
  focused = null;
  if (document.activeElement !== document.body) return;
  const same = (id && document.getElementById(id)) || (name && document.querySelector(`[data-filter] [name="${CSS.escape(name)}"]${value ? `[value="${CSS.escape(value)}"]` : ""}`));
  (same ?? document.querySelector("[data-filter] .tree .rule:last-of-type select"))?.focus();
});
