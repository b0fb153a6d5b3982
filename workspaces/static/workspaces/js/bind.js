// Ties modules to elements: once per element, again after htmx swaps, with a clean-up when the element goes.
const binders = [];
const cleanups = new WeakMap();

export function bind(selector, connect) {
  binders.push({ selector, connect, seen: new WeakSet() });
}

export function scan(root) {
  for (const { selector, connect, seen } of binders) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      const end = connect(element);
      if (end) cleanups.set(element, [...(cleanups.get(element) ?? []), end]);
    }
  }
}

export function word(name, value = "") {
  const text = document.getElementById("words")?.dataset[name] ?? "";
  return text.replace("%s", value);
}

// The symbol of icons.svg, by the address that the page already uses.
export function icon(name) {
  const href = document.querySelector(".i use")?.getAttribute("href")?.split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${href}#${name}`);
  svg.append(use);
  return svg;
}

export function isTyping(target) {
  return Boolean(target.closest?.("textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [readonly])"));
}

document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
document.addEventListener("htmx:beforeCleanupElement", (event) => {
  for (const end of cleanups.get(event.detail.elt) ?? []) end();
  cleanups.delete(event.detail.elt);
});
