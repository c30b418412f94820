"""A stand-in for Slack on 127.0.0.1: Web API, Socket Mode, signed HTTP delivery, and people who use it.

It imports nothing else from `bot`, so it cannot share the bot's misunderstandings of Slack.

    from bot.workspace.server import Workspace

    async with Workspace() as workspace:          # or: await workspace.start() ... await workspace.stop()
        ada, ben = workspace.person("ada"), workspace.person("ben")
        answer = await ada.slash("/incident", "declare sev1 Checkout is down", channel="general")
        await ada.wait_until(lambda: ada.channel_named("inc-1"))

Workspace(*, port=0, clock=None, bot_name="muster", people=CAST, channels=CHANNELS, scopes=ALL_SCOPES,
          events=ALL_EVENTS, rate_limits=False, slash_commands=None)
    .api_url  .control_url  .bot_token  .app_token  .signing_secret
    .team_id  .app_id  .bot_user_id  .bot_id  .clock  .client
    .person(name) -> Person
    .user_id(name) -> "U…"    .channel_id(name) -> "C…"
    await .deliver_over_http(url, interactivity_url=None, slash_url=None)   signed HTTP instead of Socket Mode;
                                          raises RefusedByApp unless url_verification is answered
    await .start()  await .stop()

Clock() (bot.workspace.timepiece): .now() -> epoch seconds; .advance(seconds); Clock(now=callable) wraps another.

Person (bot.workspace.person); `channel` is a name without # ("general"), an id, or another Person's name for a DM
("muster" = the DM with the app). Refusals by the workspace itself raise Refused(error).
    await .say(channel, text, thread_ts=None, files=()) -> ts
    await .edit(channel, ts, text)    .delete(channel, ts)
    await .react(channel, ts, emoji)  .unreact(channel, ts, emoji)
    await .slash(command, text="", channel="general") -> Answer
    await .click(button, channel=None, ts=None, where=None) -> Answer
          button is an action_id or a label; where is "message", "ephemeral", "modal" or "home"; without it the newest
          match of all that this person sees is taken (an open modal first).
    await .select(field, value, channel=None, ts=None, where=None) -> Answer   value: an option's label or value,
          a person's name, a channel's name, a date, a time, or a list of them
    await .shortcut(callback_id) -> Answer      .message_shortcut(callback_id, channel, ts) -> Answer
    await .submit(values={}) -> Submission      values by label, block_id or action_id; errors by block_id
    await .close_modal()          await .open_home() -> Answer
    await .create_channel(name, private=False) -> id   .join(channel)  .leave(channel)  .invite(channel, *names)
          .archive(channel)  .unarchive(channel)  .rename(channel, name)
    await .messages(channel) -> list[SeenMessage]      top level, oldest first
    await .thread(channel, ts) -> list[SeenMessage]    parent first
    await .ephemerals(channel=None) -> list[SeenMessage]
    await .modal() -> SeenView | None      .home() -> SeenView | None
    await .pins(channel) -> list[SeenMessage]   .bookmarks(channel) -> list[dict]
    await .topic(channel) -> str   .purpose(channel) -> str   .members(channel) -> list[names]
    await .channels() -> list[SeenChannel]      those this person can find
    await .channel_named(part) -> SeenChannel | None   first whose name contains part
    await .wait_until(check, timeout=5.0) -> what check returned
          check is a plain or an async callable; it is asked again at every change; raises TimeoutError
    await .wait_for_message(channel, containing, timeout=5.0, thread_ts=None) -> SeenMessage   (rendered text)
    await .wait_for_ephemeral(containing, channel=None, timeout=5.0) -> SeenMessage

Answer(ok, error, message): error is what Slack would show ("operation_timeout", "dispatch_failed", …);
    .text is the rendered text of what the app answered in its acknowledgement, "" if nothing.
Submission(ok, error, errors: dict[block_id, sentence], closed: bool, view: SeenView | None)
SeenMessage: ts, channel, user (name), text (raw), rendered (for this viewer), thread_ts, edited, deleted, ephemeral,
    reactions {emoji: [names]}, blocks, buttons [labels], reply_count, pings (set), links [(label, url)], metadata,
    files, pinned, raw (as Slack stores it)
SeenView: id, type, callback_id, title, rendered, blocks, buttons, fields [labels], private_metadata, raw
SeenChannel: id, name, is_private, is_archived, topic, purpose, members (names)

WorkspaceClient(control_url) (bot.workspace.client): async context manager; workspace.client is an open one.
    .person(name) -> Person
    await .calls(method=None) -> list[dict]        time, method, args, answer, status, duration_ms
    await .deliveries(kind=None) -> list[dict]     time, kind, payload, attempt, outcome, envelope_id, answer
    await .advance(seconds)   await .now() -> float
    await .fault(method, kind, count=None, seconds=0.0)   method "*" = all. kinds: "hold" (seconds), "lose_reply",
          "internal_error", "bad_gateway", "ratelimited" (Retry-After = seconds), "refuse" (answers error=…)
    await .delivery_fault(kind, count=None, seconds=0.0, times=1)   kinds: "delay" (seconds), "repeat" (times)
    await .clear_faults()     await .rate_limits(on)
    await .forge(kind, payload) -> Answer          kind: "slash", "interactive" or "event"; validly signed, unchecked
    await .refresh_sockets()                       every Socket Mode connection is asked to reconnect

HTTP: POST /control/act {"as": "ada", "do": "say", …the same arguments…} and GET /control/see?as=ada&what=messages&…;
the full list is in bot/workspace/control.py. `python -m bot.workspace --port N` runs it alone.
bot.workspace.rendering: render_text(message, directory, tz), pings(message), links(message).
"""
