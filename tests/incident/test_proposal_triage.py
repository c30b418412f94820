"""Which alerts people are asked about, and together with which others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.incident.alert import Alert, Reason
from bot.incident.alert_plan import Answered, Known, Plan
from bot.incident.alert_policy import Action, AlertPolicy, AlertRule
from bot.incident.alert_rehearsal import Rehearsal
from bot.incident.alert_triage import plan
from bot.incident.maintenance import Planned, Window, WindowNumber
from bot.incident.policy import Policy
from bot.incident.proposal import MOST_OPEN, Proposal, ProposalNumber, claims_of
from bot.incident.proposal_plan import KnownProposals
from bot.incident.proposing import ignored, takes
from bot.incident.terms import IncidentId, Severity
from tests.incident.alerts import alarmed, alert, arrived
from tests.incident.given import ADA, NOON, POLICY, after, minutes
from tests.incident.test_alert_triage import knowing

ASKS = AlertRule(name="errors", action=Action.PROPOSE, match={"severity": ("error", "warning")})
DECLARES = AlertRule(name="grave", action=Action.DECLARE, match={"severity": ("critical",)})
POLICY_OF_TWO = replace(POLICY, alerts=AlertPolicy(rules=(ASKS, DECLARES)))


def error(name: str = "HighErrorRate", *, fingerprint: str = "f1", group: str = "g1", **more: object) -> Alert:
    labels = {"severity": "error", "service": "checkout"}
    return alert(name, fingerprint=fingerprint, group=group, **{"labels": labels, **more})  # type: ignore[arg-type]


def planned(*alerts: Alert, known: Known | None = None, policy: Policy = POLICY_OF_TWO, at: datetime = NOON) -> Plan:
    batch = [arrived(each, f"{number}-0", at) for number, each in enumerate(alerts, 1)]
    return plan(batch, known or Known(), policy, at)


def made_of(*alerts: Alert, number: int = 7, at: datetime = NOON) -> Proposal:
    (proposing,) = planned(*alerts, at=at).proposing
    (change,) = proposing.step(ProposalNumber(number), at).changes
    assert change.written is not None
    return change.written


def asked_about(*proposals: Proposal) -> Known:
    return Known(
        proposals=KnownProposals(
            claimed={claim: each.number for each in proposals for claim in claims_of(each)},
            known={each.number: each for each in proposals},
            waiting={each.number: each.opened_at for each in proposals if each.is_open},
        )
    )


def kept_quiet(made: Plan) -> Sequence[Reason]:
    return [decision.reason for _, decision in made.settled if decision]


def test_groups_of_one_service_are_one_proposal() -> None:
    (proposing,) = planned(error(), error("PodCrash", fingerprint="f2", group="g2")).proposing
    step = proposing.step(ProposalNumber(7), NOON)
    (change,) = step.changes
    assert change.after is not None
    assert (change.after.title, change.after.severity, change.after.firing_count) == (
        "High error rate (checkout)",
        Severity.SEV2,
        2,
    )
    assert [each.reason for each in step.decisions] == [Reason.PROPOSED] * 2
    assert step.entries == ("1-0", "2-0")
    assert set(step.unless_claimed) == set(change.after.claims)


def test_what_is_open_takes_it_first() -> None:
    made = planned(error(fingerprint="f2"), known=knowing(alarmed()))
    assert not made.proposing
    assert list(made.joining) == [IncidentId(42)]


def test_one_that_waits_hears_of_further_alerts() -> None:
    (proposing,) = planned(
        error("PodCrash", fingerprint="f2", group="g2"), known=asked_about(made_of(error()))
    ).proposing
    step = proposing.step(ProposalNumber(7), after(1))
    assert (step.changes[0].seen, step.unless_claimed) == (1, ())
    assert [each.why for each in step.decisions] == ["P7: the same service, checkout"]


def test_what_it_has_heard_leaves_the_inbox_and_changes_nothing() -> None:
    (proposing,) = planned(error(), known=asked_about(made_of(error()))).proposing
    step = proposing.step(ProposalNumber(7), after(1))
    assert (step.changes, step.decisions, step.effects, step.entries) == ((), (), (), ("1-0",))


def test_its_members_resolve() -> None:
    made = planned(error(resolved=True), known=asked_about(made_of(error())))
    (change,) = made.proposing[0].step(ProposalNumber(7), after(1)).changes
    assert change.after is not None
    assert change.after.all_resolved


def test_what_people_ended_since_it_fired_is_not_proposed() -> None:
    known = Known(answered={error().group_claim: Answered(incident=IncidentId(3), at=after(5))})
    made = planned(error(started_at=NOON), known=known)
    assert (made.proposing, kept_quiet(made)) == ([], [Reason.ANSWERED_BEFORE])


def test_in_maintenance_nobody_is_asked() -> None:
    window = Window(
        number=WindowNumber(3),
        plan=Planned(key="k", services=("checkout",), begins_at=NOON, ends_at=NOON + minutes(60)),
        is_told=True,
    )
    made = planned(error(), known=Known(windows=(window,)))
    assert (made.proposing, kept_quiet(made)) == ([], [Reason.SUPPRESSED_MAINTENANCE])


def test_an_ignored_group_is_quiet_and_its_service_is_not() -> None:
    known = asked_about(ignored(ADA, made_of(error()), "", NOON))
    (same, other) = planned(error(fingerprint="f2"), error(group="g2"), known=known).proposing
    assert [each.reason for each in same.step(ProposalNumber(7), NOON).decisions] == [Reason.IGNORED_BY_PERSON]
    assert other.before is None


def test_what_is_graver_than_what_was_ignored_is_asked_about_once() -> None:
    mild = error(labels={"severity": "warning", "service": "checkout"})
    known = asked_about(ignored(ADA, made_of(mild), "", NOON))
    made = planned(error(fingerprint="f2"), error(fingerprint="f3"), known=known)
    (new,) = [each for each in made.proposing if each.arrived]
    assert (new.before, len(new.wishes)) == (None, 2)
    assert error().group_claim not in new.step(ProposalNumber(8), NOON).unless_claimed


def test_what_declares_opens_an_incident_though_people_are_asked_about_its_group() -> None:
    grave = alert(labels={"severity": "critical", "service": "checkout"})
    made = planned(grave, known=asked_about(made_of(error())))
    assert len(made.openings) == 1


def test_a_storm_is_three_proposals_of_which_the_newest_stands_for_the_rest() -> None:
    many = [error(fingerprint=str(n), group=f"g{n}", labels={"severity": "error"}) for n in range(10)]
    made = planned(*many)
    assert [len(each.wishes) for each in made.proposing] == [1, 1, 8]
    assert made.proposing[2].wishes[5].judged.why == "many alerts at once"


def test_a_crowd_is_found_again_by_its_groups_and_follows_none_of_its_own() -> None:
    labels = [{"severity": "error", "service": f"s{n}"} for n in range(5)]
    made = planned(*(error(fingerprint=str(n), group=f"g{n}", labels=labels[n]) for n in range(5)))
    crowd = made.proposing[2].step(ProposalNumber(7), NOON).changes[0].written
    assert crowd is not None
    again = planned(error(fingerprint="4", group="g4", labels=labels[4]), known=asked_about(crowd)).proposing[0]
    assert again.step(ProposalNumber(7), NOON).changes == ()
    (other,) = planned(error(fingerprint="9", group="g9", labels=labels[4]), known=asked_about(crowd)).proposing
    assert other.before is None
    grave = alarmed().state
    assert not takes(grave, crowd, crowd.claims[error(group="g4").group_claim])
    assert takes(grave, crowd, crowd.claims[error(group="g2").group_claim])


def test_no_more_than_some_wait_at_once() -> None:
    waiting = [made_of(error(group=f"g{n}", labels={"severity": "error"}), number=n) for n in range(1, MOST_OPEN + 1)]
    made = planned(error(group="new", labels={"severity": "error"}), known=asked_about(*waiting), at=after(60))
    (joined,) = made.proposing
    assert joined.before is waiting[-1]


def test_a_rehearsal_tells_what_would_be_proposed() -> None:
    rehearsal = Rehearsal(policy=POLICY_OF_TWO, checklist_for=lambda command, severity: None)
    led = rehearsal.deliver([error(), error(fingerprint="f2")], NOON)
    again = rehearsal.deliver([error(), error(fingerprint="f3")], after(1))
    assert [each.reference for each in led.proposed] == ["P1"]
    assert (list(again.proposed), again.repeated) == ([], 1)
    assert [each.reason for each in (*led.decisions, *again.decisions)] == [Reason.PROPOSED] * 3
    assert rehearsal.proposals[ProposalNumber(1)].firing_count == 3
