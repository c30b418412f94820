"""Alerts that wait and decisions about them as stored JSON. Neither is a log for ever: what waits is soon decided."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.incident.alert import Alert, AlertDecision, Arrived
from bot.store.codec import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    alert: Alert
    at: datetime


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def encode_waiting(alert: Alert, at: datetime) -> str:
    return _adapter(_Waiting).dump_json(_Waiting(alert=alert, at=at)).decode()


def decode_waiting(entry: str, data: str) -> Arrived:
    """Raises Unreadable."""
    try:
        found = _adapter(_Waiting).validate_json(data)
    except ValueError as error:
        raise Unreadable("an alert that waits does not read") from error
    return Arrived(entry=entry, alert=found.alert, at=found.at)


def encode_decision(decision: AlertDecision) -> str:
    return _adapter(AlertDecision).dump_json(decision).decode()


def decode_decision(data: str) -> AlertDecision:
    """Raises Unreadable."""
    try:
        found = _adapter(AlertDecision).validate_json(data)
    except ValueError as error:
        raise Unreadable("a line of the alert log does not read") from error
    assert isinstance(found, AlertDecision)
    return found
