// Starts the interactive API page. Swagger UI is a classic script; deferred, it has run before this module does.
const place = document.querySelector("[data-api-docs]");

window.SwaggerUIBundle({
  url: place.dataset.apiDocs,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  requestSnippetsEnabled: true,
});
