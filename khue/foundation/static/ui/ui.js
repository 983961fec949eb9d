// What every page needs from a script. Pages work without it; this makes them quicker and kinder.

const root = document.documentElement;

// --- requests by htmx: CSRF header, loading bar, focus, errors -------------------------------------------------
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|; )khue_csrf=([^;]+)/);
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token[1];
});

let running = 0;
const loading = (step) => {
  running = Math.max(0, running + step);
  root.classList.toggle("is-loading", running > 0);
};
document.addEventListener("htmx:beforeRequest", () => loading(1));
document.addEventListener("htmx:afterRequest", () => loading(-1));

// A part that says so ("data-focus": the errors of a form) takes the focus when it arrives.
const focusNew = (part) => (part.matches?.("[data-focus]") ? part : part.querySelector?.("[data-focus]"))?.focus();
document.addEventListener("htmx:afterSwap", (event) => {
  focusNew(event.detail.elt);
  enhance(event.detail.elt);
});

// --- messages -----------------------------------------------------------------------------------------------
const toasts = document.getElementById("toasts");
const ICONS = { good: "circle-check", info: "info", soon: "clock", late: "circle-alert" };
const sprite = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];

const drawing = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
};

// Show a message; other modules send it as the event "khue:toast" with {text, tone}.
const toast = ({ text, tone = "good" }) => {
  const box = document.createElement("div");
  box.className = `toast ${tone}`;
  box.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button plain";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", toasts.dataset.close);
  close.append(drawing("x"));
  box.append(drawing(ICONS[tone]), words, close);
  toasts.append(box);
  fade(box);
};
const fade = (box) => {
  if (box.classList.contains("good")) setTimeout(() => box.matches(":hover, :focus-within") || box.remove(), 6000);
};
document.addEventListener("khue:toast", (event) => toast(event.detail));
toasts?.querySelectorAll(".toast").forEach(fade);

// --- pressing ------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-dismiss], [data-opens], [data-print]");
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
  if (!target) return;
  if ("dismiss" in target.dataset) target.closest(".toast, .notice")?.remove();
  if (target.dataset.opens) document.getElementById(target.dataset.opens)?.showModal();
  if ("print" in target.dataset) window.print();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.activeElement?.closest("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable], [role=grid]")) {
    const search = [...document.querySelectorAll("input[type=search]")].find((field) => field.offsetParent);
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

// A form is sent once, however often the button is pressed; coming back with the back button makes it ready again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.classList.add("is-busy");
});
const ready = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
};
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach(ready));
document.addEventListener("htmx:afterRequest", (event) => event.target.matches?.("form[data-once]") && ready(event.target));

// What a form was answered with takes an address of its own where it has one: a reload shows it and sends nothing again.
const answered = document.querySelector("[data-address]");
if (answered) history.replaceState(history.state, "", answered.dataset.address);

// --- the line ------------------------------------------------------------------------------------------------
const line = () => document.querySelectorAll(".offline[data-offline]").forEach((banner) => (banner.hidden = navigator.onLine));
window.addEventListener("online", line);
window.addEventListener("offline", line);

// --- fields that become more than they are -------------------------------------------------------------------
const button = (label, name) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "icon-button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.append(drawing(name));
  return made;
};

// dd/mm/yyyy can be typed; the button opens the browser's own calendar.
const dateField = (box) => {
  const typed = box.querySelector("input");
  const picker = document.createElement("input");
  if (!("showPicker" in picker) || typed.disabled) return;
  picker.type = "date";
  picker.className = "picker";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  const opener = button(box.dataset.date, "calendar");
  opener.addEventListener("click", () => {
    const [day, month, year] = typed.value.split("/");
    picker.value = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    typed.value = picker.value.split("-").reverse().join("/");
    typed.dispatchEvent(new Event("change", { bubbles: true }));
  });
  box.append(picker, opener);
};

const secretField = (box) => {
  const typed = box.querySelector("input");
  const eye = button(box.dataset.show, "eye");
  eye.addEventListener("click", () => {
    const shows = typed.type === "password";
    typed.type = shows ? "text" : "password";
    eye.replaceChildren(drawing(shows ? "eye-off" : "eye"));
    eye.title = shows ? box.dataset.hide : box.dataset.show;
    eye.setAttribute("aria-label", eye.title);
  });
  box.append(eye);
};

const copiedField = (box) => {
  if (!navigator.clipboard) return; // there is none on a page without TLS
  const text = box.textContent.trim();
  const copy = button(`${box.dataset.copy} ${text}`, "copy");
  copy.addEventListener("click", () => navigator.clipboard.writeText(text).then(() => toast({ text: box.dataset.done }), () => {}));
  box.append(copy);
};

