"""Where alerts go, and why: a pure function of what is known."""

from collections.abc import Sequence
from dataclasses import replace

from bot.incident.alert import Alert, AlertState, Judged, Reason
from bot.incident.alert_claims import service_claim
from bot.incident.alert_commands import AttachAlerts
from bot.incident.alert_plan import STORM_CLAIM, Answered, Known, Opening, Plan
from bot.incident.alert_policy import EXHAUSTED, Action, AlertPolicy, AlertRule
from bot.incident.alert_routes import claims, rerouted
from bot.incident.alert_triage import plan
from bot.incident.catalogue import Service, drawn_up
from bot.incident.commands import DeclareIncident, ResolveIncident
from bot.incident.freeze_suggestion import to_freeze
from bot.incident.maintenance import Planned, Window, WindowNumber
from bot.incident.policy import Policy
from bot.incident.proposal_hearing import heard
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Severity
from bot.incident.watchdog import Watchdog
from bot.slack.blocks.cards import summary_card
from tests.incident.alerts import alarmed, alert, arrived, attach
from tests.incident.given import ADA, NOON, POLICY, Story, after, minutes

DISK = AlertRule(name="disk", action=Action.RECORD, match={"name": ("Disk*",)})
BY_CLUSTER = AlertRule(
    name="cluster",
    action=Action.DECLARE,
    match={"severity": ("critical",)},
    together=("cluster",),
    severity=Severity.SEV2,
)


def ruled(*rules: AlertRule) -> Policy:
    return replace(POLICY, alerts=AlertPolicy(rules=rules or AlertPolicy().rules))


def knowing(*stories: Story, **known: object) -> Known:
    """What the store says of these incidents."""
    found: dict[str, tuple[IncidentId, ...]] = {}
    for story in stories:
        for claim in claims(story.state):
            found[claim] = (*found.get(claim, ()), story.state.id)
    return Known(routes=found, incidents={story.state.id: story.state for story in stories}, **known)  # type: ignore[arg-type]


def planned(*alerts: Alert, known: Known | None = None, policy: Policy | None = None) -> Plan:
    batch = [arrived(each, f"{number}-0", after(1)) for number, each in enumerate(alerts, 1)]
    return plan(batch, known or Known(), policy or ruled(), after(1))


def reasons(opening: Opening) -> Sequence[Reason]:
    return [each.reason for each in opening.judged]


def by_people(severity: Severity = Severity.SEV1, *, private: bool = False, drill: bool = False) -> Story:
    declaration = DeclareIncident(
        by=ADA, title="Paying fails", service="Checkout", severity=severity, private=private, drill=drill
    )
    return Story().declare(declaration)


def test_the_first_rule_that_fits_decides() -> None:
    made = planned(alert("DiskFills"), policy=ruled(DISK, BY_CLUSTER))
    ((_, decision),) = made.settled
    assert decision is not None
    assert (decision.reason, decision.why) == (Reason.RECORDED, "rule “disk”")


def test_what_no_rule_fits_is_recorded() -> None:
    made = planned(alert(labels={"severity": "none"}))
    assert not made.openings


def test_the_highest_priority_of_a_pager_declares() -> None:
    (opening,) = planned(slo(priority="P1")).openings
    assert (opening.rule.name, opening.severity) == ("of the highest priority", Severity.SEV1)
    assert not planned(slo(priority="P2")).openings


def test_one_group_is_one_incident() -> None:
    (opening,) = planned(
        *(alert(fingerprint=str(number), labels={"severity": "critical"}) for number in range(5))
    ).openings
    assert reasons(opening) == [Reason.DECLARED_BY_RULE, *[Reason.ATTACHED_SAME_GROUP] * 4]


def test_groups_of_one_service_are_one_incident() -> None:
    (opening,) = planned(alert(), alert(group="g2")).openings
    assert reasons(opening) == [Reason.DECLARED_BY_RULE, Reason.ATTACHED_BY_SERVICE]


def test_a_rule_keeps_together_what_has_the_same_labels() -> None:
    eu, us = {"severity": "critical", "cluster": "eu"}, {"severity": "critical", "cluster": "us"}
    made = planned(
        alert(labels=eu), alert(group="g2", labels=eu), alert(group="g3", labels=us), policy=ruled(BY_CLUSTER)
    )
    assert [reasons(opening) for opening in made.openings] == [
        [Reason.DECLARED_BY_RULE, Reason.ATTACHED_BY_LABELS],
        [Reason.DECLARED_BY_RULE],
    ]


