"""Watchdogs: alerts that always fire, so that their silence tells that monitoring itself is dead. Pure.

Silence counts only while somebody listened: what could not have been heard is no silence.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from bot.incident.alert import Alert
from bot.incident.alert_policy import AlertRule

DEAF_AFTER: Final = timedelta(minutes=2)
"""Between two looks: longer, and Muster or its store was away, and nobody could have heard anything."""


CLIMBS_AFTER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchdog:
    """`rule`: which alerts are its signals. `silent_after`: how long none may come; `climbs_after`: how long after the
    first word others are told too. `service`: what is watched by it, whose maintenance explains its silence, and whose
    owner and on-call are called when it climbs; may be empty.
    """

    name: str
    rule: AlertRule
    silent_after: timedelta
    climbs_after: timedelta = CLIMBS_AFTER
    service: str = ""


class Stage(IntEnum):
    """How far its silence has climbed."""

    HEARD = 0
    RAISED = 1
    CLIMBED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is known of a watchdog. `since`: from when on its silence counts. `stage_at`: when it came to its stage.

    `last_at`: its last signal before it fell silent, while it is silent; None: it was never heard.
    """

    since: datetime
    stage: Stage = Stage.HEARD
    stage_at: datetime | None = None
    last_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is so at this moment. `heard_at`: the last signal; `was_deaf`: nobody looked for a while until now;
    `is_excused`: its service is in maintenance.
    """

    at: datetime
    heard_at: datetime | None
    was_deaf: bool = False
    is_excused: bool = False


def watchdog_of(alert: Alert, watchdogs: tuple[Watchdog, ...]) -> str:
    """The name of the watchdog whose signal this is; empty: of none."""
    return next((each.name for each in watchdogs if each.rule.fits(alert)), "")


def watched(rule: Watchdog, watch: Watch | None, look: Look) -> Watch:
    """What is known from now on; another stage is something to tell."""
    if watch is None:
        return Watch(since=look.at)
    if watch.stage is Stage.HEARD:
        return _listening(rule, watch, look)
    if look.heard_at is not None and (watch.last_at is None or look.heard_at > watch.last_at):
        return replace(watch, stage=Stage.HEARD, stage_at=look.at, since=look.at, last_at=None)
    climbs_at = (watch.stage_at or look.at) + rule.climbs_after
    if watch.stage is Stage.RAISED and climbs_at <= look.at and not look.is_excused:
        return replace(watch, stage=Stage.CLIMBED, stage_at=look.at)
    return watch


def _listening(rule: Watchdog, watch: Watch, look: Look) -> Watch:
    if look.was_deaf or look.is_excused:
        return replace(watch, since=look.at)
    silent_since = max(watch.since, look.heard_at) if look.heard_at else watch.since
    if look.at - silent_since < rule.silent_after:
        return watch
    return replace(watch, stage=Stage.RAISED, stage_at=look.at, last_at=look.heard_at)
