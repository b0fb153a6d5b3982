// Menus are popovers; this places them beside their opener and lets arrows move inside.
const GAP = 4;

function place(menu, opener) {
  const from = opener.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = from.bottom + GAP;
  const above = from.top - height - GAP;
  const up = menu.dataset.menu === "above" ? above >= GAP : below + height > innerHeight - GAP && above >= GAP;
  const left = from.left + width > innerWidth - GAP ? from.right - width : from.left;
  menu.style.top = `${Math.max(GAP, up ? above : Math.min(below, innerHeight - height - GAP))}px`;
  menu.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
}

const openerOf = (menu) => [...document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)].find((one) => one.offsetParent !== null);
const items = (menu) => [...menu.querySelectorAll("a, button, input")].filter((one) => !one.disabled && one.offsetParent !== null);

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("[data-menu]")) return;
  const opener = openerOf(menu);
  opener?.setAttribute("aria-expanded", String(event.newState === "open"));
  if (event.newState !== "open" || !opener) return;
  if (menu.dataset.menu !== "sheet") place(menu, opener);
  if (opener.matches(":focus-visible")) items(menu)[0]?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  // Fields with arrows of their own keep them: a list to choose from, the days of a date.
  if (!menu || !step || event.defaultPrevented || event.target.matches("select, textarea, [role=combobox], [type=date]")) return;
  event.preventDefault();
  const all = items(menu);
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
});

document.addEventListener("click", (event) => {
  const item = event.target.closest?.("[data-menu] :is(a, button)");
  if (item && !item.closest("form, [data-stay]")) item.closest("[data-menu]").hidePopover();
});
