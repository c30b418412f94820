// What Slack says of its own accord in a channel ("Ada has joined the channel"), as one quiet line.
import { el } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

const SYSTEM = /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive)$|^pinned_item$|^bot_(add|remove)$/;

export const isSystem = (message) => SYSTEM.test(message.subtype ?? "");

/** The line without its author, whom the message names already. */
export function systemLine(message, reader) {
  const said = message.text.replace(`<@${message.user}>`, "").trim();
  return el("span", { class: "message-system" }, mrkdwn(said, reader));
}
