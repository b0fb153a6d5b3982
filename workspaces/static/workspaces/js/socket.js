// The page's line to the realtime process. It only says that something changed; what it was, the page asks for.
// Nothing depends on a frame: after each gap `tertulia:catch-up` lets every pane ask by its own cursor.
import { bind } from "./bind.js";

const FIRST_PAUSE = 500, LONGEST_PAUSE = 30000;
const BEAT = 25000, ANSWER_WITHIN = 10000, ACTIVE_EVERY = 60000, QUIET_TIME = 60000, ASLEEP = 15000;
const SIGNED_OUT = 4401, NOT_MEMBER = 4403, ACCESS_CHANGED = 4409, MISUSED = [4400, 4429];
const TOLD = { changed: "changed", typing: "typing", viewing: "viewing", presence: "presence", "catch-up": "catch-up" };

const url = document.body.dataset.socket;
let socket = null;
let state = "connecting";
let tries = 0;
let again = 0;
let unanswered = 0;
let heardAt = Date.now();
let askedAt = 0;
let activeAt = 0;
let watched = null;

const tell = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`tertulia:${name}`, { detail }));
export const linkState = () => state;

// Says a frame if the line is there; what is said here is of this moment only, so that nothing is kept for later.
export function say(frame) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

// The contact whose thread is open, or null. It is said again while it stays, and after each reconnection.
export function viewing(contact) {
  watched = contact ? Number(contact) : null;
  say({ type: "viewing", contact: watched });
}

// Somebody writes to a contact: call it with each key, it is said every three seconds at most.
let typed = { contact: null, at: 0 };
export function typing(contact, on = true, comment = false) {
  const now = Date.now();
  if (on && typed.contact === contact && now - typed.at < 3000) return;
  if (!on && typed.contact === null) return;
  typed = on ? { contact, at: now } : { contact: null, at: 0 };
  say({ type: "typing", contact: Number(contact), on, comment });
}

function become(next) {
  if (next === state) return;
  state = next;
  tell("link", { state });
}

function catchUp() {
  askedAt = Date.now();
  tell("catch-up");
}

function hear(event) {
  heardAt = Date.now();
  clearTimeout(unanswered);
  const frame = JSON.parse(event.data);
  if (frame.type === "welcome") {
    tries = 0;
    become("live");
    if (watched) viewing(watched);
    catchUp();
  } else if (TOLD[frame.type]) tell(TOLD[frame.type], frame);
}

function connect() {
  clearTimeout(again);
  if (socket || !navigator.onLine) return;
  if (state !== "connecting") become("connecting");
  const line = new WebSocket(url);
  socket = line;
  line.onmessage = (event) => { if (line === socket) hear(event); };
  line.onclose = (event) => { if (line === socket) lost(event.code); };
}

// Back-off with jitter, so that a restart is not answered by everybody in the same moment.
function lost(code) {
  drop();
  become(navigator.onLine && code !== SIGNED_OUT && code !== NOT_MEMBER ? "connecting" : "offline");
  const isFinal = [SIGNED_OUT, NOT_MEMBER, ...MISUSED].includes(code);
  const pause = code === ACCESS_CHANGED ? 0 : isFinal ? LONGEST_PAUSE : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries);
  tries += 1;
  again = setTimeout(connect, pause * (0.5 + Math.random() / 2));
}

function drop() {
  clearTimeout(unanswered);
  const line = socket;
  socket = null;
  if (line && line.readyState <= WebSocket.OPEN) line.close();
}

// A line that looks open may be dead: whoever does not answer is left.
function probe(within = ANSWER_WITHIN) {
  if (!say({ type: "ping" })) return;
  clearTimeout(unanswered);
  unanswered = setTimeout(() => lost(1006), within);
}

function wake() {
  if (socket?.readyState === WebSocket.OPEN) {
    probe(3000);
    catchUp();
  } else if (socket === null) {
    tries = 0;
    connect();
  }
}

function noteActivity() {
  if (document.hidden || Date.now() - activeAt < ACTIVE_EVERY) return;
  if (say({ type: "active" })) activeAt = Date.now();
}

if (url && "WebSocket" in window) {
  let tickedAt = Date.now(), hiddenAt = 0, beatAt = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - tickedAt > ASLEEP) wake(); // the machine slept: timers stood still
    else if (now - beatAt >= BEAT) {
      beatAt = now;
      probe();
      if (watched) say({ type: "viewing", contact: watched });
    } else if (state === "live" && !document.hidden && now - Math.max(heardAt, askedAt) > QUIET_TIME) catchUp();
    tickedAt = now;
  }, 5000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > ASLEEP) wake();
  });
  addEventListener("online", () => { drop(); tries = 0; connect(); });
  addEventListener("offline", () => { drop(); become("offline"); });
  addEventListener("pagehide", drop);
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  for (const name of ["pointerdown", "keydown", "wheel", "touchstart", "focus"]) addEventListener(name, noteActivity, { passive: true });
  connect();
}

// The quiet words about the line: none while it stands, and none for a gap that nobody would notice.
bind("[data-link-state]", (place) => {
  let timer = 0;
  const show = () => {
    clearTimeout(timer);
    if (state === "live") {
      if (!place.textContent) return;
      place.textContent = place.dataset.live;
      timer = setTimeout(() => { place.textContent = ""; }, 3000);
    } else timer = setTimeout(() => { place.textContent = place.dataset[state]; }, 1500);
  };
  document.addEventListener("tertulia:link", show);
  if (url) show();
  return () => { clearTimeout(timer); document.removeEventListener("tertulia:link", show); };
});
