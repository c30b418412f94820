// Which of the three things to try an entry of the journal shows to have happened. It only judges.

const REMINDER_BUTTON = "snooze_update";

const isCall = ({ source, entry }, method) => source === "call" && entry.method === method && entry.answer?.ok === true;

/** The channel that the app opened for an incident: {id, name}, or undefined. */
export const openedChannel = (item) => (isCall(item, "conversations.create") ? item.entry.answer.channel : undefined);

function isMappedReaction({ source, entry }, reader, channels) {
  if (source !== "delivery" || entry.event_type !== "reaction_added") return false;
  const { user, reaction, item } = entry.payload.event;
  return user === reader.me.id && reader.app.reactions.includes(reaction) && channels.has(item?.channel);
}

const isReminder = (item) =>
  isCall(item, "chat.postMessage") && JSON.stringify(item.entry.args.blocks ?? "").includes(REMINDER_BUTTON);

/** The step that `item` shows: "declare", "react", "remind" or undefined. `channels`: ids of incidents' channels. */
export function stepShownBy(item, reader, channels) {
  if (openedChannel(item)) return "declare";
  if (isMappedReaction(item, reader, channels)) return "react";
  return isReminder(item) ? "remind" : undefined;
}
