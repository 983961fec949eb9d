// Drawing a procedure on the page, with bpmn-js. The library is fetched only here and only where there is room to draw;
// without it the form takes a file. What is drawn goes into the form as BPMN and is read by the server like any file.

const ROOM = matchMedia("(min-width: 900px)");
const TASK = "bpmn:UserTask";
const CHOICE = "bpmn:ExclusiveGateway";
const FLOW = "bpmn:SequenceFlow";
const KINDS = ["bpmn:StartEvent", TASK, CHOICE, "bpmn:ParallelGateway", "bpmn:EndEvent"];
const ICONS = {
  "bpmn:StartEvent": "bpmn-icon-start-event-none",
  [TASK]: "bpmn-icon-user-task",
  [CHOICE]: "bpmn-icon-gateway-xor",
  "bpmn:ParallelGateway": "bpmn-icon-gateway-parallel",
  "bpmn:EndEvent": "bpmn-icon-end-event-none",
};
const BEGINNING = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn">
<bpmn:process id="Process_1" isExecutable="false"><bpmn:startEvent id="StartEvent_1"/></bpmn:process>
<bpmndi:BPMNDiagram id="Diagram_1"><bpmndi:BPMNPlane id="Plane_1" bpmnElement="Process_1">
<bpmndi:BPMNShape id="Shape_1" bpmnElement="StartEvent_1"><dc:Bounds x="160" y="120" width="36" height="36"/></bpmndi:BPMNShape>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>`;

const place = document.querySelector("[data-draw]");
const form = place?.closest("form");

// Only what a drawing may hold is offered: anything else would be refused later.
function tools(words) {
  class Palette {
    static $inject = ["palette", "create", "elementFactory", "handTool", "lassoTool", "globalConnect"];

    constructor(palette, create, elementFactory, handTool, lassoTool, globalConnect) {
      Object.assign(this, { create, elementFactory, handTool, lassoTool, globalConnect });
      palette.registerProvider(this);
    }

    getPaletteEntries() {
      const tool = (key, className, start) => ({
        group: "tools",
        className,
        title: words[key],
        action: { click: start, dragstart: start },
      });
      const entries = {
        hand: tool("hand", "bpmn-icon-hand-tool", (event) => this.handTool.activateHand(event)),
        lasso: tool("lasso", "bpmn-icon-lasso-tool", (event) => this.lassoTool.activateSelection(event)),
        connect: tool("connect", "bpmn-icon-connection-multi", (event) => this.globalConnect.start(event)),
        line: { group: "tools", separator: true },
      };
      for (const type of KINDS) {
        const start = (event) => this.create.start(event, this.elementFactory.createShape({ type }));
        entries[type] = { group: "parts", className: ICONS[type], title: words[type], action: { click: start, dragstart: start } };
      }
      return entries;
    }
  }

  class ContextPad {
    static $inject = ["contextPad", "autoPlace", "elementFactory", "connect", "modeling"];

    constructor(contextPad, autoPlace, elementFactory, connect, modeling) {
      Object.assign(this, { autoPlace, elementFactory, connect, modeling });
      contextPad.registerProvider(this);
    }

    getContextPadEntries(element) {
      const entries = {};
      if (KINDS.includes(element.type) && element.type !== "bpmn:EndEvent") {
        for (const type of KINDS.slice(1)) {
          const append = () => this.autoPlace.append(element, this.elementFactory.createShape({ type }));
          entries[`append.${type}`] = { group: "parts", className: ICONS[type], title: words[type], action: { click: append } };
        }
        const start = (event) => this.connect.start(event, element);
        entries.connect = { group: "connect", className: "bpmn-icon-connection", title: words.connect, action: { click: start, dragstart: start } };
      }
      const remove = () => this.modeling.removeElements([element]);
      entries.remove = { group: "edit", className: "bpmn-icon-trash", title: words.remove, action: { click: remove } };
      return entries;
    }
  }
  return { __init__: ["paletteProvider", "contextPadProvider"], paletteProvider: ["type", Palette], contextPadProvider: ["type", ContextPad] };
}

class Board {
  #modeler;
  #kept;
  #words;
  #chosen = null;
  #writing = Promise.resolve();

  constructor(Modeler, words) {
    this.#words = words;
    this.#kept = form.querySelector("[name=drawn]");
    this.#modeler = new Modeler({
      container: place.querySelector("[data-canvas]"),
      additionalModules: [tools(words)],
      bpmnRenderer: { defaultFillColor: "var(--sheet)", defaultStrokeColor: "var(--ink)", defaultLabelColor: "var(--ink)" },
    });
  }

  async open(text) {
    await this.#modeler.importXML(text);
    this.#of("canvas").zoom("fit-viewport", "auto");
    if (this.#of("canvas").zoom() > 1) this.#of("canvas").zoom(1, "auto");
  }

  begin() {
    this.#modeler.on("commandStack.changed", () => this.#changed());
    this.#modeler.on("import.done", () => this.#changed());
    this.#modeler.on("selection.changed", ({ newSelection }) => this.#choose(newSelection.length === 1 ? newSelection[0] : null));
    this.#input("part").addEventListener("change", ({ target }) => {
      this.#of("selection").select(this.#of("elementRegistry").get(target.value) ?? []);
    });
    this.#input("name").addEventListener("change", ({ target }) => this.#set({ name: target.value.trim() || undefined }));
    this.#input("condition").addEventListener("change", ({ target }) => this.#setCondition(target.value.trim()));
    this.#input("is_default").addEventListener("change", ({ target }) => this.#setDefault(target.checked));
    this.#input("target").addEventListener("change", ({ target }) => this.#connect(target.value));
    for (const button of place.querySelectorAll("[data-add]")) button.addEventListener("click", () => this.#add(button.dataset.add));
    place.querySelector("[data-remove]").addEventListener("click", () => this.#chosen && this.#of("modeling").removeElements([this.#chosen]));
    place.querySelector("[data-undo]").addEventListener("click", () => this.#of("commandStack").undo());
    place.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault();
        event.target.blur();
      }
    });
    this.#choose(null);
  }

  written() {
    return this.#writing;
  }

  #of(name) {
    return this.#modeler.get(name);
  }

  #input(name) {
    return form.querySelector(`[name=part_${name}]`);
  }

  #changed() {
    this.#writing = this.#modeler.saveXML({ format: true }).then(({ xml }) => (this.#kept.value = xml));
    this.#choose(this.#chosen && this.#of("elementRegistry").get(this.#chosen.id) ? this.#chosen : null);
  }

  #parts() {
    return this.#of("elementRegistry").filter((each) => !each.labelTarget && (KINDS.includes(each.type) || each.type === FLOW));
  }

  #called(part) {
    const name = part.businessObject.name;
    if (part.type !== FLOW) return name || this.#words[part.type];
    const way = `${this.#called(part.source)} → ${this.#called(part.target)}`;
    return name ? `${name}: ${way}` : way;
  }

  // The panel says and changes what the drawing alone shows badly: names, conditions, and where arrows lead.
  #choose(found) {
    const part = found?.labelTarget ?? found;
    this.#chosen = part && (KINDS.includes(part.type) || part.type === FLOW) ? part : null;
    const chosen = this.#chosen;
    const parts = this.#parts();
    options(this.#input("part"), parts.map((each) => [each.id, this.#called(each)]), chosen?.id ?? "");
    const is = (type) => chosen?.type === type;
    const leaves = chosen && chosen.type !== FLOW && !is("bpmn:EndEvent");
    const targets = parts.filter((each) => each.type !== FLOW && each.type !== "bpmn:StartEvent" && each !== chosen);
    options(this.#input("target"), leaves ? targets.map((each) => [each.id, this.#called(each)]) : [], "");
    const chooses = is(FLOW) && chosen.source.type === CHOICE;
    const object = chosen?.businessObject;
    const isDefault = chooses && chosen.source.businessObject.default === object;
    this.#show("name", Boolean(chosen), object?.name ?? "");
    this.#show("condition", chooses && !isDefault, object?.conditionExpression?.body ?? "");
    this.#show("is_default", chooses, isDefault);
    this.#show("target", Boolean(leaves && targets.length));
    place.querySelector("[data-remove]").disabled = !chosen;
    for (const button of place.querySelectorAll("[data-add]")) button.disabled = Boolean(chosen) && !leaves;
    place.querySelector("[data-asks]").textContent = is(TASK) ? this.#asks(chosen) : "";
  }

  #show(name, isShown, value) {
    const input = this.#input(name);
    input.closest(".field").hidden = !isShown;
    if (input.type === "checkbox") input.checked = Boolean(value);
    else if (value !== undefined) input.value = value;
  }

  // The answers a step's form will offer: those that conditions after it ask for.
  #asks(task) {
    const asked = new Map();
    const seen = new Set();
    const walk = (node) => {
      for (const flow of node.outgoing) {
        for (const [, name, answer] of (flow.businessObject.conditionExpression?.body ?? "").matchAll(/(\w+)\s*=\s*"([^"]*)"/g)) {
          asked.set(name, [...(asked.get(name) ?? []), answer]);
        }
        if (flow.target?.type.endsWith("Gateway") && !seen.has(flow.target)) {
          seen.add(flow.target);
          walk(flow.target);
        }
      }
    };
    walk(task);
    const said = [...asked].map(([name, answers]) => `${name}: ${[...new Set(answers)].join(" / ")}`);
    return [this.#words.asks, [...said, this.#words.reason].join("; ")].join(" ");
  }

  #set(properties) {
    if (this.#chosen) this.#of("modeling").updateProperties(this.#chosen, properties);
  }

  #setCondition(body) {
    this.#set({ conditionExpression: body ? this.#of("moddle").create("bpmn:FormalExpression", { body }) : undefined });
  }

  #setDefault(isDefault) {
    const flow = this.#chosen;
    if (isDefault) this.#setCondition("");
    this.#of("modeling").updateProperties(flow.source, { default: isDefault ? flow.businessObject : undefined });
  }

  #add(type) {
    const shape = this.#of("elementFactory").createShape({ type });
    if (this.#chosen) this.#of("autoPlace").append(this.#chosen, shape);
    else this.#of("modeling").createShape(shape, middle(this.#of("canvas").viewbox()), this.#of("canvas").getRootElement());
    this.#of("selection").select(shape);
    this.#of("canvas").scrollToElement(shape, { top: 40, right: 60, bottom: 60, left: 120 });
    this.#input("name").focus();
  }

  #connect(id) {
    const target = this.#of("elementRegistry").get(id);
    if (!target) return;
    const flow = this.#of("modeling").connect(this.#chosen, target, { type: FLOW });
    if (flow) this.#of("selection").select(flow);
  }
}

