// Shows a question as pupils will see it while it is typed. Plain text and formulas only: what is typed as HTML is shown
// as it is typed, because only the server decides which HTML is safe.
import { draw } from "./formulas.js";

const preview = document.getElementById("preview");
const stem = document.getElementById("preview-stem");
const choices = document.getElementById("preview-choices");
const form = document.querySelector("textarea[name=stem]").form;

function choice(text, number, isKey) {
  const row = document.createElement("li");
  row.classList.toggle("key", isKey);
  for (const [name, content] of [["letter", "ABCDEFGH"[number]], ["formulas", text]]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = content;
    row.append(part);
  }
  return row;
}

function show() {
  const typed = [...form.querySelectorAll("input[name=choice]")].map((input) => input.value.trim());
  const key = Number(form.querySelector("input[name=key]:checked")?.value ?? 0);
  stem.textContent = form.elements.stem.value;
  choices.replaceChildren(...typed.map((text, number) => [text, number]).filter(([text]) => text)
    .map(([text, number]) => choice(text, number, number + 1 === key)));
  preview.hidden = !stem.textContent && !choices.childElementCount;
  draw(preview);
}

let timer = 0;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, 150);
});
show();
