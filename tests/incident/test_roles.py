"""Roles: one holder each, taken, handed over and given up."""

from dataclasses import replace

import pytest

from bot.incident.commands import Acknowledge, AssignRole, ClaimRole, DeclareIncident, JoinIncident, ReleaseRole
from bot.incident.effects import InviteUsers, PostNotice, TellPerson
from bot.incident.events import JoinRequested, MilestoneReached, RoleAssigned, RoleReleased
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    MUSTER_ITSELF,
    SCRIBE,
    Milestone,
    Rejected,
    Role,
    Standing,
)
from tests.incident.given import ADA, BEN, CLEO, DEE, NOON, POLICY, ROOM, Story, after, checkout, led, opening, resolved


def test_the_reporter_commands_by_default_and_nothing_is_acknowledged() -> None:
    state = checkout().state
    assert (state.commander, state.roles[INCIDENT_COMMANDER].by_default) == (ADA.id, True)
    assert Milestone.ACKNOWLEDGED not in state.milestones


def test_nobody_commands_where_the_policy_says_so() -> None:
    assert checkout(policy=replace(POLICY, reporter_commands=False)).state.commander is None


def test_whoever_is_named_at_declaration_commands_and_has_acknowledged() -> None:
    state = Story().declare(DeclareIncident(by=ADA, title="Down", commander=BEN)).state
    assert (state.commander, state.milestones[Milestone.ACKNOWLEDGED]) == (BEN.id, NOON)


def test_command_held_by_default_can_be_claimed_and_acknowledges() -> None:
    taken, acknowledged = checkout().do(ClaimRole(by=BEN, role=INCIDENT_COMMANDER), after(3))
    assert taken == RoleAssigned(at=after(3), by=BEN.id, role=INCIDENT_COMMANDER, holder=BEN.id, before=ADA.id)
    assert acknowledged == MilestoneReached(
        at=after(3), by=BEN.id, milestone=Milestone.ACKNOWLEDGED, happened_at=after(3)
    )


def test_the_default_commander_may_claim_what_is_theirs_by_default() -> None:
    story = checkout()
    story.do(ClaimRole(by=ADA, role=INCIDENT_COMMANDER), after(3))
    assert not story.state.roles[INCIDENT_COMMANDER].by_default


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who() -> None:
    story = led()
    with pytest.raises(Rejected, match=r"\{who\} is communications lead already") as refusal:
        story.decided(ClaimRole(by=ADA, role=COMMUNICATIONS_LEAD), NOON)
    assert (refusal.value.who, refusal.value.verb) == (BEN.id, "assign")


def test_another_role_than_command_acknowledges_nothing() -> None:
    assert Milestone.ACKNOWLEDGED not in led().state.milestones


def test_assigning_hands_over_whoever_had_it() -> None:
    (assigned,) = led().do(AssignRole(by=ADA, role=COMMUNICATIONS_LEAD, holder=CLEO), after(5))
    assert assigned == RoleAssigned(at=after(5), by=ADA.id, role=COMMUNICATIONS_LEAD, holder=CLEO.id, before=BEN.id)


def test_whoever_is_given_a_role_is_told_invited_and_the_channel_hears() -> None:
    story = led()
    story.do(AssignRole(by=ADA, role=SCRIBE, holder=CLEO), after(5))
    told, invited, heard = story.effects[:3]
    assert isinstance(told, TellPerson)
    assert invited == InviteUsers(incident=story.state.id, channel=ROOM, users=(CLEO.id,))
    assert isinstance(heard, PostNotice)


def test_who_is_in_the_channel_is_not_invited_again() -> None:
    assert not [each for each in led().effects if isinstance(each, InviteUsers)]


def test_assigning_to_the_holder_changes_nothing() -> None:
    with pytest.raises(Rejected, match="Ben is communications lead already"):
        led().decided(AssignRole(by=ADA, role=COMMUNICATIONS_LEAD, holder=BEN), after(5))


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.MEMBER}))
def test_only_full_members_can_be_given_a_role(standing: Standing) -> None:
    with pytest.raises(Rejected, match="cannot take a role"):
        checkout().decided(AssignRole(by=ADA, role=SCRIBE, holder=replace(DEE, standing=standing)), after(5))


