// The open thread: pinned to its end, renewed from the server when something changed, the lock kept while the page lives.
// Every change has one way in: the thread's newest page is fetched and laid over the old one, row by row, by id.
import { bind, scan } from "./bind.js";
import { viewing } from "./socket.js";

const HEARTBEAT = 15000;
const LOOK_AGAIN = 30000; // in case no bell rings: nothing new costs the server one small query
const NEAR = 60;
const SHORT_GAP = 1500; // nobody needs to know of a shorter one

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"] ?? "";
const plain = (html) => html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "").replace(/ open=""/g, "");
const isItem = (row) => /^(message|comment|event|fold)-/.test(row.id);

function clock(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const pad = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:${pad(Math.floor(seconds / 60) % 60)}` : Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

function enliven(element) {
  window.htmx?.process(element);
  scan(element);
}

// One row takes the place of another; where only its state changed, the words stay, and so are not read out again.
function replace(old, row) {
  const words = (one) => one.querySelector(".bub")?.innerHTML;
  const [before, after] = [old.querySelector(":scope > .meta"), row.querySelector(":scope > .meta")];
  if (old.matches(".msg") && before && after && words(old) === words(row) && !row.querySelector(".atts, .tags")) {
    old.className = row.className;
    before.replaceWith(after);
    enliven(old);
    return old;
  }
  if (old.matches("details[open]")) row.open = true;
  const folds = [...old.querySelectorAll("details")];
  for (const [place, fold] of [...row.querySelectorAll("details")].entries()) fold.open ||= Boolean(folds[place]?.open);
  old.replaceWith(row);
  enliven(row);
  return row;
}

function layOver(list, fresh) {
  const rows = [...fresh.children].filter((one) => one.matches("[data-row]"));
  const first = rows.findIndex((row) => isItem(row) && list.querySelector(`#${CSS.escape(row.id)}`));
  const added = rows.filter((row) => /^(message|comment)-/.test(row.id) && !list.querySelector(`#${CSS.escape(row.id)}`));
  if (first < 0) {
    list.replaceChildren(...fresh.children);
    enliven(list);
    return added;
  }
  let place = list.querySelector(`#${CSS.escape(rows[first].id)}`);
  for (const row of rows.slice(first)) {
    const known = list.querySelector(`#${CSS.escape(row.id)}`);
    if (!known) {
      list.insertBefore(row, place);
      enliven(row);
      continue;
    }
    const isHere = known === place;
    const shown = plain(known.outerHTML) === plain(row.outerHTML) ? known : replace(known, row);
    if (isHere) place = shown.nextElementSibling;
    else list.insertBefore(shown, place);
  }
  while (place) {
    const next = place.nextElementSibling;
    if (place.matches("[data-row]")) place.remove();
    place = next;
  }
  return added;
}

