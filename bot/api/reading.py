"""`GET /api/incidents` and `/api/incidents/42`: what a token may see, and not a trace of anything else."""

import hashlib
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import urlencode

from aiohttp import hdrs, web
from pydantic import BaseModel, ValidationError

from bot.api.body import as_bytes, problem_of
from bot.api.problems import Problem
from bot.api.shapes import IncidentPage, Question, Said, in_list, whole
from bot.api_tokens import ApiToken
from bot.incident.listing import Listing, listing
from bot.incident.rights import unknown
from bot.incident.state import Incident
from bot.incident.terms import IncidentId
from bot.ports import Log

Asked = TypeVar("Asked", bound=Said)

_LOOKED_AT: Final = 500
"""Numbers at a time."""
_MOST_LOOKED_AT: Final = 2000
"""Numbers for one page: a filter that nothing matches must not read the whole history at once."""
_LARGEST_NUMBER: Final = 2**53


def question_of(request: web.Request, model: type[Asked]) -> Asked:
    """Raises Problem for what is unknown, twice there, or out of range."""
    names = [name for name, _ in request.query.items()]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{twice} is there twice.", field=twice)
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        raise problem_of(error) from None


async def page(log: Log, question: Question, token: ApiToken) -> IncidentPage:
    """Raises Unavailable."""
    found, on = await (_open(log, question, token) if question.open else _all(log, question, token))
    return IncidentPage(incidents=[in_list(each) for each in found], next=_next(question, on))


async def _open(log: Log, question: Question, token: ApiToken) -> tuple[Sequence[Listing], int | None]:
    ceiling = question.before or _LARGEST_NUMBER
    every = [each for each in await log.listings(active=True) if each.incident < ceiling]
    found = [each for each in every if _is_wanted(each, question, token)]
    more = len(found) > question.limit
    return found[: question.limit], found[question.limit - 1].incident if more else None


async def _all(log: Log, question: Question, token: ApiToken) -> tuple[Sequence[Listing], int | None]:
    """`on`: the lowest number that was looked at, None once all were."""
    on: int = question.before or await log.next_number()
    found: list[Listing] = []
    for _ in range(_MOST_LOOKED_AT // _LOOKED_AT):
        for each in await log.listings_before(IncidentId(on), _LOOKED_AT):
            if not _is_wanted(each, question, token):
                continue
            if len(found) == question.limit:
                return found, found[-1].incident
            found.append(each)
        on -= _LOOKED_AT
        if on <= 1:
            return found, None
    return found, on


def _is_wanted(listed: Listing, question: Question, token: ApiToken) -> bool:
    return (
        (token.sees_private or not listed.private)
        and (question.drills or not listed.drill)
        and question.open in {None, listed.active}
        and question.severity in {None, listed.severity}
        and question.status in {None, listed.status}
    )


def _next(question: Question, before: int | None) -> str | None:
    if before is None:
        return None
    asked = question.model_dump(mode="json", exclude_defaults=True) | {"before": before}
    return f"/api/incidents?{urlencode({name: _spelt(value) for name, value in asked.items()})}"


def _spelt(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def whole_answer(incident: Incident, token: ApiToken, request: web.Request) -> web.Response:
    """Raises Problem: what the token may not see does not exist."""
    if incident.private and not token.sees_private:
        raise no_such(incident.id)
    return answer(whole(incident, listing(incident)), request)


def no_such(number: int) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, unknown(IncidentId(number)))


def number_of(request: web.Request) -> IncidentId:
    """Raises Problem."""
    text = request.match_info["number"]
    number = int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else 0
    if number < 1:
        raise Problem(HTTPStatus.NOT_FOUND, "An incident is named by its number, such as /api/incidents/42.")
    return IncidentId(number)


def answer(told: BaseModel, request: web.Request, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """With an ETag; to who has just this already, 304 and nothing more."""
    body = as_bytes(told.model_dump(mode="json"))
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {hdrs.ETAG: f'"{tag}"', hdrs.CACHE_CONTROL: "private, no-cache", hdrs.VARY: hdrs.AUTHORIZATION}
    if status is HTTPStatus.OK and _has_it(request, tag):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(status=status, body=body, headers={**headers, hdrs.CONTENT_TYPE: "application/json"})


def _has_it(request: web.Request, tag: str) -> bool:
    try:
        known = request.if_none_match or ()
    except ValueError:
        return False
    return any(each.value in {tag, "*"} for each in known)