def test_an_open_incident_of_its_group_takes_an_alert_whatever_its_rule() -> None:
    mild = alert("DiskFills", fingerprint="f2", labels={"severity": "info"})
    made = planned(mild, known=knowing(alarmed()), policy=ruled(DISK))
    ((_, judged),) = made.joining[IncidentId(42)]
    assert judged.reason is Reason.ATTACHED_SAME_GROUP


def test_what_a_rule_only_records_joins_no_other_incident() -> None:
    made = planned(alert("DiskFills", group="g2"), known=knowing(alarmed()), policy=ruled(DISK))
    assert not made.joining


def test_an_incident_that_people_declared_takes_alerts_of_its_service_in_any_case() -> None:
    made = planned(alert(), known=knowing(by_people()))
    ((_, judged),) = made.joining[IncidentId(42)]
    assert (judged.reason, judged.why) == (Reason.ATTACHED_BY_SERVICE, "the same service, checkout")


def test_what_is_graver_is_not_hidden_in_an_incident() -> None:
    made = planned(alert(), known=knowing(by_people(Severity.SEV3)))
    assert not made.joining
    assert made.openings[0].severity is Severity.SEV1
    asked = made.openings[0].command().opening
    assert asked is not None
    assert service_claim("checkout") not in asked.unless_routed


def mapped() -> Policy:
    """checkout needs payments, which needs the ledger."""
    services = (
        Service(name="checkout", aliases=("shop",), depends_on=("payments",)),
        Service(name="payments", depends_on=("ledger",)),
        Service(name="ledger"),
        Service(name="search"),
    )
    return replace(ruled(), catalogue=drawn_up(services))


def of(service: str, group: str = "g2") -> Alert:
    return alert(group=group, labels={"severity": "critical", "service": service})


def test_an_alert_joins_the_incident_of_what_its_service_needs() -> None:
    ledger = Story().declare(DeclareIncident(by=ADA, title="It is full", service="ledger", severity=Severity.SEV1))
    made = planned(of("shop"), known=knowing(ledger), policy=mapped())
    ((_, judged),) = made.joining[IncidentId(42)]
    assert (judged.reason, judged.why) == (Reason.ATTACHED_BY_DEPENDENCY, "checkout needs ledger")


def test_a_cause_that_is_found_later_joins_where_it_was_felt() -> None:
    made = planned(of("payments"), known=knowing(by_people()), policy=mapped())
    ((_, judged),) = made.joining[IncidentId(42)]
    assert (judged.reason, judged.why) == (Reason.ATTACHED_BY_DEPENDENCY, "checkout needs payments")


def test_services_that_have_nothing_to_do_with_each_other_have_incidents_of_their_own() -> None:
    assert len(planned(of("search"), of("checkout", "g3"), policy=mapped()).openings) == 2


def test_a_service_on_the_way_gives_its_incident_no_claim_to_others() -> None:
    """The ledger's incident took an alert of checkout; what else needs the ledger still asks the map, not it."""
    (opening,) = planned(of("checkout"), policy=mapped()).openings
    assert service_claim("payments") not in opening.claims


def test_private_incidents_and_drills_are_no_way_to_go() -> None:
    for story in (by_people(private=True), by_people(drill=True)):
        assert claims(story.state) == frozenset()
        assert planned(alert(), known=knowing(story)).openings


def test_a_storm_joins_the_newest_of_its_incidents() -> None:
    alerts = [alert(f"Down{number}", group=str(number), labels={"severity": "critical"}) for number in range(10)]
    made = planned(*alerts)
    assert [len(opening.judged) for opening in made.openings] == [1, 1, 8]
    assert reasons(made.openings[2])[1:] == [Reason.ATTACHED_TO_STORM] * 7


def test_a_storm_hides_nothing_graver() -> None:
    mild = [alert(f"Slow{n}", group=str(n), labels={"severity": "error", "a": "b"}) for n in range(3)]
    rule = AlertRule(name="all", action=Action.DECLARE)
    made = planned(*mild, alert(group="grave", labels={"severity": "critical"}), policy=ruled(rule))
    assert made.openings[-1].severity is Severity.SEV1
    assert len(made.openings) == 4


def test_a_resolution_follows_its_alert_within_one_batch() -> None:
    made = planned(alert(group="g2"), alert(group="g2", resolved=True), known=knowing(by_people()))
    assert len(made.joining[IncidentId(42)]) == 2


