// Where people write: Enter sends, Shift+Enter breaks the line, a known slash command is run. It shows no messages.
import { el } from "./dom.js";
import { completionOf } from "./completion.js";
import { emojiNames, emojiOf } from "./emoji.js";
import { openMenu } from "./act_menu.js";
import { openPicker } from "./picker.js";
import { suggestionsFor } from "./suggestions.js";
import { growing, setText } from "./writing.js";

/**
 * @param options `{label, channel, thread?, draft?, onDraft?(text), onSent?()}`; `thread`: the parent's ts
 * @returns {{node: Element, focus(): void}}
 */
export function composer(desk, options) {
  const names = { "aria-label": options.label, placeholder: options.label };
  const field = el("textarea", { class: "composer-field", rows: "1", ...names, value: options.draft ?? "" });
  const suggestions = suggestionsFor(field, (text, caret) => completionOf(text, caret, sourcesOf(desk, options)));
  const sending = () => send(field, desk, options);
  field.addEventListener("keydown", (event) => keyed(event, suggestions, sending));
  field.addEventListener("input", () => options.onDraft?.(field.value));
  const box = el("div", { class: "composer-box" }, field, buttons(field, desk, options, sending));
  const node = el("div", { class: "composer" }, suggestions.node, box);
  requestAnimationFrame(() => growing(field));
  return { node, focus: () => field.focus({ preventScroll: true }) };
}

function keyed(event, suggestions, sending) {
  if (event.isComposing || suggestions.key(event)) return;
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  suggestions.leave();
  sending();
}

function sourcesOf({ reader, directory }, { thread }) {
  return {
    commands: thread ? [] : reader.app.commands,
    people: directory.people(),
    channels: directory.channels().filter((each) => !each.is_archived),
    emoji: emojiNames().map((name) => [name, emojiOf(name)]),
  };
}

async function send(field, desk, options) {
  const text = field.value;
  if (!text.trim()) return;
  setText(field, "");
  const answer = await handOver(text, desk, options);
  const isLost = answer.refused || answer.error === "dispatch_failed";
  if (isLost && !field.value) setText(field, text);
  else if (!isLost) options.onSent?.();
}

/** A text that begins with a slash is a command; a space before the slash makes it a message, as in Slack. */
function handOver(text, desk, { channel, thread }) {
  if (!text.startsWith("/")) return desk.deed("say", { channel, text: text.trim(), thread_ts: thread });
  const [, command, rest] = /^(\S+)\s*([\s\S]*)$/.exec(text);
  const isKnown = desk.reader.app.commands.some((each) => each.command === command);
  if (isKnown && !thread) return desk.deed("slash", { channel, command, text: rest.trim() });
  desk.notices.say(isKnown ? `${command} is not supported in threads. Write it in the channel.` : notACommand(command));
  return { refused: true };
}

const notACommand = (command) => `${command} is not a command here. To send it as a message, put a space before it.`;

function buttons(field, desk, options, sending) {
  const sendButton = el("button", { class: "button button-primary composer-send", type: "button", text: "Send", on: { click: sending } });
  const named = { "aria-label": "Insert an emoji", title: "Insert an emoji" };
  const emoji = el("button", { class: "composer-tool", type: "button", ...named, text: "☺" });
  emoji.addEventListener("click", () => openPicker(emoji, desk.reader.app.reactions, (name) => insert(field, `:${name}: `)));
  return el("div", { class: "composer-row" }, !options.thread && shortcutsButton(desk), emoji, sendButton);
}

function insert(field, text) {
  const at = field.selectionStart;
  field.focus();
  setText(field, field.value.slice(0, at) + text + field.value.slice(field.selectionEnd), at + text.length);
}

function shortcutsButton({ reader, deed }) {
  const button = el("button", { class: "composer-tool", type: "button", text: "⚡ Shortcuts", "aria-haspopup": "menu" });
  const offered = reader.app.shortcuts.filter(({ type }) => type === "global");
  const items = offered.map(({ callback_id, name }) => ({
    label: name,
    hint: reader.app.name,
    choose: () => deed("shortcut", { callback_id }),
  }));
  button.addEventListener("click", () => openMenu(button, "Shortcuts", items));
  return offered.length ? button : null;
}
