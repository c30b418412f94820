// What a message says: its blocks, or else its text; attachments; files. Who said it, when, and whether it was
// edited is the shell's.

import { el, outward } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { imageElement } from "./images.js";
import { link, mrkdwn, plain } from "./mrkdwn.js";
import { clockTime, wholeTime } from "./times.js";
import { unknownBox } from "./unknown.js";

const COLOURS = new Set(["good", "warning", "danger"]);

/** @param {object} message as the control API shows it. @returns {HTMLElement} */
export function messageBody(message, ctx) {
  if (message.deleted || message.subtype === "tombstone") {
    return el("div", { class: "message-content tombstone", text: "This message was deleted." });
  }
  return el(
    "div",
    { class: "message-content" },
    message.blocks?.length ? renderBlocks(message.blocks, ctx) : text(message, ctx),
    (message.attachments ?? []).flatMap((each) => attachment(each, ctx)),
    message.files?.length ? el("ul", { class: "files", "aria-label": "Files" }, message.files.map(file)) : null,
  );
}

const text = (message, { reader }) => (message.text ? el("div", { class: "mrkdwn" }, mrkdwn(message.text, reader)) : null);

function attachment(each, ctx) {
  const made = el("div", { class: "attachment" }, attachmentParts(each, ctx));
  if (COLOURS.has(each.color)) made.classList.add(`attachment-${each.color}`);
  else if (/^#?[0-9a-f]{6}$/i.test(each.color ?? "")) made.style.setProperty("--bar", `#${each.color.replace("#", "")}`);
  const pretext = each.pretext ? line(each.pretext, "", ctx) : null;
  return [pretext, made];
}

const line = (words, kind, { reader }) => (words ? el("div", { class: `mrkdwn ${kind}` }, mrkdwn(words, reader)) : null);

function attachmentParts(each, ctx) {
  if (each.blocks?.length) return renderBlocks(each.blocks, ctx);
  const parts = [
    each.author_name && el("div", { class: "detail" }, each.author_link ? link(each.author_link, each.author_name) : each.author_name),
    each.title && el("div", { class: "plate-title" }, each.title_link ? outward(each.title_link, plain(each.title, ctx.reader)) : mrkdwn(each.title, ctx.reader)),
    line(each.text, "", ctx),
    each.fields?.length ? el("div", { class: "section-fields" }, each.fields.map((field) => attachmentField(field, ctx))) : null,
    (each.image_url || each.thumb_url) && imageElement({ image_url: each.image_url ?? each.thumb_url, alt_text: each.title || "Image" }, "image-large"),
    each.actions?.length ? unknownBox("row of actions", { type: "legacy", actions: each.actions }) : null,
    footer(each, ctx),
  ].filter(Boolean);
  return parts.length || each.pretext ? parts : [line(each.fallback ?? "", "", ctx)];
}

const attachmentField = (field, ctx) => el("div", { class: field.short ? "" : "wide" }, line(field.title, "plate-title", ctx), line(field.value, "", ctx));

function footer(each, { reader }) {
  const when = each.ts ? clockTime(each.ts, reader.me.tz) : "";
  const words = [each.footer, when].filter(Boolean).join(" · ");
  return words ? el("div", { class: "detail", title: when && wholeTime(each.ts, reader.me.tz), text: words }) : null;
}

function file({ id, name, title }) {
  const shown = title || name || id;
  return el("li", { class: "plate" }, `📄 ${shown} `, name && name !== shown ? el("span", { class: "detail", text: name }) : null);
}
