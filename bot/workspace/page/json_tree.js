// JSON as a tree that folds. Values are shown as text and never followed as links.
import { el } from "./dom.js";

const OPEN_DEPTH = 2;
const SMALL = 72;

const isTree = (value) => value !== null && typeof value === "object";

const entriesOf = (value) => (Array.isArray(value) ? value.map((each, at) => [at, each]) : Object.entries(value));

function leaf(value) {
  const kind = value === null ? "null" : typeof value;
  return el("span", { class: `json-${kind}`, text: JSON.stringify(value) ?? "none" });
}

/** What a folded branch holds, in a few words. */
function gist(value) {
  const count = entriesOf(value).length;
  if (Array.isArray(value)) return count === 1 ? "[1 entry]" : `[${count} entries]`;
  const label = value.type ?? value.action_id ?? value.id ?? value.name;
  return typeof label === "string" ? `{${label} …}` : `{${count === 1 ? "1 field" : `${count} fields`}}`;
}

function isSmall(value) {
  return entriesOf(value).every(([, each]) => !isTree(each)) && JSON.stringify(value).length <= SMALL;
}

const label = (name) => (name === null ? null : el("span", { class: "json-name", text: `${name}: ` }));

function branch(name, value, depth) {
  const body = el("div", { class: "json-body" });
  const grow = () => body.childElementCount || body.append(...entriesOf(value).map(([key, each]) => node(key, each, depth + 1)));
  const made = el(
    "details",
    { class: "json-branch", on: { toggle: () => made.open && grow() } },
    el("summary", {}, label(name), el("span", { class: "json-gist", text: gist(value) })),
    body,
  );
  made.open = depth < OPEN_DEPTH || entriesOf(value).length === 1;
  if (made.open) grow();
  return made;
}

function node(name, value, depth) {
  if (isTree(value) && !isSmall(value)) return branch(name, value, depth);
  return el("div", { class: "json-leaf" }, label(name), isTree(value) ? el("span", { text: JSON.stringify(value) }) : leaf(value));
}

/** Branches deeper than the second are folded, and made when they are opened. */
export function jsonTree(value) {
  if (!isTree(value)) return el("div", { class: "json" }, node(null, value, 0));
  const fields = entriesOf(value).map(([key, each]) => node(key, each, 1));
  return el("div", { class: "json" }, fields.length ? fields : el("div", { class: "json-leaf", text: "nothing" }));
}
