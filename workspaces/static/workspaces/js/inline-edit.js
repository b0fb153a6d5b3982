// Fields edited in place: the caret goes into the form that replaced a row and back to the row afterwards, Esc cancels.
// A row that the server marks [data-focus] takes the focus; so the reader never loses their place.
import { bind, scan } from "./bind.js";

bind("[data-inline-edit]", (form) => {
  const field = form.querySelector("input:not([type=hidden], [hidden]), select:not([hidden]), textarea");
  field?.focus();
  if (field?.matches("input")) field.select?.();
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      form.querySelector("[data-inline-cancel]")?.click();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit();
    }
  });
});

bind("[data-focus]", (row) => {
  row.removeAttribute("data-focus");
  (row.querySelector("[role=combobox]") ?? row.querySelector("a, button"))?.focus();
});

scan(document.body);
