"""`POST /api/incidents`: the same key, the same incident, whatever is retried."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from bot.api.keys import KEY_HEADER, digest_of
from bot.api.problems import Problem
from bot.api.shapes import Declaration
from bot.api_tokens import ApiToken
from bot.command_handler import CommandHandler
from bot.incident.commands import DeclareIncident
from bot.incident.events import IncidentDeclared
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, Person, Rejected, RequestId, Standing, UserId
from bot.slack_ports import Directory

KEPT_FOR: Final = timedelta(days=7)
"""How long a key is remembered, and said so in docs/api.md: longer than any retry, and than most outages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """`repeated`: it had been declared under this key before."""

    incident: Incident
    repeated: bool


async def declare(
    door: CommandHandler, people: Directory, wish: Declaration, token: ApiToken, key: str | None
) -> Declared:
    """Raises Problem, Rejected and Unavailable."""
    request = request_of(token, key)
    command = DeclareIncident(
        by=Person(id=MUSTER, standing=Standing.MUSTER, name=token.name),
        title=wish.title,
        severity=wish.severity,
        service=wish.service,
        impact=wish.impact,
        impact_started_at=wish.impact_started_at,
        private=wish.private,
        commander=await people.person(UserId(wish.commander)) if wish.commander else None,
        source=wish.link,
        drill=wish.drill,
    )
    if wish.private and command.commander is None:
        raise Rejected("A private incident needs a commander, or nobody could see it.", field="commander")
    handled = await door.declare(command, request=request, remember_for=KEPT_FOR)
    if handled.repeated:
        first = (await door.history(handled.incident.id))[0]
        if not isinstance(first, IncidentDeclared) or not _is_the_same(first, wish):
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"This key declared another incident, {handled.incident.reference}: give a new one a new key.",
                field=KEY_HEADER,
            )
    return Declared(incident=handled.incident, repeated=handled.repeated)


def request_of(token: ApiToken, key: str | None) -> RequestId:
    """Keys of different tokens never meet. Raises Problem for one that is missing or no key."""
    return RequestId(f"api:{token.name}:{digest_of(key)}")


def _is_the_same(declared: IncidentDeclared, wish: Declaration) -> bool:
    """As far as the wish says: a severity by default may be another today."""
    return (
        declared.title == " ".join(wish.title.split())
        and declared.service == " ".join(wish.service.split())
        and declared.severity == (wish.severity or declared.severity)
        and declared.private == wish.private
        and declared.impact == wish.impact
        and declared.source == wish.link
    )
