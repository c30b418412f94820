"""What is asked of feedback. As commands.py: a wish, and nothing more."""

from dataclasses import dataclass

from bot.incident.commands import Command
from bot.incident.feedback import Answer, Respondent
from bot.incident.terms import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFeedback(Command):
    """`respondent`: who it is from, as the log is to know them. `by` is asked for their right, and then forgotten."""

    respondent: Respondent
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRespondents(Command):
    """Who took part and can be asked, each with their time zone."""

    zones: tuple[tuple[UserId, str], ...]
