"""Watchdogs: when silence is silence, and when nobody could have heard anything."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.incident.alert_policy import Action, AlertRule
from bot.incident.watchdog import Look, Stage, Watch, Watchdog, watchdog_of, watched
from tests.incident.alerts import alert
from tests.incident.given import NOON, after, minutes

RULE = AlertRule(name="prometheus", action=Action.RECORD, match={"name": ("Watchdog",)})
DOG = Watchdog(name="prometheus", rule=RULE, silent_after=minutes(5), climbs_after=minutes(10), service="monitoring")
LISTENING = Watch(since=NOON)


def look(at: float, heard: float | None = None, **changes: bool) -> Look:
    return Look(at=after(at), heard_at=None if heard is None else after(heard), **changes)


def silent(since: datetime | None = None) -> Watch:
    return Watch(since=NOON, stage=Stage.RAISED, stage_at=after(5), last_at=since)


def test_only_its_own_alerts_are_its_signals() -> None:
    assert watchdog_of(alert("Watchdog"), (DOG,)) == "prometheus"
    assert watchdog_of(alert("HighErrorRate"), (DOG,)) == ""


def test_silence_counts_from_when_somebody_listens() -> None:
    assert watched(DOG, None, look(0)) == Watch(since=NOON)


@pytest.mark.parametrize(
    ("at", "heard", "stage"),
    [(4.9, None, Stage.HEARD), (5, None, Stage.RAISED), (9, 4.5, Stage.HEARD), (9.5, 4.5, Stage.RAISED)],
)
def test_it_is_silent_once_no_signal_came_for_so_long(at: float, heard: float | None, stage: Stage) -> None:
    found = watched(DOG, LISTENING, look(at, heard))
    assert found.stage is stage
    assert found.last_at == (after(heard) if heard and stage is Stage.RAISED else None)


def test_what_was_heard_before_somebody_listened_again_does_not_shorten_its_time() -> None:
    assert watched(DOG, Watch(since=after(60)), look(62, 1)).stage is Stage.HEARD


def test_after_a_while_in_which_nobody_could_hear_its_time_begins_anew() -> None:
    assert watched(DOG, LISTENING, look(30, 1, was_deaf=True)) == Watch(since=after(30))


def test_maintenance_of_what_it_watches_excuses_it_and_its_time_begins_anew() -> None:
    excused = watched(DOG, LISTENING, look(30, 1, is_excused=True))
    assert excused == Watch(since=after(30))
    assert watched(DOG, excused, look(34)).stage is Stage.HEARD
    assert watched(DOG, excused, look(35)).stage is Stage.RAISED


def test_its_silence_is_raised_once_and_climbs_once() -> None:
    raised = silent(after(1))
    assert watched(DOG, raised, look(14, 1)) == raised
    climbed = watched(DOG, raised, look(15, 1))
    assert (climbed.stage, climbed.stage_at, climbed.last_at) == (Stage.CLIMBED, after(15), after(1))
    assert watched(DOG, climbed, look(500, 1)) == climbed


def test_it_does_not_climb_while_it_is_excused() -> None:
    assert watched(DOG, silent(after(1)), look(15, 1, is_excused=True)).stage is Stage.RAISED


@pytest.mark.parametrize("before", [silent(after(1)), silent(None), replace(silent(after(1)), stage=Stage.CLIMBED)])
def test_the_next_signal_ends_its_silence(before: Watch) -> None:
    back = watched(DOG, before, look(20, 19.5))
    assert (back.stage, back.since, back.last_at) == (Stage.HEARD, after(20), None)
