// The reactions below a message, each a button that gives or takes one's own.
import { el } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { openPicker } from "./picker.js";

const SHOWN_NAMES = 8;

/** "Ada Lovelace, Ben Okri and you" */
function namesOf(users, reader) {
  const names = users.map((id) => (id === reader.me.id ? "you" : (reader.person(id)?.real_name ?? "somebody")));
  const shown = names.length > SHOWN_NAMES ? [...names.slice(0, SHOWN_NAMES), `${names.length - SHOWN_NAMES} others`] : names;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** An emoji as a character where it has one, else its name. */
export const emojiText = (name) => emojiOf(name) ?? `:${name}:`;

export function react(message, name, desk, place) {
  const isMine = message.reactions.some((each) => each.name === name && each.users.includes(desk.reader.me.id));
  return desk.deed(isMine ? "unreact" : "react", { channel: place.channel, ts: message.ts, emoji: name });
}

function reactionButton(reaction, message, desk, place) {
  const names = namesOf(reaction.users, desk.reader);
  const label = `:${reaction.name}: ${reaction.users.length}, by ${names}`;
  return el(
    "button",
    {
      class: "reaction",
      type: "button",
      title: `${names} reacted with :${reaction.name}:`,
      "aria-label": label,
      "aria-pressed": String(reaction.users.includes(desk.reader.me.id)),
      disabled: !place.canAct(),
      on: { click: () => react(message, reaction.name, desk, place) },
    },
    el("span", { class: "reaction-emoji", text: emojiText(reaction.name) }),
    el("span", { class: "reaction-count", text: String(reaction.users.length) }),
  );
}

export function reactionRow(message, desk, place) {
  if (!message.reactions?.length) return null;
  const more = el("button", { class: "reaction reaction-more", type: "button", "aria-label": "Add a reaction", text: "☺+" });
  more.addEventListener("click", () => openPicker(more, desk.reader.app.reactions, (name) => react(message, name, desk, place)));
  const buttons = message.reactions.map((each) => reactionButton(each, message, desk, place));
  return el("div", { class: "reactions" }, buttons, place.canAct() && more);
}
