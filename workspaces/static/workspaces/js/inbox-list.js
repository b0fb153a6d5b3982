// The list of conversations: rows that change while one looks, the way between inboxes by key, and the page's two sides on a phone.
// Moving and choosing by key is table.js's.
// What changed is fetched by the contacts' ids; nothing is shown only because a packet arrived. A row that has risen above the
// fold waits behind "n new", so that nothing moves under the pointer.
import { bind, isTyping, scan } from "./bind.js";

const list = () => document.getElementById("inbox-rows");
const area = () => document.getElementById("inbox-list");
const rowOf = (id) => document.getElementById(`conv-${id}`);
const links = () => [...(list()?.querySelectorAll("a[data-row-link]") ?? [])];
const boxes = () => [...(list()?.querySelectorAll("input[data-choose]") ?? [])];

let pending = new Set();
let timer = 0;
let waiting = new Set();

async function refresh(ids) {
  const rows = list();
  if (!rows || !ids.length) return;
  const address = new URL(rows.dataset.rows, location.href);
  address.searchParams.set("contacts", ids.slice(0, 50).join(","));
  if (rows.dataset.current) address.searchParams.set("current", rows.dataset.current);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-changed-rows]");
  if (!found) return;
  for (const id of (found.dataset.gone || "").split(",").filter(Boolean)) rowOf(id)?.remove();
  for (const fresh of [...found.children].reverse()) place(rows, document.adoptNode(fresh));
  showWaiting();
  document.body.dispatchEvent(new CustomEvent("tertulia:recount"));
}

function place(rows, fresh) {
  const old = document.getElementById(fresh.id);
  const chosen = old?.querySelector("input[data-choose]")?.checked;
  const hadFocus = old?.contains(document.activeElement);
  const calm = rows.scrollTop < 8 && !rows.matches(":hover");
  if (old && (calm === false || rows.firstElementChild === old)) old.replaceWith(fresh);
  else if (calm) { old?.remove(); rows.prepend(fresh); }
  else if (!old) { waiting.add(fresh); return; }
  if (chosen) fresh.querySelector("input[data-choose]").checked = true;
  activate(fresh);
  if (hadFocus) fresh.querySelector("a")?.focus({ preventScroll: true });
}

function activate(element) {
  window.htmx?.process(element);
  scan(element);
}

function showWaiting() {
  const button = document.querySelector("[data-new-rows]");
  if (!button) return;
  button.hidden = waiting.size === 0;
  const words = button.querySelector("span");
  words.textContent = (waiting.size === 1 ? words.dataset.one : words.dataset.many).replace("%n", String(waiting.size));
}

function letIn() {
  const rows = list();
  for (const fresh of waiting) { document.getElementById(fresh.id)?.remove(); rows?.prepend(fresh); activate(fresh); }
  waiting = new Set();
  showWaiting();
  rows?.scrollTo({ top: 0 });
}

function soon(ids) {
  for (const id of ids) pending.add(id);
  if (timer) return;
  timer = setTimeout(() => {
    timer = 0;
    const asked = [...pending];
    pending = new Set();
    refresh(asked).catch(() => { for (const id of asked) pending.add(id); });
  }, 120);
}

// After a gap the whole list is fetched anew, unless somebody is in the midst of something there: then row by row.
async function catchUp() {
  const rows = list();
  if (!rows) return;
  const asked = isBusy() ? rows.dataset.rows : rows.dataset.list;
  const answer = await fetch(asked, { headers: { "HX-Request": "true", "HX-Target": "inbox-list" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || rows !== list()) return;
  const html = await answer.text();
  if (asked === rows.dataset.rows || isBusy()) {
    soon(boxes().map((box) => box.closest("[data-conv]").dataset.conv));
    letInNew(rows, new DOMParser().parseFromString(html, "text/html"));
  } else renew(html);
}

function isBusy() {
  const active = area().contains(document.activeElement) ? document.activeElement : null;
  return list().scrollTop > 8 || (active && active !== list() && !active.closest("[data-conv]")) || area().querySelector(":popover-open") || boxes().some((box) => box.checked);
}

function renew(html) {
  const held = area().contains(document.activeElement) ? document.activeElement.closest("[data-conv]")?.dataset.conv ?? "" : null;
  window.htmx?.swap("#inbox-list", html, { swapStyle: "innerHTML" });
  waiting = new Set();
  const linkOf = (id) => (id ? rowOf(id)?.querySelector("a[data-row-link]") : null);
  const open = linkOf(document.querySelector("#thread[data-thread]")?.dataset.contact);
  if (open) mark(open);
  if (held !== null) (linkOf(held) ?? list())?.focus({ preventScroll: true });
}

function letInNew(rows, page) {
  const found = [...page.querySelectorAll("[data-conv]")].filter((one) => !rowOf(one.dataset.conv));
  for (const fresh of found.reverse()) place(rows, document.adoptNode(fresh));
  showWaiting();
}

const onBody = (name, act) => { document.addEventListener(name, act); return () => document.removeEventListener(name, act); };

bind("[data-inbox]", () => {
  const ends = [
    onBody("tertulia:changed", (event) => soon((event.detail?.contacts ?? []).map(String))),
    onBody("tertulia:thread-changed", (event) => { if (event.detail?.contact) soon([String(event.detail.contact)]); }),
    onBody("tertulia:catch-up", catchUp),
    onBody("tertulia:typing", (event) => {
      const mark = rowOf(event.detail?.contact)?.querySelector("[data-typing-mark]");
      if (mark) mark.hidden = !event.detail.people?.length;
    }),
    onBody("keydown", onKey),
    onBody("click", (event) => { if (event.target.closest?.("[data-new-rows]")) letIn(); }),
    onBody("htmx:afterSwap", (event) => {
      if (event.detail.target?.id === "panes") opened();
      if (event.detail.target?.id === "nav-inboxes") recounted();
    }),
    onBody("htmx:beforeRequest", (event) => { if (event.detail.target?.id === "panes") mark(event.detail.elt); }),
  ];
  return () => ends.forEach((end) => end());
});

function mark(link) {
  for (const each of links()) each.removeAttribute("aria-current");
  link.setAttribute?.("aria-current", "true");
  link.classList?.remove("unread");
  const row = link.closest?.("[data-conv]");
  if (list() && row) list().dataset.current = row.dataset.conv;
}

// The navigation was counted anew: the head of the list says the same.
function recounted() {
  const link = document.querySelector("#nav-inboxes [data-open-words]");
  const place = document.querySelector("[data-open-count]");
  if (link && place) place.textContent = link.querySelector(".count") ? link.dataset.openWords : "";
}

function opened() {
  document.querySelector("[data-inbox]")?.classList.toggle("has-thread", Boolean(document.querySelector("#thread[data-thread]")));
  document.querySelector("#thread h2")?.focus({ preventScroll: true });
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || document.body.hasAttribute("data-shortcuts-off")) return;
  if (event.key === "[" || event.key === "]") {
    const inboxes = [...document.querySelectorAll("#nav-inboxes a")];
    const at = inboxes.findIndex((link) => link.hasAttribute("aria-current"));
    const next = inboxes[at + (event.key === "]" ? 1 : -1)];
    if (next) { event.preventDefault(); next.click(); }
  }
  if (event.key === "u") document.querySelector("#thread .back")?.click();
}
