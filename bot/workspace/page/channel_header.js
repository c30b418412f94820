// The head of a channel: its name, topic, members, pins and bookmarks.
import { el, outward } from "./dom.js";
import { face } from "./faces.js";
import { authorOf } from "./message.js";
import { messageBody } from "./message_body.js";
import { mrkdwn } from "./mrkdwn.js";
import { emojiText } from "./reactions.js";
import { openPopover } from "./popover.js";
import { dayAndTime } from "./times.js";

/** How a channel is called in its heading and in the field that one writes in. */
export function titleOf(header, reader) {
  if (header.is_im) return reader.person(header.with)?.real_name ?? "Direct messages";
  return header.is_private ? `🔒 ${header.name}` : `# ${header.name}`;
}

/** The heading alone, for any place: `sign` is shown and `spoken` is read. */
export function heading(title, desk, ...more) {
  return el("header", { class: "place-header" }, menuButton(desk), el("h1", { id: "place-heading", class: "place-title" }, title), ...more);
}

function menuButton({ drawer }) {
  const props = { class: "menu-button", type: "button", "aria-label": "Menu", "aria-expanded": "false" };
  return el("button", { ...props, text: "☰", on: { click: drawer.toggle } });
}

function spokenTitle(header, reader) {
  if (!header.is_private || header.is_im) return titleOf(header, reader);
  const sign = el("span", { "aria-hidden": "true", text: "🔒 " });
  return [sign, el("span", { class: "for-readers", text: "private channel " }), header.name];
}

export function channelHeader(header, desk) {
  const { reader } = desk;
  const topic = el("p", { class: "place-topic", title: header.topic }, mrkdwn(header.topic ?? "", reader));
  const tools = el("div", { class: "place-tools" }, !header.is_im && membersButton(header, desk), pinsButton(header, desk));
  const mark = header.is_archived && el("span", { class: "place-mark", text: "Archived" });
  const node = heading(spokenTitle(header, reader), desk, mark, topic, tools);
  return el("div", { class: "place-head" }, node, bookmarks(header));
}

const placeTool = (text) => el("button", { class: "place-tool", type: "button", text, "aria-haspopup": "dialog" });

function membersButton(header, desk) {
  const count = header.members.length;
  const button = placeTool(count === 1 ? "1 member" : `${count} members`);
  button.addEventListener("click", () => openPopover(button, memberList(header, desk.reader), { label: "Members" }));
  return button;
}

function memberList(header, reader) {
  const people = header.members.map((id) => reader.person(id)).filter(Boolean);
  return el(
    "ul",
    { class: "member-list" },
    people.map((each) =>
      el(
        "li",
        { class: "member" },
        face({ name: each.real_name, isApp: each.is_app }),
        el("span", { class: "member-name", text: each.real_name }),
        el("span", { class: "member-title", text: each.title ?? "" }),
      ),
    ),
  );
}

function pinsButton(header, desk) {
  if (!header.pins.length) return null;
  const button = placeTool(`Pinned (${header.pins.length})`);
  button.addEventListener("click", () => {
    const close = openPopover(button, pinList(header, desk, () => close()), { label: "Pinned messages" });
  });
  return button;
}

function pinList(header, desk, close) {
  return el("ul", { class: "pin-list" }, header.pins.map((message) => pinned(message, header, desk, close)));
}

function pinned(message, header, desk, close) {
  const { reader, deed } = desk;
  const ctx = { reader, surface: "message", values: message.values ?? {}, use: () => Promise.resolve({ ok: true }) };
  const show = () => {
    close();
    reader.openChannel(header.id, message.ts);
  };
  const unpin = () => {
    close();
    deed("unpin", { channel: header.id, ts: message.ts });
  };
  return el(
    "li",
    { class: "pin" },
    el("p", { class: "pin-head" }, el("b", { text: authorOf(message, reader) }), ` ${dayAndTime(message.ts, reader.me.tz, reader.now())}`),
    el("div", { class: "pin-body", inert: true }, messageBody(message, ctx)),
    el("button", { class: "button", type: "button", text: "Show in the channel", on: { click: show } }),
    header.is_member && el("button", { class: "button", type: "button", text: "Unpin", on: { click: unpin } }),
  );
}

function bookmarks(header) {
  if (!header.bookmarks.length) return null;
  const links = header.bookmarks.map(({ title, link, emoji }) => {
    const sign = emoji ? emojiText(emoji.replaceAll(":", "")) : "🔗";
    return el("li", {}, outward(link, el("span", { "aria-hidden": "true", text: `${sign} ` }), title));
  });
  return el("ul", { class: "bookmarks", "aria-label": "Bookmarks" }, links);
}
