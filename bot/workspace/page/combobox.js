// A field in which one or many of a list are chosen, with search: WAI-ARIA's combobox with a list. What the list
// holds, and what a choice does, is the caller's business.

import { el, fill } from "./dom.js";
import { freshId } from "./naming.js";
import { popup } from "./popup.js";

/**
 * @typedef {{value: string, label: string, detail?: string, group?: string}} Choice
 * @param {{load: () => Promise<Choice[]> | Choice[], labelOf: (value: string) => string, chosen: string[], many: boolean,
 *   most?: number, isSearchable: boolean, canBeEmpty: boolean, placeholder: string, changed: () => void}} how
 */
export function combobox(how) {
  const state = { values: [...how.chosen], choices: null, found: [], active: -1, drawn: "" };
  const parts = elements(how);
  const box = { how, state, ...parts };
  box.popup = popup(parts.list, () => parts.input.setAttribute("aria-expanded", "false"));
  listen(box);
  drawChosen(box);
  return { node: parts.node, target: parts.input, inputs: [parts.input], value: () => (how.many ? [...state.values] : (state.values[0] ?? null)) };
}

function elements(how) {
  const id = freshId("list");
  const list = el("ul", { id, class: "choices", role: "listbox", "aria-label": "Choices", "aria-multiselectable": how.many || null });
  const input = el("input", {
    type: "text",
    class: "text-input",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-expanded": "false",
    "aria-controls": id,
    "aria-autocomplete": how.isSearchable ? "list" : "none",
    placeholder: how.placeholder,
    readonly: !how.isSearchable,
  });
  const chips = el("ul", { class: "chips", hidden: true, "aria-label": "Chosen" });
  const clear = el("button", { type: "button", class: "clear", "aria-label": "Clear the choice", title: "Clear", text: "✕", hidden: true });
  const node = el("div", { class: "combobox" }, chips, el("div", { class: "combobox-line" }, input, clear), list);
  return { node, input, list, chips, clear };
}

function listen(box) {
  const { input, clear } = box;
  input.addEventListener("click", () => open(box));
  input.addEventListener("focus", () => choices(box));
  input.addEventListener("input", () => {
    box.searched = search(box);
  });
  input.addEventListener("keydown", (event) => key(box, event));
  input.addEventListener("blur", () => settle(box));
  box.list.addEventListener("mousedown", (event) => event.preventDefault());
  box.list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(box, box.state.found[Number(option.dataset.index)]);
  });
  clear.addEventListener("click", () => {
    setValues(box, []);
    input.focus();
  });
}

/** Loaded once, when somebody first comes near; where that fails, again the next time. */
async function choices(box) {
  box.loading ??= box.how.load();
  try {
    box.state.choices = await box.loading;
  } catch {
    box.state.choices ??= [];
    box.loading = null;
  }
}

async function open(box, way = 0) {
  const { state, how, popup: shown, input } = box;
  if (shown.isOpen()) return;
  await choices(box);
  draw(box, "");
  shown.open(input.parentElement);
  input.setAttribute("aria-expanded", "true");
  if (how.isSearchable) input.select();
  const current = state.found.findIndex(({ value }) => state.values.includes(value));
  activate(box, current >= 0 ? current : way < 0 ? state.found.length - 1 : way > 0 ? 0 : -1);
}

