// The guided start: three things to try, ticked off as they are seen to happen in the journal. It does none of them itself
// but open the form.
import { el, fill } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { openedChannel, stepShownBy } from "./first_steps.js";
import { journalOf } from "./journal.js";
import { startAfreshButton } from "./start_afresh.js";

const KEY = "muster-guide";
const STEPS = ["declare", "react", "remind"];
const PRAISE = "Well done: declared, recorded, reminded. Take it to the end if you like: post the update, then resolve.";

/** What this window remembers of the guide. Another workspace (it was started afresh) begins anew. */
function remembered(workspace) {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  const fits = !workspace || !kept.workspace || kept.workspace === workspace;
  return { done: [], channels: {}, folded: false, ...(fits ? kept : {}), workspace: workspace ?? kept.workspace };
}

class Guide {
  constructor({ reader, live, openModalShortcut }) {
    Object.assign(this, { reader, live, openModalShortcut });
    this.state = remembered(live.workspace?.());
    this.list = el("ol", { class: "guide-steps" });
    this.praise = el("p", { class: "guide-praise", role: "status" });
    this.body = el("div", { class: "guide-body", id: "guide-body" }, this.list, this.praise, el("div", { class: "guide-foot" }, startAfreshButton({ reader, live })));
    this.toggle = el("button", { type: "button", class: "guide-toggle", "aria-controls": "guide-body", on: { click: () => this.fold(!this.state.folded) } });
    this.node = el("section", { class: "guide", "aria-label": "Try Muster" }, el("h2", {}, this.toggle), this.body);
    this.draw();
    live.on("hello", ({ workspace }) => this.begin(workspace));
    journalOf(live).on((items) => this.look(items));
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
    const { channels, done } = this.state;
    const before = done.length;
    for (const item of items) {
      const opened = openedChannel(item);
      if (opened) channels[opened.id] = opened.name;
      const step = stepShownBy(item, this.reader, new Set(Object.keys(channels)));
      if (step && !done.includes(step)) done.push(step);
    }
    if (done.length > before) this.keep();
  }

  draw() {
    const { done, folded } = this.state;
    fill(this.toggle, el("span", { text: "Try Muster" }), el("span", { class: "guide-count", text: `${done.length} of ${STEPS.length}` }));
    this.toggle.setAttribute("aria-expanded", String(!folded));
    this.body.hidden = folded;
    const next = STEPS.find((step) => !done.includes(step));
    fill(this.list, STEPS.map((step) => this.step(step, done.includes(step), step === next)));
    const praise = next ? "" : PRAISE;
    if (this.praise.textContent !== praise) this.praise.textContent = praise;
  }

  step(name, isDone, isNext) {
    const { title, body } = this[name](isDone);
    const mark = el("span", { class: "guide-mark", "aria-hidden": "true", text: isDone ? "✓" : "" });
    const said = isDone ? el("span", { class: "for-readers", text: " (done)" }) : null;
    const current = isNext ? "step" : null;
    return el("li", { class: isDone ? "guide-step done" : "guide-step", "aria-current": current }, mark, el("div", {}, el("b", { text: title }), said, isDone ? null : body));
  }

  declare() {
    const shortcut = this.reader.app.shortcuts.find(({ type }) => type === "global");
    const open = () => this.openModalShortcut(shortcut.callback_id);
    const button = shortcut && el("button", { type: "button", class: "tool-button leading", text: "Declare an incident", on: { click: open } });
    return { title: "Say that something is broken", body: [el("p", { text: "Muster opens a channel for it, and a summary that keeps itself up to date." }), button] };
  }

  react() {
    const name = this.reader.app.reactions.includes("pushpin") ? "pushpin" : this.reader.app.reactions[0];
    const emoji = emojiOf(name) ?? `:${name}:`;
    const [id, channel] = Object.entries(this.state.channels).at(-1) ?? [];
    const go = id && el("button", { type: "button", class: "tool-button", text: `Go to #${channel}`, on: { click: () => this.reader.openChannel(id) } });
    return { title: `React to a message with ${emoji}`, body: [el("p", { text: "Write something in the incident's channel, then react to it. It stands in the timeline from then on." }), go] };
  }

  remind() {
    const how = this.reader.app.can.move_clock
      ? "Move the clock on with “+30 min”, until Muster asks for the next update."
      : "Muster asks for the next update when it is due.";
    const whereTo = el("span", { class: "guide-narrow", text: " The clock is under ☰." });
    return { title: "Let an update fall due", body: [el("p", { text: how }, whereTo)] };
  }
}

/** `openModalShortcut(callback_id)` runs a global shortcut as the reader and shows the form that it opens. */
export const guide = (parts) => new Guide(parts).node;
