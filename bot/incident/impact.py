"""What is known of an incident's impact: who, how many, since when. Pure.

Muster quotes and never reckons: a figure is what somebody wrote or a recorded moment, or it is not known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.incident import events as happened
from bot.incident.entry import Entry, EntryLabel
from bot.incident.events import Event
from bot.incident.response_times import Basis, Measure, Moment, Phase
from bot.incident.terms import EntryKind, Milestone, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody wrote about the impact. `spoken`: in Slack's form (with <tokens>), as messages are."""

    at: datetime
    by: UserId
    text: str
    link: str = ""
    spoken: bool = False

    @property
    def has_number(self) -> bool:
        return any(sign.isdigit() for sign in self.text)


class Question(StrEnum):
    WHO = "who was affected"
    HOW_MANY = "how many"
    SINCE = "since when"
    UNTIL = "until when"
    HOW_LONG = "how long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One answer and what it rests on; of `statements`, `service`, `moment` and `measure` what answers is set."""

    question: Question
    basis: Basis
    statements: tuple[Statement, ...] = ()
    service: str = ""
    moment: Moment | None = None
    measure: Measure | None = None


def statements(log: Sequence[Event], entries: Iterable[Entry]) -> tuple[Statement, ...]:
    """The impact of the declaration and of each update, and what was flagged or noted as customer impact; by time."""
    declared = [
        Statement(at=event.at, by=event.by, text=event.impact)
        for event in log
        if isinstance(event, happened.IncidentDeclared) and event.impact.strip()
    ]
    told = [statement for entry in entries if (statement := _statement(entry))]
    return tuple(sorted([*declared, *told], key=lambda statement: statement.at))


def figures(
    said: tuple[Statement, ...], service: str, moments: Mapping[Milestone, Moment], measures: Iterable[Measure]
) -> tuple[Figure, ...]:
    """One a question, in the order of the questions. Impact ends with the mitigation: so lifecycle.md defines it."""
    lasted = next(measure for measure in measures if measure.phase is Phase.MITIGATION)
    since, until = moments[Milestone.IMPACT_STARTED], moments[Milestone.MITIGATED]
    return (
        _who(said, service),
        _how_many(said),
        Figure(question=Question.SINCE, basis=since.basis, moment=since),
        Figure(question=Question.UNTIL, basis=until.basis, moment=until),
        Figure(question=Question.HOW_LONG, basis=lasted.basis, measure=lasted),
    )


def _who(said: tuple[Statement, ...], service: str) -> Figure:
    """A service alone says who may have been affected, not who was."""
    if said:
        return Figure(question=Question.WHO, basis=Basis.RECORDED, statements=said, service=service)
    basis = Basis.ESTIMATED if service else Basis.UNKNOWN
    return Figure(question=Question.WHO, basis=basis, service=service)


def _how_many(said: tuple[Statement, ...]) -> Figure:
    """Only what has a number in it can say how many; whether it does is for people to check."""
    counted = tuple(statement for statement in said if statement.has_number)
    basis = Basis.RECORDED if counted else Basis.UNKNOWN
    return Figure(question=Question.HOW_MANY, basis=basis, statements=counted)


def _statement(entry: Entry) -> Statement | None:
    if entry.label is EntryLabel.UPDATE and entry.impact.strip():
        return Statement(at=entry.at, by=entry.by, text=entry.impact)
    if EntryKind.CUSTOMER_IMPACT in entry.kinds and entry.text.strip():
        spoken = entry.label is EntryLabel.MESSAGE
        return Statement(at=entry.at, by=entry.by, text=entry.text, link=entry.link, spoken=spoken)
    return None
