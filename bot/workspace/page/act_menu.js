// A menu of things to do, opened by a button, used with the pointer or the arrow keys.
import { el } from "./dom.js";
import { openPopover } from "./popover.js";

/** @param items `[{label, hint?, isGrave?, choose()}]` */
export function openMenu(anchor, label, items) {
  const list = el("div", { class: "act-menu" });
  const entries = items.map((item) => entry(item, () => close()));
  list.append(...entries);
  list.addEventListener("keydown", (event) => walk(entries, event));
  const close = openPopover(anchor, list, { role: "menu", label, focus: entries[0] });
}

function entry({ label, hint, isGrave, choose }, close) {
  const chosen = () => {
    close();
    choose();
  };
  return el(
    "button",
    { class: isGrave ? "act-item act-item-grave" : "act-item", type: "button", role: "menuitem", tabindex: "-1", on: { click: chosen } },
    el("span", { text: label }),
    hint && el("span", { class: "act-hint", "aria-hidden": "true", text: hint }),
  );
}

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

function walk(entries, event) {
  const step = STEPS[event.key];
  const at = entries.indexOf(document.activeElement);
  if (step) entries[(at + step + entries.length) % entries.length].focus();
  else if (event.key === "Home") entries[0].focus();
  else if (event.key === "End") entries.at(-1).focus();
  else return;
  event.preventDefault();
}
