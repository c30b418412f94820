// Practice: the list of drills to choose from, and a quiet bar while one is played. The drill itself runs on the server.
import { get, Refused, rule } from "./api.js";
import { el, fill } from "./dom.js";
import { startAfreshButton } from "./start_afresh.js";
import { whileShown } from "./ticking.js";

const LOOK_EVERY = 10_000;
const NOTHING = { drills: [], playing: null };

const button = (text, listener, look = "tool-button") => el("button", { type: "button", class: look, text, on: { click: listener } });

const minutes = (count) => (count === 1 ? "1 minute" : `${count} minutes`);

class Drills {
  constructor(reader, live) {
    Object.assign(this, { reader, live, known: NOTHING, put: null });
    this.said = el("p", { class: "tool-trouble", role: "alert" });
    this.list = el("ul", { class: "drill-list" });
    this.dialog = this.makeDialog();
    this.bar = el("section", { class: "drill-bar", "aria-label": "Drill", hidden: true });
    this.practise = button("Practise", () => this.open());
    this.practise.setAttribute("aria-haspopup", "dialog");
    this.node = el("div", { class: "drills" }, this.practise, this.dialog);
    this.afresh = startAfreshButton({ reader, live });
    live.on("changed", (change) => change.drill && this.look());
    live.on("hello", () => this.look());
    live.on("clock", () => this.drawBar());
    whileShown(this.node, () => this.drawBar(), LOOK_EVERY);
    this.look();
  }

  makeDialog() {
    const lead = "A drill plays an incident with people who write by themselves. What you do is timed, and a scorecard says how it went. It rings nobody and counts in no metric.";
    const head = el("header", { class: "dialog-head" }, el("h2", { text: "Practise" }), el("button", { type: "button", class: "tool-button", "aria-label": "Close", text: "✕", on: { click: () => this.dialog.close() } }));
    return el("dialog", { class: "tool-dialog", "aria-label": "Practise", on: { keydown: (event) => event.stopPropagation() } }, head, el("p", { text: lead }), this.said, this.list);
  }

  async open() {
    this.said.textContent = "";
    await this.look();
    this.dialog.showModal();
  }

  async look() {
    try {
      this.known = await get("drills");
    } catch (gone) {
      console.info("The drills cannot be read just now.", gone);
    }
    fill(this.list, this.known.drills.map((drill) => this.choice(drill)));
    this.drawBar();
  }

  isPlaying() {
    return Boolean(this.known.playing && !this.known.playing.ended);
  }

  choice(drill) {
    const start = button("Start", () => this.start(drill.name), "tool-button leading");
    start.disabled = this.isPlaying();
    start.setAttribute("aria-label", `Start ${drill.title}`);
    return el("li", { class: "drill" }, el("div", {}, el("h3", { text: drill.title }), el("p", { class: "drill-length", text: minutes(drill.minutes) }), el("p", { text: drill.brief })), start);
  }

  async start(name) {
    if (await this.asked("start_drill", { name, as: this.reader.as })) this.dialog.close();
  }

  async asked(what, args = {}) {
    this.said.textContent = "";
    try {
      await rule(what, args);
      return true;
    } catch (refused) {
      this.said.textContent = refused instanceof Refused ? refused.error : "The workspace does not answer. Try again in a moment.";
      return false;
    } finally {
      await this.look();
    }
  }

  drawBar() {
    const { playing } = this.known;
    this.bar.hidden = !playing;
    if (playing) fill(this.bar, playing.ended ? this.ended(playing) : this.running(playing));
  }

  running(playing) {
    const run = Math.max(0, Math.floor((this.live.now() - playing.started) / 60));
    const waits = playing.waits_for ? `Waits for: ${playing.waits_for}` : "";
    return [
      el("span", { class: "drill-mark", text: "Drill" }),
      el("b", { text: playing.title }),
      el("span", { text: `${run} min` }),
      el("span", { class: "drill-waits", role: "status", text: waits }),
      button("End the drill", () => this.asked("stop_drill")),
    ];
  }

  ended(playing) {
    return [
      el("span", { class: "drill-mark", text: "Drill ended" }),
      el("b", { text: playing.title }),
      el("span", { class: "drill-waits", role: "status", text: "The scorecard is in the incident's channel. To play another, start afresh." }),
      this.afresh,
    ];
  }
}

/** `node`: the button with its dialog; `bar`: what is shown while a drill is played. */
export function drillPanel({ reader, live }) {
  if (!reader.app.can.drills) return { node: el("span", { hidden: true }), bar: el("span", { hidden: true }), open() {} };
  const made = new Drills(reader, live);
  return { node: made.node, bar: made.bar, open: () => made.open() };
}
