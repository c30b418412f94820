// Controls that are typed into. They cut nothing that somebody typed; what is too long is said, and refused on submit.

import { el } from "./dom.js";
import { wordsOf } from "./mrkdwn.js";

const LONGEST_INPUT = 3000;
const TOLD_FROM = 0.8;
const SETTLED_MS = 400;
const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };
const KEYBOARDS = { number_input: "decimal" };

export function textInput(element, { entered, ctx, changed }) {
  const shared = { class: "text-input", value: entered ?? "", placeholder: wordsOf(element.placeholder, ctx.reader), autocomplete: "off" };
  const input = element.multiline
    ? el("textarea", { ...shared, rows: 3 })
    : el("input", { ...shared, type: TYPES[element.type], inputmode: KEYBOARDS[element.type] });
  const counter = el("div", { class: "counter", hidden: true });
  const most = element.type === "plain_text_input" ? (element.max_length ?? LONGEST_INPUT) : LONGEST_INPUT;
  input.addEventListener("input", () => {
    count(counter, input.value, most);
    grow(input);
    changed();
  });
  count(counter, input.value, most);
  return { node: el("div", { class: "typed" }, input, counter), target: input, inputs: [input], value: () => input.value || null };
}

/** Signs as Slack counts them, told when few are left. */
function count(counter, text, most) {
  const left = most - [...text].length;
  counter.hidden = left > most * (1 - TOLD_FROM);
  counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
  counter.classList.toggle("over", left < 0);
}

function grow(input) {
  if (input.tagName !== "TEXTAREA") return;
  input.style.setProperty("height", "auto");
  input.style.setProperty("height", `${input.scrollHeight + 2}px`);
}

/** When typing acts at once: on Enter, or a moment after the last sign. */
export function actsOnTyping(control, element, act) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = 0;
  if (when.includes("on_enter_pressed")) {
    control.target.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || (element.multiline && !event.ctrlKey && !event.metaKey)) return;
      event.preventDefault();
      act();
    });
  }
  if (when.includes("on_character_entered")) {
    control.target.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(act, SETTLED_MS);
    });
  }
}

/** Rich text is typed here as plain paragraphs, and handed over in Slack's form. */
export function richTextInput(element, { entered, ctx, changed }) {
  const control = textInput({ ...element, type: "rich_text_input", multiline: true }, { entered: richAsText(entered), ctx, changed });
  return { ...control, value: () => (control.target.value ? textAsRich(control.target.value) : null) };
}

const textAsRich = (text) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] });

const richAsText = (rich) => (rich?.elements ?? []).map(partText).join("\n");

const partText = (part) => part.text ?? part.elements?.map(partText).join(part.type === "rich_text_list" ? "\n" : "") ?? "";

export function fileInput(element) {
  const kinds = element.filetypes?.length ? ` (${element.filetypes.join(", ")})` : "";
  const node = el("div", { class: "unknown", tabindex: "0", text: `Files${kinds}: this workspace takes none here.` });
  return { node, target: node, inputs: [], value: () => null, isGroup: true };
}
