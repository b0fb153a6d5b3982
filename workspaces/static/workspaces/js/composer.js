// Where one writes: drafts kept after two quiet seconds, suggestions by / $ :: and @, files by button, drop and paste,
// Ctrl or ⌘ Enter sends. The server holds the truth: every answer brings the composer as it stands.
import { bind, icon, scan } from "./bind.js";
import { search } from "./emoji.js";
import { typing } from "./socket.js";
import { notify } from "./toast.js";

const QUIET = 2000;
const KEPT = ["text", "comment", "subject", "cc", "bcc"];
const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"] ?? "";
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let kept = null; // words that a renewed composer takes over
let refocus = false;

const TRIGGERS = [
  { kind: "emoji", pattern: /::([\p{L}]*)$/u },
  { kind: "variable", pattern: /\$([\w.]*)$/ },
  { kind: "snippet", pattern: /(?<=^|\s)\/([\p{L}\p{N}_-]{0,40})$/u },
  { kind: "mention", pattern: /(?<=^|\s)@([\p{L}\p{N}.'’-]*(?: [\p{L}\p{N}.'’-]*)?)$/u },
];

bind("form[data-composer]", (form) => {
  const field = (name) => form.elements[name];
  const areas = { reply: field("text"), comment: field("comment") };
  const list = form.querySelector(".suggest");
  const chips = form.querySelector("[data-chips]");
  const note = form.querySelector("[data-note]");
  const count = form.querySelector("[data-count]");
  const words = form.dataset;
  const ended = new AbortController();
  const on = (target, name, act) => target?.addEventListener(name, act, { signal: ended.signal });
  const mode = () => form.querySelector("[name=mode]:checked")?.value ?? "reply";
  const area = () => areas[mode()];
  let timer = 0;
  let dirty = false;
  let asked = null;
  let found = [];
  let at = 0;
  let range = null;
  let sent = null;

  if (kept?.contact === words.contact) {
    for (const name of KEPT) if (kept[name] && field(name)) field(name).value = kept[name];
    const radio = form.querySelector(`[name=mode][value="${kept.mode}"]`);
    if (radio) radio.checked = true;
    if (kept.chips) chips.replaceChildren(...kept.chips);
  }
  kept = null;

  const keepWords = () => {
    kept = { contact: words.contact, mode: mode(), chips: [...chips.children] };
    for (const name of KEPT) kept[name] = field(name)?.value ?? "";
  };

  // The field grows with its words: a twin behind it, in the same grid cell, has their height.
  function grow() {
    for (const one of Object.values(areas)) one.parentElement.dataset.text = one.value;
  }

  function counted() {
    const option = field("channel")?.selectedOptions?.[0];
    const most = mode() === "comment" ? Number(count.dataset.longest) : Number(option?.dataset.limit ?? 0);
    const left = most - area().value.length;
    const tell = most && left < most * 0.2;
    count.textContent = tell ? (left < 0 ? words.wordsOver.replace("%s", -left) : words.wordsLeft.replace("%s", left)) : "";
    count.classList.toggle("over", left < 0);
  }

  // Drafts
  async function save({ leaving = false } = {}) {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    const body = new FormData();
    for (const name of ["mode", "text", "comment", "channel"]) body.set(name, name === "mode" ? mode() : (field(name)?.value ?? ""));
    try {
      const answer = await fetch(words.draft, { method: "POST", body, keepalive: leaving, headers: { "HX-Request": "true", "x-csrftoken": token() } });
      if (!answer.ok) dirty = true;
    } catch { dirty = true; }
  }
  function changed() {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, QUIET);
    grow();
    counted();
    typing(Number(words.contact), Boolean(area().value.trim()), mode() === "comment");
  }

  // Suggestions
  function close() {
    list.hidden = true;
    list.replaceChildren();
    range = null;
    for (const one of Object.values(areas)) one.removeAttribute("aria-activedescendant");
  }
  function point(index) {
    const rows = [...list.children];
    rows[at]?.classList.remove("at");
    rows[at]?.setAttribute("aria-selected", "false");
    at = (index + rows.length) % rows.length;
    rows[at].classList.add("at");
    rows[at].setAttribute("aria-selected", "true");
    rows[at].scrollIntoView({ block: "nearest" });
    area().setAttribute("aria-activedescendant", rows[at].id);
  }
  function show(items) {
    found = items;
    if (!items.length || !range) return close();
    list.replaceChildren(...items.map((item, index) => {
      const row = document.createElement("div");
      row.className = "it";
      row.id = `suggest-${index}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      const name = document.createElement("b");
      name.textContent = item.name;
      const meta = document.createElement("span");
      meta.className = "dim clip grow";
      meta.textContent = item.meta ?? "";
      row.append(name, meta);
      return row;
    }));
    list.hidden = false;
    at = 0;
    point(0);
  }
  const options = (id) => [...(form.querySelector(id)?.options ?? [])];
  async function look() {
    const target = area();
    const before = target.value.slice(0, target.selectionStart);
    const hit = TRIGGERS.map((one) => ({ ...one, match: before.match(one.pattern) })).find((one) => one.match && (one.kind !== "mention" || mode() === "comment") && ((one.kind !== "snippet" && one.kind !== "variable") || mode() === "reply"));
    asked?.abort();
    if (!hit) return close();
    const typed = fold(hit.match[1]);
    range = { from: before.length - hit.match[0].length, to: before.length };
    if (hit.kind === "emoji") return show(search(typed, document.documentElement.lang).map(([sign, name]) => ({ name: sign, meta: name, insert: sign })));
    if (hit.kind === "variable") return show(options("#composer-variables").filter((one) => fold(`${one.value} ${one.textContent}`).includes(typed)).slice(0, 12).map((one) => ({ name: one.textContent, meta: one.value, insert: one.value })));
    if (hit.kind === "mention") return show(options("#composer-mentions").filter((one) => fold(one.value).includes(typed)).slice(0, 8).map((one) => ({ name: one.value, insert: `@${one.value} ` })));
    asked = new AbortController();
    try {
      const answer = await fetch(`${words.snippets}?q=${encodeURIComponent(hit.match[1])}`, { signal: asked.signal, headers: { "HX-Request": "true" } });
      if (answer.ok) show((await answer.json()).snippets.map((one) => ({ name: one.name, meta: one.text, insert: one.text, files: one.files, topics: one.topics })));
    } catch (error) { if (error.name !== "AbortError") close(); }
    return undefined;
  }
  function pick(item) {
    const target = area();
    target.focus();
    target.setRangeText(item.insert, range.from, range.to, "end");
    for (const file of item.files ?? []) chip(file.name).done(file.id);
    for (const topic of item.topics ?? []) hidden("topic", topic);
    close();
    changed();
  }

  // Files
  function hidden(name, value) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    chips.append(input);
    return input;
  }
  function chip(name) {
    const row = document.createElement("li");
    row.className = "att";
    const label = document.createElement("span");
    label.className = "clip";
    label.textContent = name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button" });
    remove.dataset.chipRemove = "";
    remove.setAttribute("aria-label", words.wordsRemove.replace("%s", name));
    remove.append(icon("x"));
    row.append(icon("file"), label, bar, remove);
    chips.append(row);
    return {
      row,
      progress: (value) => { bar.value = value; },
      done: (id) => { bar.remove(); const input = hidden("file", id); row.append(input); },
    };
  }
  function upload(file) {
    const { row, progress, done } = chip(file.name || "image.png");
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("upload", file, file.name || "image.png");
    request.open("POST", words.upload);
    request.setRequestHeader("x-csrftoken", token());
    request.setRequestHeader("HX-Request", "true");
    request.responseType = "json";
    request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
    const failed = (text) => { row.remove(); notify(words.wordsFailed.replace("%s", text || file.name), { kind: "bad" }); };
    request.onload = () => (request.status === 200 && request.response?.id ? done(request.response.id) : failed(request.response?.error));
    request.onerror = () => failed("");
    row.querySelector("button").addEventListener("click", () => request.abort());
    request.send(body);
  }
  const takesFiles = () => mode() === "reply" && form.dataset.composer === "ready";
  const take = (files) => { if (takesFiles()) for (const file of files) upload(file); };

  // What is typed and pressed
  for (const one of Object.values(areas)) {
    on(one, "input", () => { changed(); look(); });
    on(one, "blur", () => setTimeout(() => { if (document.activeElement !== area()) close(); }, 100));
    on(one, "paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length && takesFiles()) { event.preventDefault(); take(files); }
    });
    on(one, "keydown", (event) => {
      if (!list.hidden) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) { event.preventDefault(); return point(at + step); }
        if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") { event.preventDefault(); return pick(found[at]); }
        if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); return close(); }
      }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        const button = mode() === "comment" ? form.querySelector("[data-send-comment]") : form.querySelector(event.shiftKey ? "[data-send-close]" : "[data-send]");
        if (button && button.getAttribute("aria-disabled") !== "true") form.requestSubmit(button);
      }
      return undefined;
    });
  }
  on(list, "mousedown", (event) => {
    event.preventDefault();
    const row = event.target.closest("[role=option]");
    if (row) pick(found[[...list.children].indexOf(row)]);
  });
  on(form, "click", (event) => {
    const insert = event.target.closest("[data-insert]");
    if (insert) {
      const target = area();
      target.focus();
      const start = target.selectionStart;
      const lead = start && !/\s$/.test(target.value.slice(0, start)) ? " " : "";
      target.setRangeText(`${lead}${insert.dataset.insert}`, start, target.selectionEnd, "end");
      changed();
      look();
    }
    event.target.closest("[data-chip-remove]")?.closest("li").remove();
  });
  on(form, "change", (event) => {
    if (event.target.name === "mode") { dirty = true; save(); grow(); counted(); area().focus(); }
    if (event.target.name === "channel") {
      const option = event.target.selectedOptions[0];
      note.textContent = option.dataset.note ?? "";
      form.querySelector(".channel-choice .ch").className = `ch ${option.dataset.kind}`;
      form.querySelector("[data-send]").setAttribute("aria-disabled", String(option.dataset.closed !== undefined));
      changed();
    }
    if (event.target.matches("[data-attach]")) { take(event.target.files); event.target.value = ""; }
  });
  for (const label of form.querySelectorAll(".modes label")) {
    // At once, so that what is typed right after the key is not taken for more keys; and again when the browser is done.
    const focus = () => areas[label.querySelector("input").value].focus();
    on(label, "click", (event) => {
      if (event.target !== label) { setTimeout(focus, 0); return; }
      // By key: the label's own way would put the focus on its button first, and what is typed meanwhile would be lost.
      event.preventDefault();
      const radio = label.querySelector("input");
      if (!radio.checked) { radio.checked = true; radio.dispatchEvent(new Event("change", { bubbles: true })); }
      focus();
    });
  }
  on(form, "dragover", (event) => { if (takesFiles() && event.dataTransfer?.types.includes("Files")) { event.preventDefault(); form.classList.add("over"); } });
  on(form, "dragleave", () => form.classList.remove("over"));
  on(form, "drop", (event) => {
    form.classList.remove("over");
    if (event.dataTransfer?.files.length && takesFiles()) { event.preventDefault(); take(event.dataTransfer.files); }
  });

  // Sending
  on(form, "htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form) return;
    clearTimeout(timer);
    dirty = false;
    refocus = true;
    form.setAttribute("aria-busy", "true");
    sent = Object.fromEntries(["mode", ...KEPT].map((name) => [name, name === "mode" ? mode() : (field(name)?.value ?? "")]));
    typing(Number(words.contact), false);
  });
  on(form, "htmx:afterRequest", () => form.removeAttribute("aria-busy"));
  // What was written while the answer was on its way goes over into the composer that it brings.
  on(form, "htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig?.elt !== form || event.detail.xhr.status !== 200 || !sent) return;
    kept = { contact: words.contact, mode: mode() === sent.mode ? "" : mode() };
    for (const name of KEPT) {
      const value = field(name)?.value ?? "";
      kept[name] = value === sent[name] ? "" : value.startsWith(sent[name]) ? value.slice(sent[name].length) : value;
    }
  });
  on(form, "htmx:sendError", (event) => {
    if (event.detail.elt !== form) return;
    dirty = true;
    note.textContent = words.wordsUnsaved;
    form.classList.add("offline");
  });
  on(window, "online", () => { form.classList.remove("offline"); save(); });
  on(document, "visibilitychange", () => { if (document.hidden) save({ leaving: true }); });
  on(window, "pagehide", () => save({ leaving: true }));
  on(document, "tertulia:composer-state", (event) => {
    if (event.detail.contact !== words.contact || event.detail.state === form.dataset.composer || form.hasAttribute("aria-busy")) return;
    keepWords();
    refocus = form.contains(document.activeElement);
    window.htmx?.ajax("GET", `${words.again}?mode=${mode()}`, { target: form, swap: "outerHTML" });
  });
  on(document, "tertulia:composer", () => {
    if (areas.reply.value.trim()) return;
    refocus = true;
    window.htmx?.ajax("GET", `${words.again}?mode=reply`, { target: form, swap: "outerHTML" });
  });

  grow();
  counted();
  if (form.querySelector(":scope > .notice")) changed(); // it came back: its words are worth a draft again
  if (refocus) { refocus = false; const target = area(); target.focus(); target.setSelectionRange(target.value.length, target.value.length); }
  return () => { save({ leaving: true }); clearTimeout(timer); asked?.abort(); ended.abort(); };
});

scan(document.body);
