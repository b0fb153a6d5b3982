// Charts: one tab stop, arrows move from slot to slot, the slot at hand shows its values in words. The slots are links
// and named pictures that the server wrote, so Enter follows them, and without this module they still work.
import { bind, scan } from "./bind.js";

const SVG = "http://www.w3.org/2000/svg";
const GAP = 8;

function keyOf({ colour, previous }) {
  const key = document.createElementNS(SVG, "svg");
  key.setAttribute("class", previous ? "key previous" : `key series-${colour}`);
  key.setAttribute("viewBox", "0 0 10 10");
  const shape = document.createElementNS(SVG, previous ? "path" : "rect");
  if (previous) shape.setAttribute("d", "M0 5h10");
  else { shape.setAttribute("width", "10"); shape.setAttribute("height", "10"); }
  key.append(shape);
  return key;
}

function line(...inside) {
  const row = document.createElement("div");
  row.append(...inside);
  return row;
}

function fill(tip, area, marks, again) {
  const title = document.createElement("p");
  title.className = "strong";
  title.textContent = area.dataset.area;
  const rows = JSON.parse(area.dataset.values).map((words, index) => {
    const value = document.createElement("b");
    value.textContent = words;
    const mark = marks[index];
    return mark ? line(keyOf(mark), mark.label, value) : line(value);
  });
  tip.replaceChildren(title, ...rows);
  if (!again) return;
  const hint = document.createElement("p");
  hint.className = "dim";
  hint.textContent = again;
  tip.append(hint);
}

// Beside the slot, so that its own bar stays in sight; on the other side where there is no room.
function place(tip, area, figure) {
  const [from, all] = [area.getBoundingClientRect(), figure.getBoundingClientRect()];
  const { offsetWidth: width, offsetHeight: height } = tip;
  const [before, after] = [from.left - all.left - width - GAP, from.right - all.left + GAP];
  const left = before >= 0 ? before : after + width <= all.width ? after : Math.max(0, Math.min(from.left - all.left, all.width - width));
  const beside = before >= 0 || after + width <= all.width;
  const top = from.top - all.top;
  tip.style.left = `${left}px`;
  tip.style.top = `${beside ? Math.max(0, Math.min(top, all.height - height)) : top - height - GAP}px`;
}

bind("[data-chart]", (figure) => {
  const areas = [...figure.querySelectorAll("[data-area]")];
  if (!areas.length) return undefined;
  const marks = JSON.parse(figure.dataset.series);
  const columns = Number(figure.dataset.columns ?? 0);
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.setAttribute("aria-hidden", "true"); // the slot's own name says the same
  tip.hidden = true;
  figure.append(tip);
  let at = -1;
  let touched = -1;
  const hide = () => { areas[at]?.classList.remove("at"); at = -1; tip.hidden = true; };
  const show = (index, again = "") => {
    areas[at]?.classList.remove("at");
    at = index;
    areas[at].classList.add("at");
    fill(tip, areas[at], marks, areas[at].href ? again : "");
    tip.hidden = false;
    place(tip, areas[at], figure);
  };
  const indexOf = (target) => areas.indexOf(target.closest?.("[data-area]"));
  const stop = (index) => areas.forEach((area, each) => { area.tabIndex = each === index ? 0 : -1; });
  stop(0);
  figure.querySelector(".scroller")?.removeAttribute("tabindex"); // its cells scroll into view by themselves
  figure.addEventListener("pointerover", (event) => {
    const index = indexOf(event.target);
    if (event.pointerType !== "touch" && index >= 0) show(index);
  });
  figure.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "touch") return;
    const focused = indexOf(document.activeElement);
    if (focused >= 0 && document.activeElement.matches(":focus-visible")) show(focused); else hide();
  });
  figure.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" ? at : -2; });
  figure.addEventListener("click", (event) => {
    const index = indexOf(event.target);
    if (touched === -2 || index < 0 || event.detail === 0) return; // a mouse, or Enter
    if (touched !== index) event.preventDefault(); // the first tap reads, the second goes there
    show(index, figure.dataset.again);
  });
  figure.addEventListener("focusin", (event) => {
    const index = indexOf(event.target);
    if (index >= 0) { stop(index); show(index); }
  });
  figure.addEventListener("focusout", hide);
  figure.addEventListener("keydown", (event) => {
    const here = indexOf(event.target);
    if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !tip.hidden) { event.preventDefault(); hide(); return; }
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns || 1, ArrowUp: -(columns || 1) };
    const next = event.key === "Home" ? 0 : event.key === "End" ? areas.length - 1 : here + steps[event.key];
    if (Number.isNaN(next)) return;
    event.preventDefault();
    areas[next]?.focus();
  });
  const outside = (event) => { if (!figure.contains(event.target)) hide(); };
  document.addEventListener("pointerdown", outside);
  return () => { document.removeEventListener("pointerdown", outside); tip.remove(); };
});

scan(document.body);
