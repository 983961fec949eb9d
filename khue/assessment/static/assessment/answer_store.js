// Answers that the server has not acknowledged yet. They lie in localStorage, so that a reload or a closed tab loses none;
// every change reads before it writes, so that two tabs of one attempt do not overwrite each other.
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
      return { pending: found.pending ?? {}, wantsSubmit: Boolean(found.wantsSubmit), last: found.last ?? 0 };
    } catch {
      return { pending: {}, wantsSubmit: false, last: 0 };
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
    state.pending[place] = { answer, sequence: this.sequence };
    state.last = this.sequence;
    this.write(state);
  }

  pending() {
    const entries = Object.entries(this.read().pending);
    return entries.map(([place, { answer, sequence }]) => ({ question: Number(place), answer, sequence }));
  }

  acknowledge(sent) {
    const state = this.read();
    for (const { question, sequence } of sent) {
      if (state.pending[question]?.sequence === sequence) delete state.pending[question];
    }
    this.write(state);
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
