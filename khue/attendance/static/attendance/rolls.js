// The teacher's list of today: keeps the rolls to take on the device while there is a line, and sends what waits.
import { rollsOf } from "./roll_store.js";
import { RollSender } from "./roll_sender.js";

const form = document.getElementById("rolls");
const list = document.getElementById("rolls-waiting");

async function show() {
  const waiting = await rollsOf(form.dataset.account);
  list.hidden = waiting.length === 0;
  list.querySelector("ul").replaceChildren(
    ...waiting.map((roll) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = roll.page;
      link.textContent = roll.label;
      line.append(link, ` — ${roll.message ?? form.dataset.waiting}`);
      return line;
    }),
  );
}

const sender = new RollSender(form, async () => {
  const before = list.querySelectorAll("li").length;
  await show();
  if (before > list.querySelectorAll("li").length) location.reload();
});

async function keepRolls() {
  const registration = await navigator.serviceWorker.ready;
  const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], script[src]")];
  const names = [...new Set([...files.map((file) => file.href || file.src), ...performance.getEntriesByType("resource").map((entry) => entry.name)])];
  const wanted = names.filter((name) => name.startsWith(location.origin) && !/\/(hot|live)\//.test(name));
  for (const link of document.querySelectorAll("a[data-keep]")) registration.active.postMessage({ keep: link.href, files: wanted });
}

await show().catch(() => {});
await sender.now().catch(() => {});
if ("serviceWorker" in navigator && navigator.onLine) addEventListener("load", () => keepRolls().catch(() => {}));
if (document.readyState === "complete" && "serviceWorker" in navigator) keepRolls().catch(() => {});