def test_a_resolution_of_what_is_unknown_is_forgotten() -> None:
    made = planned(alert(resolved=True))
    assert [decision for _, decision in made.settled] == [None]


def test_what_has_fired_since_before_people_ended_it_is_answered() -> None:
    old, new = alert(started_at=NOON), alert(fingerprint="f2", started_at=after(3))
    answered = {old.group_claim: Answered(incident=IncidentId(7), at=after(2))}
    made = planned(old, new, known=Known(answered=answered))
    ((_, decision),) = made.settled
    assert decision is not None
    assert decision.reason is Reason.ANSWERED_BEFORE
    assert len(made.openings) == 1


def test_a_reminder_is_answered_by_the_end_of_the_incident_that_had_its_cycle() -> None:
    reminder, later = alert(cycle="c1"), alert(fingerprint="f2", cycle="c2")
    ended = Answered(incident=IncidentId(7), at=after(2))
    made = planned(reminder, later, known=Known(answered={reminder.cycle_claim: ended, reminder.group_claim: ended}))
    ((_, decision),) = made.settled
    assert decision is not None
    assert (decision.reason, decision.incident) == (Reason.ANSWERED_BEFORE, 7)
    assert [judged.alert.cycle for opening in made.openings for judged in opening.judged] == ["c2"]


def test_what_fires_anew_within_a_cycle_is_news() -> None:
    worse = alert(cycle="c1", started_at=after(3))
    ended = Answered(incident=IncidentId(7), at=after(2))
    assert planned(worse, known=Known(answered={worse.cycle_claim: ended, worse.group_claim: ended})).openings


def test_an_incident_is_found_by_the_cycle_of_its_alerts() -> None:
    fired = alert(cycle="c1", started_at=NOON)
    (opening,) = planned(fired).openings
    assert fired.cycle_claim in opening.claims


def test_an_opening_says_what_leaves_the_inbox_and_what_may_not_be_there_yet() -> None:
    (opening,) = planned(alert(), alert(fingerprint="f2")).openings
    asked = opening.command().opening
    assert asked is not None
    assert asked.entries == ("1-0", "2-0")
    assert set(asked.unless_routed) == {alert().group_claim, service_claim("checkout")}


def test_it_began_when_the_earliest_alert_did_and_never_later_than_now() -> None:
    (opening,) = planned(alert(started_at=after(9)), alert(fingerprint="f2", started_at=NOON)).openings
    assert opening.command().impact_started_at == NOON
    (early,) = planned(alert(started_at=after(9))).openings
    assert early.command().impact_started_at == after(1)


def test_severity_comes_from_the_rule_then_the_labels_then_the_default() -> None:
    def severity(told: Alert, policy: Policy) -> Severity:
        return planned(told, policy=policy).openings[0].severity

    everything = AlertRule(name="all", action=Action.DECLARE)
    assert severity(alert(labels={"severity": "critical", "cluster": "eu"}), ruled(BY_CLUSTER)) is Severity.SEV2
    assert severity(alert(labels={"priority": "P1"}), ruled(everything)) is Severity.SEV1
    assert severity(alert(labels={}), ruled(everything)) is POLICY.default_severity
    grave = drawn_up([Service(name="checkout", tier=1)])
    tiered = replace(ruled(everything), severities=Policy().severities, catalogue=grave)
    assert severity(alert(labels={"app": "checkout"}), tiered) is Severity.SEV1


def slo(**labels: str) -> Alert:
    return alert("BudgetBurns", group="slo", labels={"service": "search", **labels})


def test_a_budget_that_burns_faster_than_twice_declares() -> None:
    assert not planned(slo(burn_rate="2")).openings
    (opening,) = planned(slo(burn_rate="2.1")).openings
    assert (opening.rule.name, opening.severity) == ("the error budget burns fast", Severity.SEV2)
    assert opening.severity_why == "the error budget burns 2.1 times too fast; nothing in the alert says more"
    assert not planned(slo(burn_rate="NaN"), slo(burn_rate="fast"), slo()).openings


def test_an_exhausted_budget_proposes_a_freeze_and_declares_nothing() -> None:
    made = planned(slo(budget_remaining="-0.01", severity="critical"))
    (proposing,) = made.proposing
    proposal = heard(proposing.draft, proposing.wishes, NOON).proposal
    assert (made.openings, proposal.rule, proposal.to_freeze) == ([], EXHAUSTED.name, ("search",))


