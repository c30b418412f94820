// Slack's mrkdwn, parsed into nodes. Pure and linear: each sign is looked at a bounded number of times, nesting is
// bounded by the three styles, and whatever is no markup stays text. Nodes are made into elements in mrkdwn.js.

import { emojiOf } from "./emoji.js";

/**
 * @typedef {{kind: "text", text: string} | {kind: "bold"|"italic"|"strike"|"quote"|"code"|"pre", children: Node[]}
 *   | {kind: "token", head: string, label: string} | {kind: "url", url: string}
 *   | {kind: "emoji", name: string, character: string}} Node
 */

const FENCE = "```";
const TOKEN = /<([^<>\n]+)>/y;
const EMOJI = /:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/y;
const BARE_URL = /https?:\/\/[^\s<>|]+/y;
const UNTIL_SIGN = /[^<:`*_~h]+/y;
const ENTITY = /&(amp|lt|gt);/g;
const ENTITIES = { amp: "&", lt: "<", gt: ">" };
const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const WORD = /[\p{L}\p{N}\u2060]/u;
const SPACE = /\s/;

export const unescape = (text) => text.replace(ENTITY, (_, name) => ENTITIES[name]);

const at = (pattern, text, index) => {
  pattern.lastIndex = index;
  return pattern.exec(text);
};

/** Mrkdwn -> nodes. `verbatim`: an address that is not marked as a link stays text. */
export function parse(text, { verbatim = false } = {}) {
  return blocks(text, { verbatim, quotes: true });
}

/** Code in fences, and between it lines with their quotes. */
function blocks(text, how) {
  const nodes = [];
  let from = 0;
  while (from < text.length) {
    const fence = fenceFrom(text, from);
    const part = text.slice(from, fence ? fence.start : text.length);
    const all = how.quotes ? allQuoted(part) : null;
    extend(nodes, lines(all ? part.slice(0, all.start) : part, how));
    if (all) return extend(nodes, [{ kind: "quote", children: blocks(text.slice(from + all.inside), { ...how, quotes: false }) }]);
    if (fence) nodes.push({ kind: "pre", children: literal(fence.inside) });
    from = fence ? fence.end : text.length;
  }
  return nodes;
}

function extend(nodes, more) {
  for (const node of more) nodes.push(node);
  return nodes;
}

/** A block stands on a line of its own, so the line break after it is not shown a second time. */
function fenceFrom(text, from) {
  const start = text.indexOf(FENCE, from);
  const close = start < 0 ? -1 : text.indexOf(FENCE, start + FENCE.length + 1);
  if (close < 0) return null;
  const inside = text.slice(start + FENCE.length, close).replace(/^\n/, "").replace(/\n$/, "");
  const end = close + FENCE.length;
  return { start, inside, end: text[end] === "\n" ? end + 1 : end };
}

/** Where `>>>` begins a line: from there on all is quoted. */
function allQuoted(part) {
  const found = /^(?:&gt;&gt;&gt;|>>>) ?/m.exec(part);
  return found && { start: found.index, inside: found.index + found[0].length };
}

/** What is quoted by this line, or null. */
function quoted(line) {
  const found = /^(?:&gt;|>) ?/.exec(line);
  return found && line.slice(found[0].length);
}

function lines(text, how) {
  const nodes = [];
  let quote = null;
  for (const [number, line] of text.split("\n").entries()) {
    const inside = how.quotes ? quoted(line) : null;
    if (number > 0 && !quote) nodes.push({ kind: "text", text: "\n" });
    if (inside === null) {
      extend(nodes, inline(line, how));
      quote = null;
      continue;
    }
    if (quote) quote.children.push({ kind: "text", text: "\n" });
    else nodes.push((quote = { kind: "quote", children: [] }));
    extend(quote.children, inline(inside, how));
  }
  return nodes;
}

/** Tokens and text, without any style: for code. */
function literal(text) {
  const nodes = [];
  let from = 0;
  while (from < text.length) {
    const token = text[from] === "<" && at(TOKEN, text, from);
    const next = token ? TOKEN.lastIndex : nextOpening(text, from + 1);
    nodes.push(token ? tokenNode(token[1]) : { kind: "text", text: unescape(text.slice(from, next)) });
    from = next;
  }
  return nodes;
}

function nextOpening(text, from) {
  const found = text.indexOf("<", from);
  return found < 0 ? text.length : found;
}

function tokenNode(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? { kind: "token", head: inside, label: "" } : { kind: "token", head: inside.slice(0, bar), label: inside.slice(bar + 1) };
}

/** One line: pieces first (tokens, code, emoji, addresses, signs), then styles from the signs. */
function inline(line, how) {
  return styled(pieces(line, how));
}

function* pieces(line, how) {
  const codeEnds = line.lastIndexOf("`");
  let from = 0;
  while (from < line.length) {
    const found = pieceAt(line, from, how, codeEnds);
    yield found.piece;
    from = found.next;
  }
}

