// The frame of every page: theme, keys, buttons that wait, what htmx could not do, focus after page-like changes.
import { bind, isTyping, word } from "./bind.js";
import { notify } from "./toast.js";

const LONGEST_WAIT = 10000;

// Theme: painted at once, kept by the server. Without scripts the same form posts and comes back.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const { value } = event.submitter;
  if (value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
  fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual", headers: { "HX-Request": "true" } }).catch(() => {});
});

// A form is sent once; its button shows that it is on its way and keeps its words and width.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const { submitter, target } = event;
  if (target.dataset.sending) return event.preventDefault();
  if (target.matches("[hx-post], [hx-get], [method=dialog]")) return;
  target.dataset.sending = "1";
  submitter?.setAttribute("aria-busy", "true");
  setTimeout(release, LONGEST_WAIT); // an answer that is a download leaves the page as it is
});
addEventListener("pageshow", release);
function release() {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  for (const button of document.querySelectorAll("form .btn[aria-busy=true]")) button.removeAttribute("aria-busy");
}
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[aria-disabled=true]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
document.addEventListener("change", (event) => event.target.closest("[data-autosubmit]")?.requestSubmit());
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select-all]")) event.target.select();
});

// Tabs that do not fit scroll sideways; the current one is in sight.
bind(".tabs", (tabs) => {
  const current = tabs.querySelector("[aria-current], [aria-selected=true]");
  if (current) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
});

// What the server refused or could not answer is told in place, never swallowed.
function showFault(html) {
  const fault = new DOMParser().parseFromString(html, "text/html").querySelector("[data-fault]");
  const page = document.querySelector("dialog[open] .body") ?? document.querySelector(".page, .auth");
  if (!fault || !page) return notify(word("failed"), { kind: "bad" });
  document.querySelector("[data-fault]")?.remove();
  page.prepend(document.adoptNode(fault));
  fault.scrollIntoView({ block: "nearest" });
}
// A sign-in that ended while the page stood open: the log-in page must not land inside a fragment.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!new URL(event.detail.xhr.responseURL || location.href, location.href).pathname.startsWith("/account/login")) return;
  if (location.pathname.startsWith("/account/login")) return;
  event.detail.shouldSwap = false;
  if (!isQuiet(event)) location.reload();
});
// What the page asks by itself fails without a word: it asks again, and nothing that is being written may be lost.
const isQuiet = (event) => event.detail.elt.matches("[data-quiet]");
document.addEventListener("htmx:responseError", (event) => { if (!isQuiet(event)) showFault(event.detail.xhr.responseText); });
document.addEventListener("htmx:sendError", (event) => {
  // A poll tries again by itself; progress.js says how long the last news is ago.
  if (!isQuiet(event) && !event.detail.elt.matches("[data-progress]")) notify(word("unreachable"), { kind: "bad" });
});
document.addEventListener("htmx:afterSettle", (event) => {
  const errors = event.detail.elt.querySelector?.("[data-form-errors]");
  if (errors) errors.focus();
});

// Keys: [data-key="g c"] is followed, pressed or focused. Off while typing, and as a whole by the person's choice.
const off = () => document.body.hasAttribute("data-shortcuts-off");
let first = "";
let timer = 0;

function act(key) {
  const layer = document.querySelector("dialog[open]");
  const root = layer ?? document;
  const target = [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && one.offsetParent !== null && one.getAttribute("aria-disabled") !== "true");
  if (!target) return false;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const opener = document.querySelector("[data-palette-open]");
    if (opener) { event.preventDefault(); opener.click(); }
    return;
  }
  if (event.key === "Escape" && isTyping(event.target) && !event.target.closest("dialog, [popover]")) return event.target.blur();
  if (off() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const pair = first ? `${first} ${event.key}` : "";
  clearTimeout(timer);
  first = "";
  if (pair && act(pair)) return event.preventDefault();
  if (act(event.key)) return event.preventDefault();
  if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    first = event.key;
    timer = setTimeout(() => { first = ""; }, 1000);
  }
});
