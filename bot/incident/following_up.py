"""Decisions: follow-ups. They may be added and changed whatever the incident's status: most live longer than it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.incident import tracking
from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.events import Event
from bot.incident.factoring import addressing
from bot.incident.followup import Followup, FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, ChangeFollowup, GiveFollowup, MoveFollowup
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.policy import Policy
from bot.incident.rights import require_able_to_own, require_responder
from bot.incident.state import FlaggedMessage, Incident
from bot.incident.terms import EntryKind, MessageTs, Person, Rejected, UserId

Events = tuple[Event, ...]

LONGEST_WHAT: Final = 300
"""Characters; longer ones are cut where they come from a message, and refused where somebody writes them."""

_TAKEN_OFF: Final = "The emoji was taken off its message again."
_WIRE: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def add(incident: Incident, command: AddFollowup, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    content = _cleaned(command.content)
    _require_whole(content, at)
    _require_owners(incident, content, command.people)
    number, by = _next(incident), command.by.id
    added = FollowupAdded(at=at, by=by, number=number, content=content)
    tracked = tracking.by_policy(incident, number, by, policy, at)
    return (added, *addressing(incident, command.addresses, added), *tracked)


def change(incident: Incident, command: ChangeFollowup, policy: Policy, at: datetime) -> Events:
    item = _found(incident, command, policy)
    content = _cleaned(command.content)
    if content == item.content:
        return ()
    _require_whole(content, at, before=item.content)
    _require_owners(incident, content, command.people, before=item.content)
    changed = FollowupChanged(at=at, by=command.by.id, number=item.number, before=item.content, after=content)
    return (changed, *_tracked_once_owned(incident, content, changed, policy))


def give(incident: Incident, command: GiveFollowup, policy: Policy, at: datetime) -> Events:
    """To somebody else, or to oneself. What is settled has no owner to look for."""
    item = _found(incident, command, policy)
    _require_unsettled(item)
    content = item.content.given_to(command.owner.id)
    if content == item.content:
        return ()
    _require_owners(incident, content, (command.owner,), before=item.content)
    given = FollowupChanged(at=at, by=command.by.id, number=item.number, before=item.content, after=content)
    return (given, *_tracked_once_owned(incident, content, given, policy))


def _tracked_once_owned(
    incident: Incident, content: FollowupContent, changed: FollowupChanged, policy: Policy
) -> Events:
    """A draft that nobody owns may go with its emoji, so it is tracked only then."""
    if content.owner is None:
        return ()
    return tracking.by_policy(incident, changed.number, changed.by, policy, changed.at)


def move(incident: Incident, command: MoveFollowup, policy: Policy, at: datetime) -> Events:
    item = _found(incident, command, policy)
    is_so = item.state is command.state and not _waits_for_another(item, command)
    if is_so or command.seen not in (None, item.state):
        raise Rejected(f"F{item.number} is {item.state} already. Nothing has changed.", verb="followups")
    if item.is_settled and command.state is not FollowupState.OPEN:
        raise Rejected(f"F{item.number} is settled ({item.state}). Open it again first.", verb="followups")
    note = command.note.strip()
    _require_reason(command, note)
    moved = FollowupMoved(
        at=at,
        by=command.by.id,
        number=item.number,
        before=item.state,
        after=command.state,
        note=note,
        waits_for=command.waits_for.id if command.waits_for else None,
    )
    return (moved,)


def _waits_for_another(item: Followup, command: MoveFollowup) -> bool:
    """What is blocked may come to wait for somebody else."""
    whom = command.waits_for.id if command.waits_for else None
    return item.state is FollowupState.BLOCKED and whom not in (None, item.waits_for)


def drafted(incident: Incident, message: FlaggedMessage, flagged_by: UserId, at: datetime) -> Events:
    """The draft that a flagged message becomes, once its text is known; one that was withdrawn is opened again."""
    if message.author is None or message.from_muster:
        return ()
    known = _from_message(incident, message.ts)
    if known is not None:
        return (_opened_again(known, flagged_by, at),) if known.note == _TAKEN_OFF and known.is_settled else ()
    what = as_read(message.text or "")
    content = FollowupContent(what=what if is_readable(what) else "(a message without words)")
    draft = FollowupAdded(
        at=at, by=flagged_by, number=_next(incident), content=content, source=message.ts, link=message.permalink
    )
    return (draft,)


def withdrawn(incident: Incident, message: FlaggedMessage | None, by: UserId, emoji: str, at: datetime) -> Events:
    """The draft goes with its last emoji; once somebody owns it, it stays."""
    item = _from_message(incident, message.ts) if message else None
    if message is None or item is None or not item.is_draft:
        return ()
    left = [flag for who, flag in message.flags.items() if who != (by, emoji) and _drafts(flag.on, flag.kind)]
    if left:
        return ()
    state = FollowupState.WILL_NOT_DO
    moved = FollowupMoved(at=at, by=by, number=item.number, before=item.state, after=state, note=_TAKEN_OFF)
    return (moved,)


def who_drafts(message: FlaggedMessage | None) -> UserId | None:
    """Who asked for a follow-up by an emoji on it, if anybody still does."""
    flags = message.flags.items() if message else ()
    return next((who for (who, _), flag in flags if _drafts(flag.on, flag.kind)), None)


def as_read(text: str) -> str:
    """A message's text, which is in Slack's form, as somebody would read it, on one line."""
    bare = _WIRE.sub(lambda found: found[2] or found[1].removeprefix("mailto:"), text)
    decoded = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    flat = " ".join(decoded.split())
    return flat if len(flat) <= LONGEST_WHAT else flat[: LONGEST_WHAT - 1] + "…"


def _drafts(on: bool, kind: EntryKind) -> bool:
    return on and kind is EntryKind.FOLLOWUP


def _from_message(incident: Incident, ts: MessageTs) -> Followup | None:
    return next((item for item in incident.followups.values() if item.source == ts), None)


def _opened_again(item: Followup, by: UserId, at: datetime) -> Event:
    return FollowupMoved(at=at, by=by, number=item.number, before=item.state, after=FollowupState.OPEN)


def _next(incident: Incident) -> int:
    return len(incident.followups) + 1


def _found(incident: Incident, command: ChangeFollowup | GiveFollowup | MoveFollowup, policy: Policy) -> Followup:
    """Its owner and sponsors may change it, too; of a private incident only who may see it."""
    item = incident.followups.get(command.number)
    require_responder(incident, command.by, policy, also=item.content.people if item else frozenset())
    if item is None:
        raise Rejected(f"{incident.reference} has no follow-up F{command.number}.", verb="followups")
    return item


def _require_unsettled(item: Followup) -> None:
    if item.is_settled:
        raise Rejected(f"F{item.number} is settled ({item.state}). Open it again first.", verb="followups")


def _cleaned(content: FollowupContent) -> FollowupContent:
    return replace(content, what=" ".join(content.what.split()), metric=content.metric.strip())


def _require_whole(content: FollowupContent, at: datetime, before: FollowupContent | None = None) -> None:
    if not is_readable(content.what):
        raise Rejected("A follow-up needs a sentence: what is to be done?", field="what", verb="followup")
    if len(content.what) > LONGEST_WHAT:
        said = f"That has {len(content.what)} characters and at most {LONGEST_WHAT} fit: say it shorter."
        raise Rejected(said, field="what", verb="followup")
    if len(content.metric) > LONGEST_TEXT:
        raise Rejected(f"At most {LONGEST_TEXT} characters fit here.", field="metric")
    is_new = before is None or before.due_on != content.due_on
    # A day that is over in UTC may go on elsewhere.
    if is_new and content.due_on and content.due_on < (at - timedelta(days=1)).date():
        raise Rejected("That day is over: choose a deadline that is still to come.", field="due_on")


def _require_owners(
    incident: Incident, content: FollowupContent, people: Iterable[Person], before: FollowupContent | None = None
) -> None:
    """Whoever is named anew must be somebody who can own work here, and who may know of the incident."""
    known = {person.id: person for person in people}
    for field in ("owner", "product_sponsor", "reliability_sponsor"):
        named: UserId | None = getattr(content, field)
        if named is None or (before and named == getattr(before, field)):
            continue
        require_able_to_own(known.get(named, Person(id=named)), field)
        if incident.private and named not in incident.members:
            raise Rejected(
                "{who} is not in the channel of this private incident. Invite them there first.", field=field, who=named
            )


def _require_reason(command: MoveFollowup, note: str) -> None:
    """What is blocked says on whom or what, what is done shows it, and what will not be done says why."""
    match command.state:
        case FollowupState.BLOCKED if not (note or command.waits_for):
            raise Rejected("Say on whom or what it waits.", field="waits_for", verb="followups")
        case FollowupState.DONE if not is_readable(note):
            raise Rejected("What shows that it is done? A link or a figure will do.", field="note", verb="followups")
        case FollowupState.WILL_NOT_DO if not is_readable(note):
            raise Rejected("Say why it will not be done.", field="note", verb="followups")
    if len(note) > LONGEST_TEXT:
        raise Rejected(f"At most {LONGEST_TEXT} characters fit here.", field="note")
