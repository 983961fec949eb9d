// Listens to the live door and tells the page what it hears.
//
// In a page:   <div data-live-ticket="..." data-live-renew="/address/that/answers/a/new/ticket">, as many as rooms need;
//              one stream serves all of them. Give each place an id: those that htmx brings or takes away are noticed.
// In a script: document.addEventListener("live:answered", ({ detail }) => detail.channel, detail.data)
//
// "live:resync" says that messages may have been missed: fetch again what you show. It comes after every pause, because
// the door keeps nothing, and at the opening where something was told since the page was made. A page that nobody looks
// at does not listen: a browser has only six connections for all its tabs.

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
const HIDDEN_FOR = 30_000;

let source = null;
let served = ""; // ids of the places that the present stream serves
let timer = 0;
let pause = FIRST_PAUSE;
let heardBefore = false;
let isLost = false;
let heard = 0; // messages so far
const asked = new WeakMap(); // how many were heard when a request of htmx was sent

function places() {
  return [...document.querySelectorAll("[data-live-ticket]")].filter((place) => place.dataset.liveTicket);
}

function ids() {
  return places().map((place) => place.id).join(" ");
}

function stop() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

function connect() {
  stop();
  served = ids();
  const tickets = places().map((place) => `ticket=${encodeURIComponent(place.dataset.liveTicket)}`);
  if (!tickets.length) return;
  const stream = new EventSource(`/live/?${tickets.join("&")}`);
  source = stream;
  stream.onmessage = ({ data }) => hear(JSON.parse(data));
  stream.onerror = () => lose(stream);
}

function hear({ channel, event, data }) {
  pause = FIRST_PAUSE;
  isLost = false;
  const name = event === "ready" && (heardBefore || data.missed) ? "resync" : event;
  heardBefore = true;
  if (name !== "ready") heard += 1;
  tell(name, { channel, data });
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

async function lose(stream) {
  if (stream !== source) return;
  const refused = stream.readyState === EventSource.CLOSED;
  stop();
  if (!isLost) tell("lost");
  isLost = true;
  if (refused && navigator.onLine) await renew();
  // Thousands lose the door at the same moment when it is started again; they must not all come back at one.
  soon(pause * (0.5 + Math.random()));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

async function renew() {
  for (const place of document.querySelectorAll("[data-live-renew]")) {
    try {
      const answer = await fetch(place.dataset.liveRenew, { headers: { Accept: "text/plain" } });
      if (answer.ok) place.dataset.liveTicket = (await answer.text()).trim();
    } catch {
      // no line: the next try comes by itself
    }
  }
}

function soon(milliseconds) {
  clearTimeout(timer);
  if (!source && !document.hidden) timer = setTimeout(connect, milliseconds);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    clearTimeout(timer);
    timer = setTimeout(stop, HIDDEN_FOR);
  } else if (source) {
    clearTimeout(timer);
  } else {
    soon(0);
  }
});
addEventListener("online", () => soon(0));
document.addEventListener("htmx:beforeSend", ({ detail }) => asked.set(detail.xhr, heard));
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (ids() !== served) connect(); // a place with the same id and a newer ticket goes on with its stream
  // An answer knows nothing of what was heard while it was on its way, and the place it took can ask no more.
  const isBehind = asked.get(detail.xhr) < heard && detail.target.matches("[data-live-ticket]");
  asked.delete(detail.xhr);
  if (isBehind) tell("resync", {});
});
connect();