function middle({ x, y, width, height }) {
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
}

function options(select, pairs, value) {
  select.replaceChildren(new Option("—", ""), ...pairs.map(([key, label]) => new Option(label, key)));
  select.value = value;
}

function fetched(tag, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject });
    document.head.append(element);
  });
}

async function start() {
  const { script, styles, words } = place.dataset;
  await Promise.all([
    fetched("script", { src: script }),
    ...styles.split(" ").map((href) => fetched("link", { rel: "stylesheet", href })),
  ]);
  place.hidden = false;
  const board = new Board(window.BpmnJS, JSON.parse(words));
  board.begin();
  const kept = form.querySelector("[name=drawn]").value;
  await board.open(kept || BEGINNING).catch(() => board.open(BEGINNING));
  const file = form.querySelector("[name=drawing]");
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    // What the library cannot read the server explains, line by line.
    if (chosen && (await board.open(await chosen.text()).then(() => true, () => false))) file.value = "";
  });
  form.addEventListener("submit", async (event) => {
    if (form.dataset.written) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    await board.written();
    await new Promise((done) => setTimeout(done)); // a form is not sent again while it still says that it is sent
    form.dataset.written = "yes";
    form.requestSubmit(submitter);
  }, { capture: true });
  window.addEventListener("pageshow", () => delete form.dataset.written);
}

function startWhereThereIsRoom() {
  if (!place || !ROOM.matches || place.dataset.started) return;
  place.dataset.started = "yes";
  start();
}

startWhereThereIsRoom();
ROOM.addEventListener("change", startWhereThereIsRoom);