def test_an_exhausted_budget_suggests_to_freeze_deploys_while_it_is() -> None:
    story = alarmed()
    told = Judged(
        alert=slo(budget_remaining="-0.01"),
        reason=Reason.ATTACHED_BY_PERSON,
        why="somebody said so",
        at=NOON,
        service="search",
        suggest=EXHAUSTED.suggest,
        freeze=EXHAUSTED.freeze,
    )
    story.do(AttachAlerts(by=MUSTER_ITSELF, judged=(told,)), after(1))
    (asking,) = story.state.alerts.asking_to_freeze
    assert (asking.service, asking.suggest[:30]) == ("search", "Freeze deploys of this service")
    assert asking.suggest in str(summary_card(story.state, story.policy, after(2)).blocks)
    assert to_freeze(story.state, (), story.policy, after(2)) == ("search",)
    over = replace(told.alert, state=AlertState.RESOLVED)
    attach(story, over, at=after(3))
    assert to_freeze(story.state, (), story.policy, after(4)) == ()


def test_what_touches_no_customer_is_a_note_on_an_open_incident_and_opens_none() -> None:
    quiet = slo(customer_impact="none", severity="critical", burn_rate="14")
    assert [decision and decision.reason for _, decision in planned(quiet).settled] == [Reason.RECORDED]
    search = DeclareIncident(by=ADA, title="It is slow", service="search", severity=Severity.SEV3)
    made = planned(quiet, known=knowing(Story().declare(search)))
    ((_, judged),) = made.joining[IncidentId(42)]
    assert judged.reason is Reason.ATTACHED_BY_SERVICE


def test_claims_go_when_people_end_the_incident_and_come_back_with_it() -> None:
    story = alarmed()
    attach(story, alert(group="g2", fingerprint="f2"), at=after(1))
    before = story.state
    story.do(ResolveIncident(by=ADA), after(5))
    changed = rerouted(before, story.state)
    assert set(changed.gone) == claims(before)
    assert changed.ended_at == after(5)
    assert claims(story.state) == frozenset()


def test_every_incident_that_alerts_open_can_be_found_as_part_of_a_storm() -> None:
    (opening,) = planned(alert()).openings
    assert STORM_CLAIM in opening.judged[0].claims


def in_maintenance(*services: str) -> Window:
    wish = Planned(key="1", services=services, begins_at=NOON, ends_at=after(60))
    return Window(number=WindowNumber(3), plan=wish, is_told=True)


def test_what_would_open_an_incident_of_a_service_in_maintenance_is_recorded() -> None:
    made = planned(alert(summary="Half of all fail"), known=Known(windows=[in_maintenance("Checkout")]))
    ((_, decision),) = made.settled
    assert decision is not None
    assert (decision.reason, decision.why) == (Reason.SUPPRESSED_MAINTENANCE, "checkout is in maintenance (M3)")
    ((number, (quiet,)),) = made.quiet.items()
    assert (number, quiet.title, quiet.service, quiet.entry) == (3, "Half of all fail", "checkout", "1-0")
    assert made.openings == []


def test_maintenance_keeps_nothing_quiet_that_is_about_something_else() -> None:
    assert len(planned(alert(), known=Known(windows=[in_maintenance("search")])).openings) == 1
    over = replace(in_maintenance("checkout"), ended_at=after(1))
    assert len(planned(alert(), known=Known(windows=[over])).openings) == 1


def test_what_joins_an_open_incident_does_so_in_maintenance_too() -> None:
    known = replace(knowing(by_people()), windows=[in_maintenance("checkout")])
    assert planned(alert(), known=known).quiet == {}


def watching() -> Policy:
    rule = AlertRule(name="prometheus", action=Action.RECORD, match={"name": ("Watchdog",)})
    return replace(ruled(), watchdogs=(Watchdog(name="prometheus", rule=rule, silent_after=minutes(5)),))


def test_the_signal_of_a_watchdog_is_heard_and_opens_nothing_however_grave_it_says_it_is() -> None:
    made = planned(alert("Watchdog"), alert("Watchdog", fingerprint="f2"), policy=watching())
    assert made.signals == {"prometheus": after(1)}
    assert [decision for _, decision in made.settled] == [None, None]
    assert made.openings == []


def test_a_watchdog_that_is_resolved_is_not_heard() -> None:
    made = planned(alert("Watchdog", resolved=True), policy=watching())
    assert (made.signals, len(made.settled)) == ({}, 1)
