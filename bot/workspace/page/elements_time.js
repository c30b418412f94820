// Controls for a day, a time of day, and a moment in the viewer's own zone, whatever the browser's zone is.

import { epochOf, wallTime } from "./dates.js";
import { el } from "./dom.js";

function picker(type, entered, changed, more = {}) {
  const made = el("input", { type, class: "text-input time-input", value: entered ?? "", on: { change: changed }, ...more });
  const problem = () => (made.validity.badInput ? "Fill in all of it, or empty it." : "");
  return { node: made, target: made, inputs: [made], value: () => made.value || null, problem };
}

export const datePicker = (element, { entered, changed }) => picker("date", entered, changed, { max: "9999-12-31" });

export function timePicker(element, { entered, changed }) {
  return { ...picker("time", entered, changed), note: element.timezone ? `In the time zone ${zoneName(element.timezone)}.` : "" };
}

export function dateTimePicker(element, { entered, ctx, changed }) {
  const zone = ctx.reader.me.tz;
  const control = picker("datetime-local", entered ? localForm(entered, zone) : "", changed, { max: "9999-12-31T23:59" });
  const value = () => {
    const [date, time] = control.target.value.split("T");
    return time ? epochOf(date, time.slice(0, 5), zone) : null;
  };
  return { ...control, value, note: `Your time zone: ${zoneName(zone)}` };
}

function localForm(seconds, zone) {
  const { date, time } = wallTime(seconds, zone);
  return `${date}T${time}`;
}

const zoneName = (zone) => zone.replaceAll("_", " ");
