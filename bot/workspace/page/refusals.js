// Slack's words for "no" as sentences for the person who asked. It shows nothing itself.

const SENTENCES = {
  already_archived: "This channel is archived already.",
  already_pinned: "That message is pinned already.",
  already_reacted: "You have reacted with that emoji already.",
  cannot_dm_bot: "That app takes no direct messages.",
  cannot_reply_to_message: "That message takes no replies.",
  cant_archive_general: "This channel cannot be archived.",
  cant_delete_message: "Only its author, or an admin, can delete that message.",
  cant_leave_general: "Nobody can leave #general.",
  cant_update_message: "Only its author can edit that message.",
  channel_not_found: "There is no such channel here, or it is private and you are not in it.",
  invalid_name: "There is no emoji of that name here.",
  is_archived: "This channel is archived: nothing new can be written or changed in it.",
  message_not_found: "That message is no longer there.",
  method_not_supported_for_channel_type: "That cannot be done in this kind of channel.",
  missing_argument: "Something is missing from that.",
  msg_too_long: "That message is too long: at most 40,000 characters.",
  name_taken: "There is a channel of that name already.",
  no_item_specified: "There is nothing to do this to.",
  no_pin: "That message is not pinned any more.",
  no_reaction: "That reaction is gone already.",
  no_such_element: "This message has just changed, so nothing was done. Look again, and press once more if you still want it.",
  no_such_field: "That field is no longer there: the form has changed.",
  no_such_option: "That cannot be chosen here.",
  no_text: "There is nothing to send yet.",
  not_archived: "This channel is not archived.",
  not_authorized: "You may not do that.",
  not_in_channel: "You are not in this channel: join it first.",
  restricted_action: "Guests and people of other organisations cannot do that.",
  thread_not_found: "That thread is no longer there.",
  too_many_emoji: "That message has as many different reactions as it can hold.",
  too_many_pins: "This channel has as many pins as it can hold: unpin one first.",
  unknown_command: "There is no such command here.",
  user_not_found: "There is no such person here.",
  user_not_in_channel: "That person is not in this channel.",
};

/** What the workspace refused, in a sentence. */
export const refused = (error) => SENTENCES[error] ?? `The workspace does not do that (${error}).`;

const FAILURES = {
  operation_timeout: "The app did not answer within three seconds (operation_timeout).",
  dispatch_failed: "The app could not be reached (dispatch_failed). Nothing was sent.",
};

/** What became of something the app was asked for. A slash command reads as in Slack. */
export const failed = (verb, args, error) =>
  verb === "slash" ? `${args.command} failed with the error ${error}` : (FAILURES[error] ?? `The app's answer could not be used (${error}).`);
