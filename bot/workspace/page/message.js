// One message: who, when, what, and what became of it. Its text and blocks are drawn by message_body.js.
import { el, fill } from "./dom.js";
import { face } from "./faces.js";
import { messageBody } from "./message_body.js";
import { equipWithToolbar } from "./message_toolbar.js";
import { reactionRow } from "./reactions.js";
import { isSystem, systemLine } from "./system_messages.js";
import { clockTime, dayAndTime, wholeTime } from "./times.js";
import { usesOf } from "./using.js";

/**
 * Where a message stands.
 * @typedef {{channel: string, canAct(): boolean, inThread: boolean, openThread(ts: string), redraw()}} Place
 */

/** The name a message is signed with. */
export const authorOf = (message, reader) => (message.is_app ? message.name : (reader.person(message.user)?.real_name ?? message.name));

/** @param joint how it joins the message before it, see message_list.js. */
export function messageArticle(message, joint, desk, place) {
  const { reader } = desk;
  const time = clockTime(message.ts, reader.me.tz);
  const label = `${authorOf(message, reader)}, ${time}`;
  const article = el("article", { class: classOf(message, joint), "aria-label": label, tabindex: "-1" });
  fill(article, gutter(message, joint, time, reader), el("div", { class: "message-main" }, ...parts(message, joint, desk, place)));
  if (!message.ephemeral && !message.deleted) equipWithToolbar(article, message, desk, place);
  return article;
}

function classOf(message, joint) {
  const kinds = { "message-ephemeral": message.ephemeral, "message-pinned": message.pinned, "message-goes-on": joint.goesOn };
  return ["message", ...Object.keys(kinds).filter((kind) => kinds[kind]), isSystem(message) ? "message-quiet" : ""].join(" ").trim();
}

function gutter(message, joint, time, reader) {
  if (joint.goesOn) return el("div", { class: "message-gutter" }, el("time", { class: "gutter-time", text: time }));
  const who = { name: authorOf(message, reader), isApp: message.is_app };
  return el("div", { class: "message-gutter" }, face(who));
}

function parts(message, joint, desk, place) {
  return [
    message.pinned && el("p", { class: "message-note message-note-pinned", text: "📌 Pinned" }),
    message.ephemeral && el("p", { class: "message-note", text: "👁 Only visible to you" }),
    !joint.goesOn && head(message, desk.reader),
    body(message, desk),
    reactionRow(message, desk, place),
    !place.inThread && replies(message, desk.reader, place),
    message.ephemeral && dismissal(message, desk, place),
  ];
}

function head(message, reader) {
  const time = el("time", {
    class: "message-time",
    title: wholeTime(message.ts, reader.me.tz),
    text: clockTime(message.ts, reader.me.tz),
  });
  const badge = message.is_bot && el("span", { class: "message-badge", text: "App" });
  const author = el("button", { class: "message-author", type: "button", text: authorOf(message, reader), tabindex: "-1" });
  author.addEventListener("click", () => reader.openPerson(message.user));
  return el("div", { class: "message-head" }, author, badge, isSystem(message) && systemLine(message, reader), time);
}

function body(message, desk) {
  if (message.deleted) return el("p", { class: "message-system", text: "This message was deleted." });
  if (isSystem(message)) return el("div", { class: "message-body" });
  const surface = message.ephemeral ? "ephemeral" : "message";
  const ctx = { reader: desk.reader, surface, values: message.values ?? {}, use: usesOf(message, desk) };
  const edited = message.edited && el("span", { class: "message-edited", text: "(edited)" });
  return el("div", { class: "message-body" }, messageBody(message, ctx), edited);
}

function replies(message, reader, place) {
  if (!message.reply_count) return null;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const faces = (message.reply_users ?? []).slice(0, 5).map((id) => replierFace(id, reader));
  const last = message.latest_reply && `Last reply ${dayAndTime(message.latest_reply, reader.me.tz, reader.now())}`;
  const open = () => place.openThread(message.ts);
  return el(
    "button",
    { class: "message-replies", type: "button", "aria-label": `${count}, open the thread`, on: { click: open } },
    el("span", { class: "reply-faces" }, faces),
    el("span", { class: "reply-count", text: count }),
    last && el("span", { class: "reply-last", text: last }),
  );
}

function replierFace(id, reader) {
  const person = reader.person(id);
  return face({ name: person?.real_name ?? "?", isApp: person?.is_app });
}

function dismissal(message, desk, place) {
  const dismiss = () => desk.deed("dismiss", { channel: place.channel, ts: message.ts });
  return el("button", { class: "message-dismiss", type: "button", text: "Dismiss", on: { click: dismiss } });
}
