// The app's modals, as a dialog over the page: fields, errors beside them, submit and close. What a submission leads to
// is the app's answer; what was typed stays when the app changes the view.

import { el, fill } from "./dom.js";
import { isSame, shownValue } from "./entered.js";
import { wordsOf } from "./mrkdwn.js";
import { renderBlocks } from "./blocks.js";
import { freshId } from "./naming.js";
import { failureText } from "./pressing.js";

/**
 * @param {{reader: object, act: (verb: string, args?: object) => Promise<object>}} host
 * @returns {{node: HTMLElement, show(view: object | null, depth?: number): void}}
 */
export function modalLayer({ reader, act }) {
  const dialog = el("dialog", { class: "modal" });
  const layer = { reader, act, dialog, view: null, depth: 0, typed: new Map(), fields: new Map(), gone: new Set(), isBusy: false };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave(layer);
  });
  dialog.addEventListener("close", () => {
    if (layer.view) leave(layer);
  });
  return { node: dialog, show: (view, depth = 1) => show(layer, view, depth) };
}

function show(layer, view, depth) {
  if (view && layer.gone.has(view.id)) return;
  layer.depth = view ? depth : 0;
  if (!view) return void hide(layer);
  const isSameView = layer.view?.id === view.id;
  if (isSameView && layer.view.hash === view.hash) return;
  const focused = isSameView ? focusKey(layer.dialog) : null;
  layer.view = view;
  draw(layer);
  if (!layer.dialog.open) layer.dialog.showModal();
  focus(layer, focused);
}

function hide(layer) {
  layer.view = null;
  layer.typed.clear();
  layer.fields.clear();
  layer.isBusy = false;
  if (layer.dialog.open) layer.dialog.close();
}

/** What was typed in this view; each view of a stack keeps its own. */
function typedIn(layer) {
  const { id } = layer.view;
  if (!layer.typed.has(id)) layer.typed.set(id, new Map());
  return layer.typed.get(id);
}

function contextOf(layer) {
  return {
    reader: layer.reader,
    surface: "modal",
    values: layer.view.state?.values ?? {},
    typed: typedIn(layer),
    fields: layer.fields,
    use: (block, element, value) => use(layer, block, element, value),
  };
}

/** An action in the view. The app is told of everything typed so far with it, as in Slack. */
async function use(layer, block, element, value) {
  await handOverTyped(layer, block);
  return layer.act(...action(block, element, value));
}

function action(block, element, value) {
  const at = { block: block.block_id, where: "modal" };
  return value === undefined ? ["click", { button: element.action_id, ...at }] : ["select", { field: element.action_id, value, ...at }];
}

async function handOverTyped(layer, acting) {
  const known = { values: layer.view.state?.values };
  for (const { block, control } of layer.fields.values()) {
    const isNew = !isSame(control.value(), shownValue(block, block.element, known));
    if (isNew && block !== acting && !block.dispatch_action) await layer.act(...action(block, block.element, control.value()));
  }
}

function draw(layer) {
  const { view, reader, dialog } = layer;
  const title = freshId("modal-title");
  layer.fields.clear();
  dialog.setAttribute("aria-labelledby", title);
  const form = el(
    "form",
    { novalidate: true, on: { submit: (event) => submitted(event, layer), keydown: (event) => hurried(event) } },
    el("div", { class: "modal-head" }, el("h2", { id: title, text: wordsOf(view.title, reader) }), dismissButton(layer)),
    el("div", { class: "modal-body" }, renderBlocks(view.blocks, contextOf(layer))),
    el("div", { class: "modal-failure", role: "alert", hidden: true }),
    footer(layer),
  );
  fill(dialog, form);
}

const dismissButton = (layer) => el("button", { type: "button", class: "button button-icon dismiss", "aria-label": "Dismiss", title: "Dismiss", text: "✕", on: { click: () => leave(layer) } });

