// The roll on a phone: every pupil is there; a tap on a name goes through the kinds, one on "Muộn" beside it says late.
// Saved on the device first, then sent.
import { forget, keep, newKey, rollsOf } from "./roll_store.js";
import { RollSender } from "./roll_sender.js";

const form = document.getElementById("roll");
const state = document.getElementById("roll-state");
const standing = document.getElementById("roll-standing");
const { account, seen, label, back } = form.dataset;
const address = form.dataset.send;
const rows = [...form.querySelectorAll("li[data-pupil]")];
const LATE = "M";
const WITH_MINUTES = new Set([LATE, "S"]);
let mine = null; // the roll of this lesson that the device keeps

function radios(row) {
  return [...row.querySelectorAll('input[type="radio"]')];
}

function wordOf(row, kind) {
  return radios(row).find((radio) => radio.value === kind)?.nextElementSibling.textContent ?? kind;
}

function show(row) {
  const chosen = radios(row).find((radio) => radio.checked) ?? radios(row)[0];
  const button = row.querySelector("button");
  button.querySelector(".kind").textContent = chosen.nextElementSibling.textContent;
  row.dataset.kind = chosen.value;
  row.querySelector(".minutes").hidden = !WITH_MINUTES.has(chosen.value);
  const late = row.querySelector(".tap-late");
  late.hidden = late.disabled || chosen.value !== "";
}

function count() {
  if (!state || state.dataset.state) return;
  const missing = rows.filter((row) => "KPT".includes(row.dataset.kind || "-")).length;
  state.textContent = `${rows.length - missing}/${rows.length}`;
}

function next(row) {
  const all = radios(row);
  const place = all.findIndex((radio) => radio.checked);
  choose(row, all[(place + 1) % all.length]);
}

function choose(row, radio) {
  radio.checked = true;
  touched();
  show(row);
  count();
}

function touched() {
  if (state?.dataset.state) {
    delete state.dataset.state;
    count();
  }
}

function build(row) {
  const button = document.createElement("button");
  const name = document.createElement("span");
  const kind = document.createElement("span");
  button.type = "button";
  button.className = "tap";
  button.disabled = row.querySelector("fieldset").disabled;
  button.title = form.dataset.tap;
  name.append(...row.querySelector("legend").cloneNode(true).childNodes);
  name.className = "name";
  kind.className = "kind";
  button.append(name, kind);
  button.addEventListener("click", () => next(row));
  row.querySelector("fieldset").prepend(button, lateButton(row, name.textContent.trim(), button));
  show(row);
}

function lateButton(row, name, tap) {
  const late = document.createElement("button");
  late.type = "button";
  late.className = "tap-late";
  late.disabled = tap.disabled;
  late.textContent = wordOf(row, LATE);
  late.setAttribute("aria-label", `${late.textContent}: ${name}`);
  late.addEventListener("click", () => {
    choose(row, radios(row).find((radio) => radio.value === LATE));
    tap.focus({ preventScroll: true }); // this button is gone now
  });
  return late;
}

function fill(fields) {
  const values = new Map(fields);
  for (const row of rows) {
    const kind = values.get(`e${row.dataset.pupil}`) ?? "";
    for (const radio of radios(row)) radio.checked = radio.value === kind;
    row.querySelector(".minutes input").value = values.get(`m${row.dataset.pupil}`) ?? "";
    show(row);
  }
  for (const name of ["title", "mode"]) if (values.has(name)) form.elements[name].value = values.get(name);
}

function typed() {
  const own = new Set(["csrfmiddlewaretoken", "key", "seen", "at"]);
  return [...new FormData(form)].filter(([name, value]) => !own.has(name) && typeof value === "string");
}

function showState(name, text) {
  if (!state) return;
  state.dataset.state = name;
  state.textContent = text;
}

function showStanding(roll) {
  standing.hidden = false;
  standing.querySelector(".words").textContent = roll.message;
  const isConflict = roll.state === "conflict";
  standing.querySelector(".differences").replaceChildren(
    ...rows
      .map((row) => {
        const theirs = roll.standing.kinds[row.dataset.pupil] ?? "";
        if (!isConflict || theirs === row.dataset.kind) return null;
        const line = document.createElement("li");
        const name = row.querySelector(".name").textContent.trim();
        const both = [[form.dataset.theirs, theirs], [form.dataset.mine, row.dataset.kind]];
        line.textContent = `${name}: ${both.map(([whose, kind]) => `${whose}: ${wordOf(row, kind)}`).join(" · ")}`;
        return line;
      })
      .filter(Boolean),
  );
}

async function changed(outcome) {
  const left = (await rollsOf(account)).find((roll) => roll.address === address);
  if (mine && !left) {
    location.assign(back);
    return;
  }
  mine = left ?? null;
  if (!mine) return count();
  if (mine.state !== "waiting") {
    showState(mine.state, mine.message);
    showStanding(mine);
  } else showState("waiting", outcome === "away" ? form.dataset.away : form.dataset.waiting);
}

const sender = new RollSender(form, changed);

async function save(seenBefore) {
  const before = mine;
  const roll = { key: newKey(), account, address, page: location.pathname, label, fields: typed(), seen: seenBefore, at: Date.now(), state: "waiting" };
  await keep(roll); // the new one first: between the two nothing is lost
  if (before) await forget(before.key);
  mine = roll;
  standing.hidden = true;
  showState("sending", form.dataset.sending);
  await sender.running;
  await sender.now();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  save(mine?.standing?.seen || mine?.seen || seen).catch(() => form.submit()); // a browser that keeps nothing sends the plain form
});

form.addEventListener("input", touched);

standing.addEventListener("click", async ({ target }) => {
  const choice = target.closest('button[name="keep"]')?.value;
  if (!choice || !mine) return;
  if (choice === "mine") return save(mine.standing.seen || mine.seen);
  await forget(mine.key);
  location.reload();
});

rows.forEach(build);
form.classList.add("roll-ready");
mine = (await rollsOf(account).catch(() => [])).filter((roll) => roll.address === address).at(-1) ?? null;
if (mine) {
  fill(mine.fields);
  await changed("waiting");
}
count();
await sender.now().catch(() => {});
