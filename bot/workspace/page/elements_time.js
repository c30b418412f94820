// Controls for a day, a time of day, and a moment in the viewer's own zone, whatever the browser's zone is. Times are
// typed with 24 hours, as the page writes them, in whatever form somebody in a hurry types them.

import { epochOf, wallTime } from "./dates.js";
import { el } from "./dom.js";

const TYPED_TIME = /^(\d{1,2})(?:[:.h ]?(\d{2}))? ?(am|pm|a|p)?$/i;

/** "14:05" of "14:05", "1405", "14.05", "2:05 pm" or "2pm"; null of what is no time of day. */
function timeTyped(text) {
  const found = TYPED_TIME.exec(text.trim());
  if (!found) return null;
  const [, hours, minutes = "00", half = ""] = found;
  const hour = half ? (Number(hours) % 12) + (half[0].toLowerCase() === "p" ? 12 : 0) : Number(hours);
  const isOne = hour < 24 && Number(minutes) < 60 && !(half && (Number(hours) > 12 || Number(hours) < 1));
  return isOne ? `${String(hour).padStart(2, "0")}:${minutes}` : null;
}

function dayInput(entered, changed, more) {
  return el("input", { type: "date", class: "text-input day-input", max: "9999-12-31", value: entered ?? "", on: { change: changed }, ...more });
}

function timeInput(entered, changed, more) {
  const said = { placeholder: "14:05", inputmode: "numeric", autocomplete: "off", spellcheck: "false" };
  const input = el("input", { type: "text", class: "text-input clock-input", value: entered ?? "", ...said, ...more });
  input.addEventListener("change", () => {
    input.value = timeTyped(input.value) ?? input.value;
    changed();
  });
  return input;
}

const halfDay = (input) => (input.validity.badInput ? "Fill in the whole day, or empty it." : "");

const noTime = (input) => (input.value.trim() && !timeTyped(input.value) ? "Write the time as 14:05." : "");

export function datePicker(element, { entered, changed }) {
  const input = dayInput(entered, changed);
  return { node: input, target: input, inputs: [input], value: () => input.value || null, problem: () => halfDay(input) };
}

export function timePicker(element, { entered, changed }) {
  const input = timeInput(entered, changed);
  const note = element.timezone ? `In the time zone ${zoneName(element.timezone)}` : "";
  return { node: input, target: input, inputs: [input], value: () => timeTyped(input.value), problem: () => noTime(input), note };
}

/** Day and time side by side; a time without a day is one of today. */
export function dateTimePicker(element, { entered, ctx, changed }) {
  const { me, now } = ctx.reader;
  const known = entered ? wallTime(entered, me.tz) : {};
  const day = dayInput(known.date, changed, { "aria-label": "Day" });
  const time = timeInput(known.time, () => {
    if (timeTyped(time.value) && !day.value) day.value = wallTime(now(), me.tz).date;
    changed();
  }, { "aria-label": "Time" });
  const node = el("div", { class: "moment" }, day, time);
  return {
    node,
    target: day,
    inputs: [day, time],
    isGroup: true,
    note: `Your time zone: ${zoneName(me.tz)}`,
    value: () => momentOf(day.value, timeTyped(time.value), me.tz),
    problem: () => halfDay(day) || noTime(time) || lacking(day, time),
  };
}

const momentOf = (day, time, zone) => (day && time ? epochOf(day, time, zone) : null);

const lacking = (day, time) => (day.value && !time.value.trim() ? "Say what time of that day, too." : "");

const zoneName = (zone) => zone.replaceAll("_", " ");
