// A table in which one moves and types as in a spreadsheet. It changes what stands in its cells and says so:
// the event "khue:cells" on the table carries {changes: [{key, value, before, cell}]}; the page's module saves them
// and sets the classes "saving", "saved" or "wrong" on the cells. Without a script the cells are read only.
// The page's module says "khue:taken" with a cell in which somebody else's value stands now: it is undone no more.
// What was pasted with names that have no row is told in the words of data-left; where none has one, of data-nobody.

import { byName } from "./paste.js";

// "85" and "8.5" are 8,5; "10" and "100" are 10; "m" is M, excused; null when it cannot be a mark.
export const asMark = (typed) => {
  const text = typed.trim().replace(",", ".");
  if (text === "" || /^m$/i.test(text)) return text.toUpperCase();
  if (!/^\d{1,3}(\.\d)?$/.test(text)) return null;
  const value = Number(text) > 10 && !text.includes(".") ? Number(text) / 10 : Number(text);
  if (value > 10) return null;
  return String(value).replace(".", ",");
};

const warn = (text) => document.dispatchEvent(new CustomEvent("khue:toast", { detail: { text, tone: "late" } }));

const READERS = {
  mark: asMark,
  number: (typed) => (/^-?\d*([.,]\d+)?$/.test(typed.trim()) ? typed.trim().replace(".", ",") : null),
  text: (typed) => typed.trim(),
};

class Grid {
  constructor(table) {
    this.table = table;
    this.read = READERS[table.dataset.grid] ?? READERS.text;
    this.undone = [];
    this.done = [];
    this.editor = null;
    this.anchor = null;
    this.#number();
    table.addEventListener("focusin", (event) => this.#enter(event.target.closest("td")));
    table.addEventListener("keydown", (event) => this.#key(event));
    table.addEventListener("click", (event) => this.#click(event));
    table.addEventListener("dblclick", (event) => this.edit(event.target.closest("td")));
    table.addEventListener("copy", (event) => this.#copy(event));
    table.addEventListener("paste", (event) => this.#paste(event));
    table.addEventListener("khue:taken", (event) => this.#forget(event.detail.cell));
  }

  get rows() {
    return [...this.table.tBodies[0].rows];
  }

  #number() {
    const first = this.table.querySelector("tbody td");
    if (first) first.tabIndex = 0;
  }

  cells(row) {
    return [...row.cells].filter((cell) => cell.tagName === "TD");
  }

  place(cell) {
    return { row: this.rows.indexOf(cell.parentElement), column: this.cells(cell.parentElement).indexOf(cell) };
  }

  at(row, column) {
    const line = this.rows[row];
    return line && this.cells(line)[column];
  }

  #enter(cell) {
    if (!cell) return;
    this.table.querySelector('td[tabindex="0"]')?.setAttribute("tabindex", "-1");
    cell.tabIndex = 0;
    this.current = cell;
  }

  #click(event) {
    const cell = event.target.closest("td");
    if (!cell || cell.contains(this.editor)) return;
    this.finish();
    if (event.shiftKey && this.current) return this.#select(this.current, cell);
    this.#clear();
    cell.focus();
    if (event.pointerType === "touch") this.edit(cell);
  }

  #key(event) {
    const cell = event.target.closest("td");
    if (!cell) return;
    const editing = this.editor !== null;
    const command = event.ctrlKey || event.metaKey;
    if (editing && event.key === "Escape") return this.#stop(event, () => this.finish(false, true));
    if (event.key === "Enter") return this.#stop(event, () => (editing || event.shiftKey ? this.move(event.shiftKey ? -1 : 1, 0) : this.edit(cell)));
    if (event.key === "Tab" && editing) return this.#stop(event, () => this.move(0, event.shiftKey ? -1 : 1));
    if (command && event.key.toLowerCase() === "z" && !editing) return this.#stop(event, () => this.undo());
    if (command && event.key.toLowerCase() === "y" && !editing) return this.#stop(event, () => this.redo());
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step && !(editing && step[1])) {
      return this.#stop(event, () => (event.shiftKey && !editing ? this.#extend(step) : this.move(...step)));
    }
    if (editing) return;
    if (event.key === "Home") return this.#stop(event, () => this.#go(this.at(command ? 0 : this.place(cell).row, 0)));
    if (event.key === "End") return this.#stop(event, () => this.#go(this.cells(command ? this.rows.at(-1) : cell.parentElement).at(-1)));
    if (event.key === "F2") return this.#stop(event, () => this.edit(cell));
    if (event.key === "Delete" || event.key === "Backspace") {
      return this.#stop(event, () => this.change(this.selected(cell).map((one) => [one, ""])));
    }
    if (event.key.length === 1 && !command && !event.altKey) return this.#stop(event, () => this.edit(cell, event.key));
  }

  #stop(event, act) {
    event.preventDefault();
    act();
  }

  move(rows, columns) {
    const from = this.place(this.current);
    this.finish(true);
    this.#clear();
    this.#go(this.at(from.row + rows, from.column + columns) ?? this.current);
  }

