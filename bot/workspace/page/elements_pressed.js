// Buttons and menus that act when pressed. They ask first where they carry a confirmation, and show while they wait.

import { confirmed } from "./confirm.js";
import { el, outward } from "./dom.js";
import { menuButton } from "./menu.js";
import { wordsOf } from "./mrkdwn.js";
import { press } from "./pressing.js";

async function act(node, block, element, ctx, value) {
  if (await confirmed(element.confirm, ctx.reader)) await press(node, () => ctx.use(block, element, value), ctx.reader);
}

const styled = (element) => `button${element.style ? ` button-${element.style}` : ""}`;

const about = (block, element) => ({ action: element.action_id ?? "", block: block.block_id ?? "" });

export function button(block, element, ctx) {
  const text = wordsOf(element.text, ctx.reader);
  if (element.url) return linkButton(block, element, ctx, text);
  return el("button", {
    type: "button",
    class: styled(element),
    dataset: about(block, element),
    "aria-label": element.accessibility_label,
    text,
    on: { click: (event) => act(event.currentTarget, block, element, ctx) },
  });
}

/** A button with an address opens it and tells the app as well, as in Slack. */
function linkButton(block, element, ctx, text) {
  const made = outward(element.url, text);
  made.className = styled(element);
  made.title = element.url;
  Object.assign(made.dataset, about(block, element));
  if (element.accessibility_label) made.setAttribute("aria-label", element.accessibility_label);
  made.addEventListener("click", () => press(made, () => ctx.use(block, element), ctx.reader));
  return made;
}

export function overflow(block, element, ctx) {
  const subject = wordsOf(block.text, ctx.reader).split("\n")[0].slice(0, 80);
  const holder = menuButton({
    label: subject ? `More: ${subject}` : "More",
    items: () => element.options.map((option) => menuChoice(option, (value) => act(holder, block, element, ctx, value), ctx)),
  });
  holder.firstElementChild.dataset.action = element.action_id ?? "";
  return holder;
}

function menuChoice(option, use, { reader }) {
  const choose = () => {
    if (option.url) outward(option.url).click();
    use(option.value);
  };
  return { text: wordsOf(option.text, reader), detail: wordsOf(option.description, reader), choose };
}

/** Workflows are not run here; the press is told to the app all the same. */
export function workflowButton(block, element, ctx) {
  const made = button(block, { ...element, url: undefined }, ctx);
  made.title = "Starts a workflow in Slack; this workspace has none.";
  return made;
}

export function iconButton(block, element, ctx) {
  const named = { ...element, accessibility_label: element.accessibility_label ?? wordsOf(element.text, ctx.reader) };
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(ctx.reader.me.id)) return null;
  const made = button(block, named, ctx);
  made.className = "button button-icon";
  made.title = wordsOf(element.text, ctx.reader);
  made.textContent = element.icon === "trash" ? "🗑️" : `:${element.icon}:`;
  return made;
}

export function feedbackButtons(block, element, ctx) {
  const one = (part, sign) => {
    const made = button(block, { ...element, ...part }, ctx);
    made.textContent = `${sign} ${made.textContent}`;
    return made;
  };
  return el("span", { class: "feedback" }, one(element.positive_button, "👍"), one(element.negative_button, "👎"));
}
