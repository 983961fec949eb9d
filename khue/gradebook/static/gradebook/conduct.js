// Conduct of a class by keyboard: one letter says a level and goes on to the next pupil, Enter goes on without saying
// one. On a phone a pupil is one line that opens, one at a time. Without the script each is three fields of a form.

const form = document.getElementById("conduct");
const state = document.getElementById("conduct-state");
const lines = [...form.querySelectorAll(".conduct li")];
const LETTERS = { t: "3", k: "2", "đ": "1", d: "1", c: "0" };

const levels = (line) => [...line.querySelectorAll(".one-of input")];
const chosen = (line) => levels(line).find((input) => input.checked);
const field = (line, name) => line.querySelector(`[name^="${name}"]`);

// What a line that is folded says of its pupil: the level in its tone, how often absent, that there is a comment.
const sum = (line) => {
  const badge = line.querySelector(".badge");
  const level = chosen(line)?.closest("label");
  badge.textContent = level?.innerText || level?.textContent || "–";
  badge.className = `badge ${level?.className ?? ""}`;
  const absent = line.querySelector("[data-absent]");
  const count = field(line, "absent").value.trim();
  absent.textContent = count ? absent.dataset.absent.replace("{n}", count) : "";
  line.classList.toggle("has-comment", field(line, "comment").value.trim() !== "");
};
const open = (line) => {
  for (const other of lines) {
    other.classList.toggle("open", other === line);
    other.querySelector(".line").ariaExpanded = other === line;
  }
};
const tell = () => {
  const count = lines.filter((line) => chosen(line)?.value).length;
  state.textContent = state.dataset.of.replace("{n}", count).replace("{all}", lines.length);
};

// The same field of the pupil before or after; a radio group is entered where it stands.
const go = (from, line, step) => {
  const other = lines[lines.indexOf(line) + step];
  if (!other) return;
  open(other);
  const target = from.type === "radio" ? chosen(other) ?? levels(other)[0] : field(other, from.name.replace(/\d+$/, ""));
  target.focus();
  target.select?.();
  target.scrollIntoView({ block: "center" });
};

form.addEventListener("keydown", (event) => {
  const from = event.target;
  const line = from.closest?.("fieldset")?.closest(".conduct li");
  if (!line || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const level = from.type === "radio" ? LETTERS[event.key.toLowerCase()] : undefined;
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (level === undefined && (step === undefined || (from.list && event.key !== "Enter"))) return;
  event.preventDefault();
  if (level !== undefined) {
    levels(line).find((input) => input.value === level).checked = true;
    sum(line);
    tell();
  }
  go(from, line, step ?? 1);
});
form.addEventListener("change", (event) => {
  const line = event.target.closest(".conduct li");
  if (line) sum(line);
  tell();
});
form.addEventListener("click", (event) => {
  const line = event.target.closest(".line")?.closest("li");
  if (line) open(line.classList.contains("open") ? null : line);
});
lines.forEach(sum);
document.getElementById("conduct-keys").hidden = false;
tell();
