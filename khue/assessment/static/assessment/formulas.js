// Draw the TeX between dollar signs. Without KaTeX the text stays as it was written.
const RULES = {
  delimiters: [
    { left: "$$", right: "$$", display: true },
    { left: "$", right: "$", display: false },
  ],
  throwOnError: false,
  errorColor: "currentColor",
  trust: false,
  maxSize: 20,
  maxExpand: 200,
};

export function draw(within) {
  if (!window.renderMathInElement) return;
  for (const part of within.querySelectorAll(".formulas")) {
    if (part.textContent.includes("$")) window.renderMathInElement(part, RULES);
  }
}

draw(document);
document.addEventListener("htmx:afterSwap", (event) => draw(event.target));
