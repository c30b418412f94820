// The inspector: everything that the workspace sent to the app and every Web API call from it, live. It changes nothing.
import { el } from "./dom.js";
import { passedRow } from "./inspector_row.js";
import { journalOf } from "./journal.js";
import { widthHandle } from "./width_handle.js";

const SHOWN = 200;
const NEAR_END = 40;

const KINDS = [
  ["all", "Everything", () => true],
  ["event", "Events", (about) => about.kind === "event"],
  ["act", "Commands and buttons", (about) => about.kind === "act"],
  ["call", "Calls", (about) => about.kind === "call"],
  ["problem", "Problems only", (about) => about.isProblem],
];

const NOTHING_YET = "Nothing has passed yet. What you do beside it shows here.";
const nothingFits = (kind, looked) =>
  kind === "problem" && !looked ? "No problems: every event was heard, and no call was refused." : "Nothing that has passed fits the filter.";

/** Puts `nodes` into `list` in their order, moving none that stands right, so that focus and scrolling stay. */
function arrange(list, nodes) {
  const wanted = new Set(nodes);
  for (const old of [...list.children]) if (!wanted.has(old)) old.remove();
  let at = list.firstElementChild;
  for (const node of nodes) {
    if (node === at) at = at.nextElementSibling;
    else list.insertBefore(node, at);
  }
}

function kindChooser(onChoice) {
  const choice = ([value, label], at) =>
    el("label", { class: "inspector-kind" }, el("input", { type: "radio", name: "inspector-kind", value, checked: at === 0, on: { change: () => onChoice(value) } }), el("span", { text: label }));
  return el("fieldset", { class: "inspector-kinds" }, el("legend", { class: "for-readers", text: "Show" }), KINDS.map(choice));
}

class Inspector {
  constructor(reader, live) {
    Object.assign(this, { reader, live, rows: new Map(), cleared: new Set(), kind: "all", looked: "", most: SHOWN, pinned: true });
    this.list = el("ol", { class: "passed-list", "aria-label": "Events and calls" });
    this.earlier = el("button", { type: "button", class: "tool-button", hidden: true, on: { click: () => this.showEarlier() } });
    this.empty = el("p", { class: "tool-empty" });
    this.scroller = el("div", { class: "passed-scroller", on: { scroll: () => this.notePlace() } }, this.earlier, this.empty, this.list);
    this.count = el("span", { class: "tool-count", role: "status" });
    this.node = el("aside", { class: "inspector", "aria-label": "Inspector", hidden: true, on: { keydown: (event) => this.onKey(event) } }, this.parts());
  }

  parts() {
    this.closer = el("button", { type: "button", class: "tool-button", "aria-label": "Close inspector", text: "✕", on: { click: () => this.close() } });
    const search = el("input", { type: "search", placeholder: "Filter by text", "aria-label": "Filter by text", on: { input: () => this.look(search.value) } });
    const clear = el("button", { type: "button", class: "tool-button", text: "Clear", on: { click: () => this.clear() } });
    return [
      widthHandle(() => this.node),
      el("header", { class: "inspector-head" }, el("h2", { text: "Inspector" }), this.count, clear, this.closer),
      el("p", { class: "inspector-scope", text: "All that passes between this workspace and Muster, whoever you are: private incidents too." }),
      el("div", { class: "inspector-filters" }, kindChooser((kind) => this.choose(kind)), search),
      this.scroller,
    ];
  }

  open() {
    this.opener = document.activeElement;
    this.node.hidden = false;
    this.follow ??= journalOf(this.live).on((items) => this.take(items));
    this.draw();
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.closer.focus();
  }

  close() {
    const held = this.node.contains(document.activeElement);
    this.node.hidden = true;
    if (held) this.opener?.focus();
  }

  onKey(event) {
    if (event.key !== "Escape" || event.target.type === "search") return;
    event.stopPropagation();
    this.close();
  }

  take(items) {
    for (const item of items) {
      if (this.cleared.has(item.key)) continue;
      if (this.rows.has(item.key)) this.rows.get(item.key).row.update(item);
      else this.rows.set(item.key, { row: passedRow(item, this.reader), time: item.time });
    }
    this.forget();
    this.draw();
  }

  forget() {
    const kept = new Set(journalOf(this.live).items.keys());
    for (const key of this.rows.keys()) if (!kept.has(key)) this.rows.delete(key);
    for (const key of this.cleared) if (!kept.has(key)) this.cleared.delete(key);
  }

  wanted() {
    const fits = KINDS.find(([value]) => value === this.kind)[2];
    const rows = [...this.rows.values()].sort((one, other) => one.time - other.time).map(({ row }) => row);
    return rows.filter((row) => fits(row.about) && (!this.looked || row.text().includes(this.looked)));
  }

  draw() {
    if (this.node.hidden) return;
    const found = this.wanted();
    const hidden = Math.max(0, found.length - this.most);
    arrange(this.list, found.slice(hidden).map((row) => row.node));
    this.earlier.hidden = hidden === 0;
    this.earlier.textContent = `Show earlier (${hidden})`;
    this.empty.hidden = found.length > 0;
    this.empty.textContent = this.rows.size ? nothingFits(this.kind, this.looked) : NOTHING_YET;
    this.count.textContent = found.length === this.rows.size ? `${found.length}` : `${found.length} of ${this.rows.size}`;
    if (this.pinned) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  notePlace() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.pinned = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.pinned) this.most = SHOWN;
  }

  showEarlier() {
    const before = this.scroller.scrollHeight;
    this.most += SHOWN;
    this.pinned = false;
    this.draw();
    this.scroller.scrollTop += this.scroller.scrollHeight - before;
  }

  choose(kind) {
    this.kind = kind;
    this.drawFromEnd();
  }

  look(text) {
    this.looked = text.trim().toLowerCase();
    this.drawFromEnd();
  }

  drawFromEnd() {
    this.most = SHOWN;
    this.pinned = true;
    this.draw();
  }

  clear() {
    for (const key of this.rows.keys()) this.cleared.add(key);
    this.rows.clear();
    this.draw();
  }
}

/** Closed from within, it gives the focus back to where it was. */
export function inspector({ reader, live }) {
  const made = new Inspector(reader, live);
  return { node: made.node, open: () => made.open(), close: () => made.close() };
}
