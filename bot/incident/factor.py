"""What a contributing factor is: one of several things that made an incident possible, worse or longer. Values only."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.incident.terms import IncidentId, UserId, Version, reference


class FactorClass(StrEnum):
    """As the sections of the postmortem in which people write of them at length (review_sections.FACTORS)."""

    PEOPLE = "people"
    PROCESS = "process"
    TECHNOLOGY = "technology"
    ENVIRONMENT = "environment"


class Surrounding(StrEnum):
    """What of the environment it was."""

    LOAD = "load"
    RECENT_CHANGES = "recent changes"
    SHARED_TENANCY = "shared tenancy"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorContent:
    """All that people may write and change. `surrounding`: of the environment alone.

    `entry`: the entry of the timeline that shows it, by `Entry.version`; None: none was named. `followups`: the numbers
    of those that address it.
    """

    text: str
    kind: FactorClass
    surrounding: Surrounding | None = None
    entry: Version | None = None
    followups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Somebody accepts the risk, and why. `look_again_on`: from this day of the calendar on, in `time_zone`, which is
    theirs, it counts as open again. `asked_at`: when they were asked about it since.
    """

    why: str
    by: UserId
    at: datetime
    look_again_on: date
    time_zone: str = "UTC"
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One factor as it stands. `number` counts within its incident, from 1; `changes`: how often it was changed.

    `why`: it was removed.
    """

    number: int
    content: FactorContent
    added_at: datetime
    added_by: UserId
    changes: int = 0
    accepted: Acceptance | None = None
    removed_at: datetime | None = None
    removed_by: UserId | None = None
    why: str = ""

    @property
    def stands(self) -> bool:
        return self.removed_at is None


def factor_name(number: int) -> str:
    """Within its incident: 'CF3'."""
    return f"CF{number}"


def factor_reference(incident: IncidentId, number: int, *, drill: bool = False) -> str:
    """How a contributing factor is called: 'INC-42 CF3'."""
    return f"{reference(incident, drill=drill)} {factor_name(number)}"


def class_words(kind: FactorClass, surrounding: Surrounding | None) -> str:
    """'process', 'environment: recent changes'."""
    return f"{kind}: {surrounding}" if surrounding else str(kind)
