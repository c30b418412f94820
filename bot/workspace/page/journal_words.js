// What an entry of the journal is, in words: direction, kind, subject, outcome. It draws nothing and asks nothing.
import { plain } from "./mrkdwn.js";

const LONGEST_SUBJECT = 90;

const LONGEST_NAME = 28;

const short = (text, most = LONGEST_SUBJECT) => {
  const line = String(text ?? "").replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};

/** Arguments that came as a form hold their structures as text. */
export function opened(value) {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function channelWords(id, reader) {
  if (!id) return "";
  if (/^[UW]/.test(id)) return personWords(id, reader);
  const known = reader.channel(id);
  if (known?.name) return known.is_im ? "direct message" : short(`#${known.name}`, LONGEST_NAME);
  return id.startsWith("D") ? "direct message" : id;
}

const personWords = (id, reader) => (id ? (reader.person(id)?.real_name ?? id) : "");

const joined = (...parts) => short(parts.filter(Boolean).join(" · "));

// What the app was sent ------------------------------------------------------------------------------------------

function eventSubject(event, reader) {
  const where = channelWords(event.item?.channel ?? (typeof event.channel === "string" ? event.channel : event.channel?.id), reader);
  const who = personWords(typeof event.user === "string" ? event.user : (event.user?.id ?? event.message?.user), reader);
  const what = event.reaction ? `:${event.reaction}:` : (event.subtype ?? event.tab ?? plain(event.text, reader));
  return joined(what, where, who);
}

function actionSubject(payload) {
  const action = payload.actions?.[0] ?? {};
  const chosen = action.selected_option?.text?.text ?? action.selected_user ?? action.selected_channel ?? action.selected_date;
  return joined(action.text?.text ?? action.action_id, chosen);
}

const INTERACTIONS = {
  block_actions: (payload) => ["button or field", actionSubject(payload)],
  view_submission: (payload) => ["form sent", payload.view?.title?.text],
  view_closed: (payload) => ["form closed", payload.view?.title?.text],
  shortcut: (payload) => ["shortcut", payload.callback_id],
  message_action: (payload) => ["message shortcut", payload.callback_id],
};

function deliveryWords({ kind, payload, event_type: eventType, attempt }, reader) {
  const again = attempt ? `attempt ${attempt + 1}` : "";
  if (kind === "slash_commands") {
    const typed = `${payload.command} ${payload.text}`.trim();
    return { kind: "act", name: "command", subject: joined(typed, personWords(payload.user_id, reader), again) };
  }
  if (kind === "interactive") {
    const [name, about] = INTERACTIONS[payload.type]?.(payload) ?? [payload.type, ""];
    return { kind: "act", name, subject: joined(about, personWords(payload.user?.id, reader), again) };
  }
  return { kind: "event", name: eventType, subject: joined(eventSubject(payload.event ?? {}, reader), again) };
}

// What it called -------------------------------------------------------------------------------------------------

function callSubject({ args, answer }, reader) {
  const view = opened(args.view);
  const channel = args.channel ?? answer?.channel?.id;
  const what = args.name && !args.channel ? short(`#${args.name}`, LONGEST_NAME) : (view?.title?.text ?? view?.type ?? args.title ?? plain(args.topic ?? args.text, reader));
  return joined(channel && !args.name ? channelWords(channel, reader) : "", what, personWords(args.user ?? args.user_id, reader));
}

function answerSubject({ to, args }, reader) {
  const what = args.delete_original ? "takes its message away" : plain(args.text, reader);
  return joined(to && channelWords(to.channel, reader), what, to && `for ${personWords(to.user, reader)}`);
}

// How it ended ---------------------------------------------------------------------------------------------------

const UNDELIVERED = {
  timeout: "no answer within 3 s",
  connection_failed: "not connected",
  http_error: "answered with an error",
};

/** Why Slack refused: its word, and what it says beside it. */
function whyRefused(answer) {
  const said = answer?.response_metadata?.messages ?? [];
  const needed = answer?.needed ? [`needs ${answer.needed}`] : [];
  return [answer?.error ?? "refused", ...said, ...needed].join("; ");
}

function deliveryOutcome({ outcome }, pending) {
  if (outcome === "acknowledged") return { state: "good", text: "ok" };
  if (outcome === "sent" || pending) return { state: "waiting", text: "waiting …" };
  return { state: "failed", text: UNDELIVERED[outcome] ?? outcome };
}

function callOutcome({ answer, status, broke }, pending) {
  if (broke) return { state: "broke", text: `broke a Slack rule: ${whyRefused(answer)}` };
  if (pending) return { state: "waiting", text: "waiting …" };
  if (status === 0) return { state: "failed", text: "done, but the answer was lost" };
  if (!answer) return { state: "failed", text: `no answer of Slack's (${status})` };
  return answer.ok ? { state: "good", text: "ok" } : { state: "refused", text: whyRefused(answer) };
}

const ABOUT = {
  call: (entry, reader) => ({ kind: "call", name: entry.method, subject: callSubject(entry, reader) }),
  answer: (entry, reader) => ({ kind: "call", name: "response_url", subject: answerSubject(entry, reader) }),
  delivery: deliveryWords,
};

const PROBLEMS = new Set(["refused", "failed", "broke"]);

/**
 * @returns {{toApp: boolean, kind: "event"|"act"|"call", name: string, subject: string,
 *   outcome: {state: string, text: string}, isProblem: boolean, ms: number|undefined}}
 */
export function words({ source, entry, pending }, reader) {
  const toApp = source === "delivery";
  const outcome = toApp ? deliveryOutcome(entry, pending) : callOutcome(entry, pending);
  return { ...ABOUT[source](entry, reader), toApp, outcome, isProblem: PROBLEMS.has(outcome.state), ms: entry.duration_ms };
}

/** What is shown when an entry is opened: its parts, titled. */
export function parts({ source, entry }) {
  if (source === "delivery") return [["Payload", entry.payload], ["Answer", entry.answer]];
  const args = Object.fromEntries(Object.entries(entry.args).map(([name, value]) => [name, opened(value)]));
  return [["Arguments", args], ["Answer", entry.answer]];
}
