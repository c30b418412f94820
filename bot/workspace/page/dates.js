// Times as Slack writes them, in the viewer's zone and with 24 hours. Reads no clock: who asks says what time it is.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NEARLY_HALF_A_YEAR = 182 * DAY;
const FARTHEST_SECONDS = 8.64e12;
const PARTS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
const TOKEN = /\{(\w{1,30})\}/g;

const formats = new Map();

function format(zone, kind, options) {
  const key = `${zone} ${kind}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }));
  return formats.get(key);
}

/** {year, month, day, hour, minute, second} as two- or four-digit strings. */
function partsOf(seconds, zone) {
  const parts = format(zone, "parts", { ...PARTS, hourCycle: "h23" }).formatToParts(seconds * 1000);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

/** {date: "2026-11-21", time: "14:05"} on the wall of somebody in `zone`. */
export function wallTime(seconds, zone) {
  const { year, month, day, hour, minute } = partsOf(seconds, zone);
  return { date: `${year.padStart(4, "0")}-${month}-${day}`, time: `${hour}:${minute}` };
}

/** Epoch seconds of a time on the wall; one that a change of clocks leaves out is taken as an hour later. */
export function epochOf(date, time, zone) {
  const wanted = Date.parse(`${date}T${time}:00Z`) / 1000;
  if (Number.isNaN(wanted)) return null;
  const first = wanted - offsetAt(wanted, zone);
  return wanted - offsetAt(first, zone);
}

function offsetAt(seconds, zone) {
  const { year, month, day, hour, minute, second } = partsOf(seconds, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - Math.floor(seconds);
}

const longDate = (seconds, zone, more) =>
  format(zone, `weekday ${more.year ?? ""}`, { weekday: "long", month: "long", day: "numeric", ...more }).format(seconds * 1000);

const monthDate = (seconds, zone, month, year) =>
  format(zone, `${month} ${year ?? ""}`, { month, day: "numeric", ...(year && { year }) }).format(seconds * 1000);

function dayOfYear(seconds, { me: { tz }, now }) {
  const isThisYear = partsOf(seconds, tz).year === partsOf(now(), tz).year;
  return longDate(seconds, tz, isThisYear ? {} : { year: "numeric" });
}

/** "today", "yesterday", "tomorrow" or "". */
function nearDay(seconds, { me: { tz }, now }) {
  const day = (at) => Date.parse(wallTime(at, tz).date) / 1000 / DAY;
  return { 0: "today", 1: "yesterday", [-1]: "tomorrow" }[day(now()) - day(seconds)] ?? "";
}

/** "33 minutes ago", "in 2 hours", "now". */
function ago(seconds, now) {
  const past = now - seconds;
  const long = Math.abs(past);
  if (long < MINUTE) return "now";
  const [size, unit] = long < HOUR ? [MINUTE, "minute"] : long < DAY ? [HOUR, "hour"] : [DAY, "day"];
  const count = Math.floor(long / size);
  const span = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return past > 0 ? `${span} ago` : `in ${span}`;
}

const SHOWN = {
  date_num: (at, { me }) => wallTime(at, me.tz).date,
  date_slash: (at, { me }) => wallTime(at, me.tz).date.replace(/^(\d+)-(\d+)-(\d+)$/, "$2/$3/$1"),
  date_long: (at, { me }) => longDate(at, me.tz, { year: "numeric" }),
  date_long_full: (at, { me }) => monthDate(at, me.tz, "long", "numeric"),
  date: (at, { me, now }) => monthDate(at, me.tz, "long", Math.abs(now() - at) < NEARLY_HALF_A_YEAR ? undefined : "numeric"),
  date_short: (at, { me }) => monthDate(at, me.tz, "short", "numeric"),
  date_short_half: (at, { me }) => monthDate(at, me.tz, "short"),
  day_divider: dayOfYear,
  time: (at, { me }) => wallTime(at, me.tz).time,
  time_secs: (at, { me }) => `${wallTime(at, me.tz).time}:${partsOf(at, me.tz).second}`,
  ago: (at, { now }) => ago(at, now()),
};

function shown(name, at, reader, isFirst) {
  const plain = name.endsWith("_pretty") ? name.slice(0, -"_pretty".length) : name;
  if (!Object.hasOwn(SHOWN, plain)) return null;
  const near = plain !== name && nearDay(at, reader);
  return near ? (isFirst ? capital(near) : near) : SHOWN[plain](at, reader);
}

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** A pattern such as "{date_short_pretty} at {time}"; `fallback` where the stamp (epoch seconds) is none. */
export function dateText(stamp, pattern, fallback, reader) {
  const at = Number(stamp);
  if (String(stamp).trim() === "" || !(Math.abs(at) < FARTHEST_SECONDS)) return fallback || String(stamp);
  return pattern.replace(TOKEN, (token, name, index) => shown(name, at, reader, index === 0) ?? token);
}
