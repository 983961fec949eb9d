// Sends the file of <input type="file" data-upload="purpose"> in pieces as soon as it is chosen. A lost line is waited out;
// after a reload, choosing the same file again goes on where it stopped. The form then carries only the upload's id.
// Without this script the form sends the file whole.

const SMALLEST = 256 * 1024;
const LARGEST = 4 * 1024 * 1024;
const LONGEST_PAUSE = 30_000;
const KEPT = "khue.uploads";

class Refused extends Error {}

export class Upload {
  #file;
  #to;
  #purpose;
  #organisation;
  #token;
  #tell;
  #cancelled = false;
  #piece = SMALLEST;

  // tell(state, sent, size, text)   state: "sending", "waiting", "done" or "failed"
  constructor({ file, to, purpose, organisation, token, tell }) {
    this.#file = file;
    this.#to = to;
    this.#purpose = purpose;
    this.#organisation = organisation;
    this.#token = token;
    this.#tell = tell;
  }

  cancel() {
    this.#cancelled = true;
  }

  // Resolves with the upload's id; null when it was cancelled or refused, which has been told.
  async send() {
    let state = null;
    for (let pause = 1_000; !this.#cancelled; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        state ??= await this.#find();
        while (!state.done && !this.#cancelled) {
          this.#tell("sending", state.offset, this.#file.size);
          state = await this.#next(state);
          pause = 1_000;
        }
        if (this.#cancelled) return null;
        forget(this.#key);
        this.#tell("done", this.#file.size, this.#file.size);
        return state.id;
      } catch (error) {
        if (error instanceof Refused) {
          forget(this.#key);
          this.#tell("failed", 0, this.#file.size, error.message);
          return null;
        }
        this.#tell("waiting", state?.offset ?? 0, this.#file.size);
        state = null;
        await online(pause * (0.5 + Math.random()));
      }
    }
    return null;
  }

  get #key() {
    const { name, size, lastModified } = this.#file;
    return JSON.stringify([this.#purpose, this.#organisation, name, size, lastModified]);
  }

  async #find() {
    const known = kept()[this.#key];
    if (known) {
      const answer = await fetch(known.address, { headers: { Accept: "application/json" } });
      if (answer.ok) return { ...(await answer.json()), address: known.address };
      if (answer.status >= 500) throw new Error(answer.status);
      forget(this.#key);
    }
    const { name, size } = this.#file;
    const body = JSON.stringify({ purpose: this.#purpose, organisation: this.#organisation, name, size });
    const answer = await this.#ask(this.#to, "POST", body, { "Content-Type": "application/json" });
    const address = answer.headers.get("Location");
    keep(this.#key, { address, name });
    return { ...(await answer.json()), address };
  }

  async #next({ address, offset }) {
    const begun = performance.now();
    const body = this.#file.slice(offset, offset + this.#piece);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    const answer = await this.#ask(address, "PATCH", body, headers);
    const seconds = (performance.now() - begun) / 1000;
    this.#piece = Math.max(SMALLEST, Math.min(LARGEST, seconds < 1 ? this.#piece * 2 : seconds > 4 ? this.#piece / 2 : this.#piece));
    return { ...(await answer.json()), address };
  }

  async #ask(address, method, body, headers) {
    const answer = await fetch(address, {
      method,
      body,
      headers: { ...headers, Accept: "application/json", "X-CSRFToken": this.#token, "Tus-Resumable": "1.0.0" },
    });
    if (answer.ok) return answer;
    if (answer.status === 409 || answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
    throw new Refused((await answer.json().catch(() => ({}))).detail ?? "");
  }
}

function online(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, milliseconds);
    window.addEventListener("online", finish);
    function finish() {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      resolve();
    }
  });
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(key, value) {
  localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [key]: value }));
}

function forget(key) {
  const { [key]: _gone, ...rest } = kept();
  localStorage.setItem(KEPT, JSON.stringify(rest));
}

// The page's part: a bar under the field, and a form that waits for its files.
export function attach(input) {
  const { upload: purpose, uploadTo: to, organisation } = input.dataset;
  const form = input.form;
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: `${input.name}_upload` });
  const bar = Object.assign(document.createElement("progress"), { hidden: true });
  const words = document.createElement("output");
  const box = Object.assign(document.createElement("div"), { className: "progress", hidden: true });
  bar.setAttribute("aria-label", input.dataset.sending);
  box.append(words, bar);
  input.after(box, hidden);

  let current = null;
  let sending = null;

  const tell = (state, sent, size, text) => {
    box.hidden = false;
    box.dataset.state = state;
    bar.hidden = state === "failed" || state === "done";
    bar.max = size;
    bar.value = sent;
    const share = state === "sending" || state === "waiting" ? ` ${Math.floor((sent / size) * 100)}%` : "";
    words.textContent = (text || input.dataset[state]) + share;
  };

  const unfinished = Object.entries(kept()).find(([key]) => {
    const [forPurpose, forOrganisation] = JSON.parse(key);
    return forPurpose === purpose && forOrganisation === organisation;
  });
  if (unfinished) {
    box.hidden = false;
    bar.hidden = true;
    words.textContent = `${input.dataset.again} ${unfinished[1].name}`;
    const fold = input.closest("details");
    if (fold) fold.open = true;
  }

  input.addEventListener("change", () => {
    current?.cancel();
    hidden.value = "";
    sending = null;
    const [file] = input.files;
    if (!file) return;
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    current = new Upload({ file, to, purpose, organisation, token, tell });
    sending = current.send().then((id) => (hidden.value = id ?? ""));
  });

  form.addEventListener("submit", async (event) => {
    input.disabled = Boolean(hidden.value); // the id goes instead of the bytes
    if (!sending || hidden.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (await sending) form.requestSubmit(submitter);
  }, { capture: true });
  window.addEventListener("pageshow", () => (input.disabled = false));
}

document.querySelectorAll("input[type=file][data-upload]").forEach(attach);
