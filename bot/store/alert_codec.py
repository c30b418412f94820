"""Alerts that wait and decisions about them as stored JSON. Neither is a log for ever: what waits is soon decided."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from bot.incident.alert import Alert, AlertDecision, Arrived
from bot.incident.alert_tally import Sounding, Tally
from bot.store.codec import Unreadable

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NONE: Final = "-"


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
    return _adapter(AlertDecision).dump_json(decision, exclude_defaults=True).decode()


def decode_decision(data: str) -> AlertDecision:
    """Raises Unreadable."""
    try:
        found = _adapter(AlertDecision).validate_json(data)
    except ValueError as error:
        raise Unreadable("a line of the alert log does not read") from error
    assert isinstance(found, AlertDecision)
    return found


def encode_tally(tally: Tally | None) -> str:
    """In the order in which quality.lua takes it; empty where nothing is counted."""
    if tally is None:
        return ""
    sounding = tally.sounding
    words = (
        tally.alert,
        sounding.key if sounding else _NONE,
        tally.state or _NONE,
        _milliseconds(tally.at),
        _milliseconds(tally.began_at),
        tally.changes,
        ",".join(tally.figures) or _NONE,
        _NONE if tally.took is None else tally.took // timedelta(seconds=1),
        encode_sounding(sounding) if sounding else "",
    )
    return " ".join(map(str, words))


def encode_sounding(sounding: Sounding) -> str:
    return _adapter(Sounding).dump_json(sounding, exclude_defaults=True).decode()


def decode_sounding(data: str) -> Sounding:
    """Raises Unreadable."""
    try:
        found = _adapter(Sounding).validate_json(data)
    except ValueError as error:
        raise Unreadable("the name of a rule of the monitoring does not read") from error
    assert isinstance(found, Sounding)
    return found


def _milliseconds(at: datetime) -> int:
    return max((at - _EPOCH) // timedelta(milliseconds=1), 0)
