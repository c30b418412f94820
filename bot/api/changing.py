"""`/api/changes`: what deployments tell of themselves, so that an incident can say what was changed shortly before."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, StringConstraints

from bot.api.freezing import KnownFreeze, shown
from bot.api.keys import digest_of
from bot.api.problems import Problem
from bot.api.shapes import Said, Told, web_address
from bot.api_tokens import ApiToken
from bot.freeze_keeper import FreezeKeeper
from bot.incident.service_change import ChangeKind, ServiceChange
from bot.index_ports import Changes

AHEAD: Final = timedelta(minutes=5)
"""A deployment's clock may be a little ahead of ours; beyond that it is a mistake."""
OLDEST: Final = timedelta(days=7)
"""What is older is forgotten at once, so it is refused."""


def _line(most: int, least: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


class ToldChange(Said):
    """A change of a service. `at`: when it was made, None: now. `what`: in a line, such as `v2.31 to all regions`."""

    service: Annotated[str, _line(100, 1)]
    what: Annotated[str, _line(300, 1)]
    kind: ChangeKind = ChangeKind.DEPLOY
    at: AwareDatetime | None = None
    by: Annotated[str, _line(100)] = ""
    link: Annotated[str, StringConstraints(max_length=2000), AfterValidator(web_address)] = ""


class KnownChange(Told):
    service: str
    what: str
    kind: ChangeKind
    at: datetime
    by: str
    link: str
    told_by: str
    freeze: str


class KnownChanges(Told):
    """The newest first, 500 at most."""

    changes: list[KnownChange]


class Heard(Told):
    """`new`: false, it had been told before under this key. `freeze`: that of its deploys, during which it came."""

    new: bool
    freeze: KnownFreeze | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Where changes are kept, and what is known of freezes."""

    changes: Changes
    freezes: FreezeKeeper


async def hear(hearing: Hearing, told: ToldChange, token: ApiToken, key: str | None, now: datetime) -> Heard:
    """It has happened, so a freeze refuses nothing: it is said in the answer. Raises Problem and Unavailable."""
    at = told.at or now
    if at > now + AHEAD or at < now - OLDEST:
        days = OLDEST.days
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"at: must lie within the last {days} days.", field="at")
    change = ServiceChange(
        service=told.service,
        what=told.what,
        kind=told.kind,
        at=at,
        by=told.by,
        link=told.link,
        told_by=token.name,
    )
    request = f"{token.name}:{digest_of(key)}"
    freeze, effects = await hearing.freezes.heard(change)
    marked = replace(change, freeze=freeze.reference if freeze else "")
    new = await hearing.changes.record(marked, request, now, effects)
    if new and effects:
        hearing.freezes.wake()
    return Heard(new=new, freeze=shown(freeze) if freeze else None)


async def known(changes: Changes, now: datetime) -> KnownChanges:
    """Of the last week. Raises Unavailable."""
    found = await changes.since(now - OLDEST)
    return KnownChanges(
        changes=[
            KnownChange(
                service=each.service,
                what=each.what,
                kind=each.kind,
                at=each.at,
                by=each.by,
                link=each.link,
                told_by=each.told_by,
                freeze=each.freeze,
            )
            for each in found
        ]
    )
