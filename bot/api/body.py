"""The body of a request -> a model, bounded in size and time; or the Problem that says what is wrong with it."""

import asyncio
import json
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.api.problems import Problem

BODY_LIMIT: Final = 64 * 1024
"""Bytes."""
PATIENCE: Final = timedelta(seconds=5)
"""For the whole body; who sends more slowly holds a place that others need."""

Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: web.Request, model: type[Model], patience: timedelta = PATIENCE) -> Model:
    """Raises Problem."""
    if request.content_type != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.")
    return parse(await _bytes(request, patience), model)


async def _bytes(request: web.Request, patience: timedelta) -> bytes:
    parts, size = [], 0
    try:
        async with asyncio.timeout(patience.total_seconds()):
            async for part in request.content.iter_any():
                size += len(part)
                if size > BODY_LIMIT:
                    raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A body has at most {BODY_LIMIT} bytes.")
                parts.append(part)
    except TimeoutError:
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, "The body took too long to arrive. Send it again.") from None
    return b"".join(parts)


def parse(body: bytes, model: type[Model]) -> Model:
    """Raises Problem, which names the first field that is wrong."""
    try:
        return model.model_validate_json(body, strict=False)
    except ValidationError as error:
        raise problem_of(error) from None


def problem_of(error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return Problem(HTTPStatus.BAD_REQUEST, "The body is no JSON.")
    field = ".".join(str(part) for part in first["loc"])
    sentence = str(first["msg"]).removeprefix("Value error, ")
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{field or 'The body'}: {sentence}.", field=field)


def as_bytes(value: object) -> bytes:
    """Stable: the same value is always the same bytes, for ETags."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
