// The emoji picker: those that mean something to the app first, all others by name.
import { el, fill } from "./dom.js";
import { emojiNames, emojiOf } from "./emoji.js";
import { openPopover } from "./popover.js";

const SHOWN = 240;

/** Opens it beside `anchor`; `choose(name)` is called once. `first`: names that stand on top. */
export function openPicker(anchor, first, choose) {
  const grid = el("div", { class: "picker-grid" });
  const search = el("input", { class: "picker-search", type: "search", placeholder: "Search emoji", "aria-label": "Search emoji" });
  const pick = (name) => {
    close();
    choose(name);
  };
  const draw = () => fill(grid, found(search.value.trim().toLowerCase(), first).map((name) => emojiButton(name, pick)));
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the button that opened this has the focus again, and would be pressed
    grid.querySelector("button")?.click();
  });
  grid.addEventListener("keydown", (event) => walk(grid, event));
  draw();
  const close = openPopover(anchor, el("div", { class: "picker" }, search, grid), { label: "Choose an emoji", focus: search });
}

function found(part, first) {
  const others = emojiNames().filter((name) => emojiOf(name) && !first.includes(name));
  return [...first, ...others].filter((name) => name.includes(part)).slice(0, SHOWN);
}

function emojiButton(name, pick) {
  const written = `:${name}:`;
  const props = { type: "button", title: written, "aria-label": written, text: emojiOf(name) ?? written };
  return el("button", { ...props, on: { click: () => pick(name) } });
}

const COLUMNS = 8;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

function walk(grid, event) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...grid.children];
  buttons[buttons.indexOf(document.activeElement) + step]?.focus();
}
