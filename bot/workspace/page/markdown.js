// A markdown block: the usual marks of Markdown, line by line and in linear time. What it does not know stays text.

import { el } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { link } from "./mrkdwn.js";

const HEADING = /^(#{1,6}) +(.*)$/;
const ITEM = /^( {0,12})(?:[-*+]|(\d{1,9})[.)]) +(.*)$/;
const PIECE = /`([^`\n]{1,2000})`|\*\*(?=\S)([^*\n]{1,2000})\*\*|__(?=\S)([^_\n]{1,2000})__|~~([^~\n]{1,2000})~~|\*(?=\S)([^*\n]{1,2000})\*|!?\[([^\]\n]{0,500})\]\(([^()\s]{1,2000})\)|:([a-z0-9_+'-]{1,60}):/g;

/** @returns {HTMLElement} */
export function markdown(text) {
  const made = el("div", { class: "markdown" });
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; ) at = block(made, lines, at);
  return made;
}

/** Adds what begins at line `at`; returns where it ends. */
function block(made, lines, at) {
  const line = lines[at];
  const heading = HEADING.exec(line);
  if (line.startsWith("```")) return fence(made, lines, at);
  if (heading) made.append(el("div", { class: "header", role: "heading", "aria-level": String(Math.max(3, heading[1].length)) }, pieces(heading[2])));
  else if (/^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line)) made.append(el("hr"));
  else if (ITEM.test(line)) return list(made, lines, at);
  else if (line.startsWith(">")) made.append(el("blockquote", {}, pieces(line.replace(/^> ?/, ""))));
  else if (line.trim()) made.append(el("p", {}, pieces(line)));
  return at + 1;
}

function fence(made, lines, at) {
  const found = lines.findIndex((line, index) => index > at && line.startsWith("```"));
  const end = found < 0 ? lines.length : found;
  made.append(el("pre", { text: lines.slice(at + 1, end).join("\n") }));
  return end + 1;
}

function list(made, lines, at) {
  const isOrdered = ITEM.exec(lines[at])[2] !== undefined;
  const items = [];
  let end = at;
  for (let found; end < lines.length && (found = ITEM.exec(lines[end])) && (found[2] !== undefined) === isOrdered; end += 1) {
    const item = el("li", {}, pieces(found[3]));
    item.style.setProperty("--indent", Math.floor(found[1].length / 2));
    items.push(item);
  }
  made.append(el(isOrdered ? "ol" : "ul", {}, items));
  return end;
}

function pieces(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(PIECE)) {
    found.push(text.slice(from, match.index), piece(match));
    from = match.index + match[0].length;
  }
  return [...found, text.slice(from)];
}

function piece([whole, code, bold, alsoBold, strike, italic, label, address, name]) {
  if (code) return el("code", { text: code });
  if (bold || alsoBold) return el("strong", { text: bold || alsoBold });
  if (strike) return el("s", { text: strike });
  if (italic) return el("em", { text: italic });
  if (address) return link(address, label || address);
  return emojiOf(name) ?? whole;
}
