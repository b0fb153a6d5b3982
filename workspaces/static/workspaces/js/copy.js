// [data-copy="#id"] copies a field's value or an element's text and says so on the button.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const words = button.querySelector("span") ?? button;
  const usual = words.dataset.usual ?? words.textContent;
  words.dataset.usual = usual;
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  } catch {
    // Without the clipboard's permission (plain http) the old way still works on a chosen field.
    source.select?.();
    document.execCommand("copy");
  }
  words.textContent = button.dataset.copied ?? usual;
  setTimeout(() => { words.textContent = usual; }, 2000);
});
