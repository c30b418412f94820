"""Signatures of Standard Webhooks (github.com/standard-webhooks/standard-webhooks, version 1): HMAC-SHA256. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

PREFIX = "whsec_"


def signed_headers(id_: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> Mapping[str, str]:
    """`id_`: without a full stop, which separates what is signed. `secrets`: while one takes the place of another,
    each signs, and whoever verifies takes what fits."""
    stamp = str(int(at.timestamp()))
    signed = f"{id_}.{stamp}.".encode() + body
    return {
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: bytes, signed: bytes) -> str:
    return f"v1,{base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()}"