def test_a_guest_named_as_commander_is_refused_by_name() -> None:
    with pytest.raises(Rejected, match=r"Dee is a guest of this workspace and cannot take a role here\."):
        Story().declare(DeclareIncident(by=ADA, title="Down", commander=DEE))


def test_an_unknown_role_is_refused_with_those_that_exist() -> None:
    with pytest.raises(Rejected, match="incident commander, communications lead") as refusal:
        checkout().decided(ClaimRole(by=ADA, role=Role("pizza_lead")), after(5))
    assert refusal.value.field == "role"


def test_the_only_role_held_is_released_without_naming_it() -> None:
    (released,) = led().do(ReleaseRole(by=BEN), after(5))
    assert released == RoleReleased(at=after(5), by=BEN.id, role=COMMUNICATIONS_LEAD, before=BEN.id)


def test_of_two_roles_held_one_must_be_named() -> None:
    story = led()
    story.do(ClaimRole(by=BEN, role=SCRIBE), after(5))
    with pytest.raises(Rejected, match="You are communications lead and scribe"):
        story.decided(ReleaseRole(by=BEN), after(6))


def test_a_role_of_somebody_else_cannot_be_released() -> None:
    with pytest.raises(Rejected, match="You are not communications lead"):
        led().decided(ReleaseRole(by=ADA, role=COMMUNICATIONS_LEAD), after(5))


def test_who_holds_no_role_has_nothing_to_release() -> None:
    with pytest.raises(Rejected, match="You hold no role"):
        checkout().decided(ReleaseRole(by=BEN), after(5))


def test_acknowledging_takes_no_command() -> None:
    story = checkout()
    story.do(Acknowledge(by=BEN), after(2))
    assert (story.state.milestones[Milestone.ACKNOWLEDGED], story.state.commander) == (after(2), ADA.id)


def test_an_incident_is_acknowledged_once() -> None:
    story = checkout()
    story.do(Acknowledge(by=BEN), after(2))
    with pytest.raises(Rejected, match="acknowledged already"):
        story.decided(Acknowledge(by=ADA), after(3))


def test_no_role_is_taken_after_the_end() -> None:
    with pytest.raises(Rejected, match="already resolved"):
        resolved().decided(ClaimRole(by=BEN, role=SCRIBE), after(40))


def test_whoever_asks_to_join_is_invited() -> None:
    story = checkout()
    (asked,) = story.do(JoinIncident(by=CLEO), after(5))
    assert asked == JoinRequested(at=after(5), by=CLEO.id, user=CLEO.id)
    assert story.effects == (InviteUsers(incident=story.state.id, channel=ROOM, users=(CLEO.id,)),)


def test_whoever_is_inside_has_nothing_to_join() -> None:
    with pytest.raises(Rejected, match="in #inc-42-checkout-500 already"):
        checkout().decided(JoinIncident(by=BEN), after(5))


def test_muster_itself_is_never_given_a_role() -> None:
    with pytest.raises(Rejected, match="Muster cannot take a role"):
        checkout().decided(ClaimRole(by=MUSTER_ITSELF, role=SCRIBE), after(5))


def test_a_guest_named_as_commander_is_the_fault_of_that_field() -> None:
    with pytest.raises(Rejected) as refusal:
        Story().declare(DeclareIncident(by=ADA, title="Down", commander=DEE))
    assert refusal.value.field == "commander"


def test_what_muster_itself_declares_is_commanded_by_nobody() -> None:
    story = Story().declare(DeclareIncident(by=MUSTER_ITSELF, title="Error rate above 5 %"))
    assert story.state.commander is None


def test_a_role_that_the_policy_dropped_can_still_be_released() -> None:
    story = led()
    story.policy = replace(POLICY, roles={})
    assert story.do(ReleaseRole(by=BEN), after(5))


def test_whoever_claims_what_they_hold_is_not_sent_to_assign_it() -> None:
    with pytest.raises(Rejected, match="You are communications lead already") as refusal:
        led().decided(ClaimRole(by=BEN, role=COMMUNICATIONS_LEAD), after(5))
    assert (refusal.value.verb, refusal.value.who) == ("", None)


def test_nobody_is_let_into_a_channel_that_does_not_exist_yet() -> None:
    with pytest.raises(Rejected, match="is still being opened"):
        opening().decided(JoinIncident(by=CLEO), NOON)
