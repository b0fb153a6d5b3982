// The command palette: pages of the shell at once, contacts from the server while typing, arrows and Enter to go.
const dialog = () => document.getElementById("palette");
const results = () => document.getElementById("palette-results");

function showPages(query = "") {
  const source = dialog()?.querySelector("[data-palette-pages]");
  if (!source) return;
  const pages = source.content.cloneNode(true);
  const wanted = query.trim().toLowerCase();
  for (const item of pages.querySelectorAll(".it")) {
    if (wanted && !item.textContent.toLowerCase().includes(wanted)) item.remove();
  }
  if (!pages.querySelector(".it")) return;
  results().append(pages);
}

function mark(item) {
  for (const one of results().querySelectorAll(".at")) { one.classList.remove("at"); one.removeAttribute("aria-selected"); }
  item?.classList.add("at");
  item?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-palette-open]") || !dialog() || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const input = dialog().querySelector("input");
  if (!dialog().open) dialog().showModal();
  input.value = "";
  results().replaceChildren();
  showPages();
  mark(results().querySelector(".it"));
  input.focus();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  // An empty query needs no server: the pages are here.
  const form = event.target.closest?.("#palette form");
  if (!form || form.querySelector("input").value.trim()) return;
  event.preventDefault();
  results().replaceChildren();
  showPages();
  mark(results().querySelector(".it"));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "palette-results") return;
  showPages(dialog().querySelector("input").value);
  mark(results().querySelector(".it"));
});

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#palette")) return;
  const all = [...results().querySelectorAll(".it")];
  const at = all.findIndex((one) => one.classList.contains("at"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  } else if (event.key === "Enter" && all[at] && event.target.matches("input")) {
    event.preventDefault();
    all[at].click();
  }
});
