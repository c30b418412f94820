// Times of messages as text, in a person's zone. Dates inside a message's text are not made here.

const DAY_SECONDS = 86_400;
const made = new Map();

function format(tz, options) {
  const key = tz + JSON.stringify(options);
  if (!made.has(key)) made.set(key, formatIn(tz, options));
  return made.get(key);
}

/** A zone that the browser does not know is read as UTC. */
function formatIn(tz, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: tz, ...options });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  }
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const DAY = { weekday: "long", day: "numeric", month: "long" };
const WHOLE = { ...DAY, year: "numeric", ...CLOCK, second: "2-digit" };

const at = (tz, options, seconds) => format(tz, options).format(new Date(Number(seconds) * 1000));

/** "14:05" */
export const clockTime = (seconds, tz) => at(tz, CLOCK, seconds);

/** "Saturday, 21 November 2026 at 14:05:09 (Europe/Berlin)" */
export const wholeTime = (seconds, tz) => `${at(tz, WHOLE, seconds)} (${tz})`;

/** "Today", "Yesterday" or "Saturday, 21 November". */
export function dayName(seconds, tz, now) {
  const day = at(tz, DAY, seconds);
  if (day === at(tz, DAY, now)) return "Today";
  return day === at(tz, DAY, now - DAY_SECONDS) ? "Yesterday" : day;
}

/** "today at 14:05" */
export const dayAndTime = (seconds, tz, now) => `${sentenceCase(dayName(seconds, tz, now))} at ${clockTime(seconds, tz)}`;

const sentenceCase = (name) => (name === "Today" || name === "Yesterday" ? name.toLowerCase() : name);

/** "Berlin" of "Europe/Berlin". */
export const cityOf = (tz) => tz.split("/").at(-1).replaceAll("_", " ");
