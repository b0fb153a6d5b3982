// Tables: choosing rows by box, key and range; moving by j and k; the bulk bar. Also lets a table that fits keep its
// head at the top of the window instead of inside its own scroller.
import { bind, isTyping } from "./bind.js";

bind(".scroller", (scroller) => {
  const measure = () => scroller.toggleAttribute("data-fits", (scroller.firstElementChild?.scrollWidth ?? 0) <= scroller.clientWidth);
  const watch = new ResizeObserver(measure);
  watch.observe(scroller);
  return () => watch.disconnect();
});

const boxes = (area) => [...area.querySelectorAll("input[data-choose]")];

function show(area) {
  const all = boxes(area);
  const chosen = all.filter((box) => box.checked).length;
  const head = area.querySelector("[data-choose-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  const bulk = area.querySelector("[data-bulk]");
  if (!bulk) return;
  bulk.hidden = chosen === 0;
  const matching = area.querySelector("input[data-choose-matching-value]");
  const wide = matching?.value === "1";
  const words = bulk.querySelector("[data-bulk-count]");
  if (words) {
    const { one, many, allMatching: all_matching } = words.dataset;
    words.textContent = wide ? all_matching : (chosen === 1 ? one : many).replace("%n", chosen.toLocaleString(document.documentElement.lang));
  }
  const widen = bulk.querySelector("[data-choose-matching]");
  if (widen) widen.hidden = wide || chosen < all.length;
}

function widen(area, on) {
  const value = area.querySelector("input[data-choose-matching-value]");
  if (value) value.value = on ? "1" : "";
}

function choose(area, some, on) {
  for (const box of some) box.checked = on;
  if (!on) widen(area, false);
  show(area);
}

bind("[data-table]", (area) => {
  let last = null;
  const range = (box) => {
    const all = boxes(area);
    const [from, to] = [all.indexOf(last ?? box), all.indexOf(box)].sort((a, b) => a - b);
    return all.slice(Math.max(from, 0), to + 1);
  };
  let shift = false;
  area.addEventListener("click", (event) => { shift = event.shiftKey; }, true);
  area.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-choose-all]")) return choose(area, boxes(area), box.checked);
    if (!box.matches("[data-choose]")) return;
    choose(area, shift ? range(box) : [box], box.checked);
    if (!box.checked) widen(area, false);
    last = box;
    show(area);
  });
  area.addEventListener("click", (event) => {
    if (event.target.closest("[data-choose-matching]")) { widen(area, true); show(area); }
    if (event.target.closest("[data-choose-none]")) choose(area, boxes(area), false);
  });
  const rows = () => [...area.querySelectorAll("a[data-row-link]")];
  const rowOf = (one) => (area.contains(one) ? one.closest("tr, li") : null);
  const current = () => rowOf(document.activeElement)?.querySelector("a[data-row-link]");
  const onKey = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") || document.body.hasAttribute("data-shortcuts-off")) return;
    const arrow = area.contains(document.activeElement) ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : 0;
    const step = { j: 1, k: -1 }[event.key] ?? arrow;
    if (step) {
      const all = rows();
      const here = all.indexOf(current());
      const at = here < 0 ? all.findIndex((link) => link.hasAttribute("aria-current")) : here; // the one that is open
      const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
      if (next) { event.preventDefault(); next.focus(); }
    } else if (event.key === "o" && current()) {
      current().click();
    } else if (event.key.toLowerCase() === "x" && current()) {
      const box = rowOf(current()).querySelector("[data-choose]");
      if (!box) return;
      choose(area, event.shiftKey ? range(box) : [box], event.shiftKey || !box.checked);
      last = box;
    } else if (event.key === "*" && boxes(area).length) {
      const all = boxes(area);
      const full = all.every((box) => box.checked);
      if (full) { widen(area, true); show(area); } else choose(area, all, true);
    }
  };
  document.addEventListener("keydown", onKey);
  const refresh = () => show(area);
  area.addEventListener("htmx:afterSettle", refresh);
  show(area);
  return () => document.removeEventListener("keydown", onKey);
});
