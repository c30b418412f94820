// What can be done to a message: appears where the pointer or the focus is. Each act goes to the workspace; nothing is drawn here.
import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { editInPlace } from "./message_edit.js";
import { openMenu } from "./act_menu.js";
import { openPicker } from "./picker.js";
import { emojiText, react } from "./reactions.js";
import { isSystem } from "./system_messages.js";

/** Gives the article its toolbar while it is pointed at or has the focus. */
export function equipWithToolbar(article, message, desk, place) {
  let bar = null;
  const show = () => {
    if (bar || article.querySelector(".message-edit")) return;
    bar = toolbar(article, message, desk, place);
    article.append(bar);
  };
  const hide = () => {
    if (!bar || article.matches(":hover, :focus-within") || bar.querySelector("[aria-expanded=true]")) return;
    bar.remove();
    bar = null;
  };
  const drop = () => {
    bar?.remove();
    bar = null;
  };
  article.addEventListener("pointerenter", show);
  article.addEventListener("focusin", show);
  article.addEventListener("pointerleave", hide);
  article.addEventListener("focusout", () => setTimeout(hide));
  article.addEventListener("menuclosed", () => setTimeout(hide));
  article.addEventListener("editing", drop);
}

function toolbar(article, message, desk, place) {
  const canAct = place.canAct();
  const quick = canAct ? desk.reader.app.reactions.map((name) => quickReaction(name, message, desk, place)) : [];
  const bar = el("div", { class: "message-toolbar", role: "toolbar", "aria-label": "Message actions" }, quick);
  if (canAct) bar.append(picking(message, desk, place));
  if (!place.inThread) bar.append(tool("Reply in thread", "💬", () => place.openThread(message.thread_ts ?? message.ts)));
  bar.append(more(article, message, desk, place));
  bar.addEventListener("keydown", (event) => alongBar(bar, event));
  return bar;
}

const tool = (label, sign, click) =>
  el("button", { type: "button", "aria-label": label, title: label, text: sign, on: { click } });

const quickReaction = (name, message, desk, place) =>
  tool(`React with :${name}:`, emojiText(name), () => react(message, name, desk, place));

function picking(message, desk, place) {
  const button = tool("More reactions", "☺+", () =>
    openPicker(button, desk.reader.app.reactions, (name) => react(message, name, desk, place)),
  );
  return button;
}

function more(article, message, desk, place) {
  const button = tool("More actions", "⋯", () => openMenu(button, "More actions", choices(article, message, desk, place)));
  button.setAttribute("aria-haspopup", "menu");
  return button;
}

function choices(article, message, desk, place) {
  const { reader, deed } = desk;
  const spot = { channel: place.channel, ts: message.ts };
  const isMine = message.user === reader.me.id && !isSystem(message);
  const shortcuts = reader.app.shortcuts.filter(({ type }) => type === "message");
  const offered = shortcuts.map(({ callback_id, name }) => ({
    label: name,
    hint: reader.app.name,
    choose: () => deed("message_shortcut", { ...spot, callback_id }),
  }));
  const pinned = message.pinned
    ? { label: "Unpin from channel", choose: () => deed("unpin", spot) }
    : { label: "Pin to channel", choose: () => deed("pin", spot) };
  const own = [
    { label: "Edit message", choose: () => editInPlace(article, message, desk, place) },
    { label: "Delete message", isGrave: true, choose: () => remove(desk, spot) },
  ];
  const link = { label: "Copy link", choose: () => copyLink(message, desk, place) };
  return place.canAct() ? [...offered, pinned, link, ...(isMine ? own : [])] : [link];
}

const plain = (text) => ({ type: "plain_text", text });
const BEFORE_DELETING = {
  title: plain("Delete this message?"),
  text: plain("It is gone for everybody, and cannot be brought back."),
  confirm: plain("Delete"),
  deny: plain("Keep it"),
  style: "danger",
};

async function remove({ reader, deed }, spot) {
  if (await confirmed(BEFORE_DELETING, reader)) await deed("delete", spot);
}

async function copyLink(message, { reader, notices }, place) {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}` : "";
  const address = `https://${reader.app.team.domain}.slack.com/archives/${place.channel}/p${message.ts.replace(".", "")}${thread}`;
  try {
    await navigator.clipboard.writeText(address);
    notices.say("The link is copied.");
  } catch {
    notices.say(address);
  }
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

function alongBar(bar, event) {
  const buttons = [...bar.querySelectorAll("button")];
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length]?.focus();
}
