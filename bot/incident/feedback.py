"""What those who took part say of how it was led and told, after the end, and what of that is shown. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from bot.incident.terms import UserId

Respondent = NewType("Respondent", str)
"""Who answered: a pseudonym where answers carry no name, else their user id."""

OPEN_FOR: Final = timedelta(days=30)
"""From being asked: so long an answer can be given and changed, and no longer a pseudonym can be told."""


class Led(StrEnum):
    """Was it clear who led?"""

    CLEAR = "clear throughout"
    LATER = "clear after a while"
    AT_TIMES = "unclear at times"
    UNCLEAR = "never clear"


class Informed(StrEnum):
    """Did updates reach you in time?"""

    IN_TIME = "always in time"
    MOSTLY = "mostly in time"
    LATE = "often too late"
    NEVER = "not at all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`change`: what should change, in their words. What was left open is None, or empty."""

    led: Led | None = None
    informed: Informed | None = None
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """`opened_at`: since when people are asked about the end that stands. `waiting`: who is still to be asked, with
    their time zones. `asked`: when each was; nobody is a second time. `answers`: the newest of each, in the order
    of the first ones, which is shown nowhere.
    """

    opened_at: datetime | None = None
    anonymous: bool = True
    waiting: Mapping[UserId, str] = field(default_factory=dict)
    asked: Mapping[UserId, datetime] = field(default_factory=dict)
    answers: Mapping[Respondent, Answer] = field(default_factory=dict)

    @property
    def since(self) -> datetime | None:
        """When the first of them was asked: the time of every answer without a name."""
        return min(self.asked.values(), default=None)

    @property
    def keeps_until(self) -> datetime | None:
        """When the last of them can change an answer no more; None: nobody was asked."""
        return max(self.asked.values()) + OPEN_FOR if self.asked else None

    def is_open_to(self, user: UserId, at: datetime) -> bool:
        asked_at = self.asked.get(user)
        return asked_at is not None and at < asked_at + OPEN_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer as it may be shown. `by` None: it carries no name."""

    answer: Answer
    by: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How many were asked, and what of their answers may be shown."""

    asked: int = 0
    said: tuple[Said, ...] = ()


def told(feedback: Feedback, *, least: int, review_held: bool) -> tuple[Said, ...]:
    """The answers that may be shown, in an order that says nothing of who gave which, or when.

    Without names they come `least` at a time, so that no single one can be told by when it appeared; the rest comes
    once the review is held, or all have answered.
    """
    given = tuple(feedback.answers.items())
    if not feedback.anonymous:
        return tuple(sorted((Said(answer=each, by=UserId(who)) for who, each in given), key=_by_words))
    is_whole = len(given) >= least and not feedback.waiting and len(given) >= len(feedback.asked)
    shown = given if review_held or is_whole else given[: len(given) // least * least]
    return tuple(sorted((Said(answer=each) for _, each in shown), key=_by_words))


def _by_words(said: Said) -> tuple[str, str, str]:
    answer = said.answer
    return (answer.change.casefold(), answer.led or "", answer.informed or "")
