// Keeps single pages on the device, so that they open without a line: those whose answer carries "Khue-Keep" (offline.py).
//
// The network is asked first, always. What is kept of a person goes when anybody comes to sign in or out on this
// device, and when a page of somebody else is kept. Static files hold nothing of anybody; their names carry their hash.
const STATIC = "khue-static";
const PAGES = "khue-pages:"; // and the mark of the person
const HASHED = /^\/static\/.*\.[0-9a-f]{12}\./;
const DOOR = /^\/(sign-in|sign-out|activate)\//;
const AWAY = new Set([502, 503, 504]); // the web is away, only the front answers
const MOST_PAGES = 120; // pages and their pictures
const MOST_STATIC = 200;
const LARGEST_BYTES = 4 * 1024 * 1024;
const FULLEST = 0.8; // of what the browser grants this origin

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (DOOR.test(pathname)) event.waitUntil(forgetPeople());
  else if (request.method !== "GET") return;
  else if (pathname.startsWith("/static/")) event.respondWith(staticFile(request, pathname));
  else if (request.mode === "navigate") event.respondWith(page(event));
  else if (request.destination === "image") event.respondWith(fetch(request).catch(() => kept(request)));
});

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keepAll(event.data.keep, event.data.files));
});

async function page(event) {
  const { request } = event;
  let answer;
  try {
    answer = await fetch(request);
  } catch (error) {
    const found = await caches.match(request.url, { ignoreVary: true });
    if (found) return found;
    throw error;
  }
  if (AWAY.has(answer.status)) return (await caches.match(request.url, { ignoreVary: true })) ?? answer;
  event.waitUntil(answer.headers.has("Khue-Keep") ? keep(request.url, answer.clone()) : forget(request.url));
  return answer;
}

async function staticFile(request, pathname) {
  const found = await caches.match(request.url, { ignoreVary: true });
  if (found && HASHED.test(pathname)) return found;
  return fetch(request).catch((error) => found ?? Promise.reject(error));
}

async function kept(request) {
  return (await caches.match(request.url, { ignoreVary: true })) ?? Response.error();
}

// A page that has been opened before this worker was there, and what it is made of; the page last, so that it is whole.
async function keepAll(address, files) {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (!answer.headers.has("Khue-Keep") || (await isFull())) return;
  const person = await caches.open(PAGES + answer.headers.get("Khue-Keep"));
  const shared = await caches.open(STATIC);
  const mine = files.map((file) => new URL(file)).filter((file) => file.origin === self.location.origin);
  await Promise.all(mine.map((file) => keepFile(file, file.pathname.startsWith("/static/") ? shared : person)));
  await keep(address, answer);
  await trim(person, MOST_PAGES);
  await trim(shared, MOST_STATIC);
}

async function keepFile(file, cache) {
  if (HASHED.test(file.pathname) && (await cache.match(file))) return;
  const found = await fetch(file, { credentials: "same-origin" }).catch(() => null);
  if (found?.ok && Number(found.headers.get("Content-Length") ?? 0) <= LARGEST_BYTES) await cache.put(file, found);
}

async function keep(address, answer) {
  const mine = PAGES + answer.headers.get("Khue-Keep");
  await forgetPeople(mine);
  if (!answer.ok || (await isFull())) return;
  const cache = await caches.open(mine);
  await cache.delete(address); // the newest stands last
  await cache.put(address, answer);
}

async function forget(address) {
  for (const name of await people()) await (await caches.open(name)).delete(address);
}

async function forgetPeople(except = "") {
  for (const name of await people()) if (name !== except) await caches.delete(name);
}

async function people() {
  return (await caches.keys()).filter((name) => name.startsWith(PAGES));
}

async function isFull() {
  const { usage = 0, quota = Infinity } = (await navigator.storage?.estimate?.()) ?? {};
  return usage > quota * FULLEST;
}

// The oldest go first.
async function trim(cache, most) {
  const all = await cache.keys();
  for (const request of all.slice(0, Math.max(all.length - most, 0))) await cache.delete(request);
}
