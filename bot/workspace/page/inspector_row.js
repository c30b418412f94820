// One line of the inspector: what passed between the workspace and the app, opening to its JSON.
import { el, fill } from "./dom.js";
import { jsonTree } from "./json_tree.js";
import { parts, words } from "./journal_words.js";

const clockOf = (zone) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });

const duration = (ms) => {
  if (ms === undefined) return "";
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
};

function direction(toApp, app) {
  const said = toApp ? `to ${app}` : `from ${app}`;
  return el("span", { class: toApp ? "passing to-app" : "passing from-app" }, el("span", { "aria-hidden": "true", text: toApp ? "→ " : "← " }), said);
}

function headline(item, about, reader) {
  return [
    el("time", { class: "passed-at", text: clockOf(reader.me.tz).format(item.time * 1000) }),
    direction(about.toApp, reader.app.name),
    el("span", { class: "passed-what" }, el("b", { text: about.name }), " ", el("span", { class: "passed-about", text: about.subject })),
    el("span", { class: `outcome ${about.outcome.state}`, text: about.outcome.text }),
    el("span", { class: "passed-for", text: duration(about.ms) }),
  ];
}

function part([title, value]) {
  const known = value !== undefined && value !== null;
  return el("section", { class: "passed-part" }, el("h3", { text: title }), known ? jsonTree(value) : el("p", { class: "json", text: "none" }));
}

async function copy(item, button) {
  await navigator.clipboard.writeText(JSON.stringify(Object.fromEntries(parts(item)), null, 2));
  button.textContent = "Copied";
}

function detail(item) {
  const button = el("button", { type: "button", class: "tool-button", text: "Copy as JSON", on: { click: () => copy(item, button) } });
  return [...parts(item).map(part), button];
}

/**
 * @returns {{node: HTMLElement, about: object, text: () => string, update: (item) => void}} `text`: all that the
 *   filter looks through, in lower case.
 */
export function passedRow(first, reader) {
  let item = first;
  let searched = null;
  const summary = el("summary", {});
  const body = el("div", { class: "passed-detail" });
  const details = el("details", { on: { toggle: () => details.open && fill(body, detail(item)) } }, summary, body);
  const row = {
    node: el("li", {}, details),
    about: null,
    text() {
      searched ??= `${row.about.name} ${row.about.subject} ${JSON.stringify(item.entry)}`.toLowerCase();
      return searched;
    },
    update(newest) {
      item = newest;
      searched = null;
      row.about = words(item, reader);
      row.node.className = `passed ${row.about.outcome.state}`;
      fill(summary, headline(item, row.about, reader));
      if (details.open) fill(body, detail(item));
    },
  };
  row.update(first);
  return row;
}
