// A button that opens a menu, with the keys of WAI-ARIA's menu button. What the items do is the caller's business.

import { el, fill } from "./dom.js";
import { freshId } from "./naming.js";
import { popup } from "./popup.js";

/**
 * @param {{label: string, sign?: string, items: () => {text: string, detail?: string, danger?: boolean, choose: () => void}[]}} menu
 * @returns {HTMLElement} the button and its menu
 */
export function menuButton({ label, sign = "⋯", items }) {
  const id = freshId("menu");
  const list = el("div", { id, class: "menu", role: "menu", "aria-label": label });
  const states = { "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id };
  const button = el("button", { type: "button", class: "button button-icon", "aria-label": label, title: label, text: sign, ...states });
  const menu = { button, list, items, popup: popup(list, () => button.setAttribute("aria-expanded", "false")) };
  listen(menu);
  return el("span", { class: "menu-holder" }, button, list);
}

function listen(menu) {
  const { button, list } = menu;
  button.addEventListener("click", () => (menu.popup.isOpen() ? close(menu) : open(menu)));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open(menu, event.key === "ArrowUp");
  });
  list.addEventListener("keydown", (event) => moveBy(event, list, () => close(menu)));
  list.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !list.contains(event.relatedTarget)) menu.popup.close();
  });
}

function open(menu, atLast = false) {
  const { button, list, items } = menu;
  fill(list, items().map((item) => menuItem(item, () => close(menu))));
  menu.popup.open(button);
  button.setAttribute("aria-expanded", "true");
  (atLast ? list.lastElementChild : list.firstElementChild)?.focus();
}

function close(menu) {
  menu.popup.close();
  menu.button.focus();
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
