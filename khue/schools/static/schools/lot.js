// Draws the seed of a lot and works out what is published of it, on this device: the seed itself is never sent.
const lot = document.querySelector("[data-lot]");
const digest = document.querySelector("[name=seed_digest]");
if (lot && digest && globalThis.crypto?.subtle) {
  lot.hidden = false;
  lot.querySelector("[data-draw]").addEventListener("click", async () => {
    const drawn = crypto.getRandomValues(new Uint32Array(6));
    const seed = Array.from(drawn, (number) => String(number % 10000).padStart(4, "0")).join("");
    const hashed = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(seed));
    digest.value = Array.from(new Uint8Array(hashed), (byte) => byte.toString(16).padStart(2, "0")).join("");
    lot.querySelector("output").textContent = seed;
    lot.querySelector("[data-drawn]").hidden = false;
  });
}
