"""What declaring makes happen outside: three rounds, each thing once, and nothing of a private incident abroad."""

from dataclasses import replace

import pytest

from bot.incident.catalogue import Party, Service, drawn_up
from bot.incident.commands import (
    ClaimRole,
    DeclareIncident,
    RecordChannel,
    RecordFailure,
    RecordJoined,
    RecordLeft,
    ReleaseRole,
)
from bot.incident.effects import (
    ANNOUNCEMENT,
    SUMMARY,
    AddBookmark,
    AnswerDeclarer,
    Effect,
    InviteGroups,
    InviteUsers,
    OpenChannel,
    PinMessage,
    PostCard,
    PostSurroundings,
    RefreshCard,
    RefreshTopic,
    TellPerson,
    playbook_card,
)
from bot.incident.events import ResponderJoined, ResponderLeft
from bot.incident.policy import Policy
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER_ITSELF, GroupId, IncidentId, Person, Severity, UserId, Version
from tests.incident.given import (
    ADA,
    BEN,
    CLEO,
    NEWS,
    NOON,
    POLICY,
    ROLLBACK,
    ROOM,
    Story,
    after,
    card_posted,
    checkout,
    opening,
)

N = IncidentId(42)
FINN = UserId("U0FINN")
DOWN = DeclareIncident(by=ADA, title="Down", answer_url="https://hooks.test/1")
CHANNEL = RecordChannel(by=MUSTER_ITSELF, channel=ROOM, name="inc-42-down", answer_url="https://hooks.test/1")


def second_round(declaration: DeclareIncident, policy: Policy = POLICY) -> tuple[Effect, ...]:
    story = Story(policy=policy).declare(declaration)
    story.do(CHANNEL, NOON)
    return tuple(story.effects)


def invited(effects: tuple[Effect, ...]) -> tuple[UserId, ...]:
    return next((each.users for each in effects if isinstance(each, InviteUsers)), ())


def test_the_first_round_opens_the_channel_and_does_nothing_else() -> None:
    opened = OpenChannel(incident=N, name="inc-42-down", private=False, answer_url="https://hooks.test/1")
    assert Story().declare(DOWN).effects == (opened,)


def test_the_second_round_is_all_that_needs_only_the_channel() -> None:
    assert second_round(DOWN) == (
        PostCard(incident=N, card=SUMMARY, channel=ROOM),
        InviteUsers(incident=N, channel=ROOM, users=(ADA.id,)),
        RefreshTopic(incident=N, channel=ROOM),
        PostCard(incident=N, card=ANNOUNCEMENT, channel=None),
        AnswerDeclarer(incident=N, user=ADA.id, answer_url="https://hooks.test/1"),
    )


def test_the_third_round_pins_and_bookmarks_the_summary_and_tells_what_is_around() -> None:
    story = Story().declare(DOWN)
    story.do(CHANNEL, NOON)
    posted = card_posted(SUMMARY, ROOM, story.state.version)
    story.do(posted, NOON)
    assert story.effects == (
        PinMessage(incident=N, channel=ROOM, ts=posted.ts),
        AddBookmark(incident=N, channel=ROOM, ts=posted.ts, title="Incident summary"),
        PostSurroundings(incident=N, channel=ROOM),
    )


def test_the_announcement_and_the_invited_need_no_fourth_round() -> None:
    story = Story().declare(DOWN)
    story.do(CHANNEL, NOON)
    story.do(card_posted(ANNOUNCEMENT, NEWS, story.state.version), NOON)
    assert story.effects == ()
    story.do(RecordJoined(by=MUSTER_ITSELF, users=(ADA.id,)), NOON)
    assert story.effects == ()


def test_effects_of_a_round_have_lanes_of_their_own() -> None:
    lanes = [effect.lane for effect in second_round(DOWN)]
    assert len(set(lanes)) == len(lanes)


def test_a_matching_playbook_is_posted_in_the_second_round() -> None:
    posted = PostCard(incident=N, card=playbook_card("bad-deploy"), channel=ROOM)
    assert posted in second_round(replace(DOWN, checklist=ROLLBACK))


def test_a_private_incident_is_not_announced() -> None:
    assert second_round(replace(DOWN, private=True)) == (
        PostCard(incident=N, card=SUMMARY, channel=ROOM),
        InviteUsers(incident=N, channel=ROOM, users=(ADA.id,)),
        RefreshTopic(incident=N, channel=ROOM),
        AnswerDeclarer(incident=N, user=ADA.id, answer_url="https://hooks.test/1"),
    )


