// Conduct of a class by keyboard: one letter says a level and goes on to the next pupil, Enter goes on without saying
// one. Without the script each pupil is three fields of a plain form.

const form = document.getElementById("conduct");
const state = document.getElementById("conduct-state");
const lines = [...form.querySelectorAll(".conduct li")];
const LETTERS = { t: "3", k: "2", "đ": "1", d: "1", c: "0" };

const levels = (line) => [...line.querySelectorAll(".one-of input")];
const chosen = (line) => levels(line).find((input) => input.checked);
const tell = () => {
  const count = lines.filter((line) => chosen(line)?.value).length;
  state.textContent = state.dataset.of.replace("{n}", count).replace("{all}", lines.length);
};

// The same field of the pupil before or after; a radio group is entered where it stands.
const go = (field, line, step) => {
  const other = lines[lines.indexOf(line) + step];
  if (!other) return;
  const target = field.type === "radio" ? chosen(other) ?? levels(other)[0] : other.querySelector(`[name^="${field.name.replace(/\d+$/, "")}"]`);
  target.focus();
  target.select?.();
  target.scrollIntoView({ block: "center" });
};

form.addEventListener("keydown", (event) => {
  const field = event.target;
  const line = field.closest?.(".conduct li");
  if (!line || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const level = field.type === "radio" ? LETTERS[event.key.toLowerCase()] : undefined;
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (level === undefined && (step === undefined || (field.list && event.key !== "Enter"))) return;
  event.preventDefault();
  if (level !== undefined) {
    levels(line).find((input) => input.value === level).checked = true;
    tell();
  }
  go(field, line, step ?? 1);
});
form.addEventListener("change", tell);
document.getElementById("conduct-keys").hidden = false;
tell();
