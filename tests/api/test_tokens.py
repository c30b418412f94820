"""Who may call: tokens, their scopes, and sentences that hold no secret."""

import pytest

from bot.api_tokens import Scope, read_tokens, token_of
from tests.api.given import DECLARER, READER, TOKENS, Caller

SECRET = "s3cret" * 8


def test_a_token_is_found_by_its_secret() -> None:
    found = token_of(read_tokens(TOKENS), f"Bearer {READER}")
    assert found
    assert (found.name, *found.scopes) == ("status-page", Scope.READ)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", f"Basic {READER}", f"Bearer {READER}x", READER])
def test_nothing_else_opens(header: str) -> None:
    assert token_of(read_tokens(TOKENS), header) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SECRET, "token 1 has no name"),
        ("monitor:read:short", "the secret of monitor must have 32 characters"),
        (f"monitor:reed:{SECRET}", "monitor has an unknown scope"),
        (f"monitor::{SECRET}", "monitor has an unknown scope"),
        (f"monitor:read:{SECRET},monitor:declare:{SECRET}", "names monitor twice"),
    ],
)
def test_a_mistake_is_told_without_the_secret(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as raised:
        read_tokens(text)
    assert SECRET not in str(raised.value)


def test_a_token_shows_no_secret() -> None:
    assert READER not in repr(read_tokens(TOKENS))


@pytest.mark.parametrize("path", ["/api/incidents", "/api/incidents/1"])
async def test_without_a_token_nothing_is_told(caller: Caller, path: str) -> None:
    answer = await caller.get(path, "wrong" * 10)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="muster"')


async def test_who_may_only_declare_reads_nothing(caller: Caller) -> None:
    assert (await caller.get("/api/incidents", DECLARER)).status == 403