async function search(box) {
  await choices(box);
  if (!box.popup.isOpen()) {
    box.popup.open(box.input.parentElement);
    box.input.setAttribute("aria-expanded", "true");
  }
  draw(box, box.input.value);
  activate(box, box.state.found.length ? 0 : -1);
}

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The choices whose words begin with, or that contain, what was typed; better matches first. */
function matching(choices, typed) {
  const wanted = folded(typed.trim().replace(/^[@#]/, ""));
  if (!wanted) return choices;
  const rank = ({ label, detail = "" }) => {
    const text = folded(label);
    if (text.startsWith(wanted)) return 0;
    if (text.includes(` ${wanted}`)) return 1;
    return text.includes(wanted) || folded(detail).includes(wanted) ? 2 : -1;
  };
  const ranked = choices.map((choice) => ({ choice, at: rank(choice) })).filter(({ at }) => at >= 0);
  return ranked.sort((one, other) => one.at - other.at).map(({ choice }) => choice);
}

function draw(box, typed) {
  const { state, list, input } = box;
  state.found = matching(state.choices, typed);
  const isPlain = !typed.trim();
  const items = state.found.flatMap((choice, index) => {
    const isFirst = isPlain && choice.group && choice.group !== state.found[index - 1]?.group;
    const head = isFirst ? [el("li", { class: "group", role: "presentation", text: choice.group })] : [];
    return [...head, optionElement(box, choice, index)];
  });
  fill(list, items.length ? items : el("li", { class: "nothing", role: "presentation", text: "Nothing matches." }));
  input.removeAttribute("aria-activedescendant");
  box.popup.place();
}

function optionElement({ list, state }, choice, index) {
  const isChosen = state.values.includes(choice.value);
  const detail = choice.detail ? el("span", { class: "detail", text: choice.detail }) : null;
  const label = el("span", { class: "choice-label", text: choice.label });
  return el("li", { id: `${list.id}-${index}`, role: "option", "aria-selected": String(isChosen), dataset: { index, value: choice.value } }, label, detail);
}

function activate({ state, list, input }, index) {
  list.querySelector(".active")?.classList.remove("active");
  state.active = index;
  const option = index >= 0 ? list.querySelector(`[data-index="${index}"]`) : null;
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.classList.add("active");
  option.scrollIntoView({ block: "nearest" });
  return input.setAttribute("aria-activedescendant", option.id);
}

function key(box, event) {
  const act = actionOf(box, event);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/** What a key does here; null leaves it to the field and the form. */
function actionOf(box, { key: name, ctrlKey, metaKey, isComposing }) {
  const { state, how, input, popup: shown } = box;
  if (ctrlKey || metaKey || isComposing) return null;
  if (name === "ArrowDown" || name === "ArrowUp") return () => step(box, name === "ArrowDown" ? 1 : -1);
  if (name === "Enter") return () => (shown.isOpen() || input.value !== state.drawn ? chooseActive(box) : open(box));
  if (name === "Escape" && shown.isOpen()) return shown.close;
  if (name === "Backspace" && how.many && !input.value) return () => setValues(box, state.values.slice(0, -1));
  return how.isSearchable ? null : menuAction(box, name);
}

/** Where nothing can be typed, letters and a few keys more have a meaning. */
function menuAction(box, name) {
  const { state, how, popup: shown } = box;
  if ((name === "Backspace" || name === "Delete") && how.canBeEmpty) return () => setValues(box, []);
  if (name === " ") return () => (shown.isOpen() ? chooseActive(box) : open(box));
  if ((name === "Home" || name === "End") && shown.isOpen()) return () => activate(box, name === "Home" ? 0 : state.found.length - 1);
  return name.length === 1 ? () => jump(box, name) : null;
}

function step(box, way) {
  const { state, popup: shown } = box;
  if (!shown.isOpen()) return void open(box, way);
  const count = state.found.length;
  if (count) activate(box, state.active < 0 ? (way > 0 ? 0 : count - 1) : (state.active + way + count) % count);
}

/** A letter, where nothing can be typed: the next choice that begins with it. */
async function jump(box, letter) {
  await open(box);
  const { found, active } = box.state;
  const order = found.map((_, index) => (index + active + 1 + found.length) % found.length);
  const next = order.find((index) => folded(found[index].label).startsWith(folded(letter)));
  if (next !== undefined) activate(box, next);
}

/** What was typed may still be looked for. */
async function chooseActive(box) {
  await box.searched;
  choose(box, box.state.found[box.state.active]);
}

function choose(box, choice) {
  if (!choice) return;
  const { how, state } = box;
  if (!how.many) {
    box.popup.close();
    return setValues(box, [choice.value]);
  }
  const has = state.values.includes(choice.value);
  if (!has && how.most && state.values.length >= how.most) return;
  setValues(box, has ? state.values.filter((each) => each !== choice.value) : [...state.values, choice.value]);
  draw(box, "");
}

function setValues(box, values) {
  const { state } = box;
  const isNew = values.join("\n") !== state.values.join("\n");
  state.values = values;
  drawChosen(box);
  if (isNew) box.how.changed();
}

function drawChosen(box) {
  const { how, state, input, clear } = box;
  const label = (value) => state.choices?.find((choice) => choice.value === value)?.label ?? how.labelOf(value);
  clear.hidden = how.many || !how.canBeEmpty || state.values.length === 0;
  state.drawn = how.many || !state.values.length ? "" : label(state.values[0]);
  input.value = state.drawn;
  if (how.many) drawChips(box, label);
}

function drawChips(box, label) {
  const { state, chips } = box;
  chips.hidden = state.values.length === 0;
  fill(chips, state.values.map((value) => chip(box, value, label(value))));
}

function chip(box, value, label) {
  const remove = () => {
    setValues(box, box.state.values.filter((each) => each !== value));
    box.input.focus();
  };
  return el("li", { class: "chip" }, label, el("button", { type: "button", "aria-label": `Remove ${label}`, text: "✕", on: { click: remove } }));
}

/** What was typed and not chosen: a full name counts as chosen, nothing as nothing, the rest is taken back. */
function settle(box) {
  const { how, state, input } = box;
  box.popup.close();
  if (!how.isSearchable) return;
  const typed = folded(input.value.trim());
  const named = typed && state.choices?.find(({ label }) => folded(label) === typed);
  if (named && !state.values.includes(named.value)) setValues(box, how.many ? [...state.values, named.value] : [named.value]);
  else if (!typed && !how.many && how.canBeEmpty) setValues(box, []);
  drawChosen(box);
}
