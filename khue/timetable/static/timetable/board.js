// Moves lessons on the board of a draft, by drag or by keyboard. The server says of every place what would be wrong
// there; without this script the same is a page of its own behind each lesson.

let held = null; // { lesson, column, places }
let aim = null;

const board = () => document.getElementById("board");
const say = (text) => (board().querySelector("[data-state]").textContent = text);
const address = (lesson) => `${board().dataset.board}lessons/${lesson}/`;
const column = () => [...board().querySelectorAll(`.board td[data-class="${held.column}"]`)];

const release = () => {
  for (const cell of board().querySelectorAll(".free, .taken, .aim")) cell.classList.remove("free", "taken", "aim");
  for (const tile of board().querySelectorAll(".held")) tile.classList.remove("held");
  held = aim = null;
  say("");
};

const hold = async (tile) => {
  if (held) release();
  held = { lesson: tile.dataset.lesson, column: tile.dataset.of, places: {} };
  const mine = held;
  tile.classList.add("held");
  say(board().dataset.held);
  try {
    const answer = await fetch(address(mine.lesson), { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const found = await answer.json();
    if (held !== mine) return;
    held.places = found.places;
    for (const cell of column()) {
      const wrong = found.places[cell.dataset.when];
      if (wrong) cell.classList.add(wrong.length ? "taken" : "free");
    }
  } catch {
    release();
    say(board().dataset.failed);
  }
};

const point = (cell) => {
  if (aim) aim.classList.remove("aim");
  aim = cell;
  aim.classList.add("aim");
  aim.scrollIntoView({ block: "nearest", inline: "nearest" });
  const wrong = held.places[cell.dataset.when];
  if (wrong) say(wrong.length ? `${board().dataset.taken}: ${wrong[0]}` : board().dataset.free);
};

const drop = async (cell) => {
  const { lesson } = held;
  const body = new URLSearchParams({ to: cell.dataset.when });
  const token = document.cookie.match(/(?:^|; )khue_csrf=([^;]+)/)?.[1] ?? "";
  try {
    const answer = await fetch(address(lesson), { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token }, body });
    const text = answer.ok ? "" : ((await answer.json()).detail ?? board().dataset.failed);
    release();
    if (!answer.ok) return say(text);
    await window.htmx.ajax("GET", location.href, { target: "#board", swap: "outerHTML" });
    board().querySelector(`.board [data-lesson="${lesson}"]`)?.focus();
  } catch {
    release();
    say(board().dataset.failed);
  }
};

document.addEventListener("dragstart", (event) => {
  const tile = event.target.closest?.("#board .board [data-lesson]");
  if (!tile) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", tile.dataset.lesson);
  hold(tile);
});
document.addEventListener("dragover", (event) => {
  const cell = event.target.closest?.("#board .board td");
  if (!held || !cell || cell.dataset.class !== held.column) return;
  event.preventDefault();
  if (cell !== aim) point(cell);
});
document.addEventListener("drop", (event) => {
  const cell = event.target.closest?.("#board .board td");
  if (!held || !cell || cell.dataset.class !== held.column) return;
  event.preventDefault();
  drop(cell);
});
document.addEventListener("dragend", () => held && !aim && release());

document.addEventListener("keydown", (event) => {
  const tile = event.target.closest?.("#board .board [data-lesson]");
  if (!held) {
    if (tile && (event.key === "Enter" || event.key === " ") && tile.draggable) {
      event.preventDefault();
      hold(tile);
    }
    return;
  }
  const cells = column();
  const place = cells.indexOf(aim ?? tile?.closest("td"));
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
  if (event.key in steps) {
    event.preventDefault();
    point(cells[Math.min(Math.max(place + steps[event.key], 0), cells.length - 1)]);
  } else if (event.key === "Enter" && aim) {
    event.preventDefault();
    drop(aim);
  } else if (event.key === "Escape") {
    event.preventDefault();
    release();
  }
});
