// The list of suggestions above a text field, used with the arrow keys, Enter, Tab and Escape. What it offers comes from completion.js.
import { el, fill } from "./dom.js";
import { setText } from "./writing.js";

let made = 0;

class Suggestions {
  #field;
  #complete;
  #completion = null;
  #active = -1;
  #id = `suggestions-${(made += 1)}`;

  /** `complete(text, caret)` answers a Completion or null. */
  constructor(field, complete) {
    this.#field = field;
    this.#complete = complete;
    this.list = el("div", { class: "suggestions", role: "listbox", id: this.#id, "aria-label": "Suggestions", hidden: true });
    this.usage = el("p", { class: "suggestion-usage", role: "status", hidden: true });
    this.node = el("div", { class: "suggestions-layer" }, this.list, this.usage);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.#id);
    field.addEventListener("input", () => this.look());
    field.addEventListener("click", () => this.look());
    field.addEventListener("blur", () => this.leave());
  }

  look() {
    const { value, selectionStart, selectionEnd } = this.#field;
    this.#completion = selectionStart === selectionEnd ? this.#complete(value, selectionStart) : null;
    this.#active = this.#completion?.options.length && !this.#completion.isExact ? 0 : -1;
    this.#draw();
  }

  leave() {
    this.#completion = null;
    this.#draw();
  }

  /** Whether the key was taken. */
  key(event) {
    if (!this.#completion?.options.length) return false;
    const taken = this.#taken(event.key);
    if (taken) event.preventDefault();
    return taken;
  }

  #taken(key) {
    const count = this.#completion.options.length;
    if (key === "ArrowDown") this.#move((this.#active + 1) % count);
    else if (key === "ArrowUp") this.#move((Math.max(this.#active, 0) + count - 1) % count);
    else if (key === "Escape") this.leave();
    else if (key === "Tab") this.#choose(Math.max(this.#active, 0));
    else if (key === "Enter" && this.#active >= 0) this.#choose(this.#active);
    else return false;
    return true;
  }

  #move(index) {
    this.#active = index;
    this.#draw();
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  #choose(index) {
    const { from, to, options } = this.#completion;
    const { insert } = options[index];
    const text = this.#field.value;
    this.#field.focus();
    setText(this.#field, text.slice(0, from) + insert + text.slice(to).replace(/^ /, ""), from + insert.length);
  }

  #draw() {
    const options = this.#completion?.options ?? [];
    fill(this.list, options.map((option, index) => this.#option(option, index)));
    this.list.hidden = !options.length;
    this.usage.textContent = this.#completion?.usage ?? "";
    this.usage.hidden = !this.usage.textContent;
    if (this.#active >= 0 && options.length) this.#field.setAttribute("aria-activedescendant", `${this.#id}-${this.#active}`);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #option({ label, hint }, index) {
    const choose = (event) => {
      event.preventDefault();
      this.#choose(index);
    };
    const state = { id: `${this.#id}-${index}`, "aria-selected": String(index === this.#active) };
    return el(
      "div",
      { class: "suggestion", role: "option", ...state, on: { pointerdown: choose } },
      el("span", { class: "suggestion-label", text: label }),
      hint && el("span", { class: "suggestion-hint", text: hint }),
    );
  }
}

/** @returns {{node, look(), leave(), key(event): boolean}} */
export const suggestionsFor = (field, complete) => new Suggestions(field, complete);
