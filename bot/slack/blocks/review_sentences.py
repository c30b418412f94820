"""What is said of the review of an incident: on cards, in its channel, in answers, in the timeline, in person."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from bot.incident.closing_events import ReviewRecorded
from bot.incident.closure import Review, ReviewState
from bot.incident.entry import Entry, EntryLabel
from bot.incident.events import Event
from bot.incident.review import InvitedFunction, ReviewCourse, ReviewPlan
from bot.incident.review_events import ReviewBooked, ReviewCancelled, ReviewHeld, ReviewMoved, ReviewWaived
from bot.incident.state import Incident
from bot.incident.terms import UserId
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, date_time, escape, fill, group, join, line, user

MOST_NAMED: Final = 20
_TEXT: Final = 400


def standing(course: ReviewCourse) -> Mrkdwn:
    """booked for …, led by …; held on …; waived: …. Nothing where nothing is settled."""
    if course.booked:
        return fill("booked for {plan}", plan=appointment(course.booked.plan))
    if course.state is None:
        return NOTHING
    review = Review(state=course.state, on=course.on, facilitator=course.facilitator, why=course.why)
    came = fill(", {n} came", n=escape(str(len(course.came)))) if course.came else NOTHING
    return join("", by_hand(review), came)


def by_hand(review: Review) -> Mrkdwn:
    if review.on is None:
        return fill("{state}: {why}", state=escape(review.state), why=line(review.why, _TEXT))
    when = Mrkdwn("held on") if review.state is ReviewState.HELD else Mrkdwn("booked for")
    return fill(
        "{when} {day}, led by {whom}", when=when, day=phrases.day(review.on), whom=phrases.person(review.facilitator)
    )


def appointment(plan: ReviewPlan) -> Mrkdwn:
    """Thu 5 Mar 10:00 (1 h), led by @ben"""
    parts = {"then": date_time(plan.starts_at), "long": escape(phrases.span(plan.length))}
    return fill("{then} ({long}), led by {who}", who=user(plan.facilitator), **parts)


def invited(plan: ReviewPlan) -> Mrkdwn:
    """@ada, @ben, reliability; nothing where nobody is."""
    people = [user(each) for each in plan.invited[:MOST_NAMED]]
    rest = len(plan.invited) - MOST_NAMED
    more = [fill("{n} more", n=escape(str(rest)))] if rest > 0 else []
    return join(", ", *people, *more, *(line(each.name, 75) for each in plan.functions))


def confirmed(event: Event) -> Mrkdwn:
    """The line of an answer; nothing for what is not about the review."""
    match event:
        case ReviewRecorded(review=review):
            return phrases.sentence(fill("The review is {review}", review=by_hand(review)))
        case ReviewHeld():
            held = Review(state=ReviewState.HELD, on=event.on, facilitator=event.facilitator)
            return phrases.sentence(fill("The review is on record as {review}", review=by_hand(held)))
        case ReviewWaived():
            return phrases.sentence(fill("The review is waived: {why}", why=line(event.why, _TEXT)))
        case ReviewBooked(plan=plan) | ReviewMoved(after=plan):
            return fill("The review is booked for {plan}.", plan=appointment(plan))
        case ReviewCancelled():
            return Mrkdwn("That review will not be held. It is due as before: book another.")
    return NOTHING


def announced(event: Event, incident: Incident) -> Mrkdwn:
    """What the incident's channel is told, in one sentence or two; nothing for what it is not told."""
    inc = phrases.reference(incident)
    match event:
        case ReviewBooked(plan=plan):
            head = fill("The review of {inc} is booked for {plan}", inc=inc, plan=appointment(plan))
            said = phrases.sentence(join("", head, _because(plan.why_facilitator)))
            return join(" ", said, _who_comes(plan), _unread(plan.functions))
        case ReviewMoved():
            parts = {"before": date_time(event.before.starts_at), "plan": appointment(event.after)}
            head = fill("The review of {inc} is moved from {before} to {plan}", inc=inc, **parts)
            return phrases.sentence(join("", head, _reason(event.why)))
        case ReviewCancelled():
            then = date_time(event.plan.starts_at)
            head = fill("The review of {inc} of {then} will not be held", inc=inc, then=then)
            return phrases.sentence(join("", head, _reason(event.why)))
        case ReviewHeld():
            came = fill(" Who came: {who}.", who=_people(event.came)) if event.came else NOTHING
            parts = {"day": phrases.day(event.on), "who": user(event.facilitator), "came": came}
            return fill("The review of {inc} was held on {day}, led by {who}.{came}", inc=inc, **parts)
        case ReviewWaived():
            return phrases.sentence(fill("The review of {inc} is waived{why}", inc=inc, why=_reason(event.why)))
    return NOTHING


def _because(why: str) -> Mrkdwn:
    return fill(" ({why})", why=line(why, _TEXT)) if why.strip() else NOTHING


