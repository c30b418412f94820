// The guided start: three things to try, ticked off as they are seen to happen in the journal. It does none of them itself
// but open the form.
import { el } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { actedAt, isDeclared, openedChannel, stepShownBy } from "./first_steps.js";
import { journalOf } from "./journal.js";
import { startAfreshButton } from "./start_afresh.js";
import { whileShown } from "./ticking.js";

const KEY = "muster-guide";
const STEPS = ["declare", "react", "remind"];
const MOST_ACTS = 20;
const LOOK_EVERY = 500;
const PRAISE = "Well done: declared, recorded, reminded. Take it to the end if you like: post the update, then resolve.";

/** What this window remembers of the guide. Another workspace (it was started afresh) begins anew. */
function remembered(workspace) {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  const fits = !workspace || !kept.workspace || kept.workspace === workspace;
  return { done: [], channels: {}, acted: [], folded: false, ...(fits ? kept : {}), workspace: workspace ?? kept.workspace };
}

/** One thing to try. Its parts stay when it is done, so that nobody's focus is lost. */
function step(title, said, button = null) {
  const sign = el("span", { class: "guide-mark", "aria-hidden": "true" });
  const done = el("span", { class: "for-readers", text: " (done)" });
  const how = el("p", {}, said.filter(Boolean));
  return { sign, done, how, button, node: el("li", { class: "guide-step" }, sign, el("div", {}, el("b", { text: title }), done, how, button)) };
}

function mark({ sign, done, how, button, node }, isDone, isNext) {
  sign.textContent = isDone ? "✓" : "";
  done.hidden = !isDone;
  how.hidden = isDone;
  node.classList.toggle("done", isDone);
  button?.classList.toggle("leading", isNext);
  if (isNext) node.setAttribute("aria-current", "step");
  else node.removeAttribute("aria-current");
}

class Guide {
  constructor({ reader, live, openModalShortcut }) {
    Object.assign(this, { reader, live, openModalShortcut });
    this.state = remembered(live.workspace());
    this.steps = new Map(STEPS.map((name) => [name, this[name]()]));
    this.praise = el("p", { class: "guide-praise", role: "status" });
    const list = el("ol", { class: "guide-steps" }, [...this.steps.values()].map(({ node }) => node));
    this.body = el("div", { class: "guide-body", id: "guide-body" }, list, this.praise, el("div", { class: "guide-foot" }, startAfreshButton({ reader, live })));
    this.count = el("span", { class: "guide-count" });
    this.toggle = el("button", { type: "button", class: "guide-toggle", "aria-controls": "guide-body", on: { click: () => this.fold(!this.state.folded) } }, el("span", { text: "Try Muster" }), this.count);
    this.node = el("section", { class: "guide", "aria-label": "Try Muster" }, el("h2", {}, this.toggle), this.body);
    this.draw();
    live.on("hello", ({ workspace }) => this.begin(workspace));
    journalOf(live).on((items) => this.look(items));
    whileShown(this.node, () => this.drawWay(), LOOK_EVERY);
  }

  begin(workspace) {
    this.state = remembered(workspace);
    this.keep();
  }

  keep() {
    sessionStorage.setItem(KEY, JSON.stringify(this.state));
    this.draw();
  }

  fold(folded) {
    this.state.folded = folded;
    this.keep();
  }

  look(items) {
    const { channels, acted } = this.state;
    for (const item of items) {
      const opened = openedChannel(item);
      if (opened) channels[opened.id] = opened;
      const at = actedAt(item, this.reader);
      if (at && !acted.includes(at)) acted.push(at);
    }
    this.state.acted = acted.slice(-MOST_ACTS);
    const known = new Set(Object.keys(channels));
    const steps = items.map((item) => stepShownBy(item, this.reader, known));
    this.tick([isDeclared(channels, acted) && "declare", ...steps]);
  }

  tick(steps) {
    const { done } = this.state;
    const fresh = STEPS.filter((step) => steps.includes(step) && !done.includes(step));
    done.push(...fresh);
    if (fresh.length) this.keep();
  }

  draw() {
    const { done, folded } = this.state;
    this.count.textContent = `${done.length} of ${STEPS.length}`;
    this.toggle.setAttribute("aria-expanded", String(!folded));
    this.body.hidden = folded;
    const next = STEPS.find((step) => !done.includes(step));
    for (const [name, step] of this.steps) mark(step, done.includes(name), name === next);
    const praise = next ? "" : PRAISE;
    if (this.praise.textContent !== praise) this.praise.textContent = praise;
    this.drawWay();
  }

  /** The way to the newest incident's channel, once this person knows of it. */
  drawWay() {
    const { id, name } = Object.values(this.state.channels).findLast((each) => this.reader.channel(each.id)) ?? {};
    this.way.hidden = !id;
    this.way.dataset.channel = id ?? "";
    const text = id ? `Go to #${name}` : "";
    if (this.way.textContent !== text) this.way.textContent = text;
  }

  declare() {
    const shortcut = this.reader.app.shortcuts.find(({ type }) => type === "global");
    const open = () => this.openModalShortcut(shortcut.callback_id);
    const button = shortcut && el("button", { type: "button", class: "tool-button leading", text: "Declare an incident", on: { click: open } });
    return step("Say that something is broken", ["Muster opens a channel for it, and a summary that keeps itself up to date."], button);
  }

  react() {
    const { reactions } = this.reader.app;
    const name = reactions.includes("pushpin") ? "pushpin" : reactions[0];
    this.way = el("button", { type: "button", class: "tool-button", on: { click: () => this.reader.openChannel(this.way.dataset.channel) } });
    return step(`React to a message with ${emojiOf(name) ?? `:${name}:`}`, ["Write something in the incident's channel, then react to it. It stands in the timeline from then on."], this.way);
  }

  remind() {
    const canMove = this.reader.app.can.move_clock;
    const how = canMove ? "Move the clock on with “+30 min”, until Muster asks for the next update." : "Muster asks for the next update when it is due.";
    return step("Let an update fall due", [how, canMove && el("span", { class: "guide-narrow", text: " The clock is under ☰." })]);
  }
}

/** `openModalShortcut(callback_id)` runs a global shortcut as the reader and shows the form that it opens. */
export const guide = (parts) => new Guide(parts).node;
