// Turns <select data-combobox> into a field one can type in (ARIA 1.2 combobox with a listbox). The select stays the
// form's value and the fallback without scripts. data-combobox may hold an address that answers <option> elements for
// ?q=…; data-combobox-create names what may be made by typing it.
import { bind, icon, word } from "./bind.js";

let count = 0;
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

bind("select[data-combobox]", (select) => {
  const id = `combo-${(count += 1)}`;
  const many = select.multiple;
  const address = select.dataset.combobox.startsWith("/") ? select.dataset.combobox : "";
  const box = document.createElement("div");
  box.className = many ? "combo input combo-box" : "combo";
  const input = document.createElement("input");
  input.type = "text";
  if (!many) input.className = select.className;
  Object.assign(input, { id: select.id, autocomplete: "off", spellcheck: false, placeholder: select.getAttribute("placeholder") ?? "" });
  for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", id]]) input.setAttribute(name, value);
  const list = document.createElement("div");
  list.className = "menu combo-list";
  list.id = id;
  list.popover = "manual";
  list.setAttribute("role", "listbox");
  if (many) list.setAttribute("aria-multiselectable", "true");
  select.removeAttribute("id");
  select.hidden = true;
  select.required = false;
  box.append(input, list);
  select.after(box);
  let at = -1;
  let abort = null;
  let timer = 0;

  const chosen = () => [...select.selectedOptions].filter((option) => option.value !== "" || !many);
  const label = () => (many ? "" : (chosen()[0]?.textContent.trim() ?? ""));
  const options = () => [...list.querySelectorAll("[role=option]")];
  const changed = () => select.dispatchEvent(new Event("change", { bubbles: true }));

  function chips() {
    if (!many) { input.value = label(); return; }
    for (const chip of box.querySelectorAll(".tag")) chip.remove();
    for (const option of chosen()) {
      const chip = document.createElement("span");
      chip.className = `tag ${option.dataset.colour ?? "bare"}`;
      const words = document.createElement("span");
      words.textContent = option.textContent.trim();
      const remove = document.createElement("button");
      remove.type = "button";
      remove.setAttribute("aria-label", word("remove", words.textContent));
      remove.append(icon("x"));
      remove.addEventListener("click", () => { option.selected = false; chips(); changed(); input.focus(); });
      chip.append(words, remove);
      input.before(chip);
    }
  }

  function point(index) {
    const all = options();
    all[at]?.classList.remove("at");
    at = all.length ? (index + all.length) % all.length : -1;
    all[at]?.classList.add("at");
    all[at]?.scrollIntoView({ block: "nearest" });
    if (all[at]) input.setAttribute("aria-activedescendant", all[at].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function row(text, value, { selected = false, create = false } = {}) {
    const item = document.createElement("div");
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(selected));
    item.id = `${id}-${list.childElementCount}`;
    Object.assign(item.dataset, { value });
    if (create) { item.dataset.create = "1"; item.append(icon("plus")); }
    const words = document.createElement("span");
    words.className = "grow";
    words.textContent = text;
    item.append(words);
    if (selected) item.append(icon("check"));
    list.append(item);
  }

  function fill(found) {
    const typed = input.value.trim();
    list.replaceChildren();
    for (const option of found.slice(0, 100)) row(option.textContent.trim(), option.value, { selected: option.selected && option.parentNode === select });
    const exact = found.some((option) => fold(option.textContent.trim()) === fold(typed));
    if (typed && typed !== label() && !exact && select.dataset.comboboxCreate !== undefined) row(word("create", typed), typed, { create: true });
    if (!list.childElementCount || found.length > 100) {
      const none = document.createElement("div");
      none.className = "none";
      none.textContent = word(found.length ? "more" : "nothing");
      list.append(none);
    }
    point(typed && typed !== label() ? 0 : Math.max(0, options().findIndex((one) => one.getAttribute("aria-selected") === "true")));
  }

  function open() {
    if (!list.matches(":popover-open")) list.showPopover();
    list.style.maxHeight = "";
    const from = box.getBoundingClientRect();
    const below = innerHeight - from.bottom > Math.min(list.offsetHeight, 220) + 8;
    const room = (below ? innerHeight - from.bottom : from.top) - 12;
    if (list.offsetHeight > room) list.style.maxHeight = `${room}px`;
    list.style.left = `${from.left}px`;
    list.style.minWidth = `${from.width}px`;
    list.style.top = below ? `${from.bottom + 4}px` : `${Math.max(8, from.top - list.offsetHeight - 4)}px`;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    if (list.matches(":popover-open")) list.hidePopover();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function local() {
    const typed = input.value === label() ? "" : fold(input.value.trim());
    return [...select.options].filter((option) => (option.value !== "" || !many) && fold(option.textContent).includes(typed));
  }

  function search() {
    clearTimeout(timer);
    abort?.abort();
    if (!address || input.value === label()) { fill(local()); open(); return; }
    timer = setTimeout(async () => {
      abort = new AbortController();
      try {
        const answer = await fetch(`${address}${address.includes("?") ? "&" : "?"}q=${encodeURIComponent(input.value.trim())}`, { signal: abort.signal, headers: { "HX-Request": "true" } });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(`<select>${await answer.text()}</select>`, "text/html");
        fill([...page.querySelectorAll("option")]);
        open();
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }, 150);
  }

  function take(item) {
    let option = [...select.options].find((one) => one.value === item.dataset.value);
    if (!option) {
      option = new Option(item.dataset.create ? input.value.trim() : item.textContent.trim(), item.dataset.value);
      select.append(option);
    }
    option.selected = many ? !option.selected : true;
    if (many) input.value = "";
    chips();
    changed();
    if (many && select.isConnected) search();
    else close();
  }

  input.addEventListener("input", search);
  input.addEventListener("click", search);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", () => { setTimeout(() => { close(); input.value = label(); }, 0); });
  input.addEventListener("keydown", (event) => {
    const shown = list.matches(":popover-open");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (shown) point(at + (event.key === "ArrowDown" ? 1 : -1));
      else search();
    } else if (event.key === "Enter" && shown) {
      event.preventDefault();
      if (options()[at]) take(options()[at]);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && many && !input.value) {
      const last = chosen().at(-1);
      if (last) { last.selected = false; chips(); changed(); }
    } else if ((event.key === "Home" || event.key === "End") && shown && !input.value) {
      event.preventDefault();
      point(event.key === "Home" ? 0 : -1);
    }
  });
  // The pointer must not take the focus out of the field before the option is taken.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) take(item);
  });
  const onScroll = (event) => { if (list.matches(":popover-open") && !list.contains(event.target)) close(); };
  addEventListener("scroll", onScroll, true);
  chips();
  return () => { clearTimeout(timer); abort?.abort(); removeEventListener("scroll", onScroll, true); };
});
