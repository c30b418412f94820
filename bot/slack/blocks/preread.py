"""The pre-read pack of a review: what those who come should have looked at, in one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.incident.factor import class_words, factor_name
from bot.incident.factor_index import ListedFactor
from bot.incident.likeness import Likeness
from bot.incident.review import Meeting
from bot.incident.state import AttachedPlaybook, Incident
from bot.incident.terms import Milestone, StepState
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.blocks.followup_cards import deadline, owner
from bot.slack.blocks.hits import why_alike
from bot.slack.blocks.review_sentences import appointment
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, channel, date_time, escape, fill, join, line, lines

MOST_LISTED: Final = 5
_TOLD: Final = (Milestone.IMPACT_STARTED, Milestone.DETECTED, Milestone.MITIGATED, Milestone.RESOLVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preread:
    """`risks`: open factors of other incidents of its service; `precedents`: earlier incidents like it. Nothing private
    may be among them."""

    incident: Incident
    meeting: Meeting
    risks: Sequence[ListedFactor] = ()
    precedents: Sequence[Likeness] = ()


def preread(pack_: Preread, at: datetime) -> Message:
    incident, plan = pack_.incident, pack_.meeting.plan
    parts = {"inc": phrases.reference(incident), "plan": appointment(plan)}
    head = fill("Pre-read for the review of {inc}, {plan}", **parts)
    told = [
        lines(bold(head), phrases.title(incident)),
        _draft(incident),
        _times(incident),
        _list("Playbooks consulted", [_playbook(each) for each in incident.playbooks.values()], "none"),
        _list("Contributing factors so far", _factors(incident), "none is named yet; there are always several"),
        _list("Known risks of this service", [_risk(each) for each in pack_.risks], ""),
        _list("Earlier incidents like it", [_precedent(each) for each in pack_.precedents], ""),
        _list("Open follow-ups", _followups(incident, at), "none"),
    ]
    sections = [elements.section(each) for each in told if each]
    return elements.message(head, *sections, elements.actions(*_buttons(incident)))


def _draft(incident: Incident) -> Mrkdwn:
    if incident.channel is None:
        return NOTHING
    where = channel(incident.channel)
    return fill("The draft of the postmortem, with its timeline and picture, stands as a file in {where}.", where=where)


def _times(incident: Incident) -> Mrkdwn:
    """Each moment that the log has; what it lacks is for the review to find."""
    known = [_moment(each, incident.milestones[each]) for each in _TOLD if each in incident.milestones]
    missing = [escape(each) for each in _TOLD if each not in incident.milestones]
    lacks = fill("not recorded: {what}", what=join(", ", *missing)) if missing else NOTHING
    return fill("Times: {times}", times=join(" · ", *known, lacks))


def _moment(milestone: Milestone, then: datetime) -> Mrkdwn:
    return fill("{what} {then}", what=escape(milestone), then=date_time(then))


def _list(label: str, items: Sequence[Mrkdwn], otherwise: str) -> Mrkdwn:
    """`otherwise`: what is said where there is nothing; empty: nothing is."""
    if not items:
        return fill("{label}: {nothing}.", label=escape(label), nothing=escape(otherwise)) if otherwise else NOTHING
    rest = len(items) - MOST_LISTED
    more = [fill("… and {n} more", n=escape(str(rest)))] if rest > 0 else []
    shown = [fill("• {item}", item=each) for each in (*items[:MOST_LISTED], *more)]
    return lines(fill("{label}:", label=escape(label)), *shown)


def _playbook(each: AttachedPlaybook) -> Mrkdwn:
    states = [progress.state for progress in each.progress.values()]
    counts = ((state, states.count(state)) for state in (StepState.DONE, StepState.SKIPPED, StepState.FAILED))
    used = ", ".join(f"{count} {state}" for state, count in counts if count) or "no step used"
    parts = {"title": line(each.checklist.title, 100), "used": escape(used)}
    return fill("{title}: {used}, of {all}", all=escape(str(len(each.checklist.steps))), **parts)


def _factors(incident: Incident) -> list[Mrkdwn]:
    return [
        fill(
            "{name} {text} ({kind})",
            name=escape(factor_name(each.number)),
            text=line(each.content.text, 150),
            kind=escape(class_words(each.content.kind, each.content.surrounding)),
        )
        for each in incident.standing_factors
    ]


def _risk(each: ListedFactor) -> Mrkdwn:
    return fill("{ref} {text}", ref=escape(each.reference), text=line(each.line.text, 150))


def _precedent(each: Likeness) -> Mrkdwn:
    listing = each.listing
    ended = phrases.quoted(each.gist.outcome, 100) if each.gist.outcome.strip() else NOTHING
    head = join(" · ", phrases.headline(listing), line(listing.title, 100), ended)
    return join(" · ", head, channel(listing.channel) if listing.channel else NOTHING, why_alike(each))


def _followups(incident: Incident, at: datetime) -> list[Mrkdwn]:
    return [
        join(
            " · ",
            fill("F{n} {what}", n=escape(str(each.number)), what=line(each.content.what, 150)),
            owner(each.content.owner),
            deadline(each.content.due_on, each.state, at.date()),
        )
        for each in incident.followups.values()
        if not each.is_settled
    ]


def _buttons(incident: Incident) -> list[Element]:
    value = pack(incident.id)
    return [
        elements.button("Show timeline", action_ids.SHOW_TIMELINE, value),
        elements.button("Write postmortem", action_ids.SHOW_POSTMORTEM, value),
        elements.button("Show review", action_ids.SHOW_REVIEW, value),
    ]