function footer(layer) {
  const { view, reader } = layer;
  const close = wordsOf(view.close, reader) || (view.submit ? "Cancel" : "Close");
  const submit = view.submit && el("button", { type: "submit", class: "button button-primary", disabled: Boolean(view.submit_disabled), text: wordsOf(view.submit, reader) });
  return el("div", { class: "dialog-buttons" }, el("button", { type: "button", class: "button", text: close, on: { click: () => leave(layer) } }), submit);
}

/** Ctrl or Cmd with Enter submits from anywhere; Enter alone does from a single line, as in any form. */
function hurried(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) event.currentTarget.requestSubmit();
}

async function submitted(event, layer) {
  event.preventDefault();
  if (layer.isBusy || layer.view.submit_disabled) return;
  const { view } = layer;
  fail(layer, "");
  complain(layer, problemsOf(layer));
  if (layer.dialog.querySelector("[aria-invalid]")) return;
  busy(layer, true);
  try {
    settle(layer, view, await layer.act("submit", { values: valuesOf(layer) }));
  } catch (failure) {
    if (failure?.error === "no_modal_open") hide(layer);
    else fail(layer, failureText(failure, layer.reader));
  } finally {
    busy(layer, false);
  }
}

const valuesOf = (layer) => Object.fromEntries([...layer.fields].map(([id, { control }]) => [id, control.value()]));

/** What no app need be asked about: half a date, for one. */
function problemsOf({ fields }) {
  const said = [...fields].map(([id, { control }]) => [id, control.problem?.() ?? ""]);
  return Object.fromEntries(said.filter(([, sentence]) => sentence));
}

function settle(layer, view, answer) {
  if (Object.keys(answer.errors ?? {}).length) return complain(layer, answer.errors);
  if (!answer.ok) return fail(layer, failureText(answer, layer.reader));
  const next = answer.view?.raw;
  if (next?.id !== view.id && !isBelow(view, next)) layer.gone.add(view.id);
  if (answer.closed) hide(layer);
  else if (next) show(layer, next, layer.depth);
}

/** Whether `view` lies below `next` in the stack, so it will be seen again. */
const isBelow = (view, next) => next?.previous_view_id === view.id;

function busy(layer, isBusy) {
  layer.isBusy = isBusy;
  const button = layer.dialog.querySelector("[type=submit]");
  if (!button) return;
  button.setAttribute("aria-busy", String(isBusy));
}

function fail(layer, sentence) {
  const place = layer.dialog.querySelector(".modal-failure");
  if (!place) return;
  place.textContent = sentence;
  place.hidden = !sentence;
}

/** Errors beside their fields; one for a field that is not there is said for the whole view. */
function complain(layer, errors) {
  for (const [id, field] of layer.fields) field.complain(errors[id] ?? "");
  const unplaced = Object.entries(errors).filter(([id]) => !layer.fields.has(id));
  if (unplaced.length) fail(layer, unplaced.map(([, sentence]) => sentence).join(" "));
  const first = [...layer.fields].find(([id]) => errors[id]);
  first?.[1].control.target.focus();
}

async function leave(layer) {
  const { view, depth } = layer;
  if (!view) return;
  layer.gone.add(view.id);
  if (depth <= 1 || view.clear_on_close) hide(layer);
  try {
    await layer.act("close_modal");
  } catch {
    // It was closed already, in another window or by the app.
  }
}

/** Where the focus is, in words that still hold when the view was drawn anew. */
function focusKey(dialog) {
  const at = document.activeElement;
  const block = dialog.contains(at) ? at.closest("[data-block]") : null;
  return block && { block: block.dataset.block, action: at.dataset.action };
}

function focus(layer, key) {
  const blocks = [...layer.dialog.querySelectorAll("[data-block]")];
  const block = key && blocks.find((each) => each.dataset.block === key.block);
  const same = block && [...block.querySelectorAll("[data-action]")].find((each) => each.dataset.action === key.action);
  const first = layer.dialog.querySelector("[autofocus]") ?? [...layer.fields.values()][0]?.control.target ?? layer.dialog.querySelector("[type=submit], .dialog-buttons button");
  (same ?? first)?.focus();
}
