/* global SwaggerUIBundle -- from swagger-ui-bundle.js */
const form = document.getElementById("token-form");
const message = document.getElementById("message");

/** Kept in this page's memory alone. */
let token = "";

async function load() {
  const response = await fetch(
    "/v1/openapi.json",
    token ? { headers: { authorization: `Bearer ${token}` } } : {},
  );
  if (!response.ok) {
    form.hidden = false;
    if (token) message.textContent = (await response.json()).error.message;
    return;
  }
  form.hidden = true;
  SwaggerUIBundle({
    spec: await response.json(),
    dom_id: "#api",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (token && !request.headers.Authorization) request.headers.Authorization = `Bearer ${token}`;
      return request;
    },
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  token = document.getElementById("token").value.trim();
  load().catch(() => (message.textContent = "The gateway does not answer."));
});
load().catch(() => {
  form.hidden = false;
  message.textContent = "The gateway does not answer.";
});
