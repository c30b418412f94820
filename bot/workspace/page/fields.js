// An input block: label, control, hint and error, tied together for screen readers. It checks nothing itself.

import { actsOnTyping } from "./elements_typed.js";
import { confirmed } from "./confirm.js";
import { controlOf } from "./elements.js";
import { el } from "./dom.js";
import { isSame, keyOf } from "./entered.js";
import { wordsOf } from "./mrkdwn.js";
import { freshId } from "./naming.js";
import { press } from "./pressing.js";
import { unknownBox } from "./unknown.js";

const TYPED = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"]);

/** Registers itself in `ctx.fields` by its block_id as {block, control, complain(sentence), node}. */
export function inputBlock(block, ctx) {
  const element = block.element;
  const control = controlOf(block, element, ctx, () => {
    field.complain("");
    typed(block, control, ctx);
  });
  if (!control) return unknownBox("input", block);
  if (block.dispatch_action) actAtOnce(block, control, ctx);
  const field = { block, control, ...fieldElement(block, control, ctx) };
  ctx.fields?.set(block.block_id, field);
  return field.node;
}

function typed(block, control, ctx) {
  const value = control.value();
  ctx.typed?.set(keyOf(block, block.element), value);
  if (block.dispatch_action && !TYPED.has(block.element.type)) dispatch(block, control, ctx);
}

function actAtOnce(block, control, ctx) {
  if (!TYPED.has(block.element.type)) return;
  let last = control.value();
  actsOnTyping(control, block.element, () => {
    const value = control.value();
    if (isSame(last, value)) return;
    last = value;
    dispatch(block, control, ctx);
  });
}

async function dispatch(block, control, ctx) {
  if (!(await confirmed(block.element.confirm, ctx.reader))) return;
  await press(control.node, () => ctx.use(block, block.element, control.value()), ctx.reader);
}

function fieldElement(block, control, ctx) {
  const ids = { label: freshId("label"), input: freshId("input"), notes: freshId("notes"), error: freshId("error") };
  const error = el("div", { id: ids.error, class: "field-error", role: "alert", hidden: true });
  const notes = [wordsOf(block.hint, ctx.reader), control.note].filter(Boolean).map((text) => el("div", { class: "hint", text }));
  const node = el("div", { class: "field", dataset: { block: block.block_id ?? "" } }, heading(block, control, ids, ctx), control.node, el("div", { id: ids.notes, class: "notes" }, notes), error);
  name(control, ids, node, block);
  return { node, complain: (sentence) => complain(control, error, ids, sentence) };
}

function heading(block, control, ids, { reader }) {
  const tag = control.isGroup ? "div" : "label";
  const label = el(tag, { id: ids.label, class: "label", for: control.isGroup ? null : ids.input, text: wordsOf(block.label, reader) });
  const optional = block.optional ? el("span", { class: "optional", text: "(optional)" }) : null;
  return el("div", { class: "field-head" }, label, optional);
}

function name(control, ids, node, block) {
  for (const input of control.inputs) describe(input, ids.notes);
  if (!control.isGroup) {
    control.target.id = ids.input;
    if (!block.optional) control.target.setAttribute("aria-required", "true");
    return;
  }
  node.setAttribute("role", block.element.type === "radio_buttons" ? "radiogroup" : "group");
  node.setAttribute("aria-labelledby", ids.label);
}

/** Adds one more description to those that an input may have. */
function describe(input, id) {
  const known = (input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  if (!known.includes(id)) input.setAttribute("aria-describedby", [id, ...known].join(" "));
}

function undescribe(input, id) {
  const rest = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each !== id);
  input.setAttribute("aria-describedby", rest.join(" "));
}

function complain(control, error, ids, sentence) {
  error.textContent = sentence;
  error.hidden = !sentence;
  for (const input of control.inputs) {
    if (sentence) {
      input.setAttribute("aria-invalid", "true");
      describe(input, ids.error);
    } else {
      input.removeAttribute("aria-invalid");
      undescribe(input, ids.error);
    }
  }
}
