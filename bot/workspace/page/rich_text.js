// Rich text, as Slack's composer makes it: sections, lists, quotes and code, of styled parts.

import { dateText } from "./dates.js";
import { el } from "./dom.js";
import { broadcast, channelMention, emoji, groupMention, link, userMention } from "./mrkdwn.js";
import { unknownBox } from "./unknown.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };
const BLOCKS = { rich_text_section: "div", rich_text_quote: "blockquote", rich_text_preformatted: "pre" };

const PARTS = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text || part.url),
  user: (part, reader) => userMention(part.user_id, reader),
  channel: (part, reader) => channelMention(part.channel_id, reader),
  usergroup: (part, reader) => groupMention(part.usergroup_id, reader),
  broadcast: (part) => broadcast(part.range),
  emoji: (part) => emoji(part.name),
  date: dateElement,
  color: (part) => `${part.value}`,
  team: (part) => el("span", { class: "mention", text: `@${part.team_id}` }),
};

/** @param {{elements: object[]}} block a rich_text block, or anything made like one */
export function richText(block, reader) {
  return el("div", { class: "rich-text mrkdwn" }, block.elements.map((element) => blockElement(element, reader)));
}

function blockElement(element, reader) {
  if (element.type === "rich_text_list") return list(element, reader);
  if (!Object.hasOwn(BLOCKS, element.type)) return unknownBox("rich text", element);
  return el(BLOCKS[element.type], {}, element.elements.map((part) => partElement(part, reader)));
}

const MARKS = { bullet: ["disc", "circle", "square"], ordered: ["decimal", "lower-alpha", "lower-roman"] };

function list(element, reader) {
  const isOrdered = element.style === "ordered";
  const items = element.elements.map((item) => el("li", {}, item.elements.map((part) => partElement(part, reader))));
  const indent = element.indent ?? 0;
  const made = el(isOrdered ? "ol" : "ul", { start: isOrdered && element.offset ? element.offset + 1 : null }, items);
  made.style.setProperty("--indent", indent);
  made.style.setProperty("list-style-type", MARKS[isOrdered ? "ordered" : "bullet"][indent % 3]);
  return made;
}

function partElement(part, reader) {
  if (!Object.hasOwn(PARTS, part.type)) return unknownBox("rich text", part);
  let made = PARTS[part.type](part, reader);
  for (const [style, tag] of Object.entries(STYLES)) if (part.style?.[style]) made = el(tag, {}, made);
  return made;
}

function dateElement(part, reader) {
  const text = dateText(part.timestamp, part.format, part.fallback ?? "", reader);
  return part.url ? link(part.url, text) : el("time", { title: part.fallback, text });
}
