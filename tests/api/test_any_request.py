"""Schemathesis makes requests from the OpenAPI document, right and wrong ones: no 5xx, and answers as documented."""

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.api.openapi import document
from bot.incident.freeze import FreezeWish
from tests.api.given import DECLARER, DEPLOYER, INSIDER, Caller
from tests.incident.given import ADA

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""The same ones each time, so that a failure comes again."""


def attempt(origin: str, operation: Any, secret: str, mode: GenerationMode) -> None:
    """Hypothesis waits for each answer, so it runs in a thread of its own while the server answers."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @EXAMPLES
    def tried(case: Any) -> None:
        case.call_and_validate(base_url=origin, headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)

    tried()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(
    ("path", "method", "secret"),
    [
        ("/api/incidents", "GET", INSIDER),
        ("/api/incidents", "POST", DECLARER),
        ("/api/incidents/{number}", "GET", INSIDER),
        ("/api/changes", "GET", INSIDER),
        ("/api/changes", "POST", DEPLOYER),
        ("/api/freezes", "GET", INSIDER),
    ],
)
async def test_no_request_breaks_it(caller: Caller, path: str, method: str, secret: str, mode: GenerationMode) -> None:
    await caller.declared("Checkout returns 500", service="checkout")
    await caller.declared("Somebody sold our data", private=True)
    await caller.freezes.begin(ADA, FreezeWish(request="1", services=("checkout",)))
    operation = schemathesis.openapi.from_dict(document())[path][method]
    await asyncio.to_thread(attempt, caller.origin, operation, secret, mode)


async def test_the_document_is_served_to_all(caller: Caller) -> None:
    async with caller.session.get(f"{caller.origin}/api/openapi.json") as answer:
        assert (answer.status, await answer.json()) == (200, document())
