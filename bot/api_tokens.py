"""Who may call the API: tokens with scopes, as the setting API_TOKENS has them. Pure."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

SHORTEST_SECRET: Final = 32
"""Characters; `openssl rand -hex 32` prints 64."""
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class Scope(StrEnum):
    """What a token may do. READ alone knows of no private incident."""

    READ = "read"
    READ_PRIVATE = "read-private"
    DECLARE = "declare"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """`name`: who calls, as the log says it. Of the secret only a digest is kept."""

    name: str
    scopes: frozenset[Scope]
    digest: bytes = field(repr=False)

    @property
    def sees_private(self) -> bool:
        return Scope.READ_PRIVATE in self.scopes


def read_tokens(text: str) -> tuple[ApiToken, ...]:
    """`name:scope+scope:secret`, several separated by commas. Raises ValueError with a sentence that has no secret."""
    tokens = tuple(_token(part.strip(), number) for number, part in enumerate(text.split(","), start=1) if part.strip())
    names = [token.name for token in tokens]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"names {twice} twice: give each token a name of its own.")
    return tokens


def token_of(tokens: Sequence[ApiToken], authorization: str) -> ApiToken | None:
    """Whose the header is, or None. Every token is compared in full, so that the time taken tells nothing."""
    scheme, _, secret = authorization.partition(" ")
    given = _digest(secret.strip())
    matching = [token for token in tokens if hmac.compare_digest(token.digest, given)]
    return matching[0] if matching and scheme.lower() == "bearer" else None


def _token(text: str, number: int) -> ApiToken:
    name, _, rest = text.partition(":")
    scopes, _, secret = rest.partition(":")
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"token {number} has no name of small letters, digits and hyphens: write name:read:secret.")
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the secret of {name} must have {SHORTEST_SECRET} characters or more: openssl rand -hex 32.")
    return ApiToken(name=name, scopes=frozenset(_scopes(scopes, name)), digest=_digest(secret))


def _scopes(text: str, name: str) -> list[Scope]:
    try:
        return [Scope(word) for word in text.split("+")]
    except ValueError:
        raise ValueError(f"{name} has an unknown scope: join some of {', '.join(Scope)} by +.") from None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogateescape")).digest()
