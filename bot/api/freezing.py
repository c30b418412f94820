"""`GET /api/freezes`: what a pipeline asks before it deploys."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from bot.api.shapes import Said, Told
from bot.freeze_keeper import FreezeKeeper
from bot.incident.freeze import Freeze
from bot.incident.policy import Policy
from bot.incident.service_names import known_service
from bot.incident.terms import Rejected, reference


class FreezeQuestion(Said):
    """`service`: by name or alias; without one, all freezes that hold."""

    service: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = None


class KnownFreeze(Told):
    """`by`: a Slack id. `incident`: from which it follows, such as INC-42."""

    reference: str
    services: list[str]
    since: datetime
    until: datetime
    why: str
    by: str
    incident: str | None


class KnownFreezes(Told):
    """`frozen`: whether deploys of that service are frozen now; without a service, whether those of any are."""

    frozen: bool
    freezes: list[KnownFreeze]


async def now_frozen(keeper: FreezeKeeper, question: FreezeQuestion, policy: Policy, now: datetime) -> KnownFreezes:
    """Raises Rejected for a service that the catalogue does not have: a slip would deploy through every freeze.

    Raises Unavailable.
    """
    if question.service is None:
        found = [each for each in await keeper.freezes() if each.holds(now)]
    else:
        freeze = await keeper.covering([_known(question.service, policy)], now)
        found = [freeze] if freeze else []
    return KnownFreezes(frozen=bool(found), freezes=[shown(each) for each in found])


def _known(service: str, policy: Policy) -> str:
    """Raises Rejected, about the field that was asked with."""
    try:
        return known_service(service, policy)
    except Rejected as refusal:
        raise Rejected(refusal.sentence, field="service") from None


def shown(freeze: Freeze) -> KnownFreeze:
    return KnownFreeze(
        reference=freeze.reference,
        services=list(freeze.services),
        since=freeze.since,
        until=freeze.until,
        why=freeze.why,
        by=freeze.by,
        incident=reference(freeze.incident) if freeze.incident else None,
    )
