"""A stand-in for Slack on 127.0.0.1: Web API, Socket Mode, signed HTTP delivery, people who use it, and their page.

It imports nothing else from `bot`, so it cannot share the bot's misunderstandings of Slack.

    from bot.workspace.server import Workspace

    async with Workspace() as workspace:          # or: await workspace.start() ... await workspace.stop()
        ada, ben = workspace.person("ada"), workspace.person("ben")
        answer = await ada.slash("/incident", "declare sev1 Checkout is down", channel="general")
        await ada.wait_until(lambda: ada.channel_named("inc-1"))

Workspace(*, port=0, clock=None, bot_name="muster", people=CAST, channels=CHANNELS, scopes=ALL_SCOPES,
          events=ALL_EVENTS, rate_limits=False, slash_commands=None, manifest=None, hints=None, reactions=(),
          host=None)
          manifest: the app's, as JSON; its commands are then the only ones. hints: {"/incident": [(usage, does), …]}.
          reactions: the emoji that mean something to the app. host: what can be done from the page beyond the
          workspace itself (bot.workspace.host: Host, Powers); without one, nothing
    .api_url  .control_url  .page_url  .bot_token  .app_token  .signing_secret
    .team_id  .app_id  .bot_user_id  .bot_id  .clock  .client
    .person(name) -> Person
    .user_id(name) -> "U…"    .channel_id(name) -> "C…"
    await .deliver_over_http(url, interactivity_url=None, slash_url=None)
          signed HTTP instead of Socket Mode; raises RefusedByApp unless url_verification is answered
    .drill_changed()   to be called by the host: pages look at the drill anew
    await .start()  await .stop()

The cast: ada, ben, cleo, finn (full members), grace (admin), dee (guest, in no channel), eve (of another
organisation), pagerbot (another app's bot); #general and #incidents (with the app), #random (without).
Clock() (bot.workspace.timepiece): .now() -> epoch seconds; .advance(seconds); Clock(now=…) wraps another.

Person (bot.workspace.person); `channel` is a name without # ("general"), an id, or a user's name for a DM
("muster" = the DM with the app). What the workspace itself forbids raises client.Refused (.error, .answer).
Text that people type is composed as Slack's client does: @ada, #general, addresses; all else is escaped.
    await .say(channel, text, thread_ts=None, files=()) -> ts
    await .edit(channel, ts, text)    .delete(channel, ts)    .pin(channel, ts)   .unpin(channel, ts)
    await .react(channel, ts, emoji)  .unreact(channel, ts, emoji)
    await .slash(command, text="", channel="general") -> Answer
    await .click(button, channel=None, ts=None, where=None, block=None) -> Answer
          button is an action_id or a label; where is "message", "ephemeral", "modal" or "home"; without
          it the newest match of all that this person sees is taken (an open modal first); block is a block_id
    await .select(field, value, *, channel=None, ts=None, where=None, block=None) -> Answer
          value: an option's label or value, a person's name, a channel's name, a date, a time, or a list
    await .shortcut(callback_id) -> Answer      .message_shortcut(callback_id, channel, ts) -> Answer
    await .submit(values={}) -> Submission      values by label, block_id or action_id; errors by block_id
    await .mark(channel, ts)   read up to it      .dismiss(channel, ts)   an ephemeral
    await .close_modal() -> Answer              .open_home() -> Answer
    await .create_channel(name, private=False) -> id   .join(channel)  .leave(channel)
          .invite(channel, *names)  .archive(channel)  .unarchive(channel)  .rename(channel, name)
    await .messages(channel) -> list[SeenMessage]      top level, oldest first
    await .thread(channel, ts) -> list[SeenMessage]    parent first
    await .ephemerals(channel=None) -> list[SeenMessage]
    await .modal() -> SeenView | None      .home() -> SeenView | None
    await .pins(channel) -> list[SeenMessage]   .bookmarks(channel) -> list[dict]
    await .channel(name) -> SeenChannel   .topic(channel)  .purpose(channel)  .members(channel) -> [names]
    await .channels() -> list[SeenChannel]      those this person can find
    await .channel_named(part) -> SeenChannel | None   first whose name contains part
    await .wait_until(check, timeout=5.0) -> what check returned
          check is a plain or an async callable; it is asked again at every change and every 0.1 s; raises TimeoutError
    await .wait_for_message(channel, containing, timeout=5.0, thread_ts=None) -> SeenMessage   (rendered text)
    await .wait_for_ephemeral(containing, channel=None, timeout=5.0) -> SeenMessage
    await .wait_for_modal(title="", timeout=5.0) -> SeenView

Answer(ok, error, message, raw): error is what Slack would show ("operation_timeout", "dispatch_failed", …),
    "" if none; .text is the rendered text of what the app answered in its acknowledgement, "" if nothing.
Submission(ok, error, errors: dict[block_id, sentence], closed: bool, view: SeenView | None)
SeenMessage: ts, channel, user (name), text (as stored), rendered (for this viewer), thread_ts, subtype,
    edited, deleted, ephemeral, reactions {emoji: [names]}, blocks, buttons [labels], reply_count, pings (names, or
    here/channel/everyone), links ((label, url), …), metadata, files, pinned, raw (as Slack stores it)
SeenView: id, type, callback_id, title, rendered, blocks, buttons, fields [labels], private_metadata, raw
SeenChannel: id, name, is_private, is_archived, topic, purpose, members (names)

WorkspaceClient(control_url) (bot.workspace.client): async context manager; workspace.client is an open one.
    .person(name) -> Person     await .about() -> dict      await .connected(timeout=5.0)   a socket is open
    await .calls(method=None, since=None, limit=None) -> list[dict]
          n, time, method, args, answer, status, duration_ms, connection, broke (a rule of Slack's, such as blocks or
          scopes; a mere refusal like name_taken is none); since is a serial n; no token stands in any of it
    await .deliveries(kind=None, since=None, limit=None) -> list[dict]
          n, time, kind, payload, attempt, outcome, answer, duration_ms; kind is slash_commands, interactive,
          events_api, or the type of an event
    await .answers(since=None, limit=None) -> list[dict]   what came through response_urls: as calls, but `to`
          {user, channel} (None: a URL that nobody issued) for method and connection
    await .advance(seconds)   the host's clock, where it has one   await .now()   await .wait_until(check, timeout=5.0)
    await .fault(method, kind, *, count=None, seconds=0.0, error=None, after=False, where=None,
          chance=1.0, seed=0)
          method "*" = all; kinds: "hold" (seconds), "lose_reply", "internal_error", "bad_gateway", "html_body" and
          "empty_body" (with 200), "ratelimited" (Retry-After = seconds), "refuse" (answers error); after=True: the
          call has its effect first; where={"channel": "C…", "text": "…"}: only calls whose arguments hold these texts;
          chance: the share of them that is struck, drawn by seed
    await .delivery_fault(kind, *, count=None, seconds=0.0, times=1)   "delay" (seconds), "repeat" (times)
    await .clear_faults()     await .rate_limits(on)     await .refresh_sockets()
    await .reset_sockets()    await .silence_sockets()   these break, or stay open and answer nothing, not even pings
    await .forge(kind, payload) -> Answer          "slash", "interactive" or "event": validly signed, unchecked
    await .change_person(name, **fields)           and user_change is sent     .add_usergroup(id, *names)

    await .reset()   await .start_drill(name, by)   await .stop_drill()   await .drills()    through the host
    await .alerts()   await .send_alert(name)                                                through the host

HTTP: POST /control/act {"as": "ada", "do": "say", …the same arguments…},
GET /control/see?as=ada&what=messages&…; all of it is in bot/workspace/control.py. GET / is the page, its files lie
in bot/workspace/page/. GET /control/live?as=ada is a WebSocket that says what changed (bot/workspace/live.py).
Page and control API answer to loopback names and to their own page only.
`python -m bot.workspace --port N` runs it alone.
bot.workspace.rendering: render_text(message, directory, tz, now), pings(message), links(message).
"""
