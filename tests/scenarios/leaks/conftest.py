"""One transport: what is asked here is asked a thousand times, and what it goes through is the same after the door."""

import pytest


@pytest.fixture
def transport() -> str:
    return "http"
