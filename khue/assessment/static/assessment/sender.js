// Sends what the store holds to the hot door, one request at a time, again and again until it is acknowledged.
const LONGEST_WAIT = 30_000;
const LONGEST_REQUEST = 15_000;
const MOST_ANSWERS = 200;

export class Sender {
  constructor(form, store, onChange) {
    this.form = form;
    this.store = store;
    this.onChange = onChange;
    this.ticket = form.dataset.ticket;
    this.failures = 0;
    this.running = null;
    this.timer = 0;
    this.late = 0;
    this.useForm = false; // a server without the hot door still takes the plain form
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
    addEventListener("pagehide", () => this.now());
  }

  // Send at once. Resolves to whether everything has been acknowledged.
  now() {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), 120);
  }

  async run() {
    for (;;) {
      const batch = this.store.pending().slice(0, MOST_ANSWERS);
      if (!batch.length) {
        this.failures = 0;
        this.onChange("saved");
        return true;
      }
      this.onChange("sending");
      if (!(await this.send(batch))) {
        this.later();
        this.onChange("waiting");
        return false;
      }
      this.failures = 0;
      this.store.acknowledge(batch);
    }
  }

  later() {
    this.failures += 1;
    const wait = Math.min(1000 * 2 ** (this.failures - 1), LONGEST_WAIT);
    this.timer = setTimeout(() => this.now(), wait * (0.75 + Math.random() / 2));
  }

  async send(batch) {
    try {
      return this.useForm ? await this.sendForm(batch) : await this.sendHot(batch);
    } catch {
      return false; // no line
    }
  }

  async sendHot(batch) {
    const answer = await fetch("/hot/answers", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.ticket}` },
      body: JSON.stringify({ answers: batch }),
      keepalive: true,
      signal: AbortSignal.timeout(LONGEST_REQUEST),
    });
    if (answer.ok) {
      const { saved, late } = await answer.json();
      this.late += late ?? 0;
      return saved === true;
    }
    if (answer.status === 401) await this.renew();
    if (answer.status === 404) this.useForm = true;
    return false;
  }

  async sendForm(batch) {
    const body = this.body();
    for (const { question, answer } of batch) body.append(`q${question}`, answer);
    const answer = await fetch(this.form.action, { method: "POST", body, signal: AbortSignal.timeout(LONGEST_REQUEST) });
    return answer.ok && answer.url.includes(this.form.dataset.attempt);
  }

  async renew() {
    const answer = await fetch(this.form.dataset.ticketUrl, { method: "POST", body: this.body() });
    if (answer.ok) this.ticket = (await answer.json()).ticket;
  }

  // Hand in. Resolves to whether the server has done it.
  async submit() {
    if (!(await this.now()) && !(await this.now())) return false;
    try {
      const answer = await fetch(this.form.dataset.submitUrl, {
        method: "POST",
        body: this.body(),
        signal: AbortSignal.timeout(LONGEST_REQUEST),
      });
      return answer.ok;
    } catch {
      return false;
    }
  }

  body() {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    return body;
  }
}
