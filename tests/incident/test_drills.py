"""Drills: an incident in all but what it calls, names and announces. That it is one never changes."""

import re

import pytest

from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import (
    AssignRole,
    ChangeSeverity,
    ClaimRole,
    Command,
    DeclareIncident,
    JoinIncident,
    PostUpdate,
    RecordChannel,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.declaring import channel_name
from bot.incident.effects import (
    AddBookmark,
    Effect,
    InviteUsers,
    OpenChannel,
    PostCard,
    PostNotice,
    RefreshCard,
    TellPerson,
    scorecard,
)
from bot.incident.events import IncidentDeclared
from bot.incident.listing import listing
from bot.incident.policy import Policy, SeverityRule
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    MUSTER_ITSELF,
    IncidentId,
    Rejected,
    Severity,
    UserId,
)
from tests.incident.given import ADA, BEN, CLEO, NOON, ROOM, Story, after, card_posted, checkout, drill, minutes

CTO, PAGED = UserId("U0CTO"), UserId("U0PAGED")
CALLING = Policy(
    severities={
        Severity.SEV1: SeverityRule(rubric="Down.", update_every=minutes(30), invite=(CTO,)),
        Severity.SEV2: SeverityRule(rubric="Degraded.", update_every=minutes(60)),
    },
    services={"checkout": (PAGED,)},
)
"""SEV1 calls the CTO, and checkout whoever is on call for it."""


def invited(effects: list[Effect]) -> set[UserId]:
    return {user for effect in effects if isinstance(effect, InviteUsers) for user in effect.users}


def opened(*, as_drill: bool, private: bool = False) -> list[Effect]:
    """What follows from declaring and from the channel being there."""
    command = DeclareIncident(
        by=ADA, title="Down", severity=Severity.SEV1, service="checkout", drill=as_drill, private=private
    )
    story = Story(policy=CALLING).declare(command)
    declared = list(story.effects)
    story.do(RecordChannel(by=MUSTER_ITSELF, channel=ROOM, name="inc-42-drill-down"), NOON)
    return [*declared, *story.effects]


def test_it_is_declared_as_one_and_stays_one() -> None:
    story = drill()
    declared = story.log[0]
    assert isinstance(declared, IncidentDeclared)
    assert declared.drill
    story.do(ResolveIncident(by=ADA), after(10))
    story.do(ReopenIncident(by=ADA), after(11))
    assert story.state.drill
    assert listing(story.state).drill


def test_what_is_declared_without_a_word_of_it_is_none() -> None:
    assert not checkout().state.drill


def test_it_is_called_a_drill_wherever_it_is_named() -> None:
    story = drill()
    assert story.state.reference == listing(story.state).reference == "DRILL INC-42"
    with pytest.raises(Rejected, match="DRILL INC-42 is SEV2 already"):
        story.do(ChangeSeverity(by=ADA, severity=Severity.SEV2), after(1))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Checkout is down", "inc-42-drill-checkout-is-down"),
        ("结账失败", "inc-42-drill"),
        ("", "inc-42-drill"),
        ("x" * 90, "inc-42-drill-" + "x" * 63),
        ("word " * 30, "inc-42-drill" + "-word" * 12),
    ],
)
def test_its_channel_says_so_before_anything_else(title: str, name: str) -> None:
    assert channel_name(IncidentId(42), title, drill=True) == name
    assert re.fullmatch(r"[a-z0-9-]{1,76}", name)


def test_a_private_drill_names_no_title_and_says_that_it_is_a_drill() -> None:
    named = next(effect for effect in opened(as_drill=True, private=True) if isinstance(effect, OpenChannel))
    assert named.name == "inc-42-drill"


def test_nobody_is_called_to_it_by_policy() -> None:
    assert invited(opened(as_drill=False)) == {ADA.id, CTO, PAGED}
    assert invited(opened(as_drill=True)) == {ADA.id}


def test_nor_when_it_becomes_graver() -> None:
    for story, called in ((drill(policy=CALLING), set()), (checkout(policy=CALLING), {CTO})):
        story.do(ChangeSeverity(by=ADA, severity=Severity.SEV1), after(1))
        assert invited(list(story.effects)) == called