// A group of many to tick: what is in sight at once, or none; of a crowd with how many are ticked.
const allOfMany = (box) => {
  const ticks = [...box.querySelectorAll("input:not(:disabled)")];
  const seen = () => ticks.filter((tick) => !tick.closest("[hidden]"));
  const every = document.createElement("button");
  every.type = "button";
  every.className = "button quiet small";
  const name = () => {
    const ticked = ticks.filter((tick) => tick.checked).length;
    every.textContent = ticked && seen().every((tick) => tick.checked) ? box.dataset.none : box.dataset.all;
    if (box.dataset.find) every.textContent += ` (${ticked}/${ticks.length})`;
  };
  every.addEventListener("click", () => {
    const ticked = !seen().every((tick) => tick.checked);
    for (const tick of seen()) tick.checked = ticked;
    ticks[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  box.addEventListener("change", name);
  box.addEventListener("khue:found", name);
  name();
  box.before(every);
};

// A crowd is searched without diacritics; whoever was ticked stays so, in sight or not.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
const crowd = (box) => {
  const rows = [...box.children].map((row) => [row, plain(row.textContent)]);
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = box.dataset.find;
  field.setAttribute("aria-label", box.dataset.find);
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/);
    for (const [row, name] of rows) row.hidden = !words.every((word) => name.includes(word));
    box.dispatchEvent(new Event("khue:found"));
  });
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  box.before(field);
};

// Of many tabs on a phone the one we are on is in sight, with a piece of the one behind it; the first stays while it can.
const showCurrent = (tabs) => {
  const current = tabs.querySelector("[aria-current]");
  if (!current) return;
  const hidden = current.getBoundingClientRect().right + 48 - tabs.getBoundingClientRect().right;
  if (hidden > 0) tabs.scrollLeft += hidden;
};

const enhance = (part) => {
  part.querySelectorAll("[data-date]:not(.is-ready)").forEach(dateField);
  part.querySelectorAll("[data-secret]:not(.is-ready)").forEach(secretField);
  part.querySelectorAll("[data-copy]:not(.is-ready)").forEach(copiedField);
  part.querySelectorAll("[data-find]:not(.is-ready)").forEach(crowd);
  part.querySelectorAll("[data-all]:not(.is-ready)").forEach(allOfMany);
  part.querySelectorAll("[data-date], [data-secret], [data-copy], [data-all], [data-find]").forEach((box) => box.classList.add("is-ready"));
  part.querySelectorAll(".tabs").forEach(showCurrent);
};

// --- what was typed stays when the session has ended ---------------------------------------------------------------
// A form that was sent is remembered in this tab until the next page of the same person has come. Where the way there led
// through the sign-in page, nothing had been saved: the form is filled again. Never passwords, files or hidden fields.
const TYPED = "khue:typed";
const KEPT_FOR_MS = 60 * 60 * 1000;
const me = document.body.dataset.me;
const postForms = () => [...document.querySelectorAll("main form[method=post]")];
const here = () => location.pathname + location.search;
const remember = (name, what) => {
  try {
    sessionStorage.setItem(name, JSON.stringify({ ...what, me, page: here(), at: Date.now() }));
  } catch {
    // A tab without storage, or with too little: the form goes its way all the same.
  }
};
const remembered = (name) => JSON.parse(sessionStorage.getItem(name) ?? "null");
const isOurs = (kept) => kept.me === me && kept.page === here() && Date.now() - kept.at < KEPT_FOR_MS;
const isTyped = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);

document.addEventListener("submit", (event) => {
  const place = postForms().indexOf(event.target);
  if (!me || place < 0) return;
  const names = new Set([...event.target.elements].filter(isTyped).map((field) => field.name));
  const values = [...new FormData(event.target)].filter(([name, value]) => names.has(name) && typeof value === "string");
  remember(TYPED, { place, values });
});

const typed = remembered(TYPED);
const fillAgain = (form) => {
  const left = {};
  for (const [name, value] of typed.values) (left[name] ??= []).push(value);
  for (const field of [...form.elements].filter(isTyped)) {
    const values = left[field.name] ?? [];
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") [...field.options].forEach((one) => (one.selected = values.includes(one.value)));
    else if (values.length) field.value = values.shift();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  toast({ text: toasts.dataset.again, tone: "info" });
};
if (answered) sessionStorage.removeItem(TYPED); // saved, also where the answer is a sheet that names nobody
else if (typed && !me) sessionStorage.setItem(TYPED, JSON.stringify({ ...typed, asked: true }));
if (typed && me) {
  sessionStorage.removeItem(TYPED);
  const form = postForms()[typed.place];
  if (typed.asked && isOurs(typed) && form) fillAgain(form);
}

// --- what was sent is known when it comes again ---------------------------------------------------------------------
// A form that names its key ("data-key") keeps it in this tab until the answer has come. Where the line broke on the way
// back, the form opened again is the same one, and the server finds what it had received.
const SENT = "khue:sent";
const keyOf = (form) => form.elements[form.dataset.key];
document.addEventListener("submit", ({ target: form }) => form.dataset.key && remember(SENT, { key: keyOf(form).value }));
const sent = remembered(SENT);
const keyed = document.querySelector("form[data-key]");
if (answered) sessionStorage.removeItem(SENT);
else if (sent && keyed && isOurs(sent)) keyOf(keyed).value = sent.key;

enhance(document);
focusNew(document);
line();
