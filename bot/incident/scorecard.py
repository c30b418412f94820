"""What a drill shows, read from its log: how long things took, and which habits were there. It ranks nobody.

Measured until the drill was (last) resolved; of what came later only corrections of times count.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident import events as happened
from bot.incident.entry import EntryLabel
from bot.incident.events import Event
from bot.incident.evolve import evolve, replay
from bot.incident.history import happenings
from bot.incident.policy import Policy
from bot.incident.promises import is_late, kept, promises
from bot.incident.state import Incident
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER, Milestone, Role, Status, StepState
from bot.incident.timeline import entries, visible

SETTLED: Final = frozenset({StepState.DONE, StepState.SKIPPED, StepState.FAILED})
_BY_PEOPLE: Final = frozenset({EntryLabel.NOTE, EntryLabel.MESSAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Something that happened, and how long after the declaration."""

    at: datetime
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`done` of `of`."""

    done: int
    of: int

    @property
    def is_whole(self) -> bool:
        return 0 < self.of == self.done


class Habit(StrEnum):
    """What a drill practises, in the order in which it is worth learning."""

    COMMAND = "somebody took command before the first update was due"
    FIRST_UPDATE = "the first update came by the time that was promised"
    PROMISES = "every promised update came in time"
    MITIGATION = "it was said when the worst was over"
    PLAYBOOK = "a playbook was attached and worked through"
    RECORD = "people put what they saw and decided into the timeline"
    ROLES = "every role was filled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """None: it did not happen. All spans are counted from `declared_at`, the declaration as it was corrected.

    `resolutions`: how often it was resolved; from 2 on, this scorecard takes the place of the ones before it.
    `commander`: somebody took command or was given it; who leads by default does not count. `promises`: announced
    next updates, counted as everywhere (promises.py). `first_due_at`: by when the first update was due, None: none was.
    `roles`: of those in the policy, filled by somebody's choice at some time; `unfilled`: the others.
    `playbooks`: titles; `steps`: of all of them, done, skipped or failed. `entries`: notes and logged messages.
    """

    resolutions: int
    declared_at: datetime
    commander: Reached | None
    first_update: Reached | None
    mitigation: Reached | None
    resolution: Reached | None
    first_due_at: datetime | None
    promises: Tally
    roles: Tally
    unfilled: tuple[Role, ...]
    playbooks: tuple[str, ...]
    steps: Tally
    entries: int

    @property
    def went_well(self) -> tuple[Habit, ...]:
        return tuple(habit for habit in Habit if _SHOWN[habit](self))

    @property
    def to_try(self) -> Habit | None:
        """The first that there was occasion for, and was not there; None: all were."""
        return next((habit for habit in Habit if self._asked_for(habit) and not _SHOWN[habit](self)), None)

    def _asked_for(self, habit: Habit) -> bool:
        """A drill may end before any update is due."""
        match habit:
            case Habit.PROMISES:
                return self.promises.of > 0
            case Habit.FIRST_UPDATE:
                return self.first_update is not None or self._outlived_first_promise
        return True

    @property
    def _outlived_first_promise(self) -> bool:
        due_at, end = self.first_due_at, self.resolution
        return due_at is not None and (end is None or is_late(due_at, end.at))

    def in_time(self, reached: Reached | None) -> bool:
        """Whether it happened, by the time at which the first update was due."""
        return reached is not None and (self.first_due_at is None or not is_late(self.first_due_at, reached.at))


_SHOWN: Final[Mapping[Habit, Callable[[Scorecard], bool]]] = {
    Habit.COMMAND: lambda card: card.in_time(card.commander),
    Habit.FIRST_UPDATE: lambda card: card.in_time(card.first_update),
    Habit.PROMISES: lambda card: card.promises.is_whole,
    Habit.MITIGATION: lambda card: card.mitigation is not None,
    Habit.PLAYBOOK: lambda card: card.steps.done > 0,
    Habit.RECORD: lambda card: card.entries > 0,
    Habit.ROLES: lambda card: card.roles.is_whole,
}


def scorecard(events: Iterable[Event], policy: Policy) -> Scorecard:
    """Raises ValueError for an empty log."""
    log = _counted(tuple(events))
    incident = replay(log)
    if incident is None:
        raise ValueError("a scorecard is of a drill that was declared")
    declared_at = incident.milestones[Milestone.DECLARED]
    filled = _filled(log)
    steps = [state for book in incident.playbooks.values() for state in _states(incident, book.checklist.playbook)]
    return Scorecard(
        resolutions=incident.resolutions,
        declared_at=declared_at,
        commander=_reached(_command_taken(log), declared_at),
        first_update=_reached(_first(log, happened.UpdatePosted), declared_at),
        mitigation=_reached(incident.milestones.get(Milestone.MITIGATED), declared_at),
        resolution=_reached(incident.milestones.get(Milestone.RESOLVED), declared_at),
        first_due_at=_first_due(log),
        promises=_promises(log),
        roles=Tally(done=sum(role in filled for role in policy.roles), of=len(policy.roles)),
        unfilled=tuple(role for role in policy.roles if role not in filled),
        playbooks=tuple(book.checklist.title for book in incident.playbooks.values()),
        steps=Tally(done=sum(state in SETTLED for state in steps), of=len(steps)),
        entries=_recorded(log),
    )


def _counted(log: Sequence[Event]) -> Sequence[Event]:
    """Up to the last resolution, and the corrections of times that came after it; all of a log without one."""
    ends = [at for at, event in enumerate(log) if _resolves(event)]
    if not ends:
        return log
    last = ends[-1]
    return (*log[: last + 1], *(event for event in log[last + 1 :] if _tells_when(event, log[last])))


def _resolves(event: Event) -> bool:
    return isinstance(event, happened.StatusChanged) and event.after is Status.RESOLVED


def _tells_when(event: Event, end: Event) -> bool:
    """A correction, or the moment of the resolution itself, which is an event of its own."""
    if isinstance(event, happened.MilestoneReached):
        return event.milestone is Milestone.RESOLVED and event.at == end.at
    return isinstance(event, happened.MilestoneCorrected)


def _reached(at: datetime | None, declared_at: datetime) -> Reached | None:
    """A correction may put the declaration after what followed from it; no span is then below nothing."""
    return Reached(at=at, after=max(at - declared_at, timedelta())) if at else None


def _first(log: Sequence[Event], kind: type[Event]) -> datetime | None:
    return next((event.at for event in log if isinstance(event, kind)), None)


def _chosen(log: Sequence[Event]) -> list[happened.RoleAssigned]:
    return [event for event in log if isinstance(event, happened.RoleAssigned) and not event.by_default]


def _command_taken(log: Sequence[Event]) -> datetime | None:
    return next((event.at for event in _chosen(log) if event.role == INCIDENT_COMMANDER), None)


def _filled(log: Sequence[Event]) -> frozenset[Role]:
    return frozenset(event.role for event in _chosen(log))


def _states(incident: Incident, playbook: str) -> list[StepState]:
    book = incident.playbooks[playbook]
    progress = [book.progress.get(step.id) for step in book.checklist.steps]
    return [each.state if each else StepState.OPEN for each in progress]


def _recorded(log: Sequence[Event]) -> int:
    told = visible(entries(log))
    return sum(entry.label in _BY_PEOPLE and entry.by != MUSTER for entry in told)


def _first_due(log: Sequence[Event]) -> datetime | None:
    return evolve(None, log[0]).clock.due_at


def _promises(log: Sequence[Event]) -> Tally:
    made = promises(happenings(log))
    return Tally(done=kept(made), of=len(made))
