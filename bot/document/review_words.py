"""Entries of the timeline about the review, as sentences of a document. Pure."""

from collections.abc import Iterable
from datetime import timedelta

from bot.document.markdown import NOTHING, Markdown, escape, fill, join, prose
from bot.document.utc import date_time, span
from bot.document.wording import Wording
from bot.incident.entry import Entry, EntryLabel
from bot.incident.terms import UserId


def review_words(entry: Entry, wording: Wording) -> Markdown:
    parts = {"who": wording.person(entry.by), "why": _reason(entry)}
    match entry.label:
        case EntryLabel.REVIEW:
            return _settled(entry, wording)
        case EntryLabel.REVIEW_ASKED:
            asked = _people(entry.people, wording) or Markdown("the digest channel")
            return fill("Asked after the review ({stage}): {who}", stage=escape(entry.subject), who=asked)
        case EntryLabel.REVIEW_CANCELLED:
            return fill("Review of {then} cancelled by {who}{why}", then=_then(entry), **parts)
        case EntryLabel.REVIEW_CHANGED:
            return fill("Review changed by {who}: {plan}", plan=_plan(entry, wording), **parts)
        case EntryLabel.REVIEW_MOVED:
            return fill("Review moved by {who} to {plan}{why}", plan=_plan(entry, wording), **parts)
    return fill("**Review booked** by {who} for {plan}", plan=_plan(entry, wording), **parts)


def _settled(entry: Entry, wording: Wording) -> Markdown:
    who, state = wording.person(entry.by), escape(entry.subject)
    if entry.day is None:
        return fill("Review {state} by {who}: {why}", state=state, who=who, why=prose(entry.text))
    when = "on" if entry.subject == "held" else "for"
    came = fill("; who came: {people}", people=_people(entry.people, wording)) if entry.people else NOTHING
    parts = {"when": escape(when), "day": escape(entry.day.isoformat()), "whom": _whom(entry, wording), "came": came}
    return fill("Review {state} {when} {day}, led by {whom}, says {who}{came}", state=state, who=who, **parts)


def _plan(entry: Entry, wording: Wording) -> Markdown:
    functions = (escape(entry.subject),) if entry.subject else ()
    people = join(", ", (_people(entry.people, wording), *functions))
    invited = fill("; invited: {people}", people=people) if people else NOTHING
    long = escape(span(entry.every or timedelta()))
    parts = {"then": _then(entry), "long": long, "whom": _whom(entry, wording), "invited": invited}
    return fill("{then} ({long}), led by {whom}{invited}", **parts)


def _then(entry: Entry) -> Markdown:
    return escape(f"{date_time(entry.until or entry.at)} UTC")


def _reason(entry: Entry) -> Markdown:
    return fill(": {text}", text=prose(entry.text)) if entry.text.strip() else NOTHING


def _people(users: Iterable[UserId], wording: Wording) -> Markdown:
    return join(", ", tuple(wording.person(each) for each in users))


def _whom(entry: Entry, wording: Wording) -> Markdown:
    return wording.person(UserId(entry.after) if entry.after else None)