def test_whoever_is_named_commander_is_invited_and_told() -> None:
    story = Story().declare(replace(DOWN, commander=BEN))
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [BEN.id]
    story.do(CHANNEL, NOON)
    assert invited(tuple(story.effects)) == (ADA.id, BEN.id)


def test_whom_the_policy_wants_at_that_severity_is_invited() -> None:
    assert invited(second_round(replace(DOWN, severity=Severity.SEV1))) == (ADA.id, "U0CTO")


def test_whom_the_policy_wants_for_a_service_is_invited_once() -> None:
    policy = replace(POLICY, services={"checkout": (CLEO.id, ADA.id)})
    assert invited(second_round(replace(DOWN, service="checkout"), policy)) == (ADA.id, CLEO.id)


OWNED = replace(
    POLICY,
    teams={"shop": (BEN.id,)},
    catalogue=drawn_up(
        [
            Service(
                name="checkout",
                aliases=("till",),
                owner=Party(team="shop"),
                on_call=Party(users=(FINN,), groups=(GroupId("S0ONCALL1"),), words="The rota"),
            )
        ]
    ),
)


@pytest.mark.parametrize("service", ["checkout", "Till"])
def test_whoever_answers_for_a_service_is_invited_with_their_groups(service: str) -> None:
    effects = second_round(replace(DOWN, service=service), replace(OWNED, services={"checkout": (CLEO.id,)}))
    assert invited(effects) == (ADA.id, CLEO.id, BEN.id, FINN)
    assert InviteGroups(incident=N, channel=ROOM, groups=(GroupId("S0ONCALL1"),)) in effects


@pytest.mark.parametrize("kept", [replace(DOWN, private=True), replace(DOWN, drill=True)])
def test_a_private_incident_and_a_drill_call_nobody_for_the_service(kept: DeclareIncident) -> None:
    effects = second_round(replace(kept, service="checkout"), OWNED)
    assert BEN.id not in invited(effects)
    assert FINN not in invited(effects)
    assert not [each for each in effects if isinstance(each, InviteGroups)]


def test_a_service_is_written_down_as_the_catalogue_spells_it() -> None:
    assert Story(policy=OWNED).declare(replace(DOWN, service="TILL")).state.service == "checkout"
    assert Story(policy=OWNED).declare(replace(DOWN, service=" fax  machine ")).state.service == "fax machine"


@pytest.mark.parametrize("by", [MUSTER_ITSELF])
def test_muster_neither_invites_nor_answers_itself(by: Person) -> None:
    kinds = {type(effect) for effect in second_round(replace(DOWN, by=by))}
    assert not kinds & {InviteUsers, AnswerDeclarer}


def test_a_card_that_was_old_when_it_was_posted_is_drawn_again() -> None:
    story = checkout()
    story.do(card_posted("playbook:other", ROOM, Version(1)), NOON)
    assert story.effects == (RefreshCard(incident=N, card="playbook:other"),)


def test_a_card_is_recorded_once() -> None:
    assert checkout().do(card_posted(SUMMARY, ROOM, Version(1)), NOON) == ()


def test_a_second_channel_is_not_taken() -> None:
    assert checkout().do(CHANNEL, NOON) == ()


def test_a_failed_step_is_told_to_the_commander_once() -> None:
    story = checkout()
    failure = RecordFailure(by=MUSTER_ITSELF, step="topic", reason="missing_scope")
    story.do(failure, after(1))
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [ADA.id]
    assert story.do(failure, after(2)) == ()


def test_without_a_commander_the_reporter_hears_of_a_failed_step() -> None:
    story = checkout()
    story.do(ReleaseRole(by=ADA), after(1))
    story.do(RecordFailure(by=MUSTER_ITSELF, step="topic", reason="missing_scope"), after(2))
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [ADA.id]


def test_the_commander_hears_of_a_failed_step_and_not_the_reporter() -> None:
    story = checkout()
    story.do(ClaimRole(by=BEN, role=INCIDENT_COMMANDER), after(1))
    story.do(RecordFailure(by=MUSTER_ITSELF, step="topic", reason="missing_scope"), after(2))
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [BEN.id]


def test_who_joins_and_leaves_is_known() -> None:
    story = opening()
    assert [type(each) for each in story.do(RecordJoined(by=MUSTER_ITSELF, users=(BEN.id, BEN.id)), NOON)] == [
        ResponderJoined
    ]
    (left,) = story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(1))
    assert left == ResponderLeft(at=after(1), by=MUSTER_ITSELF.id, user=BEN.id)
    assert story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(2)) == ()
