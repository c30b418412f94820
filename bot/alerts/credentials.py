"""Whether a delivery knows its source's secret: as a bearer token, or by signing the body with it. Constant time."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

_BEARER: Final = "bearer "
_SIGNED: Final = "x-hub-signature-256"
"""'sha256=' and the HMAC-SHA256 of the body in hexadecimal, as many webhooks send it."""


def is_known(secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
    """`headers`: names in small letters. Every secret is compared, so that the time tells nothing."""
    shown = headers.get("authorization", "")
    token = shown[len(_BEARER) :].strip() if shown.lower().startswith(_BEARER) else ""
    signature = headers.get(_SIGNED, "").lower().removeprefix("sha256=")
    found = [_same(token, secret) | _same(signature, _signed(secret, body)) for secret in secrets]
    return any(found)


def _signed(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _same(shown: str, wanted: str) -> bool:
    return hmac.compare_digest(shown.encode(errors="replace"), wanted.encode())
