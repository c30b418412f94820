"""What is said of closing an incident and of workarounds: on cards, in the timeline, in answers, in person."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.incident.chasing import chased_together
from bot.incident.closing import gate
from bot.incident.closing_events import (
    ClosingPutOff,
    GateOverridden,
    NoWorkaroundsStated,
    RestorationVerified,
    WorkaroundAdded,
    WorkaroundChased,
    WorkaroundExtended,
    WorkaroundRemoved,
)
from bot.incident.closure import Workaround
from bot.incident.entry import Entry, EntryLabel
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import Status, UserId
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases, review_sentences
from bot.slack.blocks.elements import Element
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, code, escape, fill, join, line, user

MOST_SHOWN: Final = 3
MOST_ASKED: Final = 20
_TEXT: Final = 400


def card_lines(incident: Incident) -> list[Mrkdwn]:
    """On the summary card; nothing where there is nothing to say."""
    return [_overridden_line(incident), _review_line(incident), _workarounds_line(incident)]


def _overridden_line(incident: Incident) -> Mrkdwn:
    said = overridden(incident)
    return fill("Closed without   {said}", said=said) if said else NOTHING


def overridden(incident: Incident) -> Mrkdwn:
    """a review, because it was small; nothing where nothing was overridden, or it is open again."""
    override = incident.closure.override
    if override is None or incident.status is not Status.CLOSED:
        return NOTHING
    return _without(", ".join(override.checks), override.why)


def _without(missing: str, why: str) -> Mrkdwn:
    return fill("{missing}, because: {why}", missing=escape(missing), why=line(why, _TEXT))


def _review_line(incident: Incident) -> Mrkdwn:
    settled = review_sentences.standing(incident.review)
    return fill("Review   {review}", review=settled) if settled else NOTHING


def _workarounds_line(incident: Incident) -> Mrkdwn:
    standing = incident.closure.standing
    rest = len(standing) - MOST_SHOWN
    more = fill("{n} more", n=escape(str(rest))) if rest > 0 else NOTHING
    shown = join(" · ", *(workaround(each, 150) for each in standing[:MOST_SHOWN]), more)
    return fill("Workarounds   {shown}", shown=shown) if standing else NOTHING


def workaround(each: Workaround, most: int = 300) -> Mrkdwn:
    """W1 The flag is off (@ben, until 1 Dec 2026)"""
    parts = {"n": _name(each.number), "what": line(each.what, most), "owner": user(each.owner)}
    return fill("{n} {what} ({owner}, until {day})", day=phrases.day(each.expires_on), **parts)


def _name(number: int) -> Mrkdwn:
    return escape(f"W{number}")


def confirmed(event: Event) -> Mrkdwn:
    """The line of an answer; nothing for what is not about closing."""
    match event:
        case RestorationVerified():
            return fill("Restored and verified: {text}", text=line(event.evidence, 200))
        case NoWorkaroundsStated():
            return Mrkdwn("On record: no workaround is in place.")
        case GateOverridden():
            said = _without(", ".join(event.missing), event.why)
            return phrases.sentence(fill("Closed without {said}", said=said))
        case ClosingPutOff():
            return Mrkdwn("Not yet, then. You are asked again in a week at the earliest.")
    return _workaround_confirmed(event) or review_sentences.confirmed(event)


def _workaround_confirmed(event: Event) -> Mrkdwn:
    match event:
        case WorkaroundAdded():
            parts = {"n": _name(event.number), "owner": user(event.owner), "day": phrases.day(event.expires_on)}
            head = fill("{n} is on record; {owner} owns it and is asked when it has expired on {day}", **parts)
            return fill("{head}: {what}", head=head, what=line(event.what, 200))
        case WorkaroundExtended():
            return fill("{n} may stay until {day}.", n=_name(event.number), day=phrases.day(event.expires_on))
        case WorkaroundRemoved():
            return fill("{n} is removed: {what}", n=_name(event.number), what=line(event.what, 200))
    return NOTHING


def entry_words(entry: Entry) -> Mrkdwn:
    """Of an entry whose label is among timeline.OF_CLOSING."""
    who = user(entry.by)
    match entry.label:
        case EntryLabel.VERIFIED:
            return fill("Restored and verified by {who}: {text}", who=who, text=line(entry.text, _TEXT))
        case EntryLabel.NO_WORKAROUNDS:
            return fill("No workaround is in place, says {who}", who=who)
        case EntryLabel.OVERRIDDEN:
            return fill("Closed by {who} without {said}", who=who, said=_without(entry.subject, entry.text))
        case EntryLabel.CLOSING_ASKED:
            return fill("{whom} was asked whether to close it", whom=_whom(entry))
        case EntryLabel.CLOSING_PUT_OFF:
            return fill("Closing put off by {who}", who=who)
    return _workaround_entry(entry)


def _workaround_entry(entry: Entry) -> Mrkdwn:
    parts = {"n": _name(entry.number), "what": line(entry.subject), "who": user(entry.by)}
    until = phrases.day(entry.day) if entry.day else NOTHING
    match entry.label:
        case EntryLabel.WORKAROUND:
            return fill("Workaround {n}: {what} ({owner}, until {day})", owner=_whom(entry), day=until, **parts)
        case EntryLabel.WORKAROUND_EXTENDED:
            return fill("Workaround {n} may stay until {day}, says {who}: {what}", day=until, **parts)
        case EntryLabel.WORKAROUND_CHASED:
            return fill("Workaround {n} expired on {day}, and {whom} was asked", day=until, whom=_whom(entry), **parts)
    note = fill(" ({note})", note=line(entry.text, _TEXT)) if entry.text.strip() else NOTHING
    return fill("Workaround {n} removed by {who}: {what}{note}", note=note, **parts)


def _whom(entry: Entry) -> Mrkdwn:
    return phrases.person(UserId(entry.after) if entry.after else None)


def asked_to_close(incident: Incident, policy: Policy, at: datetime) -> Message:
    """Calmly, to one person: what is missing, and three ways on."""
    ago = escape(phrases.span(at - (incident.ended_at or at)))
    parts = {"inc": phrases.reference(incident), "title": phrases.title(incident, 150), "ago": ago}
    head = fill("{inc} ({title}) was resolved {ago} ago and is not closed yet.", **parts)
    text = join(" ", head, _still_missing(incident, policy, at))
    value = pack(incident.id)
    buttons = (
        elements.button("Close incident", action_ids.CLOSE, value, style="primary"),
        elements.button("Reopen incident", action_ids.REOPEN, value),
        elements.button("Not yet", action_ids.NOT_YET, value),
    )
    return elements.message(text, elements.section(text), elements.actions(*buttons))


def _still_missing(incident: Incident, policy: Policy, at: datetime) -> Mrkdwn:
    missing = [line(each.sentence, 500) for each in gate(incident, policy, at)]
    if not missing:
        return Mrkdwn("Nothing is missing for that.")
    return phrases.sentence(fill("For that: {missing}", missing=join("; ", *missing)))


def workaround_is_yours(event: WorkaroundAdded, incident: Incident) -> Message:
    parts = {"n": _name(event.number), "inc": phrases.reference(incident), "where": phrases.place(incident)}
    head = fill("You own workaround {n} of {inc} in {where}: {what}", what=phrases.quoted(event.what), **parts)
    text = fill("{head} It may stay until {day}; you are asked then.", head=head, day=phrases.day(event.expires_on))
    return elements.message(text, elements.section(text), elements.actions(_remove(incident, event.number)))


def workaround_expired(event: WorkaroundChased, incident: Incident) -> Message:
    """All that whoever is asked is asked about at once."""
    found = chased_together(incident, event)
    if len(found) > 1:
        return _several_expired(found, incident)
    known = incident.closure.workarounds.get(event.number)
    what = fill(", {what},", what=phrases.quoted(known.what)) if known else NOTHING
    parts = {"n": _name(event.number), "inc": phrases.reference(incident), "title": phrases.title(incident, 150)}
    head = fill(
        "Workaround {n} of {inc} ({title}){what} was to stay until {day}",
        what=what,
        day=phrases.day(event.expires_on),
        **parts,
    )
    text = fill("{head} and is still in place. Is it still needed?", head=head)
    return elements.message(
        text, elements.section(text), _whether_to_keep(incident, event.number, event.expires_on, suffix="")
    )


def _several_expired(found: Sequence[Workaround], incident: Incident) -> Message:
    parts = {"inc": phrases.reference(incident), "title": phrases.title(incident, 150), "n": escape(str(len(found)))}
    text = fill(
        "{n} workarounds of {inc} ({title}) may stay no longer and are still in place. Are they needed?", **parts
    )
    blocks: list[Block] = [elements.section(text)]
    for each in found[:MOST_ASKED]:
        keep = _whether_to_keep(incident, each.number, each.expires_on, suffix=str(each.number))
        blocks += [elements.section(workaround(each)), keep]
    rest = len(found) - MOST_ASKED
    more = (
        [elements.context(fill("{n} more: {verb}.", n=escape(str(rest)), verb=code("workaround")))] if rest > 0 else []
    )
    return elements.message(text, *blocks, *more)


def _whether_to_keep(incident: Incident, number: int, until: date, *, suffix: str) -> Block:
    kept = pack(incident.id, number, until.isoformat())
    keep = elements.button("Keep it 2 more weeks", action_ids.KEEP_WORKAROUND, kept, suffix=suffix)
    return elements.actions(_remove(incident, number, suffix=suffix), keep)


def _remove(incident: Incident, number: int, *, suffix: str = "") -> Element:
    value = pack(incident.id, number)
    return elements.button("Remove workaround", action_ids.REMOVE_WORKAROUND, value, suffix=suffix)