def _reason(why: str) -> Mrkdwn:
    return fill(": {why}", why=line(why, _TEXT)) if why.strip() else NOTHING


def _who_comes(plan: ReviewPlan) -> Mrkdwn:
    comes = invited(plan)
    return fill("Invited: {who}.", who=comes) if comes else NOTHING


def _unread(functions: Iterable[InvitedFunction]) -> Mrkdwn:
    """A mention, for those whom Muster cannot invite one by one."""
    groups = [group(unread) for each in functions for unread in each.unread]
    if not groups:
        return NOTHING
    sentence = "Who is in {groups} could not be read, so all of you are asked here: please come."
    return fill(sentence, groups=join(", ", *groups))


def _people(users: Iterable[UserId]) -> Mrkdwn:
    return join(", ", *(user(each) for each in list(users)[:MOST_NAMED]))


def told_in_person(event: ReviewBooked | ReviewMoved | ReviewCancelled | ReviewWaived, incident: Incident) -> Message:
    """To whoever leads it, and to those who are invited and do not read the channel. Each hears only what is theirs."""
    parts = {"inc": phrases.reference(incident), "title": phrases.title(incident, 150)}
    match event:
        case ReviewBooked(plan=plan) | ReviewMoved(after=plan):
            text = fill("The review of {inc} ({title}) is {plan}.", plan=_when(event, plan), **parts)
            text = join(
                " ", text, fill("You are expected there; its channel is {where}.", where=phrases.place(incident))
            )
        case ReviewCancelled():
            then = date_time(event.plan.starts_at)
            head = fill("The review of {inc} ({title}) of {then} will not be held", then=then, **parts)
            text = phrases.sentence(join("", head, _reason(event.why)))
        case ReviewWaived():
            head = fill("The review of {inc} ({title}) is waived and will not be held", **parts)
            text = phrases.sentence(join("", head, _reason(event.why)))
    button = elements.button("Show review", action_ids.SHOW_REVIEW, pack(incident.id))
    return elements.message(text, elements.section(text), elements.actions(button))


def _when(event: ReviewBooked | ReviewMoved, plan: ReviewPlan) -> Mrkdwn:
    if isinstance(event, ReviewMoved) and event.before.starts_at != plan.starts_at:
        return fill("moved to {plan}{why}", plan=appointment(plan), why=_reason(event.why))
    return fill("booked for {plan}", plan=appointment(plan))


def entry_words(entry: Entry) -> Mrkdwn:
    """Of an entry whose label is among timeline.OF_REVIEW."""
    parts = {"who": user(entry.by), "why": _reason(entry.text)}
    match entry.label:
        case EntryLabel.REVIEW:
            return _settled(entry)
        case EntryLabel.REVIEW_ASKED:
            asked = _people(entry.people) or Mrkdwn("the digest channel")
            return fill("Asked after the review ({stage}): {who}", stage=escape(entry.subject), who=asked)
        case EntryLabel.REVIEW_CANCELLED:
            return fill("Review of {then} cancelled by {who}{why}", then=_then(entry), **parts)
        case EntryLabel.REVIEW_CHANGED:
            return fill("Review changed by {who}: {plan}", plan=_plan(entry), **parts)
        case EntryLabel.REVIEW_MOVED:
            return fill("Review moved by {who} to {plan}{why}", plan=_plan(entry), **parts)
    return fill("Review booked by {who} for {plan}", plan=_plan(entry), **parts)


def _settled(entry: Entry) -> Mrkdwn:
    parts = {"state": escape(entry.subject), "who": user(entry.by)}
    if entry.day is None:
        return fill("Review {state} by {who}: {why}", why=line(entry.text, _TEXT), **parts)
    review = Review(state=ReviewState(entry.subject), on=entry.day, facilitator=UserId(entry.after))
    came = fill("; who came: {people}", people=_people(entry.people)) if entry.people else NOTHING
    parts |= {"review": by_hand(review), "late": _late(entry), "came": came}
    return fill("Review {review}, says {who}{late}{came}", **parts)


def _late(entry: Entry) -> Mrkdwn:
    """Where it is booked for later than policy asks."""
    if entry.day is None or entry.until is None or entry.day <= entry.until.date():
        return NOTHING
    return fill(" (policy: by {day})", day=phrases.day(entry.until.date()))


def _then(entry: Entry) -> Mrkdwn:
    return date_time(entry.until or entry.at)


def _plan(entry: Entry) -> Mrkdwn:
    long = escape(phrases.span(entry.every or timedelta()))
    functions = (line(entry.subject, 200),) if entry.subject else ()
    people = join(", ", _people(entry.people), *functions)
    invited = fill("; invited: {people}", people=people) if people else NOTHING
    whom = phrases.person(UserId(entry.after) if entry.after else None)
    return fill("{then} ({long}), led by {whom}{invited}", then=_then(entry), long=long, whom=whom, invited=invited)
