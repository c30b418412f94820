"""How it went, in Slack: the question to one person, its form, and what was said, without order and without times."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.document.feedback_words import IN_TIME, WHAT_CHANGES, WHO_LED
from bot.incident.feedback import Answer, Feedback, Informed, Led, Said
from bot.incident.giving_feedback import heard
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import Status
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element, View, field, option, ours
from bot.slack.blocks.modals import head
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines

LED: Final = "led"
INFORMED: Final = "informed"
CHANGE: Final = "change"

MOST_TEXTS: Final = 25
_TEXT: Final = 1000
_LOOKED_UP_WITHIN: Final = timedelta(hours=1)
"""Whom to ask is looked up in Slack, which may be away for a while."""


def asked_how_it_went(incident: Incident, policy: Policy, at: datetime) -> Message:
    ended = phrases.moment(incident.ended_at or at, at)
    text = fill(
        "{inc} ({title}) was resolved {then}. How did it go? Three short questions.",
        inc=phrases.reference(incident),
        title=phrases.title(incident, 150),
        then=ended,
    )
    asked = join(" ", *(escape(each) for each in (WHO_LED, IN_TIME, WHAT_CHANGES)))
    answer = elements.button("Answer", action_ids.GIVE_FEEDBACK, pack(incident.id), style="primary")
    promise = elements.context(_promise(incident.feedback, policy))
    return elements.message(text, elements.section(lines(text, asked)), promise, elements.actions(answer))


def _promise(feedback: Feedback, policy: Policy) -> Mrkdwn:
    """What becomes of an answer, before it is given."""
    if not feedback.anonymous:
        return Mrkdwn("Your name stands beside your answer, which those who may see the incident can read.")
    asked, least = len(feedback.asked) + len(feedback.waiting), policy.feedback.shown_from
    shown = fill("Answers are shown {n} at a time, or once the review is held.", n=escape(str(least)))
    few = Mrkdwn("So few are asked that others may guess who said what.") if asked <= least else NOTHING
    return join(" ", Mrkdwn("Your name is kept nowhere beside your answer."), shown, few)


def feedback_form(incident: Incident, policy: Policy, metadata: str, given: Answer) -> View:
    """`given`: what they answered before; empty where they did not."""
    change = elements.text_input(initial=given.change, lines=True)
    blocks = [
        head(incident),
        field(LED, WHO_LED, _scale(Led, given.led), optional=True),
        field(INFORMED, IN_TIME, _scale(Informed, given.informed), optional=True),
        field(CHANGE, WHAT_CHANGES, change, optional=True, hint="In a process, a tool, a text, a habit."),
        elements.context(_promise(incident.feedback, policy)),
    ]
    return elements.modal("How it went", action_ids.FEEDBACK_MODAL, metadata, "Save answer", blocks)


def _scale(words: type[StrEnum], chosen: StrEnum | None) -> Element:
    options = [option(ours(each.capitalize(), elements.OPTION_TEXT), each.value) for each in words]
    return elements.radio(options, initial=chosen)


def feedback_page(incident: Incident, policy: Policy, at: datetime, mine: Answer | None) -> Message:
    """What `/incident feedback` answers. `mine`: what the viewer said, empty if nothing yet; None: they cannot."""
    said = heard(incident, policy).said
    text = fill("{inc}: how it went", inc=phrases.reference(incident))
    blocks = [elements.section(lines(bold(text), _standing(incident, policy, at, len(said)))), *answers_told(said)]
    return elements.message(text, *blocks, *_own(incident, mine))


def _standing(incident: Incident, policy: Policy, at: datetime, said: int) -> Mrkdwn:
    feedback, rule = incident.feedback, policy.feedback
    asked = len(feedback.asked)
    if asked and said:
        parts = {"asked": escape(str(asked)), "n": escape(str(said))}
        return fill("Asked: {asked} · answers shown: {n}", **parts)
    if asked:
        least = escape(str(rule.shown_from))
        waits = fill("answers are shown {n} at a time, or once the review is held", n=least)
        return fill("Asked: {asked} · {waits}.", asked=escape(str(asked)), waits=waits if feedback.anonymous else _NONE)
    if rule.after is None or (incident.drill and not rule.drills):
        return Mrkdwn("Nobody is asked: policy says so.")
    return _not_yet(incident, rule.after, at)


def _not_yet(incident: Incident, after: timedelta, at: datetime) -> Mrkdwn:
    feedback = incident.feedback
    if incident.status is Status.CANCELLED:
        return Mrkdwn("It was cancelled, so nobody is asked how it went.")
    if feedback.opened_at and not feedback.waiting and feedback.opened_at < at - _LOOKED_UP_WITHIN:
        return Mrkdwn("Nobody was asked: it ended too long ago, or there was nobody who could answer.")
    if incident.ended_at and not incident.is_active:
        from_then = phrases.moment(incident.ended_at + after, at)
        return fill("Nobody is asked yet. Those who took part are from {then} on, when they work.", then=from_then)
    long = escape(phrases.span(after))
    return fill("Nobody is asked yet. Those who took part are {long} after it is resolved.", long=long)


_NONE: Final = Mrkdwn("no answer yet")


def answers_told(said: Sequence[Said], *, most: int = MOST_TEXTS) -> list[Block]:
    """How often each was said, then all that should change; nothing where nothing may be shown."""
    if not said:
        return []
    counted = lines(
        _tally(WHO_LED, (each.answer.led for each in said), Led),
        _tally(IN_TIME, (each.answer.informed for each in said), Informed),
    )
    return [elements.section(counted or _NO_SCALES), *_texts(said, most)]


_NO_SCALES: Final = Mrkdwn("Nobody answered by the scales.")


def _tally(question: str, chosen: Iterable[StrEnum | None], words: type[StrEnum]) -> Mrkdwn:
    counts = Counter(each for each in chosen if each)
    found = [fill("{n} {word}", n=escape(str(counts[word])), word=escape(word)) for word in words if counts[word]]
    return fill("{question} {found}", question=bold(escape(question)), found=join(" · ", *found)) if found else NOTHING


def _texts(said: Sequence[Said], most: int) -> Iterator[Block]:
    written = [each for each in said if each.answer.change]
    if written:
        yield elements.section(bold(escape(WHAT_CHANGES)))
    yield from (elements.section(_text(each)) for each in written[:most])
    rest = len(written) - most
    if rest > 0:
        yield elements.context(fill("{n} more. All of them stand in the postmortem's document.", n=escape(str(rest))))


def _text(said: Said) -> Mrkdwn:
    text = fill("“{text}”", text=line(said.answer.change, _TEXT))
    return fill("{who}: {text}", who=phrases.person(said.by), text=text) if said.by else text


def _own(incident: Incident, mine: Answer | None) -> list[Block]:
    if mine is None:
        return []
    label = "Answer" if mine == Answer() else "Change my answer"
    return [elements.actions(elements.button(label, action_ids.GIVE_FEEDBACK, pack(incident.id)))]