bind("[data-thread]", (thread) => {
  const list = thread.querySelector("[data-thread-messages]");
  const pill = thread.querySelector("[data-thread-new]");
  const link = thread.querySelector("[data-thread-link]");
  const { contact } = thread.dataset;
  const ended = new AbortController();
  const on = (target, name, act) => target.addEventListener(name, act, { signal: ended.signal });
  const isAbout = (detail) => !detail?.contact || String(detail.contact) === contact;
  let pinned = true;
  let busy = false;
  let again = null;
  let cut = 0;
  const here = { typing: [], viewing: [] };
  const late = {};

  const part = (name) => thread.querySelector(`[data-part="${name}"]`);
  const isMine = () => Boolean(part("lock").querySelector(".lockbar.mine"));
  const toEnd = () => { list.scrollTop = list.scrollHeight; pinned = true; pill.hidden = true; };

  function put(name, source, own) {
    const place = part(name);
    const html = plain(source.innerHTML);
    if (place.dataset.shown === String(html.length) && place.source === html) return;
    delete late[name];
    if (place.querySelector(":popover-open") && !own) { late[name] = source; return; } // once it is closed
    const active = place.contains(document.activeElement) ? document.activeElement : null;
    const key = active?.dataset.key;
    place.source = html;
    place.dataset.shown = String(html.length);
    place.replaceChildren(...source.content.children);
    enliven(place);
    if (active) (active.id && document.getElementById(active.id) || key && place.querySelector(`[data-key="${CSS.escape(key)}"]`) || thread.querySelector("#thread-title"))?.focus();
  }

  async function refresh({ own = false } = {}) {
    if (busy) { again = { own: own || again?.own }; return; }
    busy = true;
    const query = new URLSearchParams({ cursor: thread.dataset.cursor, mine: isMine() ? "1" : "", back: thread.querySelector(".back")?.getAttribute("href") ?? "" });
    try {
      const answer = await fetch(`${thread.dataset.since}?${query}`, { headers: { "HX-Request": "true", "X-Poll": "1" }, signal: ended.signal });
      if (answer.status === 200 && !answer.redirected) take(await answer.text(), own);
      else if (answer.status === 404 || answer.status === 403) gone();
      if (own) for (const [name, source] of Object.entries(late)) put(name, source, own); // the bell was quicker than the answer
      say("");
    } catch (error) {
      if (error.name !== "AbortError") say("offline");
    }
    busy = false;
    if (again && !ended.signal.aborted) { const next = again; again = null; refresh(next); }
  }

  function take(html, own) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const news = page.querySelector("[data-news]");
    if (!news) return;
    const of = (name) => news.querySelector(`template[data-of="${name}"]`);
    const wasAtEnd = pinned;
    put("head", of("head"), own);
    put("lock", of("lock"), own);
    const added = layOver(list, document.importNode(of("rows").content, true));
    thread.dataset.cursor = news.dataset.cursor;
    tick();
    if (wasAtEnd || (own && added.length)) toEnd();
    else if (added.length) pill.hidden = false;
    document.dispatchEvent(new CustomEvent("tertulia:composer-state", { detail: { contact, state: news.dataset.composer } }));
    renewPane();
    if (added.some((row) => row.matches(".msg:not(.out)"))) read();
  }

  // What comes in while somebody looks is read.
  async function read() {
    if (document.hidden) return;
    const body = new FormData();
    body.set("act", "read");
    await fetch(thread.dataset.unread, { method: "POST", body, headers: { "HX-Request": "true", "X-Poll": "1", "x-csrftoken": token() } }).catch(() => {});
  }

  function renewPane() {
    const pane = document.getElementById("contact-pane");
    if (!pane || pane.offsetParent === null || pane.contains(document.activeElement) || pane.querySelector(".editing")) return;
    window.htmx?.ajax("GET", thread.dataset.pane, { target: pane, swap: "innerHTML" });
  }

  function gone() {
    ended.abort();
    const notice = document.createElement("p");
    notice.className = "linkstate";
    notice.setAttribute("role", "alert");
    notice.textContent = thread.dataset.wordsGone;
    link.replaceWith(notice);
    thread.querySelector("form.composer")?.remove();
  }

  // The page says when it is cut off, and when it is catching up.
  function say(state) {
    if (link.hidden && !state) return;
    link.hidden = !state;
    link.dataset.state = state;
  }

  // Who else is at this thread: those who write are named before those who look.
  function others(kind, people) {
    here[kind] = people.filter((one) => !one.id || String(one.id) !== document.body.dataset.me).map((one) => one.name || thread.dataset.name);
    const place = thread.querySelector("[data-thread-typing]");
    const names = here.typing.length ? here.typing : here.viewing;
    const words = here.typing.length ? (names.length > 1 ? thread.dataset.wordsWriting : thread.dataset.wordsWrites) : (names.length > 1 ? thread.dataset.wordsLooking : thread.dataset.wordsLooks);
    place.hidden = !names.length;
    place.textContent = names.length ? words.replace("%s", names.join(", ")) : "";
  }

  async function keep() {
    if (!isMine()) return;
    const body = new FormData();
    body.set("act", "keep");
    try {
      const answer = await fetch(thread.dataset.lock, { method: "POST", body, headers: { "HX-Request": "true", "X-Poll": "1", "x-csrftoken": token() }, signal: ended.signal });
      if (answer.status !== 204 || answer.headers.has("HX-Trigger")) refresh();
    } catch (error) {
      if (error.name !== "AbortError") say("offline");
    }
  }

  function tick() {
    for (const one of thread.querySelectorAll("[data-countdown]")) {
      const left = Math.ceil((new Date(one.dataset.countdown) - Date.now()) / 1000);
      one.textContent = left > 0 ? `${left} s` : "";
      if (left <= 0) one.closest(".meta")?.querySelector("form")?.remove();
    }
    for (const one of thread.querySelectorAll("[data-running-since]")) one.textContent = clock(Date.now() - new Date(one.dataset.runningSince));
  }

  on(list, "scroll", () => {
    pinned = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
    if (pinned) pill.hidden = true;
  });
  list.addEventListener("load", () => { if (pinned) toEnd(); }, { capture: true, signal: ended.signal });
  thread.addEventListener("toggle", (event) => {
    if (event.newState === "closed") for (const [name, source] of Object.entries(late)) put(name, source);
  }, { capture: true, signal: ended.signal });
  on(pill, "click", () => { toEnd(); list.focus(); });
  on(document, "tertulia:changed", (event) => {
    const { contacts, contact: one } = event.detail ?? {};
    if (contacts ? contacts.map(String).includes(contact) : isAbout({ contact: one })) refresh();
  });
  on(document, "tertulia:catch-up", () => { if (!link.hidden) say("catching-up"); refresh(); });
  on(document, "tertulia:link", (event) => {
    clearTimeout(cut);
    if (event.detail?.state !== "live") cut = setTimeout(() => say("offline"), SHORT_GAP);
  });
  for (const kind of ["typing", "viewing"]) on(document, `tertulia:${kind}`, (event) => { if (isAbout(event.detail)) others(kind, event.detail.people ?? []); });
  on(document, "tertulia:thread-changed", (event) => { if (isAbout(event.detail)) refresh({ own: true }); });
  on(document, "tertulia:close", () => setTimeout(() => thread.querySelector("[data-thread-close]")?.click(), 50));
  on(document, "tertulia:write", () => setTimeout(() => thread.querySelector("#composer-text")?.focus(), 150));
  on(document, "visibilitychange", () => { if (!document.hidden) refresh().then(read); });

  // Earlier messages come in above; what one reads stays where it is, and a day is not named twice.
  let height = 0;
  on(list, "htmx:beforeSwap", () => { height = list.scrollHeight - list.scrollTop; });
  on(list, "htmx:afterSwap", () => {
    const days = new Set();
    for (const day of list.querySelectorAll(".day")) { if (days.has(day.id)) day.remove(); days.add(day.id); }
    list.scrollTop = list.scrollHeight - height;
  });

  const sized = new ResizeObserver(() => { if (pinned) toEnd(); });
  sized.observe(list);
  const beat = setInterval(keep, HEARTBEAT);
  const look = setInterval(() => { if (!document.hidden) refresh(); }, LOOK_AGAIN);
  const second = setInterval(tick, 1000);
  toEnd();
  requestAnimationFrame(toEnd);
  tick();
  viewing(contact);
  return () => { viewing(null); clearTimeout(cut); sized.disconnect(); ended.abort(); for (const one of [beat, look, second]) clearInterval(one); };
});

// The contact's pane is a drawer where there is no room for it.
function drawer(open) {
  const pane = document.getElementById("contact-pane");
  if (!pane) return;
  pane.classList.toggle("open", open);
  document.querySelector("[data-pane-toggle]")?.setAttribute("aria-expanded", String(open));
  if (open) pane.focus();
  else document.querySelector("[data-pane-toggle]")?.focus();
}
document.addEventListener("click", (event) => {
  const pane = document.getElementById("contact-pane");
  if (event.target.closest?.("[data-pane-toggle]")) return drawer(!pane?.classList.contains("open"));
  if (event.target.closest?.("[data-pane-close]")) return drawer(false);
  if (event.target.closest?.("[data-pane-tag]")) {
    if (pane && pane.offsetParent === null) drawer(true);
    pane?.querySelector("[data-pane-tags] [role=combobox]")?.focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && document.querySelector(".contact-pane.open") && !event.target.closest("input, textarea, select, dialog, [popover]")) drawer(false);
});

scan(document.body);
