// A page that opens without a line: <script type="module" src="{{ static("foundation/offline.js") }}"></script>, and a
// view that answers with offline.kept(...). What has been loaded by then is kept with it.
async function keepThisPage() {
  await navigator.serviceWorker.register("/service-worker.js");
  const registration = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  const pictures = [...document.images].map((image) => image.currentSrc || image.src);
  const wanted = [...files, ...pictures].filter((name) => /^https?:/.test(name) && !/\/(hot|live)\//.test(name));
  registration.active.postMessage({ keep: location.href.split("#")[0], files: [...new Set(wanted)] });
}

// Where its work is over, nobody needs the page any more.
export async function forgetThisPage() {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) await (await caches.open(name)).delete(location.href.split("#")[0]);
}

if ("serviceWorker" in navigator) {
  // Without the worker the page works as ever, with a line.
  const begin = () => keepThisPage().catch(() => {});
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}
