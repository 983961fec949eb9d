// Saves the mark grid: what is typed waits in this browser until the server has it, also over a lost line or a closed page.

import "../ui/grid.js";

const table = document.getElementById("marks");
const state = document.getElementById("marks-state");
const STORE = `khue:marks:${table.dataset.save}`;
const PAUSE = 250; // milliseconds of rest before sending, so that a pasted column is one request
const AGAIN = 5000;

const columns = table.dataset.columns.split(",");
const cells = new Map();
const known = new Map(); // what the server was last seen to have in each cell
for (const row of table.tBodies[0].rows) {
  columns.forEach((column, place) => {
    const cell = row.cells[place + 1];
    cell.dataset.key = `${column}:${row.dataset.row}`;
    cells.set(cell.dataset.key, cell);
    known.set(cell.dataset.key, cell.textContent);
  });
}

// By cell: [what was typed, what stood there before]. The second lets the server tell that somebody else was faster.
const kept = JSON.parse(localStorage.getItem(STORE) ?? "[]").filter(([, value]) => Array.isArray(value));
const waiting = new Map(kept);
let timer = 0;
let isSending = false;

const keep = () => (waiting.size ? localStorage.setItem(STORE, JSON.stringify([...waiting])) : localStorage.removeItem(STORE));
const say = (what) => (state.textContent = state.dataset[what]);
const mark = (cell, kind) => {
  cell.classList.remove("saving", "saved", "wrong");
  if (kind) cell.classList.add(kind);
  cell.toggleAttribute("aria-invalid", kind === "wrong");
};
const later = (pause) => {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
};

const send = async () => {
  if (isSending || !waiting.size) return;
  isSending = true;
  const sent = new Map(waiting);
  say("saving");
  try {
    const answer = await fetch(table.dataset.save, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-CSRFToken": document.cookie.match(/(?:^|; )khue_csrf=([^;]+)/)?.[1] ?? "",
      },
      body: JSON.stringify({ cells: [...sent].map(([key, value]) => [...key.split(":").map(Number), ...value]) }),
    });
    const body = await answer.json();
    if (!answer.ok) return refuse(sent, body.detail);
    settle(sent, body);
  } catch {
    say("offline");
    later(AGAIN);
  } finally {
    isSending = false;
    keep();
    if (waiting.size) later(AGAIN);
  }
};

// The server has them: show what it shows, unless something newer was typed meanwhile.
const settle = (sent, body) => {
  const refused = new Map(body.refused.map(([column, row, reason]) => [`${column}:${row}`, reason]));
  for (const [key, value] of sent) if (waiting.get(key) === value) waiting.delete(key);
  for (const [column, row, text] of body.shown) {
    known.set(`${column}:${row}`, text);
    if (waiting.has(`${column}:${row}`)) waiting.get(`${column}:${row}`)[1] = text;
    const cell = cells.get(`${column}:${row}`);
    if (!cell || waiting.has(cell.dataset.key) || cell.querySelector("input")) continue;
    cell.textContent = text;
    mark(cell, "saved");
    setTimeout(() => cell.classList.remove("saved"), 2000);
  }
  for (const [key, reason] of refused) {
    mark(cells.get(key), "wrong");
    cells.get(key).title = reason;
  }
  for (const [column, row, text] of body.conflicts) yieldTo(`${column}:${row}`, text);
  for (const [row, result] of Object.entries(body.results)) {
    const shown = table.querySelector(`tr[data-row="${row}"] td.result`);
    if (shown) shown.textContent = result;
  }
  if (body.conflicts.length) return say("conflict");
  if (!waiting.size) say(refused.size ? "refused" : "saved");
};

// Somebody else has written into the cell: show what stands there; typing again writes over it, knowingly.
const yieldTo = (key, text) => {
  known.set(key, text);
  waiting.delete(key);
  const cell = cells.get(key);
  if (!cell) return;
  if (!cell.querySelector("input")) cell.textContent = text;
  mark(cell, "wrong");
  cell.title = state.dataset.conflict;
  table.dispatchEvent(new CustomEvent("khue:taken", { detail: { cell } }));
};

// The whole request was refused: the book was locked meanwhile, or the session ended. Nothing is sent again by itself.
const refuse = (sent, reason) => {
  for (const key of sent.keys()) {
    waiting.delete(key);
    if (cells.has(key)) mark(cells.get(key), "wrong");
  }
  say("refused");
  document.dispatchEvent(new CustomEvent("khue:toast", { detail: { text: reason, tone: "late" } }));
};

table.addEventListener("khue:cells", (event) => {
  for (const { key, value, cell } of event.detail.changes) {
    waiting.set(key, [value, known.get(key) ?? ""]);
    cell.removeAttribute("title");
    mark(cell, "saving");
  }
  keep();
  say("saving");
  later(PAUSE);
});
window.addEventListener("online", () => later(0));

for (const [key, [text]] of waiting) {
  if (!cells.has(key)) continue;
  cells.get(key).textContent = text;
  mark(cells.get(key), "saving");
}
if (waiting.size) later(0);
