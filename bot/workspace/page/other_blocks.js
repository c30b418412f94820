// The blocks that apps send more rarely: each in a plain, faithful form.

import { actingElement } from "./elements.js";
import { el } from "./dom.js";
import { imageElement } from "./images.js";
import { markdown } from "./markdown.js";
import { link, words, wordsOf } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { unknownBox } from "./unknown.js";

const mrkdwnLine = (object, reader, kind = "") => (object ? el("div", { class: `mrkdwn ${kind}` }, words(object, reader)) : null);

function video(block, { reader }) {
  const title = wordsOf(block.title, reader);
  const from = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  return el(
    "div",
    { class: "plate" },
    from && el("div", { class: "detail", text: from }),
    el("div", { class: "plate-title" }, link(block.title_url ?? block.video_url, `▶️ ${title}`)),
    mrkdwnLine(block.description, reader),
    el("div", { class: "detail", text: block.alt_text }),
  );
}

const file = (block) => el("div", { class: "plate" }, el("div", { class: "plate-title", text: `📄 File ${block.external_id}` }), el("div", { class: "detail", text: `kept elsewhere (${block.source})` }));

function table(block, { reader }) {
  const [head, ...rows] = block.rows;
  const cells = (row, tag) => el("tr", {}, row.map((cell, column) => el(tag, { class: aligned(block, column), scope: tag === "th" ? "col" : null }, cellContent(cell, reader))));
  const caption = block.caption ? el("caption", { text: block.caption }) : null;
  const body = el("tbody", {}, rows.map((row) => cells(row, "td")));
  return el("div", { class: "table-room", role: "region", "aria-label": block.caption ?? "Table", tabindex: "0" }, el("table", {}, caption, el("thead", {}, cells(head ?? [], "th")), body));
}

const aligned = (block, column) => {
  const { align = "left", is_wrapped: isWrapped = false } = block.column_settings?.[column] ?? {};
  return `align-${align}${isWrapped ? " wrapped" : ""}`;
};

const cellContent = (cell, reader) => (cell.elements ? richText(cell, reader) : (cell.text ?? String(cell.value ?? "")));

const LEVELS = { info: "ℹ️", warning: "⚠️", error: "⛔", success: "✅" };

const alert = (block, { reader }) =>
  el("div", { class: `plate plate-${block.level ?? "default"}`, role: "note" }, LEVELS[block.level] && el("span", { class: "emoji", text: LEVELS[block.level] }), mrkdwnLine(block.text, reader));

function card(block, ctx) {
  const { reader } = ctx;
  return el(
    "div",
    { class: "plate" },
    block.hero_image && imageElement(block.hero_image, "image-large"),
    block.icon && imageElement(block.icon, "image-tiny"),
    mrkdwnLine(block.title, reader, "plate-title"),
    mrkdwnLine(block.subtitle, reader, "detail"),
    mrkdwnLine(block.body, reader),
    block.actions?.length ? el("div", { class: "block-actions" }, block.actions.map((each) => actingElement(block, each, ctx))) : null,
  );
}

const carousel = (block, ctx) => block.elements.map((each) => card(each, ctx));

function container(block, ctx, renderBlock) {
  const title = block.rich_text_title ? richText(block.rich_text_title, ctx.reader) : wordsOf(block.title, ctx.reader);
  const head = [block.icon && imageElement(block.icon, "image-tiny"), title, mrkdwnLine(block.subtitle, ctx.reader, "detail")];
  const inside = block.child_blocks.map((each) => renderBlock(each, ctx));
  if (!block.is_collapsible) return el("div", { class: "plate" }, el("div", { class: "plate-title" }, head), inside);
  return el("details", { class: "plate", open: !block.default_collapsed }, el("summary", { class: "plate-title" }, head), inside);
}

const MARKS = { pending: "⚪", in_progress: "⏳", complete: "✅", error: "⛔" };

function taskCard(block, { reader }) {
  const sources = (block.sources ?? []).map((source) => el("li", {}, link(source.url, source.text)));
  return el(
    "div",
    { class: "plate" },
    el("div", { class: "plate-title", text: `${MARKS[block.status] ?? ""} ${block.title}` }),
    el("div", { class: "detail", text: block.status.replace("_", " ") }),
    block.details && richText(block.details, reader),
    block.output && richText(block.output, reader),
    sources.length ? el("ul", {}, sources) : null,
  );
}

const plan = (block, ctx) => [
  el("div", { class: "plate-title", text: block.title }),
  (block.tasks ?? []).map((task) => (task.type === "task_card" ? taskCard(task, ctx) : unknownBox("task", task))),
].flat();

export const OTHERS = {
  video,
  file,
  table,
  data_table: table,
  alert,
  card,
  carousel,
  container,
  plan,
  task_card: taskCard,
  context_actions: (block, ctx) => block.elements.map((element) => actingElement(block, element, ctx)),
  markdown: (block) => markdown(block.text),
};
