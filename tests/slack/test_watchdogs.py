"""What is said when monitoring falls silent, and when it is heard again."""

from dataclasses import replace
from datetime import timedelta

from bot.incident.alert_policy import Action, AlertRule
from bot.incident.catalogue import Party, Service, drawn_up
from bot.incident.policy import Policy
from bot.incident.terms import NO_INCIDENT, GroupId
from bot.incident.watchdog import Watchdog
from bot.incident.watchdog_effects import TellBlind, TellSeeing
from bot.slack.blocks.watchdog_cards import blind, seeing
from tests.slack.blocks.given import AT
from tests.slack.given_desk import BEN

MINUTES = timedelta(minutes=1)
RULE = AlertRule(name="prometheus", action=Action.RECORD, match={"name": ("Watchdog",)})
DOG = Watchdog(name="prometheus", rule=RULE, silent_after=5 * MINUTES, service="monitoring")
ON_CALL = Party(users=(BEN,), groups=(GroupId("S0ONCALL1"),))
POLICY = Policy(watchdogs=(DOG,), catalogue=drawn_up([Service(name="monitoring", on_call=ON_CALL)]))
SILENT = TellBlind(incident=NO_INCIDENT, watchdog="prometheus", last_at=AT - 7 * MINUTES, raised_at=AT, climbed=False)


def test_it_says_when_the_last_signal_came_and_what_to_do() -> None:
    said = blind(SILENT, POLICY, AT)
    assert said.text.startswith("We may be blind: prometheus, last heard at ")
    assert "(7 min ago)" in said.text
    assert "A signal is expected at least every 5 min." in str(said.blocks)
    assert "U0BEN" not in str(said.blocks)


def test_once_it_has_climbed_whoever_answers_for_it_is_called() -> None:
    climbed = TellBlind(incident=NO_INCIDENT, watchdog="prometheus", last_at=None, raised_at=AT, climbed=True)
    said = blind(climbed, POLICY, AT)
    assert "never heard yet" in said.text
    assert "<@U0BEN>, <!subteam^S0ONCALL1>: monitoring is yours." in str(said.blocks)


def test_a_watchdog_that_the_policy_has_no_more_is_still_told() -> None:
    assert "We may be blind" in blind(SILENT, Policy(), AT).text


def test_its_return_says_how_long_it_was_silent() -> None:
    first = TellSeeing(incident=NO_INCIDENT, watchdog="prometheus", last_at=None, heard_at=AT, climbed=False)
    assert "is heard for the first time" in seeing(first, AT).text
    back = seeing(replace(first, last_at=AT - 23 * MINUTES), AT).text
    assert "after 23 min of silence. What happened meanwhile may not have been told." in back
