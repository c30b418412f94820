// The workspace's time, and the buttons that move it on. Shown only where the clock may be moved.
import { Refused, rule } from "./api.js";
import { el } from "./dom.js";
import { whileShown } from "./ticking.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [["+5 min", 5 * MINUTE], ["+30 min", 30 * MINUTE], ["+1 day", DAY]];
/** A lead below this is how long it took to ask. */
const NOTHING = 30;
const LOOK_EVERY = 1000;

const counted = (count, unit) => (count === 1 ? `1 ${unit}` : `${count} ${unit}s`);

/** "1 day 30 min", of seconds; to the minute. */
export function span(seconds) {
  const minutes = Math.round(seconds / MINUTE);
  const days = Math.floor(minutes / (DAY / MINUTE));
  const hours = Math.floor((minutes % (DAY / MINUTE)) / 60);
  const rest = minutes % 60;
  return [days && counted(days, "day"), hours && `${hours} h`, rest && `${rest} min`].filter(Boolean).join(" ") || "0 min";
}

const ahead = (now) => {
  const lead = now - Date.now() / 1000;
  return lead < NOTHING ? "" : `${span(lead)} ahead`;
};

const city = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

function timeWords(now, zone) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return format.format(now * 1000);
}

class Clock {
  constructor(reader, live) {
    Object.assign(this, { reader, live });
    this.time = el("time", { class: "clock-time" });
    this.lead = el("span", { class: "clock-lead", role: "status" });
    const buttons = STEPS.map(([label, seconds]) =>
      el("button", { type: "button", class: "tool-button", text: label, title: `Move the clock on by ${label.slice(1)}`, on: { click: () => this.move(seconds) } }));
    this.node = el("section", { class: "clock", "aria-label": "Clock" },
      el("div", { class: "clock-face" }, this.time, el("span", { class: "clock-zone", text: city(reader.me.tz) }), this.lead),
      el("div", { class: "clock-steps" }, buttons));
    this.show();
    live.on("clock", () => this.show());
    live.on("hello", () => this.show());
    whileShown(this.node, () => this.show(), LOOK_EVERY);
  }

  show(trouble = "") {
    const now = this.live.now();
    set(this.time, timeWords(now, this.reader.me.tz));
    this.time.dateTime = new Date(now * 1000).toISOString();
    if (trouble || !this.trouble) set(this.lead, trouble || ahead(now));
    this.trouble = trouble || this.trouble;
  }

  /** Pressed buttons keep the focus, so none is disabled meanwhile. */
  async move(seconds) {
    if (this.moving) return;
    this.moving = true;
    this.trouble = "";
    try {
      await rule("advance", { seconds });
      this.show();
    } catch (refused) {
      this.show(refused instanceof Refused ? refused.sentence("Not moved") : "Not moved: the workspace does not answer.");
    } finally {
      this.moving = false;
    }
  }
}

/** Only what differs is written, so that a screen reader hears a change once. */
function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function clockCorner({ reader, live }) {
  if (!reader.app.can.move_clock) return el("div", { hidden: true });
  return new Clock(reader, live).node;
}