  #go(cell) {
    cell?.focus();
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  edit(cell, typed) {
    if (!cell || cell.getAttribute("aria-readonly") === "true" || this.editor) return;
    const input = document.createElement("input");
    input.value = typed ?? cell.textContent;
    input.inputMode = this.read === READERS.text ? "text" : "decimal";
    input.setAttribute("aria-label", this.#name(cell));
    input.autocomplete = "off";
    cell.dataset.before = cell.textContent;
    cell.replaceChildren(input);
    this.editor = input;
    this.current = cell;
    input.focus();
    if (typed === undefined) input.select();
    input.addEventListener("blur", () => this.finish());
  }

  #name(cell) {
    const row = cell.parentElement;
    const heading = this.table.tHead.rows[0].cells[[...row.cells].indexOf(cell)];
    return `${row.querySelector("th")?.textContent.trim() ?? ""}, ${heading?.textContent.trim() ?? ""}`;
  }

  // Close the editor; keep what was typed unless told otherwise.
  finish(keepsFocus = false, forgets = false) {
    const input = this.editor;
    if (!input) return;
    this.editor = null;
    const cell = input.parentElement;
    const typed = input.value;
    cell.textContent = cell.dataset.before;
    if (!forgets) this.change([[cell, typed]]);
    if (keepsFocus || forgets) cell.focus();
  }

  // Change cells: pairs of a cell and what was typed. What cannot be read is shown and marked, not sent.
  change(pairs, remembers = true) {
    const changes = [];
    for (const [cell, typed] of pairs) {
      if (!cell || cell.getAttribute("aria-readonly") === "true") continue;
      const before = cell.classList.contains("wrong") ? "" : cell.textContent;
      const value = this.read(typed);
      cell.classList.remove("saved", "wrong");
      cell.removeAttribute("aria-invalid");
      if (value === null) {
        cell.textContent = typed;
        cell.classList.add("wrong");
        cell.setAttribute("aria-invalid", "true");
      } else if (value !== cell.textContent) {
        cell.textContent = value;
        changes.push({ key: cell.dataset.key, value, before, cell });
      }
    }
    if (!changes.length) return;
    if (remembers) {
      this.done.push(changes);
      this.undone = [];
    }
    this.table.dispatchEvent(new CustomEvent("khue:cells", { bubbles: true, detail: { changes } }));
  }

  // Somebody else has written into the cell: to undo what was typed there would undo theirs.
  #forget(cell) {
    const without = (steps) => steps.map((changes) => changes.filter((one) => one.cell !== cell)).filter((changes) => changes.length);
    this.done = without(this.done);
    this.undone = without(this.undone);
  }

  undo() {
    const last = this.done.pop();
    if (!last) return;
    this.undone.push(last);
    this.change(last.map(({ cell, before }) => [cell, before]), false);
    this.#go(last[0].cell);
  }

  redo() {
    const last = this.undone.pop();
    if (!last) return;
    this.done.push(last);
    this.change(last.map(({ cell, value }) => [cell, value]), false);
    this.#go(last[0].cell);
  }

  selected(cell) {
    const chosen = [...this.table.querySelectorAll('td[aria-selected="true"]')];
    return chosen.length ? chosen : [cell];
  }

  #clear() {
    this.table.querySelectorAll('td[aria-selected="true"]').forEach((cell) => cell.removeAttribute("aria-selected"));
    this.anchor = null;
  }

  #extend([rows, columns]) {
    const anchor = this.anchor ?? this.current;
    const from = this.place(this.current);
    const target = this.at(from.row + rows, from.column + columns) ?? this.current;
    this.#select(anchor, target);
    this.#go(target);
  }

  #select(anchor, target) {
    this.#clear();
    this.anchor = anchor;
    const [a, b] = [this.place(anchor), this.place(target)];
    for (let row = Math.min(a.row, b.row); row <= Math.max(a.row, b.row); row++) {
      for (let column = Math.min(a.column, b.column); column <= Math.max(a.column, b.column); column++) {
        this.at(row, column)?.setAttribute("aria-selected", "true");
      }
    }
  }

  #copy(event) {
    if (this.editor || !this.current) return;
    const lines = new Map();
    for (const cell of this.selected(this.current)) {
      const row = cell.parentElement;
      lines.set(row, [...(lines.get(row) ?? []), cell.textContent]);
    }
    event.clipboardData.setData("text/plain", [...lines.values()].map((line) => line.join("\t")).join("\n"));
    event.preventDefault();
  }

  // A block from Excel goes in from the current cell to the right and down, what does not fit is left out. With names
  // before its values it goes down to the rows of these names.
  #paste(event) {
    if (this.editor || !this.current) return;
    event.preventDefault();
    const from = this.place(this.current);
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    const block = text.split("\n").map((line) => line.split("\t"));
    const named = byName(block, this.rows, this.read);
    if (named && !named.values.length) warn(this.table.dataset.nobody ?? "");
    if (named?.left.length) warn(`${this.table.dataset.left ?? ""} ${named.left.join(", ")}`);
    const lines = named ? named.values : block.map((line, down) => [this.rows[from.row + down], line]);
    this.change(
      lines.flatMap(([row, line]) => (row ? line.map((typed, right) => [this.cells(row)[from.column + right], typed]) : [])),
    );
  }
}

const start = (part) => part.querySelectorAll("table[data-grid]:not(.is-ready)").forEach((table) => {
  table.classList.add("is-ready");
  new Grid(table);
});
start(document);
document.addEventListener("htmx:afterSwap", (event) => start(event.detail.elt.parentElement ?? document));
