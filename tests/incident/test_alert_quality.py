"""Alert quality: what is counted of an alert, and which rules are to be fixed first, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.incident.alert import Alert, AlertDecision, AlertOpening, AlertState, LinkKind, Reason
from bot.incident.alert_plan import Known
from bot.incident.alert_policy import AlertPolicy
from bot.incident.alert_quality import (
    MOST_TO_FIX,
    Fault,
    RuleQuality,
    Week,
    WeekQuality,
    flaws,
    monday,
    newest_weeks,
    to_fix,
    together,
    week_of,
)
from bot.incident.alert_quality_words import WORDS, compared, facts, summed
from bot.incident.alert_settling import settled
from bot.incident.alert_tally import FIGURES, Figure, Sounding, of_decision, tallies
from bot.incident.alert_triage import plan
from bot.incident.catalogue import Link, Service, drawn_up
from bot.incident.commands import AssignRole, CancelIncident, DeclareIncident, ReleaseRole
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import INCIDENT_COMMANDER, IncidentId
from tests.incident.alerts import alarmed, alert, arrived, judged
from tests.incident.given import ADA, BEN, NOON, POLICY, ROLLBACK, Story, after


def rule(name: str = "HighErrorRate", took: tuple[int, ...] = (), **figures: int) -> RuleQuality:
    """`took`: minutes."""
    counted = {Figure(figure): count for figure, count in figures.items()}
    sounding = Sounding(source="alertmanager", name=name)
    return RuleQuality(sounding=sounding, figures=counted, took=tuple(timedelta(minutes=each) for each in took))


def faults(each: RuleQuality) -> list[Fault]:
    return [flaw.fault for flaw in flaws(each)]


def advice(each: RuleQuality) -> str:
    return "; ".join(flaw.advice for flaw in flaws(each))


def commanded(story: Story, minutes: float) -> tuple[Incident, Incident]:
    """Before and after Ada takes command."""
    before = story.state
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=ADA), after(minutes))
    return before, story.state


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({"fired": 41, "suppressed": 2}, "fired 41 times and led to no incident: record it, or raise its threshold"),
        ({"fired": 41, "recorded": 41}, "led to no incident: raise its threshold, or take it out"),
        ({"fired": 20, "joined": 20, "flapped": 12}, "flapped 12 times: give it a longer “for”"),
        ({"fired": 5, "opened": 1, "unguided": 5}, "no runbook: add runbook_url to the alert"),
        ({"fired": 4, "opened": 3, "cancelled": 2}, "2 incidents that it opened were cancelled: raise its threshold"),
        ({"fired": 9, "proposed": 4, "turned_down": 3}, "proposed, and not taken up 3 times: record it"),
    ],
)
def test_each_flaw_says_what_is_wrong_and_what_to_do(figures: Mapping[str, int], sentence: str) -> None:
    counted = {Figure(figure): count for figure, count in figures.items()}
    assert sentence in advice(replace(rule(), figures=counted))


def test_it_is_told_how_long_nobody_took_command_by_the_median() -> None:
    assert advice(rule(fired=3, opened=3, took=(4, 18, 300))).startswith("18 min until somebody took command")
    assert advice(rule(fired=3, opened=3, took=(4, 6, 300))) == ""


def test_of_a_rule_that_fires_rarely_nothing_is_said() -> None:
    assert flaws(rule(fired=2, opened=2, cancelled=2, unguided=2)) == ()


def test_what_maintenance_explains_is_no_fault() -> None:
    assert flaws(rule(fired=40, suppressed=38)) == ()
    assert flaws(rule(fired=40, suppressed=32)) == ()


def test_what_goes_on_firing_after_people_ended_its_incident_led_nowhere_for_a_reason() -> None:
    assert flaws(rule(fired=12, answered=12)) == ()


def test_what_is_only_recorded_needs_no_runbook() -> None:
    assert Fault.UNGUIDED not in faults(rule(fired=40, recorded=40, unguided=40))


def test_what_costs_people_most_comes_first() -> None:
    rules = [
        rule("noise", fired=900, recorded=900),
        rule("flaps", fired=50, joined=50, flapped=40),
        rule("unguided", fired=3, opened=3, unguided=3),
        rule("slow", fired=3, opened=3, took=(40,)),
        rule("proposals", fired=5, proposed=5, turned_down=5),
        rule("false", fired=3, opened=3, cancelled=2),
        rule("worse", fired=3, opened=3, cancelled=3, flapped=3),
        rule("good", fired=30, opened=1, joined=29),
    ]
    names = [each.rule.sounding.name for each in to_fix(rules)]
    assert names == ["worse", "false", "proposals", "slow", "unguided", "flaps", "noise"]


def test_the_list_has_ten_with_what_they_did_in_the_week_before() -> None:
    rules = [rule(f"r{number}", fired=20 + number) for number in range(15)]
    listed = to_fix(rules, [rule("r14", fired=60)])
    assert (len(listed), listed[0].rule.sounding.name, listed[0].before) == (MOST_TO_FIX, "r14", 60)
    assert listed[1].before == 0


def test_weeks_are_added_up_and_the_newest_says_what_a_rule_is() -> None:
    moved = replace(
        rule(fired=1, took=(5,)), sounding=Sounding(source="alertmanager", name="HighErrorRate", service="b")
    )
    weeks = [
        WeekQuality(week=Week(10), rules=(moved,), rest=3),
        WeekQuality(week=Week(9), rules=(rule(fired=2, took=(7,)), rule("Other", fired=9))),
    ]
    first, second = together(weeks)
    assert (first.sounding.name, second.fired, second.sounding.service) == ("Other", 3, "b")
    assert second.to_command == timedelta(minutes=6)


def test_a_week_begins_on_monday() -> None:
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert monday(week_of(sunday)) == date(2026, 11, 16)
    assert monday(week_of(sunday + timedelta(minutes=1))) == date(2026, 11, 23)
    assert [monday(week) for week in newest_weeks(sunday, 2)] == [date(2026, 11, 16), date(2026, 11, 9)]


def test_figures_are_told_in_few_words() -> None:
    told = rule(fired=41, opened=2, flapped=12, took=(18,))
    assert facts(told) == "fired 41, opened 2, flapped 12, 18 min to command"
    assert summed([told], 7) == "1 rule fired 41 times, others 7 times and opened 2 incidents"
    assert compared([rule(fired=1, opened=1)]) == "the week before: 1 time, 1 incident"


def test_what_was_ignored_is_told_with_how() -> None:
    assert facts(rule(fired=12, recorded=9, turned_down=3)) == "fired 12, ignored 12 (9 recorded, 3 not taken up)"
    assert set(WORDS) == set(Figure)


def test_every_reason_counts_as_something() -> None:
    assert set(FIGURES) == set(Reason)


def a_decision(reason: Reason = Reason.RECORDED, state: AlertState = AlertState.FIRING) -> AlertDecision:
    return AlertDecision(key="k", source="s", name="n" * 200, state=state, reason=reason, why="", at=NOON)


def test_a_decision_is_counted_under_the_name_that_incidents_keep() -> None:
    tally = of_decision(replace(a_decision(), guided=False))
    assert tally
    assert tally.sounding
    assert (len(tally.sounding.name), tally.figures) == (120, (Figure.RECORDED, Figure.UNGUIDED))


def test_a_resolution_leads_nowhere_unless_it_fired_at_once() -> None:
    joined = a_decision(Reason.ATTACHED_SAME_GROUP, AlertState.RESOLVED)
    assert [of_decision(each).figures for each in (joined, replace(joined, changes=2))] == [(), (Figure.JOINED,)]  # type: ignore[union-attr]


def test_what_happens_while_a_drill_is_played_counts_for_nothing() -> None:
    assert of_decision(replace(a_decision(), counts=False)) is None


def test_the_first_command_of_what_it_opened_is_counted_once() -> None:
    story = alarmed(alert(started_at=NOON - timedelta(minutes=10)))
    (taken,) = tallies(*commanded(story, 8))
    assert (taken.figures, taken.took) == ((Figure.COMMANDED,), timedelta(minutes=18))
    assert (taken.sounding.name, taken.sounding.rule) == ("HighErrorRate", "grave") if taken.sounding else False
    story.do(ReleaseRole(by=ADA, role=INCIDENT_COMMANDER), after(9))
    before = story.state
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=BEN), after(20))
    assert tallies(before, story.state) == ()


def test_an_incident_that_was_cancelled_is_counted_once() -> None:
    story = alarmed()
    before = story.state
    story.do(CancelIncident(by=ADA, why="A test of the monitoring."), after(5))
    assert [each.figures for each in tallies(before, story.state)] == [(Figure.CANCELLED,)]
    assert tallies(story.state, story.state) == ()


def test_what_people_declared_says_nothing_of_any_alert() -> None:
    story = Story().declare(DeclareIncident(by=BEN, title="Checkout is down")).open_channel()
    assert tallies(None, story.state) == tallies(*commanded(story, 8)) == ()


@pytest.mark.parametrize("kind", ["private", "drill"])
def test_of_private_incidents_and_drills_nothing_is_counted(kind: str) -> None:
    before, now = commanded(alarmed(), 8)
    hidden = replace(now, private=True) if kind == "private" else replace(now, drill=True)
    assert tallies(before, hidden) == ()
    assert [each.counts for each in decided_of(alert(), told=hidden)] == [False]


def decided_of(one: Alert, policy: Policy = POLICY, *, told: Incident | None = None) -> Sequence[AlertDecision]:
    """What the alert log says when it opens an incident; `told`: and that turned out to be this one."""
    (opening,) = plan([arrived(one)], Known(), policy, NOON).openings
    command = replace(opening.command(), checklist=ROLLBACK if policy is GUIDED else None)
    story = Story(policy=policy).declare(command)
    return settled(command, story.log, told or story.state).decisions


GUIDED = replace(POLICY, alerts=AlertPolicy())
"""A playbook matches."""
WITH_RUNBOOK = replace(
    POLICY, catalogue=drawn_up([Service(name="checkout", runbooks=(Link(url="https://runbooks.example/checkout"),))])
)


@pytest.mark.parametrize(
    ("links", "policy", "guided"),
    [
        ({}, POLICY, False),
        ({LinkKind.RUNBOOK: "https://runbooks.example/5xx"}, POLICY, True),
        ({LinkKind.DASHBOARD: "https://dashboards.example"}, POLICY, False),
        ({}, WITH_RUNBOOK, True),
        ({}, GUIDED, True),
    ],
)
def test_a_runbook_is_its_own_or_its_services_or_the_playbook_that_matched(
    links: Mapping[LinkKind, str], policy: Policy, *, guided: bool
) -> None:
    (opened,) = decided_of(replace(alert(), links=links), policy)
    assert (opened.guided, opened.rule) == (guided, "grave")


def test_what_opens_nothing_is_told_with_its_rule_and_its_runbook() -> None:
    ((_, recorded),) = plan([arrived(alert(labels={}, started_at=NOON))], Known(), POLICY, after(1)).settled
    assert recorded
    assert (recorded.rule, recorded.guided, recorded.began_at) == ("everything else", False, NOON)


def test_of_several_alerts_that_people_declare_one_opens_the_incident() -> None:
    told = [judged(alert(fingerprint=each), Reason.DECLARED_BY_PERSON) for each in ("f1", "f2", "f3")]
    opening = AlertOpening(judged=tuple(told), rule="grave", severity_why="")
    command = DeclareIncident(by=BEN, title="Checkout is down", opening=opening)
    story = Story().declare(command)
    tallied = [of_decision(each) for each in settled(command, story.log, story.state).decisions]
    assert [each.figures[0] for each in tallied if each] == [Figure.OPENED, Figure.JOINED, Figure.JOINED]


def test_what_flaps_while_people_are_asked_has_joined_nothing() -> None:
    for incident, figure in ((IncidentId(42), Figure.JOINED), (None, Figure.PROPOSED)):
        tally = of_decision(replace(a_decision(Reason.DAMPED_FLAPPING), incident=incident))
        assert tally
        assert tally.figures == (figure,)
