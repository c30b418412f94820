"""What happened to feedback. As events.py: names and fields are stored for ever."""

from dataclasses import dataclass

from bot.incident.events import Event
from bot.incident.feedback import Answer, Respondent
from bot.incident.terms import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackOpened(Event):
    """It is time to ask; whom, is looked up. `lapsed`: it is too late, and nobody will be asked.

    `anonymous`: as people are told when they are asked.
    """

    anonymous: bool
    lapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondentsFound(Event):
    """Who is to be asked, each with their time zone."""

    zones: tuple[tuple[UserId, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAsked(Event):
    asked: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(Event):
    """Somebody's newest answer. Where answers carry no name, `by` is Muster, `respondent` a pseudonym, and `at` when
    the first was asked, for all of them alike.
    """

    respondent: Respondent
    answer: Answer
