"""What was changed in the services, as deployments tell it, and which of it an incident should look at first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident.catalogue import Catalogue, spoken

WITHIN: Final = timedelta(hours=6)
"""Before the impact began, or the declaration. Google's SRE book, chapter 12: what touched a system last is the first
suspect; a change of yesterday is found by whoever looks for it."""
MOST_TOLD: Final = 5


class ChangeKind(StrEnum):
    DEPLOY = "deploy"
    CONFIGURATION = "configuration"
    FEATURE_FLAG = "feature flag"
    MIGRATION = "migration"
    INFRASTRUCTURE = "infrastructure"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChange:
    """One change of one service at `at`. `what`, `by` and `link` are foreign text; `told_by`: the token's name.

    `freeze`: the freeze of its deploys that held then ('F3'); empty: none.
    """

    service: str
    what: str
    kind: ChangeKind
    at: datetime
    by: str = ""
    link: str = ""
    told_by: str = ""
    freeze: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A change with why it is told: `steps` 0 is the service itself, 1 what it needs, None: no service is known."""

    change: ServiceChange
    steps: int | None


def suspects(
    changes: Iterable[ServiceChange], service: str, since: datetime, catalogue: Catalogue
) -> tuple[Suspect, ...]:
    """Of the service and of all that it needs, the nearest and then the newest first; of any where none is known.

    `since`: when the impact began. What came after it is told, too: the record of the impact may be wrong.
    """
    recent = [change for change in changes if change.at >= since - WITHIN]
    if not service:
        return _newest([Suspect(change=change, steps=None) for change in recent])
    near = _distances(service, catalogue)
    found = [(change, near.get(_known(change.service, catalogue))) for change in recent]
    return _newest([Suspect(change=change, steps=steps) for change, steps in found if steps is not None])


def _distances(service: str, catalogue: Catalogue) -> dict[str, int]:
    known = catalogue.find(service)
    needed = catalogue.needs(known.name) if known else ()
    return {_known(service, catalogue): 0, **{spoken(each.name): each.steps for each in needed}}


def _known(name: str, catalogue: Catalogue) -> str:
    service = catalogue.find(name)
    return spoken(service.name if service else name)


def _newest(found: list[Suspect]) -> tuple[Suspect, ...]:
    newest = sorted(found, key=lambda each: each.change.at, reverse=True)
    return tuple(sorted(newest, key=lambda each: each.steps or 0))
