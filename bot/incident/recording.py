"""Decisions: the timeline's entries, the playbook's steps, and what effects report back."""

from datetime import UTC, datetime

from bot.incident import events as happened
from bot.incident.commands import (
    AddMessageToTimeline,
    AddNote,
    AttachPlaybook,
    ChangeStep,
    FlagMessage,
    RecordChannel,
    RecordFailure,
    RecordJoined,
    RecordLeft,
    RecordMessage,
    RecordMessageDeletion,
    RecordMessageEdit,
    RecordMessageText,
    RecordMissed,
    RetryChannel,
    UnflagMessage,
)
from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.events import Event
from bot.incident.following_up import drafted, who_drafts, withdrawn
from bot.incident.message_evolution import with_text
from bot.incident.policy import Policy
from bot.incident.progress import require_active
from bot.incident.rights import require_muster, require_responder, still_opening
from bot.incident.state import Flag, FlaggedMessage, Incident, StepProgress
from bot.incident.terms import OPENING, EntryKind, MessageTs, Rejected, StepState

Events = tuple[Event, ...]

SHORTCUT = ""
"""Stands for the emoji where a message was added by the shortcut."""


def add_note(incident: Incident, command: AddNote, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    text = command.text.strip()
    if not is_readable(text):
        raise Rejected("A note needs some words.", field="text")
    if len(text) > LONGEST_TEXT:
        raise Rejected(f"That note has {len(text)} characters and at most {LONGEST_TEXT} fit.", field="text")
    happened_at = command.happened_at or at
    if happened_at > at:
        raise Rejected("A note is about something that has happened; that time is still to come.", field="happened_at")
    return (happened.NoteAdded(at=at, by=command.by.id, text=text, happened_at=happened_at, kind=command.kind),)


def attach_playbook(incident: Incident, command: AttachPlaybook, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    require_active(incident)
    if command.checklist.playbook in incident.playbooks:
        raise Rejected(f"The playbook '{command.checklist.title}' is attached already.", verb="playbook")
    return (happened.PlaybookAttached(at=at, by=command.by.id, checklist=command.checklist),)


def change_step(incident: Incident, command: ChangeStep, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    if not incident.is_unfinished:
        require_active(incident)
    attached = incident.playbooks.get(command.playbook)
    step = next((step for step in attached.checklist.steps if step.id == command.step), None) if attached else None
    if attached is None or step is None:
        raise Rejected("That step is not part of this incident. Nothing has changed.", verb="playbook")
    now = attached.progress.get(command.step, StepProgress())
    if now.state is command.state or command.seen not in (None, now.state):
        raise Rejected(_stale(now), who=now.by)
    changed = happened.StepChanged(
        at=at,
        by=command.by.id,
        playbook=command.playbook,
        step=command.step,
        title=step.title,
        before=now.state,
        after=command.state,
        note=command.note.strip(),
    )
    return (changed,)


def flag(incident: Incident, command: FlagMessage, policy: Policy, at: datetime) -> Events:
    """Only the newest word of a person on a message counts, in whatever order Slack's events come.

    What would be an action item during the response is a follow-up after it; one whose text is known is drafted.
    """
    require_responder(incident, command.by, policy)
    kind = policy.emoji.get(command.emoji)
    if kind is EntryKind.ACTION_ITEM and not incident.is_active:
        kind = EntryKind.FOLLOWUP
    if kind is None or command.channel != incident.channel or _is_old(incident, command):
        return ()
    flagged = happened.MessageFlagged(
        at=at,
        by=command.by.id,
        channel=command.channel,
        ts=command.ts,
        emoji=command.emoji,
        kind=kind,
        flagged_ts=command.flagged_ts,
    )
    known = incident.flagged.get(command.ts)
    drafts = drafted(incident, known, command.by.id, at) if known and kind is EntryKind.FOLLOWUP else ()
    return (flagged, *drafts)


def unflag(incident: Incident, command: UnflagMessage, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    before = _flag_of(incident, command)
    kind = before.kind if before else policy.emoji.get(command.emoji)
    if kind is None or command.channel != incident.channel or _is_old(incident, command):
        return ()
    unflagged = happened.MessageUnflagged(
        at=at, by=command.by.id, ts=command.ts, emoji=command.emoji, kind=kind, flagged_ts=command.flagged_ts
    )
    return (unflagged, *withdrawn(incident, incident.flagged.get(command.ts), command.by.id, command.emoji, at))


def add_message(incident: Incident, command: AddMessageToTimeline, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    if command.channel != incident.channel:
        raise Rejected(
            "Only messages of the incident's own channel go into its timeline. Write a note about it.", verb="note"
        )
    known = incident.flagged.get(command.ts)
    if _is_of_muster(incident, command.ts):
        raise Rejected("That is Muster's own post. What it tells is in the record already.", verb="timeline")
    if known and known.stands:
        raise Rejected("That message is in the timeline already.", verb="timeline")
    flagged = happened.MessageFlagged(
        at=at,
        by=command.by.id,
        channel=command.channel,
        ts=command.ts,
        emoji=SHORTCUT,
        kind=EntryKind.ENTRY,
        flagged_ts=f"{at.timestamp():.6f}",
    )
    read = happened.MessageRead(
        at=at,
        by=command.by.id,
        ts=command.ts,
        author=command.author,
        text=command.text,
        files=command.files,
        permalink=command.permalink,
    )
    return (flagged, read)


def record_text(incident: Incident, command: RecordMessageText, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    message = incident.flagged.get(command.ts)
    if message is None or message.author is not None:
        return ()
    read = happened.MessageRead(
        at=at,
        by=command.by.id,
        ts=command.ts,
        author=command.author,
        text=command.text,
        files=command.files,
        permalink=command.permalink,
        from_muster=command.from_muster,
    )
    by = who_drafts(message)
    return (read, *(drafted(incident, with_text(message, read), by, at) if by else ()))


def record_edit(incident: Incident, command: RecordMessageEdit, policy: Policy, at: datetime) -> Events:
    """An edit of a message that was never flagged, or that is older than what is known, is of no interest."""
    require_muster(command.by)
    message = incident.flagged.get(command.ts)
    if message is None or _is_of_muster(incident, command.ts):
        return ()
    if message.text in (None, command.text) or command.edited_ts <= message.edited_ts:
        return ()
    edited = happened.MessageEdited(
        at=at, by=command.by.id, ts=command.ts, text=command.text, edited_ts=command.edited_ts
    )
    return (edited,)


def record_deletion(incident: Incident, command: RecordMessageDeletion, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    message = incident.flagged.get(command.ts)
    if message is None or message.deleted:
        return ()
    return (happened.MessageDeleted(at=at, by=command.by.id, ts=command.ts),)


def record_channel(incident: Incident, command: RecordChannel, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    if incident.channel is not None:
        return ()
    return (happened.ChannelOpened(at=at, by=command.by.id, channel=command.channel, name=command.name),)


def record_card(incident: Incident, command: RecordMessage, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    if command.card in incident.cards:
        return ()
    posted = happened.CardPosted(
        at=at,
        by=command.by.id,
        card=command.card,
        channel=command.channel,
        ts=command.ts,
        rendered=command.rendered,
    )
    return (posted,)


def record_joined(incident: Incident, command: RecordJoined, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    new = [user for user in dict.fromkeys(command.users) if user not in incident.members]
    return tuple(happened.ResponderJoined(at=at, by=command.by.id, user=user) for user in new)


def record_left(incident: Incident, command: RecordLeft, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    if command.user not in incident.members:
        return ()
    return (happened.ResponderLeft(at=at, by=command.by.id, user=command.user),)


def record_failure(incident: Incident, command: RecordFailure, policy: Policy, at: datetime) -> Events:
    """One cause is told once, however much fails by it, until it is seen to be mended."""
    require_muster(command.by)
    if command.reason in {reason for _, reason in incident.refusals}:
        return ()
    return (happened.StepFailed(at=at, by=command.by.id, step=command.step, reason=command.reason),)


def record_missed(incident: Incident, command: RecordMissed, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    return (happened.PostMissed(at=at, by=command.by.id, series=command.series, number=command.number),)


def retry_channel(incident: Incident, command: RetryChannel, policy: Policy, at: datetime) -> Events:
    """Whoever was told that it could not be opened may try again: the commander, else the reporter."""
    told = frozenset({incident.commander}) if incident.commander else frozenset()
    require_responder(incident, command.by, policy, also=told)
    require_active(incident)
    if incident.channel is not None:
        raise Rejected(f"{incident.reference} has its channel: #{incident.channel_name}.", verb="show")
    if OPENING not in incident.failed_steps:
        raise Rejected(still_opening(incident))
    return (happened.StepRetried(at=at, by=command.by.id, step=OPENING),)


def _is_of_muster(incident: Incident, ts: MessageTs) -> bool:
    """As far as the incident knows: a card of its own, or a post that was read and found to be the bot's."""
    message = incident.flagged.get(ts)
    cards = (card.ts for card in incident.cards.values() if card.channel == incident.channel)
    return ts in cards or (message is not None and message.from_muster)


def message_time(ts: MessageTs) -> datetime:
    """A Slack message's id is its time."""
    return datetime.fromtimestamp(float(ts), tz=UTC)


def _flag_of(incident: Incident, command: FlagMessage | UnflagMessage) -> Flag | None:
    message: FlaggedMessage | None = incident.flagged.get(command.ts)
    return message.flags.get((command.by.id, command.emoji)) if message else None


def _is_old(incident: Incident, command: FlagMessage | UnflagMessage) -> bool:
    before = _flag_of(incident, command)
    return before is not None and float(command.flagged_ts) <= float(before.flagged_ts)


def _stale(now: StepProgress) -> str:
    if now.state is StepState.OPEN:
        return "That step is open again: the list was older than the incident. Nothing has changed."
    return f"That step is {now.state} already, by {{who}}. Nothing has changed."