function pieceAt(line, from, how, codeEnds) {
  const sign = line[from];
  if (sign === "<") return matched(TOKEN, line, from, (found) => tokenNode(found[1]));
  if (sign === ":") return matched(EMOJI, line, from, emojiNode);
  if (sign === "h") return addressAt(line, from, how);
  if (sign === "`") return codeAt(line, from, codeEnds);
  if (STYLES[sign]) return { piece: signNode(line, from), next: from + 1 };
  return matched(UNTIL_SIGN, line, from, (found) => textNode(found[0]));
}

const textNode = (text) => ({ kind: "text", text: unescape(text) });

/** What the pattern finds here, if `make` can use it; else this one sign as text. */
function matched(pattern, line, from, make) {
  const found = at(pattern, line, from);
  const next = pattern.lastIndex;
  const piece = found && make(found);
  return piece ? { piece, next } : { piece: textNode(line[from]), next: from + 1 };
}

function emojiNode([, name]) {
  const character = emojiOf(name);
  return character && { kind: "emoji", name, character };
}

function addressAt(line, from, how) {
  const isWordBefore = from > 0 && WORD.test(line[from - 1]);
  if (how.verbatim || isWordBefore) return { piece: textNode("h"), next: from + 1 };
  const found = at(BARE_URL, line, from);
  if (!found) return { piece: textNode("h"), next: from + 1 };
  const url = found[0].replace(/[.,;:!?'")\]*_~]{1,20}$/, "");
  return { piece: { kind: "url", url: unescape(url) }, next: from + url.length };
}

function codeAt(line, from, codeEnds) {
  const end = from < codeEnds ? line.indexOf("`", from + 1) : -1;
  if (end <= from + 1) return { piece: textNode("`"), next: from + 1 };
  return { piece: { kind: "code", children: literal(line.slice(from + 1, end)) }, next: end + 1 };
}

/** A sign opens after a boundary of a word and before something, and closes the other way round. */
function signNode(line, index) {
  const sign = line[index];
  const before = index > 0 ? line[index - 1] : " ";
  const after = index + 1 < line.length ? line[index + 1] : " ";
  return {
    kind: "sign",
    sign,
    opens: !isWord(line, index, -1) && !SPACE.test(after) && after !== sign,
    closes: !isWord(line, index, 1) && !SPACE.test(before) && before !== sign,
  };
}

/** Whether a letter, a digit or a word joiner stands beside this index; also one of two halves. */
function isWord(line, index, way) {
  const beside = way > 0 ? line.codePointAt(index + 1) : codePointBefore(line, index);
  return beside !== undefined && WORD.test(String.fromCodePoint(beside));
}

function codePointBefore(line, index) {
  if (index === 0) return undefined;
  const isLowHalf = /[\uDC00-\uDFFF]/.test(line[index - 1]) && index > 1;
  return line.codePointAt(index - (isLowHalf ? 2 : 1));
}

/** Pairs of signs become styles. A sign without its other half, or crossed by another pair, stays text. */
function styled(found) {
  const open = [{ sign: "", children: [] }];
  for (const piece of found) {
    if (piece.kind !== "sign") add(open.at(-1).children, piece);
    else if (piece.closes && open.some(({ sign }) => sign === piece.sign)) close(open, piece.sign);
    else if (piece.opens && !open.some(({ sign }) => sign === piece.sign)) open.push({ sign: piece.sign, children: [] });
    else add(open.at(-1).children, { kind: "text", text: piece.sign });
  }
  while (open.length > 1) spill(open);
  return open[0].children;
}

function close(open, sign) {
  while (open.at(-1).sign !== sign) spill(open);
  const { children } = open.pop();
  open.at(-1).children.push({ kind: STYLES[sign], children });
}

/** An opening that never closed: its sign is text again. */
function spill(open) {
  const { sign, children } = open.pop();
  add(open.at(-1).children, { kind: "text", text: sign });
  for (const child of children) add(open.at(-1).children, child);
}

function add(children, node) {
  const last = children.at(-1);
  if (node.kind === "text" && last?.kind === "text") last.text += node.text;
  else children.push(node);
}
