// Practice: the list of drills to choose from, and a quiet bar while one is played. The drill itself runs on the server.
import { get, Refused, rule } from "./api.js";
import { el, fill } from "./dom.js";
import { startAfreshButton } from "./start_afresh.js";
import { whileShown } from "./ticking.js";

const LOOK_EVERY = 10_000;
const NOTHING = { drills: [], playing: null };

const button = (text, listener, look = "tool-button") => el("button", { type: "button", class: look, text, on: { click: listener } });

const ENDED = {
  over: "The scorecard is in the incident's channel. Practise plays another; Start afresh clears the place first.",
  stopped: "What was said stays, and so does its incident. Practise plays another; Start afresh clears the place first.",
};

/** "12 min · 5 of 14 messages · waits for somebody to declare". */
function progress({ started, said, of, waits_for: waitsFor }, now) {
  const run = `${Math.max(0, Math.floor((now - started) / 60))} min`;
  return [run, `${said} of ${of} messages`, waitsFor && `waits for ${waitsFor}`].filter(Boolean).join(" · ");
}

/** What the list and the brief are drawn from; the rest of a drill's state changes often. */
const what = ({ drills, playing }) => JSON.stringify([drills, playing?.name, playing?.ended]);

const minutes = (count) => (count === 1 ? "1 minute" : `${count} minutes`);

/** Lines that begin with a dash as a list, the others as paragraphs. */
function passages(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const items = lines.filter((line) => line.startsWith("- "));
  const told = lines.filter((line) => !line.startsWith("- ")).map((line) => el("p", { text: line }));
  return [...told, el("ul", {}, items.map((line) => el("li", { text: line.slice(2) })))];
}

class Drills {
  constructor({ reader, live, started = () => {} }) {
    Object.assign(this, { reader, live, started, known: NOTHING, stopped: null });
    this.said = el("p", { class: "tool-trouble", role: "alert" });
    this.list = el("ul", { class: "choice-list" });
    this.dialog = this.makeDialog();
    this.bar = this.makeBar();
    this.practise = button("Practise", () => this.open());
    this.practise.setAttribute("aria-haspopup", "dialog");
    this.node = el("div", { class: "tool-panel" }, this.practise, this.dialog);
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

  /** Its parts stay, so that redrawing it takes nobody's focus. */
  makeBar() {
    this.mark = el("span", { class: "drill-mark" });
    this.name = el("b");
    this.about = el("span", { class: "drill-about", role: "status" });
    this.briefText = el("div", { class: "drill-brief-text" });
    this.briefName = el("summary");
    this.brief = el("details", { class: "drill-brief" }, this.briefName, this.briefText);
    this.end = button("End the drill", () => this.stop());
    this.afresh = startAfreshButton({ reader: this.reader, live: this.live });
    this.close = button("✕", () => ((this.stopped = null), this.drawBar()));
    this.close.setAttribute("aria-label", "Close");
    const parts = [this.mark, this.name, this.about, this.brief, this.end, this.afresh, this.close];
    return el("section", { class: "drill-bar", "aria-label": "Drill", hidden: true }, parts);
  }

  async open() {
    this.said.textContent = "";
    await this.look();
    this.dialog.showModal();
  }

  async look() {
    const before = this.known;
    try {
      this.known = await get("drills");
    } catch (gone) {
      console.info("The drills cannot be read just now.", gone);
    }
    if (this.isPlaying()) this.stopped = null;
    if (what(before) !== what(this.known)) this.drawChoices();
    this.drawBar();
  }

  isPlaying() {
    return Boolean(this.known.playing && !this.known.playing.ended);
  }

  drawChoices() {
    fill(this.list, this.known.drills.map((drill) => this.choice(drill)));
    this.drawBrief();
  }

  choice(drill) {
    const start = button("Start", () => this.start(drill.name), "tool-button leading");
    start.disabled = this.isPlaying();
    start.setAttribute("aria-label", `Start ${drill.title}`);
    const head = el("div", { class: "choice-head" }, el("h3", { text: drill.title }), el("span", { class: "choice-beside", text: minutes(drill.minutes) }), start);
    return el("li", { class: "choice" }, head, el("p", { text: drill.brief }));
  }

  async start(name) {
    if (!(await this.asked("start_drill", { name, as: this.reader.as }))) return;
    this.dialog.close();
    this.started();
  }

  async asked(what, args = {}) {
    this.said.textContent = "";
    try {
      await rule(what, args);
      return true;
    } catch (refused) {
      this.said.textContent = refused instanceof Refused ? refused.sentence("Not done") : "The workspace does not answer. Try again in a moment.";
      return false;
    } finally {
      await this.look();
    }
  }

  drawBar() {
    const playing = this.known.playing ?? this.stopped;
    this.bar.hidden = !playing;
    if (!playing) return;
    this.mark.textContent = playing.ended ? "Drill ended" : "Drill";
    this.name.textContent = playing.title;
    const about = playing.ended ? ENDED[playing.how ?? "over"] : progress(playing, this.live.now());
    if (this.about.textContent !== about) this.about.textContent = about;
    this.brief.hidden = playing.ended && !playing.debrief;
    this.end.hidden = playing.ended;
    this.afresh.hidden = !playing.ended;
    this.close.hidden = !this.stopped;
  }

  /** Only this page knows that its drill was ended before its time. */
  async stop() {
    const { title } = this.known.playing;
    if (!(await this.asked("stop_drill"))) return;
    this.stopped = { title, ended: true, how: "stopped" };
    this.drawBar();
  }

  /** Before the end what it is about, after it what to talk about; only then is that no hint. */
  drawBrief() {
    const debrief = this.known.playing?.debrief;
    this.briefName.textContent = debrief ? "Talk about it" : "Brief";
    if (debrief) fill(this.briefText, passages(debrief));
    else this.drawGoals();
  }

  drawGoals() {
    const drill = this.known.drills.find(({ name }) => name === this.known.playing?.name);
    const goals = drill?.goals?.length && [el("h3", { text: "What to practise" }), el("ul", {}, drill.goals.map((goal) => el("li", { text: goal })))];
    fill(this.briefText, el("p", { text: drill?.brief ?? "" }), ...(goals || []));
  }
}

/** `node`: the button with its dialog; `bar`: what is shown while a drill is played; `started` is called when one is. */
export function drillPanel(parts) {
  if (!parts.reader.app.can.drills) return { node: el("span", { hidden: true }), bar: el("span", { hidden: true }), open() {} };
  const made = new Drills(parts);
  return { node: made.node, bar: made.bar, open: () => made.open() };
}
