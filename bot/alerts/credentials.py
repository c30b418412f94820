"""Whether a delivery knows its source's secret: as a bearer token, or by signing the body with it. Constant time."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

_BEARER: Final = "bearer "
_MOST: Final = 10
_SIGNED: Final = ("x-hub-signature-256", "x-grafana-alerting-signature", "x-pagerduty-signature")
"""Each holds the HMAC-SHA256 of the body in hexadecimal, behind 'sha256=', nothing or 'v1='; PagerDuty's may hold
several, while a secret is being replaced."""


def is_known(secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
    """`headers`: names in small letters. Every secret is compared, so that the time tells nothing."""
    shown = headers.get("authorization", "")
    token = shown[len(_BEARER) :].strip() if shown.lower().startswith(_BEARER) else ""
    signatures = [
        each.strip().rpartition("=")[2].lower() for name in _SIGNED for each in headers.get(name, "").split(",")
    ]
    found = [_same(token, secret) for secret in secrets]
    found += [_same(shown, _signed(secret, body)) for secret in secrets for shown in signatures[:_MOST]]
    return any(found)


def _signed(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _same(shown: str, wanted: str) -> bool:
    return hmac.compare_digest(shown.encode(errors="replace"), wanted.encode())
