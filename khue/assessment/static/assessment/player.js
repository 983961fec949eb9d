// The player: every choice is kept on the device first, then sent; the server's clock decides.
import { forgetThisPage } from "../foundation/offline.js";
import { AnswerStore } from "./answer_store.js";
import { Sender } from "./sender.js";

const form = document.getElementById("player");
const { dataset } = form;
const store = new AnswerStore(dataset.attempt, Number(dataset.sequence));
const sender = new Sender(form, store, show);
const saved = document.getElementById("saved");
const message = document.getElementById("message");
const clock = document.getElementById("clock");
const endsAt = store.endsAt(Date.now() + Number(dataset.seconds) * 1000);
// Of questions without an answer so many are named.
const MOST_NAMED = 12;
let askedOnce = false;
let isSubmitting = false;

function show(state) {
  const isTrouble = state === "waiting";
  saved.textContent = { saved: dataset.saved, sending: dataset.sending, waiting: dataset.waiting }[state];
  saved.classList.toggle("waiting", isTrouble);
  saved.dataset.state = state;
  if (sender.late) message.textContent = dataset.late;
}

function mark(place, answer) {
  document.querySelector(`.jump a[data-place="${place}"]`)?.classList.toggle("done", answer !== "");
  document.getElementById("answered").textContent = document.querySelectorAll(".jump a.done").length;
}

function restore() {
  const known = {};
  for (const { dataset } of form.querySelectorAll("li[data-place]")) known[dataset.place] = Number(dataset.sequence);
  const newer = store.newerThan(known);
  for (const { question, answer } of newer) {
    for (const box of form.querySelectorAll(`input[name="q${question}"]`)) box.checked = box.value === answer;
    mark(question, answer);
  }
  if (newer.length) sender.now();
}

async function submit() {
  if (isSubmitting) return;
  isSubmitting = true;
  store.wantsSubmit = true;
  if (await sender.submit()) {
    store.forget();
    await forgetThisPage();
    location.assign(dataset.resultUrl);
    return;
  }
  isSubmitting = false;
  message.textContent = dataset.stuck;
  setTimeout(submit, 4000);
}

function tick() {
  const left = Math.max(Math.ceil((endsAt - Date.now()) / 1000), 0);
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  clock.parentElement.classList.toggle("soon", left <= 60);
  if (left === 60) message.textContent = dataset.minute;
  if (left === 0) {
    clearInterval(ticking);
    submit();
  }
}

form.addEventListener("change", ({ target }) => {
  if (!target.matches('input[type="radio"]')) return;
  const place = target.name.slice(1);
  store.put(place, target.value);
  mark(place, target.value);
  askedOnce = false;
  show("waiting");
  sender.soon();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const blank = [...document.querySelectorAll(".jump a:not(.done)")];
  if (blank.length && !askedOnce) {
    askedOnce = true;
    const numbers = blank.slice(0, MOST_NAMED).map((each) => each.textContent.trim());
    message.textContent = dataset.blank.replace("{}", numbers.join(", ") + (blank.length > MOST_NAMED ? "…" : ""));
    event.submitter?.scrollIntoView({ block: "center" }); // the message has pushed it below the bar of a phone
    return;
  }
  submit();
});

addEventListener("online", () => store.wantsSubmit && submit());
const ticking = setInterval(tick, 1000);
restore();
if (store.wantsSubmit) submit();
document.documentElement.classList.add("player-ready");
