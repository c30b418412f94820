// Which of the three things to try an entry of the journal shows to have happened. It only judges.

/** Seconds of the workspace's clock between what a person sent and the channel that came of it. */
const SOON = 60;
const REMINDER_BUTTON = "snooze_update";

const isCall = ({ source, entry }, method) => source === "call" && entry.method === method && entry.answer?.ok === true;

/** The channel that the app opened for an incident: {id, name, time}, or undefined. */
export function openedChannel(item) {
  if (!isCall(item, "conversations.create")) return undefined;
  const { id, name } = item.entry.answer.channel;
  return { id, name, time: item.time };
}

/** When the reader used a command or sent a form, or undefined. */
export function actedAt({ source, entry, time }, reader) {
  if (source !== "delivery") return undefined;
  const { kind, payload } = entry;
  const who = kind === "slash_commands" ? payload.user_id : payload.type === "view_submission" && payload.user?.id;
  return who === reader.me.id ? time : undefined;
}

/** Whether one of the channels was opened soon after one of these times. */
export const isDeclared = (channels, times) =>
  Object.values(channels).some((channel) => times.some((time) => channel.time >= time && channel.time - time < SOON));

function isMappedReaction({ source, entry }, reader, channels) {
  if (source !== "delivery" || entry.event_type !== "reaction_added") return false;
  const { user, reaction, item } = entry.payload.event;
  return user === reader.me.id && reader.app.reactions.includes(reaction) && channels.has(item?.channel);
}

const isReminder = (item) =>
  isCall(item, "chat.postMessage") && JSON.stringify(item.entry.args.blocks ?? "").includes(REMINDER_BUTTON);

/** The step that `item` alone shows: "react", "remind" or undefined. `channels`: ids of incidents' channels. */
export function stepShownBy(item, reader, channels) {
  if (isMappedReaction(item, reader, channels)) return "react";
  return isReminder(item) ? "remind" : undefined;
}
