// A button that opens a menu, with the keys of WAI-ARIA's menu button. What the items do is the caller's business.

import { el, fill } from "./dom.js";
import { freshId } from "./naming.js";
import { popup } from "./popup.js";

/**
 * @param {{label: string, sign?: string, items: () => {text: string, detail?: string, danger?: boolean, choose: () => void}[]}} menu
 * @returns {HTMLElement} the button and its menu
 */
export function menuButton({ label, sign = "⋯", items, ...more }) {
  const id = freshId("menu");
  const list = el("div", { id, class: "menu", role: "menu", "aria-label": label });
  const button = el("button", { type: "button", class: "button button-icon", "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id, text: sign, ...more });
  const shown = popup(list, () => button.setAttribute("aria-expanded", "false"));
  const close = () => {
    shown.close();
    button.focus();
  };
  const open = (last = false) => {
    fill(list, items().map((item) => menuItem(item, close)));
    shown.open(button);
    button.setAttribute("aria-expanded", "true");
    (last ? list.lastElementChild : list.firstElementChild)?.focus();
  };
  button.addEventListener("click", () => (shown.isOpen() ? close() : open()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open(event.key === "ArrowUp");
  });
  list.addEventListener("keydown", (event) => moveBy(event, list, close));
  list.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !list.contains(event.relatedTarget)) shown.close();
  });
  return el("span", { class: "menu-holder" }, button, list);
}

function menuItem({ text, detail, danger, choose }, close) {
  const chosen = () => {
    close();
    choose();
  };
  const said = detail ? el("span", { class: "detail", text: detail }) : null;
  return el("button", { type: "button", role: "menuitem", tabindex: "-1", class: danger ? "danger" : "", on: { click: chosen } }, text, said);
}

function moveBy(event, list, close) {
  const all = [...list.children];
  const here = all.indexOf(document.activeElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) all[to % all.length].focus();
  else if (event.key === "Escape") close();
  else if (event.key === "Tab") return close();
  else return undefined;
  event.preventDefault();
  return event.stopPropagation();
}
