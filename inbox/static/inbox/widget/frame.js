// The chat's page in the frame: speaks with the site's page by exact origins only, and with the server by the visitor's token.

import { Bell } from "./bell.js";
import { Chat, keepOutside } from "./chat.js";
import { View, element } from "./view.js";

const config = JSON.parse(document.body.dataset.config);
const by = (id) => document.getElementById(id);
const words = config.words;
let isOpen = false;
let uploads = [];
let lastUnread = -1;
let typingTimer;

const root = document.documentElement.style; // through the object model, which the content policy leaves to scripts
root.setProperty("--brand", config.colour);
root.setProperty("--brand-ink", config.ink);

const tell = (message) => parent.postMessage({ tertulia: config.key, ...message }, config.parent);
const isWatched = () => isOpen && document.visibilityState === "visible";

const chat = new Chat(config, changed);
const view = new View(config, {
  onRetry: (key) => chat.retry(key),
  onRemove: (key) => chat.unqueue(key),
  onReply: (text) => say(text, []),
});
const bell = new Bell({ onRing: () => chat.catchUp(), onTyping: showTyping, isWatched, isAwaiting: () => chat.isAwaiting });
let heard = null;
let wasAwaiting = false;

function changed() {
  view.draw(chat.sorted, chat.queue);
  const session = chat.session;
  if (session && session !== heard) {
    heard = session;
    by("attach").hidden = !session.may_send_files;
    if (by("offline")) by("offline").hidden = session.is_staffed;
    bell.connect(session.socket, session.token);
  }
  if (chat.isAwaiting && !wasAwaiting) bell.wait();
  wasAwaiting = chat.isAwaiting;
  by("older").hidden = !chat.older;
  const queued = chat.queue.filter((one) => one.state === "waiting").length;
  const trouble = chat.trouble || (queued && !navigator.onLine ? words.offline : "");
  if (by("trouble").textContent !== trouble) by("trouble").textContent = trouble;
  const unread = isWatched() ? 0 : chat.unread.length;
  if (unread !== lastUnread) tell({ type: "unread", count: (lastUnread = unread) });
  if (chat.unread.length) queueMicrotask(() => chat.receipts(isWatched()));
}

function showTyping(isOn) {
  clearTimeout(typingTimer);
  by("typing").textContent = isOn ? words.typing : "";
  if (isOn) typingTimer = setTimeout(() => showTyping(false), 10000);
}

function say(text, files) {
  chat.start();
  chat.send(text, files);
  bell.stopTyping();
  bell.wait();
  view.toEnd();
}

function shown(open) {
  isOpen = open;
  if (!open) return changed();
  chat.catchUp();
  bell.hurry();
  changed();
  view.toEnd();
  by("text").focus();
}

addEventListener("message", (event) => {
  if (event.source !== parent || event.origin !== config.parent || event.data?.tertulia !== config.key) return;
  const said = event.data;
  if (said.type === "hello") {
    keepOutside(said.kept, (name, value) => tell({ type: "keep", name, value }));
    chat.identity = said.identity || null;
    chat.page = String(said.page || "");
    if (said.open) shown(true);
    else if (chat.identity || chat.isKnown) chat.start();
  } else if (said.type === "shown") shown(Boolean(said.open));
  else if (said.type === "identify") chat.become(said.identity || null);
  else if (said.type === "logout") {
    bell.close();
    heard = null;
    chat.become(null);
  }
});

// The composer: Enter sends, Shift and Enter begins a line, Esc closes.
const text = by("text");
const form = by("composer");

function ready() {
  const isTooLong = text.value.length > config.textLimit;
  const isFull = (text.value.trim() || uploads.some((one) => one.handle)) && !uploads.some((one) => one.isBusy) && !isTooLong;
  form.querySelector("[type=submit]").setAttribute("aria-disabled", String(!isFull));
  text.setCustomValidity(isTooLong ? words.tooLong : "");
  if (isTooLong) text.reportValidity();
  return isFull;
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!ready()) return text.focus();
  say(text.value.trim(), uploads.filter((one) => one.handle));
  text.value = "";
  uploads = [];
  listFiles();
  grow();
  text.focus();
});
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
text.addEventListener("input", () => {
  grow();
  ready();
  bell.typing();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") tell({ type: "close" });
});
by("close").addEventListener("click", () => tell({ type: "close" }));
by("older").addEventListener("click", () => chat.fetchOlder().catch((error) => chat.complain(error)));

// Files are uploaded when they are chosen; the message carries what the server signed for them.
by("file").addEventListener("change", async (event) => {
  const chosen = [...event.target.files].slice(0, config.mostFiles - uploads.length);
  event.target.value = "";
  await chat.start();
  for (const file of chosen) {
    const entry = { name: file.name, isBusy: true };
    uploads.push(entry);
    listFiles();
    try {
      Object.assign(entry, await chat.upload(file));
    } catch (error) {
      entry.why = error.status ? error.message : words.offline;
    }
    entry.isBusy = false;
    listFiles();
  }
});

function listFiles() {
  by("files").replaceChildren(
    ...uploads.map((entry) => {
      const remove = element("button", { type: "button", "aria-label": `${words.remove}: ${entry.name}` }, "×");
      remove.addEventListener("click", () => {
        uploads = uploads.filter((one) => one !== entry);
        listFiles();
        text.focus();
      });
      const state = entry.isBusy ? ` · ${words.uploading}` : entry.why ? ` · ${entry.why}` : "";
      return element("li", {}, element("span", {}, entry.name + state), remove);
    }),
  );
  ready();
}

addEventListener("online", () => {
  bell.hurry();
  chat.catchUp();
});
addEventListener("offline", changed);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible" || !chat.session) return;
  bell.hurry();
  chat.catchUp();
  changed();
});
ready();
tell({ type: "ready" });