@pytest.mark.parametrize(
    "command",
    [JoinIncident(by=CLEO), AssignRole(by=ADA, role=COMMUNICATIONS_LEAD, holder=CLEO)],
    ids=["who joins", "who is given a role"],
)
def test_whoever_takes_part_is_let_in(command: Command) -> None:
    story = drill()
    story.do(command, after(1))
    assert invited(list(story.effects)) == {CLEO.id}


def announcements(effects: list[Effect]) -> list[PostCard | PostNotice]:
    return [each for each in effects if isinstance(each, PostCard | PostNotice) and each.channel is None]


def told_to_the_announced() -> list[PostCard | PostNotice]:
    """Everything that a drill would announce in its life."""
    found = announcements(opened(as_drill=True))
    story = drill(Severity.SEV1)
    for at, command in enumerate(
        (PostUpdate(by=ADA, known="We look."), ChangeSeverity(by=ADA, severity=Severity.SEV2), ResolveIncident(by=ADA)),
        start=1,
    ):
        story.do(command, after(at))
        found += announcements(list(story.effects))
    return found


def test_all_that_it_announces_waits_apart_from_real_announcements() -> None:
    found = told_to_the_announced()
    assert len(found) == 4
    assert {effect.lane for effect in found} == {"drills:posts"}


def test_an_incident_announces_where_it_always_did() -> None:
    assert {effect.lane for effect in announcements(opened(as_drill=False))} == {"announcement:posts"}


def test_its_summary_is_bookmarked_as_that_of_a_drill() -> None:
    story = Story().declare(DeclareIncident(by=ADA, title="Down", drill=True))
    story.do(RecordChannel(by=MUSTER_ITSELF, channel=ROOM, name="inc-42-drill-down"), NOON)
    story.do(card_posted("summary", ROOM, story.state.version), NOON)
    assert [each.title for each in story.effects if isinstance(each, AddBookmark)] == ["Incident summary (DRILL)"]


def test_its_reminders_climb_to_the_commander_and_then_to_where_drills_are_announced() -> None:
    story = drill(Severity.SEV1)
    story.do(ClaimRole(by=BEN, role=COMMUNICATIONS_LEAD), after(1))
    story.fire(after(30))
    story.fire(after(35))
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [ADA.id]
    story.fire(after(40))
    assert [each.lane for each in announcements(list(story.effects))] == ["drills:posts"]


def scorecards(story: Story) -> list[str]:
    return [each.card for each in story.effects if isinstance(each, PostCard)]


def test_a_drill_that_is_resolved_gets_a_scorecard_in_its_own_channel() -> None:
    story = drill()
    story.do(ResolveIncident(by=ADA), after(10))
    posted = [each for each in story.effects if isinstance(each, PostCard)]
    assert [(each.card, each.channel) for each in posted] == [(scorecard(1), ROOM)]


def test_an_incident_gets_none() -> None:
    story = checkout()
    story.do(ResolveIncident(by=ADA), after(10))
    assert scorecards(story) == []


def test_one_that_is_resolved_again_gets_a_new_one_and_the_old_is_drawn_again() -> None:
    story = drill()
    story.do(ResolveIncident(by=ADA), after(10))
    story.do(card_posted(scorecard(1), ROOM, story.state.version), after(10))
    story.do(ReopenIncident(by=ADA), after(11))
    assert RefreshCard(incident=IncidentId(42), card=scorecard(1)) in story.effects
    story.do(ResolveIncident(by=ADA), after(12))
    assert scorecards(story) == [scorecard(2)]
    assert RefreshCard(incident=IncidentId(42), card=scorecard(1)) in story.effects


def test_without_a_channel_there_is_no_place_for_one() -> None:
    story = Story().declare(DeclareIncident(by=ADA, title="Down", drill=True))
    story.do(ResolveIncident(by=ADA), after(10))
    assert scorecards(story) == []


def test_closing_it_makes_no_second_one() -> None:
    story = drill()
    story.do(ResolveIncident(by=ADA), after(10))
    story.do(CloseIncident(by=ADA), after(20))
    assert scorecards(story) == []
    assert story.state.resolutions == 1
