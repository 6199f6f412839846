// The ticket is in the fragment, which browsers send to nobody; it leaves the address bar and the history before it is used.
const message = document.getElementById("message");

async function signIn() {
  const ticket = new URLSearchParams(location.hash.slice(1)).get("ticket");
  history.replaceState(null, "", location.pathname);
  if (ticket === null) {
    message.textContent = "Open the sign-in link that `npm run up` prints. Run it again for a fresh one.";
    return;
  }
  const response = await fetch("/v1/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ticket }),
  });
  if (response.ok) {
    location.replace("/");
    return;
  }
  const { error } = await response.json();
  message.textContent = `${error.message} ${error.hint}`;
}

function begin() {
  signIn().catch(() => {
    message.textContent = "The gateway does not answer. Try the link again in a moment.";
  });
}

begin();
addEventListener("hashchange", begin);
