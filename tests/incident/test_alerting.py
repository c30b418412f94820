"""Alerts of one incident: what is repeated changes nothing, what flaps is damped, people decide that it is over."""

import pytest

from bot.incident.alert import AlertState, Reason
from bot.incident.alert_board import MOST_MEMBERS
from bot.incident.alert_commands import AttachAlerts, PutOffRecovery
from bot.incident.alert_events import AlertsChanged, RecoveryAsked
from bot.incident.alerting import RECOVERY_TIMER
from bot.incident.commands import ChangeStatus, ClaimRole, ResolveIncident
from bot.incident.effects import SUMMARY, PostNotice, RefreshCard, TellPerson
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER_ITSELF, Rejected, Status
from tests.incident.alerts import alarmed, alert, attach, judged
from tests.incident.given import ADA, BEN, CLEO, NOON, Story, after, minutes


def led() -> Story:
    story = alarmed()
    story.do(ClaimRole(by=ADA, role=INCIDENT_COMMANDER), NOON)
    return story


def test_an_alert_opens_an_incident_that_nobody_leads_yet() -> None:
    story = alarmed()
    assert story.state.commander is None
    assert [each.first for each in story.state.alerts.members.values()] == [Reason.DECLARED_BY_RULE]


def test_what_is_repeated_changes_nothing() -> None:
    story = alarmed()
    assert story.decided(AttachAlerts(by=MUSTER_ITSELF, judged=(judged(alert()),) * 3), after(1)) == ()


def test_the_other_half_of_a_split_pair_is_the_same_alert() -> None:
    """Its start differs; group and fingerprint do not."""
    story = alarmed(alert(started_at=NOON))
    attach(story, alert(started_at=after(1)), at=after(2))
    assert len(story.state.alerts.members) == 1


def test_a_late_word_of_a_firing_that_has_ended_is_no_new_one() -> None:
    story = alarmed(alert(started_at=NOON))
    attach(story, alert(resolved=True, ended_at=after(5)), at=after(5))
    attach(story, alert(started_at=NOON), at=after(6))
    assert story.state.alerts.all_resolved


def test_an_alert_that_fires_anew_fires() -> None:
    story = alarmed(alert(started_at=NOON))
    attach(story, alert(resolved=True, ended_at=after(5)), at=after(5))
    attach(story, alert(started_at=after(6)), at=after(6))
    assert story.state.alerts.firing == 1


def test_a_resolution_of_what_never_fired_here_is_nothing() -> None:
    story = alarmed()
    attach(story, alert(fingerprint="other", resolved=True), at=after(1))
    assert len(story.state.alerts.members) == 1


def test_a_batch_is_one_event_and_one_edit_of_the_card() -> None:
    story = alarmed()
    attach(story, *(alert(fingerprint=str(number)) for number in range(50)), at=after(1))
    assert isinstance(story.log[-1], AlertsChanged)
    assert list(story.effects) == [RefreshCard(incident=story.state.id, card=SUMMARY)]


def test_flapping_is_damped_and_kept() -> None:
    story = alarmed()
    for number in range(4):
        attach(story, alert(resolved=number % 2 == 0), at=after(number))
    attach(story, alert(resolved=True), at=after(5))
    assert story.effects == ()
    member = story.state.alerts.members[alert().key]
    assert (member.attached.reason, member.attached.state) == (Reason.DAMPED_FLAPPING, AlertState.RESOLVED)
    assert story.state.alerts.flapping(after(6)) == 1
    assert story.state.alerts.flapping(after(60)) == 0


def test_fired_and_resolved_in_one_delivery_counts_as_two_changes() -> None:
    story = alarmed()
    attach(story, alert(resolved=True), alert(), at=after(1))
    assert len(story.state.alerts.members[alert().key].changes) == 3


def test_more_alerts_than_are_kept_are_said_to_be_more_and_kept_no_longer() -> None:
    story = alarmed()
    attach(story, *(alert(fingerprint=str(number)) for number in range(MOST_MEMBERS + 50)), at=after(1))
    assert (len(story.state.alerts.members), story.state.alerts.overflowed) == (MOST_MEMBERS, True)
    attach(story, *(alert(fingerprint=f"more {number}") for number in range(50)), at=after(2))
    assert len(story.state.alerts.members) == MOST_MEMBERS
    assert story.effects == ()


def test_an_incident_that_has_ended_takes_no_alert() -> None:
    story = led()
    story.do(ResolveIncident(by=ADA), after(1))
    assert story.decided(AttachAlerts(by=MUSTER_ITSELF, judged=(judged(alert(fingerprint="f2")),)), after(2)) == ()


def test_only_muster_attaches() -> None:
    with pytest.raises(Rejected):
        alarmed().decided(AttachAlerts(by=ADA, judged=(judged(alert(fingerprint="f2")),)), after(1))


def test_the_commander_is_asked_once_all_have_been_resolved_for_a_while() -> None:
    story = led()
    attach(story, alert(resolved=True), at=after(10))
    assert story.timers[RECOVERY_TIMER] == after(12)
    (asked,) = story.fire(after(12), RECOVERY_TIMER)
    assert isinstance(asked, RecoveryAsked)
    assert [type(effect) for effect in story.effects] == [TellPerson]
    assert RECOVERY_TIMER not in story.timers


def test_where_nobody_leads_the_channel_is_asked() -> None:
    story = alarmed()
    attach(story, alert(resolved=True), at=after(10))
    story.fire(after(12), RECOVERY_TIMER)
    assert [type(effect) for effect in story.effects] == [PostNotice]


def test_what_flaps_is_asked_about_when_it_has_been_quiet() -> None:
    story = led()
    for number in range(5):
        attach(story, alert(resolved=number % 2 == 0), at=after(number))
    assert story.timers[RECOVERY_TIMER] == after(4) + minutes(30)


def test_an_alert_that_fires_again_takes_the_question_back() -> None:
    story = led()
    attach(story, alert(resolved=True), at=after(10))
    attach(story, alert(), at=after(11))
    assert RECOVERY_TIMER not in story.timers
    assert story.fire(after(12), RECOVERY_TIMER) == ()


def test_nobody_is_asked_about_what_is_mitigated_already() -> None:
    story = led()
    story.do(ChangeStatus(by=ADA, status=Status.MITIGATED), after(5))
    attach(story, alert(resolved=True), at=after(10))
    assert RECOVERY_TIMER not in story.timers


def test_an_answer_to_a_question_that_is_over_is_refused() -> None:
    story = led()
    with pytest.raises(Rejected, match="not waiting for that answer"):
        story.decided(PutOffRecovery(by=ADA), after(1))


def test_only_responders_answer() -> None:
    story = led()
    attach(story, alert(resolved=True), at=after(10))
    story.fire(after(12), RECOVERY_TIMER)
    with pytest.raises(Rejected):
        story.decided(PutOffRecovery(by=CLEO), after(13))
    story.do(PutOffRecovery(by=BEN), after(13))
    assert RECOVERY_TIMER not in story.timers
