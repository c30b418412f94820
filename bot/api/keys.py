"""Idempotency keys: the same key, the same thing, whatever is retried."""

import hashlib
import re
from http import HTTPStatus
from typing import Final

from bot.api.problems import Problem

KEY_HEADER: Final = "Idempotency-Key"
"""As the IETF's draft-ietf-httpapi-idempotency-key-header names it."""
_KEY: Final = re.compile(r"[\x21-\x7e]{8,200}")


def digest_of(key: str | None) -> str:
    """Raises Problem for a key that is missing, or is none."""
    if key is None or _KEY.fullmatch(key) is None:
        sentence = f"Send an {KEY_HEADER} of 8 to 200 visible ASCII characters, the same whenever you try again."
        raise Problem(HTTPStatus.BAD_REQUEST, sentence, field=KEY_HEADER)
    return hashlib.sha256(key.encode()).hexdigest()
