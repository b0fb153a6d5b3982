// Toasts: six seconds, longer with hover or focus, one at a time. The server sends them out of band or by the
// trigger {"toast": {"text": "…"}}.
import { bind, icon, scan, word } from "./bind.js";

const SECONDS = 6;

bind("[data-toast]", (toast) => {
  let timer = 0;
  const start = () => { clearTimeout(timer); timer = setTimeout(() => toast.remove(), SECONDS * 1000); };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  for (const older of document.querySelectorAll("#toasts > [data-toast]")) {
    if (older !== toast && older.compareDocumentPosition(toast) & Node.DOCUMENT_POSITION_FOLLOWING && older.dataset.shown) older.remove();
  }
  toast.dataset.shown = "1";
  start();
  return stop;
});

document.addEventListener("click", (event) => event.target.closest?.("[data-toast-close]")?.closest("[data-toast]").remove());

export function notify(text, { kind = "good" } = {}) {
  const area = document.getElementById("toasts");
  if (!area) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", kind === "bad" ? "alert" : "status");
  toast.dataset.toast = "";
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", word("dismiss"));
  close.append(icon("x"));
  toast.append(icon(kind === "bad" ? "alert" : "check"), words, close);
  area.append(toast);
  scan(toast);
}

document.addEventListener("toast", (event) => notify(event.detail.text ?? event.detail.value ?? ""));
