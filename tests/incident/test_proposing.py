"""Proposals: what alerts, people and time make of them."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.incident.alert import Reason
from bot.incident.alert_policy import AlertPolicy
from bot.incident.proposal import MOST_MEMBERS, MOST_OTHERS, Proposal, ProposalState, claims_of
from bot.incident.proposal_hearing import heard
from bot.incident.proposing import (
    Turn,
    answered,
    closing_decisions,
    due,
    ignored,
    judged_for,
    require_answerable,
    shown,
    takes,
)
from bot.incident.state import PostedCard
from bot.incident.terms import MUSTER, ChannelId, IncidentId, MessageTs, Person, Rejected, Severity, Standing, UserId
from tests.incident.alerts import alarmed, alert
from tests.incident.given import ADA, BEN, NOON, after
from tests.incident.proposals import proposed, wish

RULES = AlertPolicy()
CARD = PostedCard(channel=ChannelId("C0NEWS"), ts=MessageTs("1.2"))
GUEST = Person(id=UserId("U0DEE"), standing=Standing.GUEST)


def seen(proposal: Proposal, at: datetime = NOON) -> Proposal:
    return shown(proposal, None, at)


def reminded(proposal: Proposal) -> Proposal:
    return replace(proposal, reminded_at=after(10))


def test_what_is_told_again_says_nothing_new() -> None:
    before = proposed()
    again = heard(before, [wish(alert())], after(1))
    assert (again.proposal, again.decisions, again.is_shown) == (before, (None,), False)


def test_further_alerts_change_the_count_and_the_severity_to_the_gravest() -> None:
    more = heard(proposed(), [wish(alert("PodCrash", fingerprint="f2"), severity=Severity.SEV1)], after(1))
    assert (more.proposal.firing_count, more.proposal.severity, more.is_shown) == (2, Severity.SEV1, True)
    assert [each and (each.reason, each.why) for each in more.decisions] == [(Reason.PROPOSED, "P7: rule “errors”")]


def test_a_milder_alert_makes_it_no_milder() -> None:
    assert heard(proposed(), [wish(alert(fingerprint="f2"), severity=Severity.SEV3)], NOON).proposal.severity == "SEV2"


def test_members_resolve_one_by_one() -> None:
    two = proposed(alert(), alert(fingerprint="f2"))
    one = heard(two, [wish(alert(resolved=True))], after(1)).proposal
    assert (one.firing_count, one.all_resolved, one.count) == (1, False, 2)
    assert heard(one, [wish(alert(fingerprint="f2", resolved=True))], after(2)).proposal.all_resolved


def test_a_late_word_from_before_its_end_is_no_news() -> None:
    over = heard(proposed(), [wish(alert(resolved=True, ended_at=after(5)))], after(5)).proposal
    assert heard(over, [wish(alert(started_at=after(1)))], after(6)).proposal is over
    assert heard(over, [wish(alert(started_at=after(6)))], after(6)).proposal.firing_count == 1


def test_what_flaps_changes_the_card_no_more() -> None:
    proposal = proposed()
    for minute in range(1, 4):
        proposal = heard(proposal, [wish(alert(resolved=bool(minute % 2)))], after(minute)).proposal
    flaps = heard(proposal, [wish(alert())], after(5))
    assert flaps.decisions[0] is not None
    assert (flaps.decisions[0].reason, flaps.is_shown) == (Reason.DAMPED_FLAPPING, False)
    over = heard(flaps.proposal, [wish(alert(resolved=True))], after(6)).proposal
    assert due(over, RULES, after(30)) is None
    assert due(over, RULES, after(36)) is Turn.RECOVER


def test_a_storm_is_counted_and_only_some_of_it_kept() -> None:
    many = [wish(alert(fingerprint=str(n), group=str(n))) for n in range(MOST_MEMBERS + 50)]
    proposal = heard(proposed(alert(fingerprint="0", group="0")), many, NOON).proposal
    assert (len(proposal.members), proposal.firing_count) == (MOST_MEMBERS, MOST_MEMBERS + 50)
    again = heard(proposal, many, after(1))
    assert (again.proposal, set(again.decisions)) == (proposal, {None})
    ends = [wish(replace(each.judged.alert, state=alert(resolved=True).state)) for each in many]
    assert heard(proposal, ends, after(2)).proposal.all_resolved


def test_beyond_what_is_counted_nobody_says_that_all_have_resolved() -> None:
    many = [wish(alert(fingerprint=str(n))) for n in range(MOST_MEMBERS + MOST_OTHERS + 5)]
    proposal = heard(proposed(), many, NOON).proposal
    ends = [wish(replace(each.judged.alert, state=alert(resolved=True).state)) for each in many]
    assert not heard(proposal, ends, after(2)).proposal.all_resolved


def test_what_is_ignored_keeps_its_groups_quiet_while_they_fire() -> None:
    quiet = ignored(ADA, proposed(), "  a  test ", after(1))
    assert (quiet.state, quiet.decided_by, quiet.why, quiet.members) == (ProposalState.IGNORED, ADA.id, "a test", {})
    assert claims_of(quiet) == {alert().group_claim}
    told = heard(quiet, [wish(alert()), wish(alert(fingerprint="f2"))], after(2))
    assert [each and (each.reason, each.why) for each in told.decisions] == [
        None,
        (Reason.IGNORED_BY_PERSON, f"P7: ignored by {ADA.name} while it goes on firing: a test"),
    ]
    assert not told.is_shown
    ends = [wish(alert(resolved=True)), wish(alert(fingerprint="f2", resolved=True))]
    assert claims_of(heard(told.proposal, ends, after(3)).proposal) == frozenset()


@pytest.mark.parametrize(
    ("state", "by", "sentence"),
    [
        (ProposalState.DECLARED, ADA.id, "{who} has declared INC-9 for P7 already."),
        (ProposalState.ATTACHED, ADA.id, "{who} has attached P7 to INC-9 already."),
        (ProposalState.ATTACHED, MUSTER, "P7 belongs to INC-9 by now."),
        (ProposalState.IGNORED, ADA.id, "{who} has said already that P7 is to be ignored."),
        (ProposalState.EXPIRED, MUSTER, "P7 has expired without an answer."),
        (ProposalState.RECOVERED, MUSTER, "P7 has recovered by itself."),
    ],
)
def test_whoever_answers_second_hears_what_became_of_it(state: ProposalState, by: UserId, sentence: str) -> None:
    over = answered(proposed(), state, by, NOON, incident=IncidentId(9))
    with pytest.raises(Rejected) as refused:
        require_answerable(BEN, over)
    assert refused.value.sentence.startswith(sentence) or "To open an incident all the same" in refused.value.sentence
    assert refused.value.who == (by if by != MUSTER else None)


def test_a_guest_answers_nothing() -> None:
    with pytest.raises(Rejected, match="Guests"):
        require_answerable(GUEST, proposed())


def test_it_is_reminded_of_and_expires_from_when_it_could_be_seen() -> None:
    waits = seen(proposed(), after(5))
    assert [due(waits, RULES, after(minute)) for minute in (14, 15, 300)] == [None, Turn.REMIND, Turn.REMIND]
    asked_again = replace(waits, reminded_at=after(300))
    assert [due(asked_again, RULES, after(minute)) for minute in (349, 350)] == [None, Turn.EXPIRE]


def test_a_card_that_cannot_be_posted_is_waited_for_a_day() -> None:
    assert due(proposed(), RULES, after(24 * 60 - 1)) is None
    assert due(proposed(), RULES, after(24 * 60)) is Turn.EXPIRE


def test_what_has_resolved_recovers_after_a_calm_while_and_never_expires() -> None:
    over = heard(reminded(seen(proposed())), [wish(alert(resolved=True))], after(59)).proposal
    assert [due(over, RULES, after(minute)) for minute in (60, 61)] == [None, Turn.RECOVER]


@pytest.mark.parametrize(
    ("state", "days"), [(ProposalState.IGNORED, 7), (ProposalState.EXPIRED, 1), (ProposalState.DECLARED, 1)]
)
def test_an_answer_is_forgotten_after_a_while(state: ProposalState, days: int) -> None:
    over = answered(proposed(), state, ADA.id, NOON, incident=IncidentId(9))
    assert due(over, RULES, after(days * 24 * 60 - 1)) is None
    assert due(over, RULES, after(days * 24 * 60)) is Turn.FORGET


def test_what_fires_when_it_is_ignored_or_expires_has_its_line() -> None:
    two = heard(
        proposed(alert(), alert("Over", fingerprint="f2")), [wish(alert("Over", fingerprint="f2", resolved=True))], NOON
    )
    for state, reason in (
        (ProposalState.IGNORED, Reason.IGNORED_BY_PERSON),
        (ProposalState.EXPIRED, Reason.PROPOSAL_EXPIRED),
    ):
        (line,) = closing_decisions(two.proposal, answered(two.proposal, state, ADA.id, NOON), NOON)
        assert (line.name, line.reason) == ("HighErrorRate", reason)
    assert not closing_decisions(two.proposal, answered(two.proposal, ProposalState.RECOVERED, MUSTER, NOON), NOON)


def test_an_incident_gets_its_alerts_with_the_claims_of_all() -> None:
    first, second = judged_for(proposed(alert(), alert(fingerprint="f2")), Reason.DECLARED_BY_PERSON, "P7")
    assert set(first.claims) == {alert().group_claim, "checkout"}
    assert (second.claims, second.reason) == ((), Reason.DECLARED_BY_PERSON)


def test_an_incident_takes_up_what_is_no_graver_or_of_one_group() -> None:
    severe = alarmed().state
    mild = replace(severe, severity=Severity.SEV4)
    assert takes(severe, proposed(severity=Severity.SEV2), Reason.ATTACHED_BY_SERVICE)
    assert not takes(mild, proposed(), Reason.ATTACHED_BY_SERVICE)
    assert takes(mild, proposed(), Reason.ATTACHED_SAME_GROUP)
    for unseen in (replace(severe, private=True), replace(severe, drill=True)):
        assert not takes(unseen, proposed(), Reason.ATTACHED_SAME_GROUP)


def test_what_fires_anew_soon_after_it_recovered_is_the_same_proposal_again() -> None:
    over = heard(seen(proposed()), [wish(alert(resolved=True, ended_at=after(5)))], after(5)).proposal
    recovered = answered(replace(over, card=CARD, reminded_at=after(3)), ProposalState.RECOVERED, MUSTER, after(8))
    assert claims_of(recovered) == {alert().group_claim}
    assert heard(recovered, [wish(alert(started_at=after(1)))], after(9)).proposal is recovered
    assert heard(recovered, [wish(alert(resolved=True))], after(9)).proposal is recovered
    again = heard(recovered, [wish(alert(started_at=after(10)))], after(10))
    now = again.proposal
    assert (again.is_shown, now.state, now.returns, now.count) == (True, ProposalState.OPEN, 1, 1)
    assert (now.shown_at, now.reminded_at, now.decided_at) == (after(10), None, None)
    assert [due(recovered, RULES, after(minute)) for minute in (37, 38)] == [None, Turn.FORGET]


def test_one_that_flaps_is_shown_when_it_waits_again() -> None:
    proposal = seen(proposed())
    for minute in range(1, 6):
        proposal = heard(proposal, [wish(alert(resolved=bool(minute % 2)))], after(minute)).proposal
    recovered = answered(proposal, ProposalState.RECOVERED, MUSTER, after(40))
    again = heard(recovered, [wish(alert())], after(41))
    assert again.decisions[0] is not None
    assert (again.decisions[0].reason, again.is_shown, again.proposal.flapping) == (Reason.DAMPED_FLAPPING, True, 1)
