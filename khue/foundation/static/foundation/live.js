// Listens to the live door and tells the page what it hears.
//
// In a page:  <body data-live-ticket="..." data-live-renew="/address/that/answers/a/new/ticket">
// In a script: document.addEventListener("live:answered", ({detail}) => detail.channel, detail.data)
//
// "live:resync" says that messages may have been missed: fetch again what you show. It comes after every pause, because
// the door keeps nothing. A page that nobody looks at does not listen: a browser has only six connections for all its tabs.

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
const HIDDEN_FOR = 30_000;

export class Live {
  #ticket;
  #renew;
  #target;
  #source = null;
  #timer = 0;
  #pause = FIRST_PAUSE;
  #heardBefore = false;

  // ticket   from the page
  // renew    asks for a new ticket when the old one has ended; may be missing
  // target   where events are dispatched
  constructor({ ticket, renew = null, target = document }) {
    this.#ticket = ticket;
    this.#renew = renew;
    this.#target = target;
    document.addEventListener("visibilitychange", () => this.#seen());
    window.addEventListener("online", () => this.#soon(0));
    this.#connect();
  }

  get isOpen() {
    return this.#source?.readyState === EventSource.OPEN;
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#source?.close();
    const source = new EventSource(`/live/?ticket=${encodeURIComponent(this.#ticket)}`);
    this.#source = source;
    source.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    source.onerror = () => this.#lose(source);
  }

  #hear({ channel, event, data }) {
    this.#pause = FIRST_PAUSE;
    if (event === "ready" && this.#heardBefore) event = "resync";
    this.#heardBefore = true;
    this.#target.dispatchEvent(new CustomEvent(`live:${event}`, { detail: { channel, data } }));
  }

  async #lose(source) {
    if (source !== this.#source) return;
    const refused = source.readyState === EventSource.CLOSED;
    source.close();
    this.#source = null;
    this.#target.dispatchEvent(new CustomEvent("live:lost"));
    if (refused && this.#renew && navigator.onLine) {
      this.#ticket = (await this.#renew().catch(() => null)) ?? this.#ticket;
    }
    // Thousands lose the door at the same moment when it is started again; they must not all come back at one.
    this.#soon(this.#pause * (0.5 + Math.random()));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  #soon(milliseconds) {
    clearTimeout(this.#timer);
    if (this.#source || document.hidden) return;
    this.#timer = setTimeout(() => this.#connect(), milliseconds);
  }

  #seen() {
    clearTimeout(this.#timer);
    if (!document.hidden) {
      this.#soon(0);
    } else if (this.#source) {
      this.#timer = setTimeout(() => {
        this.#source?.close();
        this.#source = null;
      }, HIDDEN_FOR);
    }
  }
}

async function renewed(address) {
  const answer = await fetch(address, { headers: { Accept: "text/plain" } });
  return answer.ok ? (await answer.text()).trim() : null;
}

const { liveTicket, liveRenew } = document.body.dataset;
export const live = liveTicket
  ? new Live({ ticket: liveTicket, renew: liveRenew ? () => renewed(liveRenew) : null })
  : null;
