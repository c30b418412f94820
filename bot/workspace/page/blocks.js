// The blocks that messages and views are made of, as Slack shows them. It draws; what a press leads to is `ctx.use`.
//
// ctx: {reader, surface: "message" | "ephemeral" | "modal" | "home", values: this person's `state.values`,
//       use(block, element, value) -> Promise<answer>: both as they stand in the message or view; `value` is undefined
//       for a button; and, from a view: typed: Map of what was typed, fields: Map that input blocks put themselves in}

import { actingElement } from "./elements.js";
import { el } from "./dom.js";
import { inputBlock } from "./fields.js";
import { imageElement } from "./images.js";
import { words, wordsOf } from "./mrkdwn.js";
import { OTHERS } from "./other_blocks.js";
import { richText } from "./rich_text.js";
import { unknownBox } from "./unknown.js";

/** @returns {DocumentFragment} */
export function renderBlocks(blocks, ctx) {
  const made = document.createDocumentFragment();
  for (const block of blocks ?? []) made.append(renderBlock(block, ctx));
  return made;
}

export function renderBlock(block, ctx) {
  const type = block?.type;
  const draw = Object.hasOwn(KNOWN, type) ? KNOWN[type] : Object.hasOwn(OTHERS, type) ? OTHERS[type] : null;
  return el("div", { class: `block block-${draw ? type : "unknown"}`, dataset: { block: block?.block_id ?? "" } }, drawn(draw, block, ctx));
}

/** A block that is broken in itself is shown as it came, and takes nothing else with it. */
function drawn(draw, block, ctx) {
  if (!draw) return unknownBox("block", block);
  try {
    return draw(block, ctx, renderBlock);
  } catch (failure) {
    console.error("a block could not be drawn", failure, block);
    return unknownBox("block", block);
  }
}

const textIn = (object, reader) => el("div", { class: "mrkdwn" }, words(object, reader));

function section(block, ctx) {
  const text = block.text ? textIn(block.text, ctx.reader) : null;
  const fields = block.fields?.length ? el("div", { class: "section-fields" }, block.fields.map((field) => textIn(field, ctx.reader))) : null;
  const accessory = block.accessory ? el("div", { class: "accessory" }, actingElement(block, block.accessory, ctx)) : null;
  return [el("div", { class: "section-words" }, text, fields), accessory];
}

function context(block, { reader }) {
  return block.elements.map((element) => (element.type === "image" ? imageElement(element, "image-tiny") : textIn(element, reader)));
}

const actions = (block, ctx) => block.elements.map((element) => actingElement(block, element, ctx));

function image(block, { reader }) {
  const title = block.title ? el("figcaption", { text: wordsOf(block.title, reader) }) : null;
  return el("figure", {}, title, imageElement(block, "image-large"));
}

const KNOWN = {
  section,
  header: (block, { reader }) => el("div", { class: "header", role: "heading", "aria-level": "3", text: wordsOf(block.text, reader) }),
  divider: () => el("hr"),
  context,
  actions,
  input: inputBlock,
  image,
  rich_text: (block, { reader }) => richText(block, reader),
};
