"""What the summary says in the first second of an incident that an alert opened."""

from dataclasses import replace
from datetime import timedelta

from bot.incident.alert import AlertState, AttachedAlert, LinkKind, Reason
from bot.incident.alert_board import AlertBoard, AlertContext, Member
from bot.incident.catalogue import Link, Party, Service, drawn_up
from bot.incident.state import Incident
from bot.incident.terms import Milestone, Severity, Status
from bot.slack.blocks.cards import summary_card
from tests.slack.blocks import given
from tests.slack.blocks.given import AT, BEN, POLICY, clock_time
from tests.slack.blocks.rules import words

CHECKOUT = Service(
    name="checkout",
    owner=Party(team="shop"),
    on_call=Party(users=(BEN,), words="the shop rota"),
    tier=1,
    dashboards=(Link(url="https://graphs.example/d/checkout"),),
    runbooks=("checkout-outage", Link(url="https://books.example/checkout")),
)
KNOWING = replace(POLICY, catalogue=drawn_up([CHECKOUT]))
CONTEXT = AlertContext(
    rule="grave",
    severity_why="severity is critical",
    links={LinkKind.GENERATOR: "https://prometheus.example", LinkKind.RUNBOOK: "https://books.example/5xx"},
    severity=Severity.SEV1,
)
MOMENTS = {Milestone.IMPACT_STARTED: clock_time(14, 2), Milestone.DETECTED: clock_time(14, 4)}
TOLD_BY = dict.fromkeys(MOMENTS, "HighErrorRate (alertmanager)")


def member(key: str, reason: Reason) -> Member:
    attached = AttachedAlert(
        key=key, source="alertmanager", name="HighErrorRate", state=AlertState.FIRING, reason=reason, why=""
    )
    return Member(attached=attached, first=reason, since=AT)


def alarmed(*reasons: Reason, context: AlertContext = CONTEXT) -> Incident:
    members = {str(number): member(str(number), reason) for number, reason in enumerate(reasons)}
    board = AlertBoard(members=members, context=context)
    return given.incident(service="checkout", alerts=board, milestones=MOMENTS, told_by=TOLD_BY)


def shown(incident: Incident) -> str:
    return words(summary_card(incident, KNOWING, AT))


def test_it_says_why_it_is_this_severe_and_leads_on() -> None:
    said = shown(alarmed(Reason.DECLARED_BY_RULE))
    assert "Opened as SEV1 because severity is critical (rule “grave”) · Dashboard" in said
    links = str(summary_card(alarmed(Reason.DECLARED_BY_RULE), KNOWING, AT).blocks)
    assert "<https://books.example/5xx|Runbook>" in links
    assert "<https://graphs.example/d/checkout|Dashboard>" in links


def test_where_the_alert_has_no_runbook_that_of_its_service_is_linked() -> None:
    bare = alarmed(Reason.DECLARED_BY_RULE, context=replace(CONTEXT, links={}))
    assert "<https://books.example/checkout|Runbook>" in str(summary_card(bare, KNOWING, AT).blocks)


def test_it_says_who_answers_for_the_service() -> None:
    assert "Impact   checkout (tier 1, owner shop, on call @UBEN, the shop rota): " in shown(alarmed())


def test_in_a_drill_nobody_is_mentioned() -> None:
    assert "on call the shop rota): " in shown(replace(alarmed(), drill=True))


def test_it_says_when_it_began_and_when_anybody_could_know() -> None:
    assert "since 14:02, detected by an alert 14:04" in shown(alarmed())
    corrected = replace(alarmed(), told_by={})
    assert "detected" not in shown(corrected)
    at_once = {milestone: clock_time(14, 2) for milestone in MOMENTS}
    assert "since 14:02, detected by an alert then" in shown(replace(alarmed(), milestones=at_once))


def test_once_it_is_over_its_length_says_enough() -> None:
    over = given.incident(alerts=AlertBoard(), milestones=MOMENTS, told_by=TOLD_BY)
    over = replace(over, status=Status.RESOLVED, ended_at=AT + timedelta(minutes=1))
    assert "detected" not in shown(over)


def test_it_says_why_further_alerts_are_here() -> None:
    group, mapped = [Reason.ATTACHED_SAME_GROUP] * 3, [Reason.ATTACHED_BY_DEPENDENCY] * 2
    said = shown(alarmed(Reason.DECLARED_BY_RULE, *mapped, *group))
    assert "Alerts   6 firing · HighErrorRate ×6 · 3 of the same group, 2 by the map of services" in said
    assert "opened this incident" not in shown(alarmed(Reason.DECLARED_BY_RULE))


def test_what_an_older_version_recorded_says_what_it_can() -> None:
    older = alarmed(Reason.DECLARED_BY_RULE, context=replace(CONTEXT, severity=None))
    assert "Opened because severity is critical (rule “grave”)" in shown(older)
