"""Entries of the timeline about closing an incident, as sentences of a document. Pure."""

from bot.document.markdown import NOTHING, Markdown, escape, fill, prose
from bot.document.wording import Wording
from bot.incident.entry import Entry, EntryLabel
from bot.incident.terms import UserId


def closing_words(entry: Entry, wording: Wording) -> Markdown:
    who = wording.person(entry.by)
    match entry.label:
        case EntryLabel.VERIFIED:
            return fill("**Restored and verified** by {who}: {text}", who=who, text=prose(entry.text))
        case EntryLabel.NO_WORKAROUNDS:
            return fill("No workaround is in place, says {who}", who=who)
        case EntryLabel.OVERRIDDEN:
            parts = {"missing": escape(entry.subject), "who": who, "why": prose(entry.text)}
            return fill("**Closed without** {missing}, by {who}, because: {why}", **parts)
        case EntryLabel.CLOSING_ASKED:
            return fill("Asked whether to close it: {whom}", whom=_whom(entry, wording))
        case EntryLabel.CLOSING_PUT_OFF:
            return fill("Closing put off by {who}", who=who)
    return _workaround(entry, wording)


def _workaround(entry: Entry, wording: Wording) -> Markdown:
    parts = {"n": escape(f"W{entry.number}"), "who": wording.person(entry.by), "day": _day(entry)}
    what = fill("“{what}”", what=escape(entry.subject)) if entry.subject else NOTHING
    match entry.label:
        case EntryLabel.WORKAROUND:
            owner = _whom(entry, wording)
            return fill(
                "**Workaround {n}** {what}, owned by {owner}, may stay until {day}", what=what, owner=owner, **parts
            )
        case EntryLabel.WORKAROUND_EXTENDED:
            return fill("Workaround {n} {what} may stay until {day}, says {who}", what=what, **parts)
        case EntryLabel.WORKAROUND_CHASED:
            return fill("Workaround {n} expired on {day}: {whom} asked", whom=_whom(entry, wording), **parts)
    note = fill(": {text}", text=prose(entry.text)) if entry.text.strip() else NOTHING
    return fill("Workaround {n} {what} removed by {who}{note}", what=what, note=note, **parts)


def _whom(entry: Entry, wording: Wording) -> Markdown:
    return wording.person(UserId(entry.after) if entry.after else None)


def _day(entry: Entry) -> Markdown:
    return escape(entry.day.isoformat()) if entry.day else NOTHING
