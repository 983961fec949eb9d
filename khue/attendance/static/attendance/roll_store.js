// Rolls that this device has taken and the server has not acknowledged, in IndexedDB: they outlive a closed page, a
// restart and a sign-out. No names of pupils: numbers of enrolments, kinds and minutes. One entry a roll, under its key.
const NAME = "khue-rolls";
const ROLLS = "rolls";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(ROLLS, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function store(mode) {
  return (await database()).transaction(ROLLS, mode).objectStore(ROLLS);
}

// What this account has taken and not yet brought home, the oldest first.
export async function rollsOf(account) {
  const all = await asked((await store("readonly")).getAll());
  return all.filter((roll) => roll.account === account).sort((a, b) => a.at - b.at);
}

export async function keep(roll) {
  const objects = await store("readwrite");
  await asked(objects.put(roll));
}

export async function forget(key) {
  const objects = await store("readwrite");
  await asked(objects.delete(key));
}

// A UUID of version 7 (RFC 9562): 48 bits of time, the rest by chance.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = BigInt(Date.now());
  for (let place = 0; place < 6; place += 1) bytes[place] = Number((time >> BigInt(8 * (5 - place))) & 255n);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
