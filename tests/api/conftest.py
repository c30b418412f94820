"""The API, called over real sockets."""

from collections.abc import AsyncIterator

import pytest

from tests.api.given import Caller, calling


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with calling() as found:
        yield found
