// Editing one's own message where it stands.
import { el, fill } from "./dom.js";
import { asTyped } from "./typed.js";
import { growing } from "./writing.js";

/** Puts a text field in the place of the message's text until it is saved or left. */
export function editInPlace(article, message, desk, place) {
  const body = article.querySelector(".message-body");
  const before = [...body.childNodes];
  const field = el("textarea", { class: "edit-field", "aria-label": "Edit message", rows: "1" });
  field.value = asTyped(message.text, desk.reader);
  const leave = () => {
    fill(body, before);
    place.redraw();
    article.focus();
  };
  const save = async () => {
    const text = field.value.trim();
    if (!text || text === asTyped(message.text, desk.reader)) return leave();
    const answer = await desk.deed("edit", { channel: place.channel, ts: message.ts, text });
    if (answer.ok) leave();
  };
  article.dispatchEvent(new CustomEvent("editing"));
  fill(body, form(field, save, leave));
  growing(field);
  field.focus();
}

function form(field, save, leave) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
  });
  const buttons = el(
    "div",
    { class: "edit-buttons" },
    el("button", { type: "button", class: "button", text: "Cancel", on: { click: leave } }),
    el("button", { type: "button", class: "button button-primary", text: "Save", on: { click: save } }),
  );
  return el("div", { class: "message-edit" }, field, buttons);
}
