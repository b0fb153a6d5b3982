// Dialogs: opened by [data-dialog-open="id"], filled by htmx through #dialog-body, closed by [data-dialog-close],
// by the native form, or by the server with the trigger "dialog-close".
const shared = () => document.getElementById("dialog");

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest?.("[data-dialog-close]");
  const within = closer?.closest("dialog");
  if (within) {
    event.preventDefault();
    within.close();
  }
});

// A click on the backdrop reaches the dialog itself; forms that are being written are not thrown away by it.
document.addEventListener("mousedown", (event) => {
  if (event.target.matches?.("dialog.palette, dialog:not(:has(form[method=post]))")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "dialog-body") return;
  const dialog = shared();
  if (!event.detail.target.children.length) return dialog.open && dialog.close();
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector(".body :is(input:not([type=hidden]), select, textarea)"))?.focus();
});

document.addEventListener("close", (event) => {
  if (event.target === shared()) document.getElementById("dialog-body").replaceChildren();
}, true);

document.addEventListener("dialog-close", () => shared()?.close());
