// The last answer to every question given on this device, for one attempt. It lies in localStorage, so that a reload or a
// closed tab loses none; every change reads before it writes, so that two tabs of one attempt do not overwrite each other.
// An acknowledged answer stays here too: a page may have been rendered before the save that a page before it sent.
const empty = () => ({ answers: {}, wantsSubmit: false, last: 0, endsAt: null });

export class AnswerStore {
  constructor(attempt, sequence) {
    this.key = `khue-answers:${attempt}`;
    this.sequence = sequence;
    this.memory = "{}"; // where the browser refuses storage, this page at least keeps what it has
  }

  read() {
    let text = this.memory;
    try {
      text = localStorage.getItem(this.key) ?? "{}";
    } catch {
      // private mode of some browsers
    }
    try {
      const found = JSON.parse(text);
      return { ...empty(), ...found };
    } catch {
      return empty();
    }
  }

  write(state) {
    this.memory = JSON.stringify(state);
    try {
      localStorage.setItem(this.key, this.memory);
    } catch {
      // full or refused: the copy in memory still gets sent
    }
  }

  // Later answers must have larger numbers, also after a reload and on a second device: the clock gives them, and the
  // largest number seen so far keeps them growing where the clock does not.
  put(place, answer) {
    const state = this.read();
    this.sequence = Math.max(this.sequence + 1, state.last + 1, Date.now());
    state.answers[place] = { answer, sequence: this.sequence, isSent: false };
    state.last = this.sequence;
    this.write(state);
  }

  // What this device knows and the page does not, to be shown; it is sent once more, which changes nothing where it
  // has been saved. An answer that the server has a later one for, from another device, is forgotten.
  // known: the sequence of the saved answer by place, 0 without one.
  newerThan(known) {
    const state = this.read();
    for (const [place, kept] of Object.entries(state.answers)) {
      if (kept.sequence > (known[place] ?? 0)) kept.isSent = false;
      else delete state.answers[place];
    }
    this.write(state);
    return this.pending();
  }

  // Not acknowledged yet.
  pending() {
    const entries = Object.entries(this.read().answers).filter(([, kept]) => !kept.isSent);
    return entries.map(([place, { answer, sequence }]) => ({ question: Number(place), answer, sequence }));
  }

  acknowledge(sent) {
    const state = this.read();
    for (const { question, sequence } of sent) {
      const kept = state.answers[question];
      if (kept?.sequence === sequence) kept.isSent = true;
    }
    this.write(state);
  }

  // A copy of the page that the device kept believes in the time that was left when it was made: the earliest counts.
  endsAt(moment) {
    const state = this.read();
    state.endsAt = Math.min(moment, state.endsAt ?? moment);
    this.write(state);
    return state.endsAt;
  }

  get wantsSubmit() {
    return this.read().wantsSubmit;
  }

  set wantsSubmit(value) {
    this.write({ ...this.read(), wantsSubmit: value });
  }

  forget() {
    this.memory = "{}";
    try {
      localStorage.removeItem(this.key);
    } catch {
      // nothing was kept
    }
  }
}
