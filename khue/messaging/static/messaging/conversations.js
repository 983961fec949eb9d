// The write box of a thread: keeps what was typed until it has arrived, sends again when the line is back. The key in the
// form makes a line once, however often it is sent. New lines come by live.js and htmx.
import "../foundation/live.js";

const RETRY_SECONDS = 8;
const box = () => document.querySelector("#write form");
const field = (name) => box()?.elements.namedItem(name);
const kept = () => `khue.draft.${document.querySelector("[data-draft]")?.dataset.draft}`;
let timer = 0;

function restore() {
  const text = field("text");
  if (text && !text.value) text.value = sessionStorage.getItem(kept()) ?? "";
}

function toEnd() {
  document.querySelector(".talk .line:last-of-type")?.scrollIntoView({ block: "nearest" });
}

function waits(isWaiting) {
  const note = document.querySelector("#write .waits");
  if (note) note.hidden = !isWaiting;
}

function again() {
  clearTimeout(timer);
  if (navigator.onLine) box()?.requestSubmit();
  else timer = setTimeout(again, RETRY_SECONDS * 1000);
}

document.addEventListener("input", (event) => {
  if (event.target !== field("text")) return;
  sessionStorage.setItem(kept(), event.target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === field("text")) box().requestSubmit();
});

// The server's answer brings the key of the next line.
document.addEventListener("khue:sent", ({ detail }) => {
  clearTimeout(timer);
  waits(false);
  sessionStorage.removeItem(kept());
  const form = box();
  if (!form) return;
  for (const name of ["text", "urgent_reason", "file", "fact"]) {
    const found = field(name);
    if (found) found.value = "";
  }
  document.querySelector("#write .about")?.remove();
  form.querySelectorAll(".progress").forEach((progress) => (progress.hidden = true));
  field("key").value = detail.key;
  const file = field("file");
  if (file) {
    file.disabled = false;
    file.dispatchEvent(new Event("change")); // upload.js forgets the file that was sent
  }
  field("text").focus();
  requestAnimationFrame(toEnd);
});

for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    if (event.target !== box() || (event.detail.xhr?.status ?? 0) in { 403: 1, 404: 1, 413: 1 }) return;
    waits(true);
    clearTimeout(timer);
    timer = setTimeout(again, RETRY_SECONDS * 1000);
  });
}
addEventListener("online", () => document.querySelector("#write .waits")?.hidden === false && again());
document.addEventListener("htmx:afterSwap", ({ target }) => target.id === "thread" && toEnd());

restore();
toEnd();
