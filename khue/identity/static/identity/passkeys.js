// Passkeys: asks the device for a key or a proof of one, puts the answer into the form and sends it.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function understood(options) {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (key[list]) key[list] = key[list].map((known) => ({ ...known, id: bytes(known.id) }));
  }
  return { publicKey: key };
}

function written(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function answer(form) {
  const asked = await fetch(form.dataset.ask, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  if (asked.redirected) return location.assign(asked.url);
  if (asked.status === 403) return location.assign(`/account/confirm/?next=${encodeURIComponent(location.pathname)}`);
  const options = understood(await asked.json());
  const credential = form.dataset.passkey === "new"
    ? await navigator.credentials.create(options)
    : await navigator.credentials.get(options);
  form.elements.answer.value = written(credential);
  form.submit();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form).catch(() => {
      const place = form.querySelector("[data-error]");
      place.textContent = form.dataset.failed;
      place.hidden = false;
    });
  });
}
