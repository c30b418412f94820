// Interactive elements of Block Kit: those that are pressed act at once, those that hold a value are controls. What an
// action leads to is the caller's `ctx.use`.
//
// A control is {node, target: what a label points at, inputs: what can be invalid, value(): as the control API takes it,
// isGroup?: named by a legend instead of a label, note?: a word of its own below the field, problem?(): a sentence about
// what cannot be handed over as it stands}.

import { checkboxes, externalSelect, multiSelect, radioButtons, select } from "./elements_choice.js";
import { button, feedbackButtons, iconButton, overflow, workflowButton } from "./elements_pressed.js";
import { datePicker, dateTimePicker, timePicker } from "./elements_time.js";
import { fileInput, richTextInput, textInput } from "./elements_typed.js";
import { keyOf, shownValue } from "./entered.js";
import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { imageElement } from "./images.js";
import { wordsOf } from "./mrkdwn.js";
import { press } from "./pressing.js";
import { unknownBox } from "./unknown.js";

const CONTROLS = {
  static_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  external_select: externalSelect,
  multi_static_select: multiSelect,
  multi_users_select: multiSelect,
  multi_channels_select: multiSelect,
  multi_conversations_select: multiSelect,
  multi_external_select: externalSelect,
  checkboxes,
  radio_buttons: radioButtons,
  datepicker: datePicker,
  timepicker: timePicker,
  datetimepicker: dateTimePicker,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: richTextInput,
  file_input: fileInput,
};

const PRESSED = {
  button,
  overflow,
  workflow_button: workflowButton,
  feedback_buttons: feedbackButtons,
  icon_button: iconButton,
};

/** The control of an element that holds a value, or null. `changed` is called after each change by the person. */
export function controlOf(block, element, ctx, changed) {
  const make = Object.hasOwn(CONTROLS, element.type) ? CONTROLS[element.type] : null;
  if (!make) return null;
  const control = make(element, { block, entered: shownValue(block, element, ctx), ctx, changed });
  control.target.dataset.action = element.action_id ?? "";
  if (element.focus_on_load) control.target.setAttribute("autofocus", "");
  return control;
}

/** An element that acts by itself: in an actions block, beside a section, below a message. */
export function actingElement(block, element, ctx) {
  if (element.type === "image") return imageElement(element);
  if (Object.hasOwn(PRESSED, element.type)) return PRESSED[element.type](block, element, ctx);
  return actingControl(block, element, ctx) ?? unknownBox("element", element);
}

function actingControl(block, element, ctx) {
  let sent = Promise.resolve();
  const control = controlOf(block, element, ctx, () => {
    if (control.problem?.()) return;
    const value = control.value();
    ctx.typed?.set(keyOf(block, element), value);
    sent = sent.then(() => choose(holder, block, element, ctx, value));
  });
  if (!control) return null;
  const name = wordsOf(block.text, ctx.reader) || wordsOf(element.placeholder, ctx.reader) || "Choose";
  const label = name.slice(0, 150);
  if (!control.isGroup) control.target.setAttribute("aria-label", label);
  const holder = el("div", { class: "acting-control", ...(control.isGroup && { role: "group", "aria-label": label }) }, control.node);
  return holder;
}

async function choose(holder, block, element, ctx, value) {
  if (await confirmed(element.confirm, ctx.reader)) await press(holder, () => ctx.use(block, element, value), ctx.reader);
}
