"""Whether a delivery knows its source's secret: as a bearer token, or by signing the body with it. Constant time."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

_BEARER: Final = "bearer "
_MOST: Final = 10
_LONGEST_TIME: Final = 11
_SIGNED: Final = (
    "x-hub-signature-256",
    "x-pagerduty-signature",
    "x-grafana-alerting-signature",
    "x-grafana-alert-signature",
)
"""Each holds the HMAC-SHA256 of the body in hexadecimal, behind 'sha256=', nothing or 'v1='; PagerDuty's may hold
several, while a secret is being replaced. Grafana proposes the third name, and takes the last where none is given."""
_TIMED: Final = "x-grafana-alerting-timestamp"
"""Seconds since 1970; Grafana signs them and a colon before the body where it is told to name a header for them."""
FRESH_FOR: Final = timedelta(minutes=5)
"""How far the time of a signature may be from ours, either way."""


def is_known(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
    """`headers`: names in small letters. Every secret is compared, so that the time tells nothing."""
    signatures, message = _signatures(headers), _message(headers, body, at)
    signed = [_signed(secret, message) for secret in secrets] if signatures and message is not None else []
    found = [_same(shown, wanted) for wanted in signed for shown in signatures]
    return shows_token(secrets, headers) or any(found)


def shows_token(secrets: Sequence[str], headers: Mapping[str, str]) -> bool:
    """What can be said before there is a body."""
    shown = headers.get("authorization", "")
    token = shown[len(_BEARER) :].strip() if shown.lower().startswith(_BEARER) else ""
    found = [_same(token, secret) for secret in secrets]
    return any(found)


def is_signed(headers: Mapping[str, str]) -> bool:
    """By somebody; whether by one who knows the secret only the whole body can show."""
    return bool(_signatures(headers))


def _signatures(headers: Mapping[str, str]) -> list[str]:
    shown = [each.strip().rpartition("=")[2].lower() for name in _SIGNED for each in headers.get(name, "").split(",")]
    return [each for each in shown if each][:_MOST]


def _message(headers: Mapping[str, str], body: bytes, at: datetime) -> bytes | None:
    """What a signature is of. None: of a time that is not ours, so whoever shows it may have overheard it."""
    time = headers.get(_TIMED)
    if time is None:
        return body
    if not (time.isascii() and time.isdecimal() and len(time) <= _LONGEST_TIME):
        return None
    signed_at = datetime.fromtimestamp(int(time), tz=UTC)
    return f"{time}:".encode() + body if abs(at - signed_at) <= FRESH_FOR else None


def _signed(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _same(shown: str, wanted: str) -> bool:
    return hmac.compare_digest(shown.encode(errors="replace"), wanted.encode())
