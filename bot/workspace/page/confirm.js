// The question that an element asks before it acts, as a dialog of its own over whatever is open.

import { el } from "./dom.js";
import { words, wordsOf } from "./mrkdwn.js";
import { freshId } from "./naming.js";

/** Whether the person agrees. `confirm`: a confirmation dialog object of Block Kit; without one: yes. */
export function confirmed(confirm, reader) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => ask(confirm, reader, resolve));
}

function ask(confirm, reader, resolve) {
  const dialog = questionDialog(confirm, reader);
  dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "yes");
  });
  document.body.append(dialog);
  dialog.showModal();
}

function questionDialog(confirm, reader) {
  const [title, text] = [freshId("question"), freshId("question-text")];
  const isDangerous = confirm.style === "danger";
  const answer = (value, isFirst) => ({ type: "button", autofocus: isFirst, on: { click: (event) => event.currentTarget.closest("dialog").close(value) } });
  return el(
    "dialog",
    { class: "question", "aria-labelledby": title, "aria-describedby": text },
    el("h2", { id: title, class: "question-title", text: wordsOf(confirm.title, reader) || "Are you sure?" }),
    el("div", { id: text, class: "question-text mrkdwn" }, words(confirm.text, reader)),
    el(
      "div",
      { class: "dialog-buttons" },
      el("button", { class: "button", ...answer("no", isDangerous), text: wordsOf(confirm.deny, reader) || "Cancel" }),
      el("button", { class: `button button-${isDangerous ? "danger" : "primary"}`, ...answer("yes", !isDangerous), text: wordsOf(confirm.confirm, reader) || "Yes" }),
    ),
  );
}
