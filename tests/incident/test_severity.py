"""Severity, and the cadence that follows it."""

import pytest

from bot.incident.commands import ChangeSeverity, PostUpdate, SetCadence
from bot.incident.effects import InviteUsers, PostNotice, RefreshTopic
from bot.incident.events import SeverityChanged
from bot.incident.terms import Rejected, Severity
from tests.incident.given import ADA, ROOM, Story, after, checkout, minutes, resolved


def worsened(story: Story) -> Story:
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV1, why="All of the EU."), after(10))
    return story


def test_the_change_is_logged_with_its_why() -> None:
    assert worsened(checkout()).log[-1] == SeverityChanged(
        at=after(10),
        by=ADA.id,
        before=Severity.SEV2,
        after=Severity.SEV1,
        update_every=minutes(30),
        why="All of the EU.",
    )


def test_the_next_update_follows_the_severity_counted_from_the_last() -> None:
    assert worsened(checkout()).state.clock.due_at == after(30)


def test_an_update_that_would_be_overdue_by_then_is_due_now() -> None:
    story = checkout()
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV1), after(45))
    assert story.state.clock.due_at == after(45)


def test_a_cadence_set_by_hand_does_not_follow_the_severity() -> None:
    story = checkout()
    story.do(SetCadence(by=ADA, every=minutes(20)), after(1))
    assert worsened(story).state.clock.due_at == after(20)


def test_reminders_switched_off_by_hand_stay_off() -> None:
    story = checkout()
    story.do(SetCadence(by=ADA, every=None), after(1))
    assert worsened(story).timers == {}


def test_a_severity_without_a_cadence_has_no_update_due() -> None:
    story = checkout()
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV3), after(10))
    assert story.state.clock.due_at is None


def test_whom_the_policy_wants_at_the_new_severity_is_invited_and_all_are_told() -> None:
    kinds = [type(effect) for effect in worsened(checkout()).effects]
    assert kinds[:3] == [InviteUsers, PostNotice, PostNotice]
    assert RefreshTopic(incident=checkout().state.id, channel=ROOM) in worsened(checkout()).effects


def test_the_severity_that_it_has_is_refused() -> None:
    with pytest.raises(Rejected, match="INC-42 is SEV2 already"):
        checkout().decided(ChangeSeverity(by=ADA, severity=Severity.SEV2), after(1))


def test_a_severity_that_is_not_used_here_is_refused_with_those_that_are() -> None:
    with pytest.raises(Rejected, match=r"SEV5 is not used here\. Use one of SEV1, SEV2, SEV3") as refusal:
        checkout().decided(ChangeSeverity(by=ADA, severity=Severity.SEV5), after(1))
    assert refusal.value.field == "severity"


def test_after_the_end_it_is_reopened_first() -> None:
    with pytest.raises(Rejected, match="already resolved") as refusal:
        resolved().decided(ChangeSeverity(by=ADA, severity=Severity.SEV1), after(40))
    assert refusal.value.verb == "reopen"


@pytest.mark.parametrize("severity", [Severity.SEV1, Severity.SEV3])
def test_an_update_promised_for_sooner_stays_promised(severity: Severity) -> None:
    story = checkout()
    story.do(PostUpdate(by=ADA, known="Rolling back.", next_in=minutes(15)), after(10))
    story.do(ChangeSeverity(by=ADA, severity=severity), after(12))
    assert story.state.clock.due_at == after(25)


def test_an_update_promised_for_later_is_due_sooner_at_a_worse_severity() -> None:
    story = checkout()
    story.do(PostUpdate(by=ADA, known="Rolling back.", next_in=minutes(120)), after(10))
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV1), after(12))
    assert story.state.clock.due_at == after(40)
