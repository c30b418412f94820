// Controls in which something of a list is chosen. Short plain lists are the browser's own menu; longer ones, people,
// channels and options with a description have a list with search.

import { see } from "./api.js";
import { combobox } from "./combobox.js";
import { el } from "./dom.js";
import { optionsOf } from "./entered.js";
import { words, wordsOf } from "./mrkdwn.js";
import { freshId } from "./naming.js";

const LONGEST_PLAIN_LIST = 15;

const KINDS = {
  users_select: { load: people, labelOf: (id, { reader }) => reader.person(id)?.real_name ?? id, said: "Choose a person" },
  channels_select: { load: channels, labelOf: (id, ctx) => channelLabel(ctx.reader.channel(id)) ?? id, said: "Choose a channel" },
  conversations_select: { load: conversations, labelOf: conversationLabel, said: "Choose a conversation" },
};

export const select = (element, how) => chooser(element, how, false);
export const multiSelect = (element, how) => chooser(element, how, true);

function chooser(element, { block, entered, ctx, changed }, many) {
  const placeholder = wordsOf(element.placeholder, ctx.reader);
  const kind = KINDS[element.type.replace("multi_", "")];
  const chosen = many ? (entered ?? []) : entered ? [entered] : [];
  const shared = { chosen, many, most: element.max_selected_items, canBeEmpty: Boolean(block.optional), changed };
  if (kind) {
    const load = () => kind.load(element, ctx);
    return combobox({ ...shared, load, labelOf: (id) => kind.labelOf(id, ctx), isSearchable: true, placeholder: placeholder || kind.said });
  }
  return listChooser(element, ctx, shared, placeholder || "Choose an option");
}

function listChooser(element, ctx, shared, placeholder) {
  const listed = optionsOf(element);
  const isLong = listed.length > LONGEST_PLAIN_LIST;
  const isPlain = !shared.many && !isLong && listed.every(({ option }) => !option.description);
  if (isPlain) return menu(listed, ctx, shared, placeholder);
  const choices = listed.map(({ option, group }) => choiceOf(option, group, ctx.reader));
  const labelOf = (value) => choices.find((choice) => choice.value === value)?.label ?? value;
  return combobox({ ...shared, load: () => choices, labelOf, isSearchable: isLong || shared.many, placeholder });
}

const choiceOf = (option, group, reader) => ({
  value: option.value,
  label: wordsOf(option.text, reader),
  detail: wordsOf(option.description, reader),
  group: group ? wordsOf(group, reader) : undefined,
});

/** The browser's own menu; its first line stands for nothing chosen. */
function menu(listed, { reader }, { chosen, changed }, placeholder) {
  const made = el("select", { class: "menu-input", on: { change: changed } }, el("option", { value: "", text: placeholder }));
  let group = null;
  for (const { option, group: label } of listed) {
    if (label && label !== group) made.append(el("optgroup", { label: wordsOf(label, reader) }));
    group = label;
    const into = label ? made.lastElementChild : made;
    into.append(el("option", { value: option.value, text: wordsOf(option.text, reader) }));
  }
  made.value = chosen[0] ?? "";
  return { node: made, target: made, inputs: [made], value: () => made.value || null };
}

/** Options that an app looks up while one types: not asked for here, so a value is typed as the app names it. */
export function externalSelect(element, { entered, ctx, changed }) {
  const many = element.type.startsWith("multi_");
  const chosen = [entered ?? []].flat();
  const choices = [element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map((option) => choiceOf(option, null, ctx.reader));
  const labelOf = (value) => choices.find((choice) => choice.value === value)?.label ?? value;
  const placeholder = wordsOf(element.placeholder, ctx.reader) || "Choices come from the app";
  const box = combobox({ load: () => choices, labelOf, chosen, many, isSearchable: true, canBeEmpty: true, placeholder, changed });
  return { ...box, note: "The app looks these choices up as one types in Slack. Here only those that it has chosen are offered." };
}

async function people(element, { reader }) {
  const found = await see(reader.as, "people");
  const shown = found.filter((each) => !each.is_bot && !each.is_app);
  const detail = (each) => [each.id === reader.me.id && "you", each.title || `@${each.name}`].filter(Boolean).join(" · ");
  return shown.map((each) => ({ value: each.id, label: each.real_name, detail: detail(each) })).sort(byLabel);
}

const byLabel = (one, other) => one.label.localeCompare(other.label);

const channelLabel = (channel) => channel && `${channel.is_private ? "🔒 " : "#"}${channel.name}`;

async function channels(element, { reader }) {
  const found = await see(reader.as, "channels");
  const shown = found.filter((each) => !each.is_archived && (element.type.includes("conversations") || !each.is_private));
  return shown.map((each) => ({ value: each.id, label: channelLabel(each) })).sort(byLabel);
}

/** Channels and people, as far as the element's filter lets them through. A person's id stands for the talk with them. */
async function conversations(element, ctx) {
  const kinds = element.filter?.include ?? ["public", "private", "im"];
  const found = await channels(element, ctx);
  const places = found.filter(({ label }) => kinds.includes(label.startsWith("#") ? "public" : "private"));
  return kinds.includes("im") ? [...places, ...(await people(element, ctx))] : places;
}

function conversationLabel(id, { reader }) {
  return channelLabel(reader.channel(id)) ?? reader.person(id)?.real_name ?? id;
}

export const checkboxes = (element, how) => boxes(element, how, "checkbox");
export const radioButtons = (element, how) => boxes(element, how, "radio");

function boxes(element, { entered, ctx, changed }, type) {
  const chosen = [entered ?? []].flat();
  const name = freshId("choice");
  const lines = element.options.map((option) => boxLine(option, { name, type, checked: chosen.includes(option.value) }, ctx, changed));
  const inputs = lines.map((line) => line.querySelector("input"));
  const node = el("div", { class: "boxes" }, lines);
  const values = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const value = () => (type === "radio" ? (values()[0] ?? null) : values());
  return { node, target: inputs[0], inputs, value, isGroup: true };
}

function boxLine(option, { name, type, checked }, { reader }, changed) {
  const described = option.description ? freshId("about") : null;
  const input = el("input", { type, name, checked, value: option.value, "aria-describedby": described, on: { change: changed } });
  const label = el("label", { class: "box" }, input, el("span", { class: "mrkdwn" }, words(option.text, reader)));
  const detail = described ? el("div", { id: described, class: "detail mrkdwn" }, words(option.description, reader)) : null;
  return el("div", { class: "box-line" }, label, detail);
}
