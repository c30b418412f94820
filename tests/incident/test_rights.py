"""Who may ask for what; every rule is put to every command."""

from dataclasses import replace

import pytest

from bot.incident.alert_commands import AttachProposal
from bot.incident.commands import Acknowledge, Command, DeclareIncident, JoinIncident, RecordLeft, ResolveIncident
from bot.incident.decide import RULES, declare
from bot.incident.feedback_commands import GiveFeedback
from bot.incident.listing import listing, may_see
from bot.incident.policy import Policy, Rights
from bot.incident.rights import require_reader, unknown
from bot.incident.terms import MUSTER_ITSELF, IncidentId, NotAMember, Rejected, Standing
from tests.incident.every_command import asked_by, reported
from tests.incident.given import ADA, BEN, CLEO, DEE, NOON, POLICY, ROOM, checkout, opening

OUTSIDERS = [Standing.GUEST, Standing.FOREIGN, Standing.BOT, Standing.GONE]
ANYBODY = (JoinIncident, GiveFeedback, AttachProposal)
"""Who may do these need not be in the channel."""
PEOPLE_MAY_ASK = range(len(asked_by(ADA)))
ONLY_MEMBERS = [each for each in PEOPLE_MAY_ASK if not isinstance(asked_by(ADA)[each], ANYBODY)]


def named(index: object) -> str:
    return type(asked_by(ADA)[index]).__name__ if isinstance(index, int) else str(index)


@pytest.mark.parametrize("command", PEOPLE_MAY_ASK, ids=named)
def test_whoever_is_no_full_member_is_refused_even_inside_the_channel(command: int) -> None:
    story = checkout()
    for standing in OUTSIDERS:
        with pytest.raises(Rejected, match=r"cannot act on incidents"):
            story.decided(asked_by(replace(BEN, standing=standing))[command], NOON)


@pytest.mark.parametrize("standing", OUTSIDERS)
def test_only_full_members_declare(standing: Standing) -> None:
    with pytest.raises(Rejected, match="cannot act on incidents"):
        declare(IncidentId(1), DeclareIncident(by=replace(BEN, standing=standing), title="Down"), POLICY, NOON)


@pytest.mark.parametrize("command", ONLY_MEMBERS, ids=named)
def test_whoever_is_not_in_the_channel_is_told_to_join_it(command: int) -> None:
    with pytest.raises(NotAMember, match="Join it first") as refusal:
        checkout().decided(asked_by(CLEO)[command], NOON)
    assert refusal.value.verb == "join"


@pytest.mark.parametrize("command", PEOPLE_MAY_ASK, ids=named)
def test_a_private_incident_reads_as_unknown_to_whoever_is_outside(command: int) -> None:
    with pytest.raises(NotAMember) as refusal:
        checkout(private=True).decided(asked_by(CLEO)[command], NOON)
    assert (refusal.value.sentence, refusal.value.verb) == (unknown(IncidentId(42)), "list")


@pytest.mark.parametrize("command", reported(), ids=lambda each: type(each).__name__)
def test_what_slack_reports_cannot_be_asked_for_by_a_person(command: Command) -> None:
    with pytest.raises(Rejected, match="Only Muster itself"):
        checkout().decided(replace(command, by=ADA), NOON)


def test_every_command_is_either_asked_for_or_reported() -> None:
    assert len(asked_by(ADA)) + len(reported()) == len(RULES)


def test_who_types_in_the_channel_is_inside_before_slack_has_said_so() -> None:
    assert checkout().do(ResolveIncident(by=replace(CLEO, speaks_in=ROOM)), NOON)


def test_who_is_known_to_have_joined_acts_from_anywhere() -> None:
    assert checkout().do(ResolveIncident(by=replace(BEN, speaks_in=None)), NOON)


def test_the_reporter_may_act_while_the_channel_is_being_opened() -> None:
    assert opening().do(ResolveIncident(by=replace(ADA, speaks_in=None)), NOON)


def test_whom_the_policy_lets_resolve_need_not_be_inside() -> None:
    story = checkout(policy=replace(POLICY, rights=Rights(resolve=frozenset({CLEO.id}))))
    assert story.do(ResolveIncident(by=CLEO), NOON)


def test_whom_the_policy_lets_see_private_incidents_may_read_them() -> None:
    policy = Policy(rights=Rights(see_private=frozenset({CLEO.id})))
    require_reader(checkout(private=True).state, CLEO, policy)


def test_a_guest_may_not_read_from_inside_either() -> None:
    with pytest.raises(Rejected, match="Guests"):
        require_reader(checkout().state, replace(DEE, speaks_in=ROOM), POLICY)


def test_full_members_read_what_is_not_private() -> None:
    require_reader(checkout().state, CLEO, POLICY)


@pytest.mark.parametrize("standing", OUTSIDERS)
def test_a_guest_outside_cannot_tell_a_private_incident_from_none(standing: Standing) -> None:
    with pytest.raises(NotAMember) as refusal:
        checkout(private=True).decided(ResolveIncident(by=replace(CLEO, standing=standing)), NOON)
    assert refusal.value.sentence == unknown(IncidentId(42))


def test_who_may_resolve_but_not_see_private_incidents_learns_nothing_of_one() -> None:
    story = checkout(private=True, policy=replace(POLICY, rights=Rights(resolve=frozenset({CLEO.id}))))
    with pytest.raises(NotAMember, match="There is no INC-42"):
        story.decided(ResolveIncident(by=CLEO), NOON)


def test_who_may_resolve_and_see_private_incidents_resolves_one() -> None:
    rights = Rights(resolve=frozenset({CLEO.id}), see_private=frozenset({CLEO.id}))
    assert checkout(private=True, policy=replace(POLICY, rights=rights)).do(ResolveIncident(by=CLEO), NOON)


def test_who_may_see_a_private_incident_is_told_to_join_it() -> None:
    rights = Rights(see_private=frozenset({CLEO.id}))
    with pytest.raises(NotAMember, match="Join it first"):
        checkout(private=True, policy=replace(POLICY, rights=rights)).decided(Acknowledge(by=CLEO), NOON)


def test_a_channel_that_is_still_being_opened_cannot_be_joined_yet() -> None:
    with pytest.raises(NotAMember, match="is still being opened"):
        opening().decided(Acknowledge(by=CLEO), NOON)


def test_a_private_incident_is_listed_for_those_inside_only() -> None:
    left = checkout(private=True)
    left.do(RecordLeft(by=MUSTER_ITSELF, user=ADA.id), NOON)
    assert not may_see(listing(left.state), ADA.id, frozenset())
    assert may_see(listing(left.state), BEN.id, frozenset())


def test_a_private_incident_is_listed_for_its_reporter_while_it_opens() -> None:
    assert may_see(listing(opening(private=True).state), ADA.id, frozenset())


def test_a_private_incident_is_listed_for_whom_the_policy_lets_see_it() -> None:
    assert may_see(listing(checkout(private=True).state), CLEO.id, frozenset({CLEO.id}))
