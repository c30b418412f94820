// Draws messages as list items, and redraws only those that changed. What is drawn, and when, is decided elsewhere.
import { arrange } from "./arrange.js";
import { el } from "./dom.js";
import { messageArticle } from "./message.js";
import { isSystem } from "./system_messages.js";
import { dayName } from "./times.js";

const GROUPED_SECONDS = 300;
const IN_USE_MS = 150;

/** Whether something in this row is pressed, open, or being edited. */
const isInUse = (node) => node.matches(":active") || Boolean(node.querySelector(".message-edit, [aria-expanded=true], :popover-open"));

/** How a message joins the one before it: a new day, the first unread, the same author going on. */
function jointOf(before, message, { readUpTo, hasMoreBefore, isThread }, reader) {
  if (isThread) return { day: "", isFirstNew: false, goesOn: isReply(before) && isSameSpeaker(before, message) };
  const day = (each) => dayName(each.ts, reader.me.tz, reader.now());
  const startsDay = !before || day(before) !== day(message);
  const isFirstNew = Boolean(readUpTo) && message.ts > readUpTo && (before ? before.ts <= readUpTo : !hasMoreBefore);
  const goesOn = !startsDay && !isFirstNew && isSameSpeaker(before, message);
  return { day: startsDay ? day(message) : "", isFirstNew, goesOn };
}

const isReply = (message) => Boolean(message) && message.thread_ts !== message.ts;

const isSameSpeaker = (before, message) =>
  before.user === message.user &&
  before.name === message.name &&
  !isSystem(before) &&
  !isSystem(message) &&
  !before.ephemeral &&
  !message.ephemeral &&
  Number(message.ts) - Number(before.ts) < GROUPED_SECONDS;

const line = (kind, text) => el("div", { class: `line line-${kind}` }, el("span", { text }));

function row(message, joint, desk, place) {
  return el(
    "li",
    { class: "message-row", dataset: { ts: message.ts } },
    joint.day && line("day", joint.day),
    joint.isFirstNew && line("new", "New"),
    messageArticle(message, joint, desk, place),
  );
}

class MessageList {
  #desk;
  #place;
  #rows = new Map();
  #texts = new WeakMap();
  #waiting = null;

  constructor(desk, place, label) {
    this.#desk = desk;
    this.#place = place;
    const on = { keydown: (event) => walk(this.node, event), focusin: (event) => rove(this.node, event.target) };
    this.node = el("ol", { class: "messages", "aria-label": label, on });
  }

  /** Shows exactly these. `readUpTo`: the ts after which "New" stands, or "". */
  draw(messages, { readUpTo = "", hasMoreBefore = false } = {}) {
    const held = focused(this.node);
    const ends = { readUpTo, hasMoreBefore, isThread: this.#place.inThread };
    const wanted = messages.map((message, index) => this.#rowFor(messages[index - 1], message, ends));
    this.#forget(messages);
    arrange(this.node, wanted);
    refocus(this.node, held);
    rove(this.node, document.activeElement);
  }

  /** Draws all anew the next time: names may have changed, or what day it is. */
  forgetAll() {
    for (const row of this.#rows.values()) row.key = "";
  }

  row(ts) {
    return this.#rows.get(ts)?.node;
  }

  #rowFor(before, message, ends) {
    const joint = jointOf(before, message, ends, this.#desk.reader);
    const key = this.#text(message) + JSON.stringify(joint);
    const known = this.#rows.get(message.ts);
    if (known?.key === key) return known.node;
    if (known && isInUse(known.node)) return this.#later(known.node);
    const node = row(message, joint, this.#desk, this.#place);
    this.#rows.set(message.ts, { key, node });
    return node;
  }

  /** Draws again soon, as this row is pressed or worked in just now: a click on what is replaced would be lost. */
  #later(node) {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(this.#place.redraw, IN_USE_MS);
    return node;
  }

  #text(message) {
    if (!this.#texts.has(message)) this.#texts.set(message, JSON.stringify(message));
    return this.#texts.get(message);
  }

  #forget(messages) {
    const shown = new Set(messages.map(({ ts }) => ts));
    for (const ts of this.#rows.keys()) if (!shown.has(ts)) this.#rows.delete(ts);
  }
}

/** Which control of which message has the focus, so that it can have it again after a redraw. */
function focused(list) {
  const active = document.activeElement;
  const item = list.contains(active) ? active.closest("li[data-ts]") : null;
  return item && { active, ts: item.dataset.ts, label: labelOf(active), tag: active.tagName };
}

const labelOf = (node) => node.getAttribute("aria-label") ?? node.textContent;

function refocus(list, held) {
  if (!held || held.active.isConnected) return;
  const item = [...list.children].find((child) => child.dataset.ts === held.ts);
  item?.querySelector("article").focus({ preventScroll: true });
  const same = [...(item?.querySelectorAll(held.tag) ?? [])].find((node) => labelOf(node) === held.label);
  same?.focus({ preventScroll: true });
}

/** One message alone is reached by Tab: the one that has the focus, else the newest. */
function rove(list, focusedNow) {
  const articles = [...list.querySelectorAll("article")];
  const current = articles.find((article) => article.contains(focusedNow)) ?? articles.at(-1);
  for (const article of articles) article.tabIndex = article === current ? 0 : -1;
}

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

/** Arrow keys go from message to message. */
function walk(list, event) {
  const step = STEPS[event.key];
  if (!step || !event.target.matches("article")) return;
  event.preventDefault();
  const articles = [...list.querySelectorAll("article")];
  articles[articles.indexOf(event.target) + step]?.focus();
}

/** @returns {{node, draw, row(ts), forgetAll}} `place`: see message.js. */
export const messageList = (desk, place, label) => new MessageList(desk, place, label);
