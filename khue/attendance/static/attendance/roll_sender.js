// Sends what the device keeps, one roll after the other, the oldest first. A roll goes from the device only when the
// server has acknowledged it; sent twice, it is taken once. Two pages of one browser take turns.
import { forget, keep, rollsOf } from "./roll_store.js";

const LONGEST_REQUEST = 15_000;
const AGAIN = 5_000;

async function sendOne(roll, token) {
  const body = new URLSearchParams(roll.fields);
  body.set("csrfmiddlewaretoken", token);
  body.set("key", roll.key);
  body.set("seen", roll.seen);
  body.set("at", String(roll.at));
  const answer = await fetch(roll.address, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(LONGEST_REQUEST),
  });
  if (answer.ok) {
    await forget(roll.key);
    return "saved";
  }
  if (answer.status === 409 || answer.status === 422) {
    const { state, message, seen, kinds } = await answer.json();
    await keep({ ...roll, state, message, standing: { seen: seen ?? "", kinds: kinds ?? {} } });
    return state;
  }
  return answer.status >= 500 ? "waiting" : "away"; // signed out, or not this account's any more
}

async function sendAll(account, token) {
  let outcome = "saved";
  for (const roll of await rollsOf(account)) {
    if (roll.state !== "waiting") continue;
    let state;
    try {
      state = await sendOne(roll, token);
    } catch {
      return "waiting"; // no line
    }
    if (state === "waiting" || state === "away") return state;
    if (state !== "saved") outcome = state;
  }
  return outcome;
}

export class RollSender {
  // form  carries the account and the token without which no form is taken
  constructor(form, onChange) {
    this.account = form.dataset.account;
    this.token = form.elements.csrfmiddlewaretoken.value;
    this.onChange = onChange;
    this.running = null;
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.now());
  }

  now() {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  async run() {
    const send = () => sendAll(this.account, this.token);
    const state = navigator.locks ? await navigator.locks.request("khue-rolls", send) : await send();
    if (state === "waiting") this.timer = setTimeout(() => this.now(), AGAIN);
    await this.onChange(state);
    return state;
  }
}
