// Starts the interactive API page. Swagger UI is a classic script; deferred, it has run before this module does.
const place = document.querySelector("[data-api-docs]");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

// Swagger UI brings a dark theme of its own, behind this class.
const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dress();
dark.addEventListener("change", dress);

window.SwaggerUIBundle({
  url: place.dataset.apiDocs,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  requestSnippetsEnabled: true,
});
