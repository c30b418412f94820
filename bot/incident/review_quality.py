"""How good a review was, by what it left behind: five questions that the log answers, each with its reason. Pure.

It is a view of the incident as it stands, so what is mended later counts. It names nobody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.incident.closure import ReviewState
from bot.incident.followup import Followup, FollowupClass, FollowupState
from bot.incident.review_sections import FACTORS
from bot.incident.state import AttachedPlaybook, Incident
from bot.incident.terms import Milestone, StepState

LEAST_FACTORS: Final = 2
MOST_NAMED: Final = 10


class Criterion(StrEnum):
    TIMELINE = "the timeline is complete"
    FACTORS = "more than one contributing factor"
    ACTIONS = "actions can be verified"
    PLAYBOOK = "a playbook was touched"
    SHARED = "the postmortem is shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`why`: a clause, whether it is met or not."""

    criterion: Criterion
    met: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    judged: tuple[Judged, ...]

    @property
    def points(self) -> int:
        return sum(each.met for each in self.judged)

    @property
    def of(self) -> int:
        return len(self.judged)


def quality(incident: Incident) -> Quality | None:
    """None until the review was held."""
    if incident.review.state is not ReviewState.HELD:
        return None
    return Quality(judged=tuple(judge(incident) for judge in _JUDGES))


def _timeline(incident: Incident) -> Judged:
    missing = [str(each) for each in Milestone if each not in incident.milestones]
    why = f"not recorded: {', '.join(missing)}" if missing else "every moment is recorded"
    return Judged(criterion=Criterion.TIMELINE, met=not missing, why=why)


def _factors(incident: Incident) -> Judged:
    """Those that are named; where none is, the classes of which people wrote at length."""
    named = len(incident.standing_factors)
    written = sum(bool(incident.section(each).text) for each in FACTORS)
    count = named or written
    what = "named" if named or not written else "written about"
    why = f"{count} {'is' if count == 1 else 'are'} {what}"
    return Judged(criterion=Criterion.FACTORS, met=count >= LEAST_FACTORS, why=why)


def _actions(incident: Incident) -> Judged:
    """What was decided against needs nothing; what is done has shown itself."""
    agreed = [each for each in incident.followups.values() if each.state is not FollowupState.WILL_NOT_DO]
    lacking = [f"F{each.number} lacks {' and '.join(lacks)}" for each in agreed if (lacks := list(_lacks(each)))]
    if not agreed:
        why = "no follow-up was agreed"
    elif lacking:
        why = "; ".join(lacking[:MOST_NAMED])
    else:
        why = f"{len(agreed)} with owner, deadline and metric or hypothesis"
    return Judged(criterion=Criterion.ACTIONS, met=bool(agreed) and not lacking, why=why)


def _lacks(item: Followup) -> Iterator[str]:
    if item.state is FollowupState.DONE:
        return
    if item.content.owner is None:
        yield "an owner"
    if item.content.due_on is None:
        yield "a deadline"
    if not item.content.metric.strip():
        yield "a metric or hypothesis"


def _playbook(incident: Incident) -> Judged:
    """Used in the response, or to be mended by a follow-up."""
    used = [each for each in incident.playbooks.values() if _is_used(each)]
    mended = [
        each
        for each in incident.followups.values()
        if each.content.kind is FollowupClass.RUNBOOK and each.state is not FollowupState.WILL_NOT_DO
    ]
    if mended:
        why = f"F{mended[0].number} mends one"
    elif used:
        why = f"steps of {len(used)} were used"
    else:
        why = "none was used, and no follow-up writes or mends one"
    return Judged(criterion=Criterion.PLAYBOOK, met=bool(used or mended), why=why)


def _is_used(book: AttachedPlaybook) -> bool:
    return any(each.state is not StepState.OPEN for each in book.progress.values())


def _shared(incident: Incident) -> Judged:
    """It stands in the channel as it was last written."""
    written_at = max((each.at for each in incident.sections.values() if each.at), default=None)
    posted_at = max((each.at for each in incident.drafts.values()), default=None)
    if posted_at is None:
        why = "no draft stands in the channel"
    elif written_at and posted_at < written_at:
        why = "people have written since the draft in the channel was made"
    else:
        why = "the newest draft stands in the channel"
    met = posted_at is not None and (written_at is None or posted_at >= written_at)
    return Judged(criterion=Criterion.SHARED, met=met, why=why)


_JUDGES: Final[tuple[Callable[[Incident], Judged], ...]] = (_timeline, _factors, _actions, _playbook, _shared)
