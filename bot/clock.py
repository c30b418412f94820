"""The only reader of the wall clock and the only maker of random ids."""

import secrets
from datetime import UTC, datetime

from bot.incident.terms import RequestId


class SystemClock:
    """The machine's clock, as aware UTC."""

    def now(self) -> datetime:
        return datetime.now(tz=UTC)


def new_request_id(source: str) -> RequestId:
    """A request id for something that the world did not name; `source` says what it was."""
    return RequestId(f"{source}:{secrets.token_hex(12)}")


def new_token() -> str:
    """A lease's token: unguessable is not needed, unrepeatable is."""
    return secrets.token_hex(12)


def new_bug_reference() -> str:
    """Four characters that the person is shown and the log has too, as in '(ref 7f3a)'."""
    return secrets.token_hex(2)
