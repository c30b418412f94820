// Slack's mrkdwn and text objects as elements, and as the plain text that a person reads. Looks names up for this
// viewer only: whom or what they may not know is named as unknown.

import { dateText } from "./dates.js";
import { el, outward } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { parse, unescape } from "./markup.js";

const BROADCASTS = new Set(["here", "channel", "everyone"]);
const TAGS = { bold: "strong", italic: "em", strike: "s", quote: "blockquote", code: "code", pre: "pre" };
const EMOJI = /:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/g;

/** @returns {DocumentFragment} to stand in an element of class "mrkdwn", which keeps its line breaks. */
export function mrkdwn(text, reader, how = {}) {
  return fragment(parse(text ?? "", how).map((node) => elementOf(node, reader)));
}

/** What a person reads, for titles, labels and notifications. */
export function plain(text, reader) {
  return textOf(parse(text ?? ""), reader);
}

/** A text object of Block Kit. */
export function words(object, reader) {
  if (object?.type === "mrkdwn") return mrkdwn(object.text, reader, { verbatim: object.verbatim });
  return fragment([plainWords(object)]);
}

/** A text object as a string. */
export const wordsOf = (object, reader) => (object?.type === "mrkdwn" ? plain(object.text, reader) : plainWords(object));

/** plain_text: no markup; names of emoji become emoji unless it says otherwise. */
function plainWords(object) {
  const text = unescape(object?.text ?? "");
  return object?.emoji === false ? text : text.replace(EMOJI, (token, name) => emojiOf(name) ?? token);
}

function fragment(children) {
  const made = document.createDocumentFragment();
  for (const child of children) made.append(child);
  return made;
}

function elementOf(node, reader) {
  if (node.kind === "text") return node.text;
  if (node.kind === "emoji") return emoji(node.name, node.character);
  if (node.kind === "url") return outward(node.url, node.url);
  if (node.kind === "token") return tokenElement(node, reader);
  return el(TAGS[node.kind], {}, node.children.map((child) => elementOf(child, reader)));
}

/** An emoji with its name for whoever points at it. */
export const emoji = (name, character = emojiOf(name)) =>
  character ? el("span", { class: "emoji", title: `:${name}:`, text: character }) : `:${name}:`;

function tokenElement({ head, label }, reader) {
  if (head[0] === "@") return userMention(head.slice(1), reader, label);
  if (head[0] === "#") return channelMention(head.slice(1), reader, label);
  if (head[0] === "!") return special(head.slice(1), label, reader);
  return link(unescape(head), linkLabel(head, label));
}

const linkLabel = (head, label) => (label ? plainWords({ text: label }) : unescape(head).replace(/^mailto:/, ""));

/** A link that says where it leads to whoever points at it. */
export function link(address, label) {
  const made = outward(address, label);
  if (label !== address) made.title = address;
  return made;
}

/** @param {string} known what the text itself calls them, for where the viewer does not know them */
export function userMention(id, reader, known = "") {
  const text = `@${userName(id, reader, known)}`;
  if (!reader.person(id)) return el("span", { class: "mention", text });
  const mine = id === reader.me?.id ? " mention-of-me" : "";
  return el("button", { type: "button", class: `mention${mine}`, text, on: { click: () => reader.openPerson?.(id) } });
}

const userName = (id, reader, known = "") =>
  reader.person(id)?.real_name || reader.person(id)?.name || unescape(known) || "unknown person";

export function channelMention(id, reader) {
  const channel = reader.channel(id);
  if (!channel) return el("span", { class: "mention", text: "🔒 a private channel" });
  const text = `${channel.is_private ? "🔒 " : "#"}${channel.name}`;
  return el("button", { type: "button", class: "mention", text, on: { click: () => reader.openChannel?.(id) } });
}

/** @here, @channel, @everyone. */
export const broadcast = (name) => el("span", { class: "mention mention-of-me", text: `@${name}` });

export const groupMention = (id, reader, label = "") => el("span", { class: "mention", text: groupName(id, reader, label) });

function groupName(id, reader, label) {
  const group = reader.group?.(id);
  const name = unescape(label) || group?.handle || group?.name || "unknown group";
  return name.startsWith("@") ? name : `@${name}`;
}

function special(head, label, reader) {
  const [name, ...parts] = head.split("^");
  if (BROADCASTS.has(name)) return broadcast(name);
  if (name === "subteam" && parts.length) return groupMention(parts[0], reader, label);
  if (name === "date" && parts.length >= 2) return dateElement(parts, label, reader);
  return unescape(label) || `<!${unescape(head)}>`;
}

function dateElement([stamp, pattern, address], fallback, reader) {
  const text = dateText(stamp, unescape(pattern), unescape(fallback), reader);
  return address ? link(unescape(address), text) : el("time", { title: unescape(fallback) || null, text });
}

/** Blocks stand on lines of their own here too. */
function textOf(nodes, reader) {
  let text = "";
  let isAfterBlock = false;
  for (const node of nodes) {
    const isBlock = node.kind === "quote" || node.kind === "pre";
    if ((isBlock || isAfterBlock) && text && !text.endsWith("\n")) text += "\n";
    text += node.children ? textOf(node.children, reader) : leafText(node, reader);
    isAfterBlock = isBlock;
  }
  return text;
}

function leafText(node, reader) {
  const made = elementOf(node, reader);
  return typeof made === "string" ? made : made.textContent;
}
