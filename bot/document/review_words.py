"""The review as it stands in a document, and the entries of the timeline about it. Pure."""

from collections.abc import Iterable
from datetime import timedelta

from bot.document.markdown import NOTHING, Markdown, blocks, bullets, escape, fill, join, prose
from bot.document.utc import date_time, span
from bot.document.wording import Wording
from bot.incident.closure import ReviewState
from bot.incident.entry import Entry, EntryLabel
from bot.incident.postmortem import Postmortem
from bot.incident.review import ReviewCourse
from bot.incident.review_quality import Judged
from bot.incident.terms import UserId


def review(draft: Postmortem, wording: Wording) -> Markdown:
    """What became of it, and how good it was."""
    course, found = draft.review, draft.quality
    if found is None:
        return _not_held(course, wording)
    parts = {"day": escape(course.on.isoformat() if course.on else ""), "whom": wording.person(course.facilitator)}
    came = fill(" Who came: {people}.", people=_people(course.came, wording)) if course.came else NOTHING
    held = fill("Held on {day}, led by {whom}.{came}", came=came, **parts)
    points = fill("Quality: {n} of {all}.", n=escape(str(found.points)), all=escape(str(found.of)))
    return blocks(held, points, bullets(_judged(each) for each in found.judged))


def _not_held(course: ReviewCourse, wording: Wording) -> Markdown:
    if course.state is ReviewState.WAIVED:
        return fill("Waived: {why}", why=prose(course.why))
    if course.booked:
        plan = course.booked.plan
        then = escape(f"{date_time(plan.starts_at)} UTC")
        return fill("Booked for {then}, led by {whom}.", then=then, whom=wording.person(plan.facilitator))
    if course.on:
        day = escape(course.on.isoformat())
        return fill("Booked for {day}, led by {whom}.", day=day, whom=wording.person(course.facilitator))
    return Markdown("It has not been held yet.")


def _judged(each: Judged) -> Markdown:
    met = Markdown("yes") if each.met else Markdown("**no**")
    return fill("{what}: {met} ({why})", what=escape(each.criterion.capitalize()), met=met, why=escape(each.why))


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
