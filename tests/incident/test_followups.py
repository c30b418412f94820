"""Follow-ups: who may add and change them, what their states ask for, and what becomes of an emoji after the end."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import FlagMessage, RecordLeft, RecordMessageText, UnflagMessage
from bot.incident.effects import KeepGist, PostCard, RefreshCard, TellPerson
from bot.incident.entry import EntryLabel
from bot.incident.events import MessageFlagged
from bot.incident.following_up import LONGEST_WHAT, as_read
from bot.incident.followup import Followup, FollowupContent, FollowupState, is_overdue
from bot.incident.followup_commands import AddFollowup, ChangeFollowup, GiveFollowup, MoveFollowup
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.terms import MUSTER_ITSELF, EntryKind, Person, Rejected, UserId
from bot.incident.timeline import entries
from tests.incident.given import ADA, BEN, CLEO, DEE, ROOM, Story, after, card_posted, checkout, drill, resolved, ts

EVE = Person(id=UserId("U0EVE"), name="Eve")
OPEN, DONE, BLOCKED = FollowupState.OPEN, FollowupState.DONE, FollowupState.BLOCKED
ALERT = FollowupContent(
    what="Alert before certificates expire", owner=CLEO.id, product_sponsor=BEN.id, due_on=date(2026, 3, 31)
)


def left_behind(content: FollowupContent = ALERT, *, by: Person = ADA) -> Story:
    """Checkout, resolved and closed, with one follow-up: Cleo's, who is in no channel of it; Ben sponsors it."""
    story = resolved()
    story.do(AddFollowup(by=by, content=content, people=(ADA, BEN, CLEO)), after(40))
    story.do(CloseIncident(by=ADA, because="It was small."), after(50))
    return story


def item(story: Story, number: int = 1) -> Followup:
    return story.state.followups[number]


def move(state: FollowupState, *, by: Person = CLEO, **more: Any) -> MoveFollowup:
    return MoveFollowup(by=by, number=1, state=state, **more)


def refused(story: Story, command: Any) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        story.decided(command, after(60))
    return refusal.value


def test_a_follow_up_is_numbered_within_its_incident() -> None:
    story = resolved()
    for number in (1, 2):
        (event,) = story.do(AddFollowup(by=ADA, content=ALERT, people=(CLEO, BEN)), after(40))
        assert isinstance(event, FollowupAdded)
        assert event.number == number


def test_it_may_be_added_during_the_response_too() -> None:
    story = checkout()
    story.do(AddFollowup(by=BEN, content=FollowupContent(what="Alert earlier")), after(5))
    assert item(story).content.owner is None


@pytest.mark.parametrize("who", [CLEO, BEN])
def test_owner_and_sponsor_may_move_it_after_the_incident_is_closed(who: Person) -> None:
    story = left_behind()
    story.do(move(FollowupState.IN_PROGRESS, by=replace(who, speaks_in=None)), after(60))
    assert item(story).state is FollowupState.IN_PROGRESS


def test_whoever_has_nothing_to_do_with_it_may_not() -> None:
    assert "Join it first" in refused(left_behind(), move(FollowupState.IN_PROGRESS, by=EVE)).sentence


def test_a_guest_may_not_even_as_its_owner() -> None:
    guest = replace(CLEO, standing=DEE.standing)
    assert "Guests" in refused(left_behind(), move(FollowupState.IN_PROGRESS, by=guest)).sentence


@pytest.mark.parametrize(
    ("state", "field"), [(BLOCKED, "waits_for"), (DONE, "note"), (FollowupState.WILL_NOT_DO, "note")]
)
def test_what_is_blocked_done_or_not_to_be_done_is_asked_for_words(state: FollowupState, field: str) -> None:
    assert refused(left_behind(), move(state)).field == field


def test_done_keeps_its_evidence() -> None:
    story = left_behind()
    story.do(move(DONE, note="https://example.com/alert"), after(60))
    assert (item(story).state, item(story).note, item(story).moved_by) == (DONE, "https://example.com/alert", CLEO.id)


def test_what_is_settled_moves_no_further_until_it_is_opened_again() -> None:
    story = left_behind()
    story.do(move(DONE, note="seen"), after(60))
    assert "Open it again first" in refused(story, move(BLOCKED, note="x")).sentence
    assert "Open it again first" in refused(story, GiveFollowup(by=CLEO, number=1, owner=ADA)).sentence
    story.do(move(OPEN), after(70))
    assert not item(story).is_settled


def test_a_stale_button_changes_nothing() -> None:
    story = left_behind()
    story.do(move(FollowupState.IN_PROGRESS), after(60))
    assert "already" in refused(story, move(DONE, note="seen", seen=OPEN)).sentence


def test_blocked_tells_its_sponsor_and_whom_it_waits_for() -> None:
    story = left_behind()
    story.do(move(BLOCKED, waits_for=EVE), after(60))
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [BEN.id, EVE.id]


def test_its_new_owner_is_told_and_whoever_takes_it_is_not() -> None:
    story = left_behind()
    story.do(GiveFollowup(by=CLEO, number=1, owner=EVE), after(60))
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [EVE.id]
    story.do(GiveFollowup(by=ADA, number=1, owner=ADA), after(61))
    assert not [each for each in story.effects if isinstance(each, TellPerson)]


def test_it_has_a_card_of_its_own_and_no_other_is_drawn_again() -> None:
    story = left_behind()
    story.do(move(FollowupState.IN_PROGRESS), after(60))
    drawn = RefreshCard(incident=story.state.id, card="followup:1")
    assert story.effects == (drawn, KeepGist(incident=story.state.id))


def test_a_card_that_was_overtaken_while_it_was_posted_is_drawn_again() -> None:
    story = left_behind()
    drawn_at = story.state.version
    story.do(move(FollowupState.IN_PROGRESS), after(60))
    story.do(card_posted("followup:1", ROOM, drawn_at), after(61))
    assert RefreshCard(incident=story.state.id, card="followup:1") in story.effects


def test_the_same_words_again_change_nothing() -> None:
    assert left_behind().decided(ChangeFollowup(by=ADA, number=1, content=ALERT), after(60)) == ()


def test_a_deadline_that_is_over_is_refused_where_it_is_new() -> None:
    late = replace(ALERT, due_on=date(2026, 2, 1))
    story = left_behind()
    assert refused(story, ChangeFollowup(by=ADA, number=1, content=late)).field == "due_on"
    later = after(60) + timedelta(days=90)
    assert story.decided(ChangeFollowup(by=ADA, number=1, content=replace(ALERT, what="Alert sooner")), later)


@pytest.mark.parametrize("what", ["", "  ", "x" * (LONGEST_WHAT + 1)])
def test_it_needs_a_sentence_of_a_readable_length(what: str) -> None:
    assert refused(resolved(), AddFollowup(by=ADA, content=FollowupContent(what=what))).field == "what"


def test_a_guest_can_own_nothing() -> None:
    content = FollowupContent(what="Alert", owner=DEE.id)
    assert refused(resolved(), AddFollowup(by=ADA, content=content, people=(DEE,))).field == "owner"


def test_a_private_incidents_follow_ups_stay_among_its_members() -> None:
    story = checkout(private=True)
    given_out = refused(story, AddFollowup(by=ADA, content=ALERT, people=(CLEO, BEN)))
    assert (given_out.field, given_out.who) == ("owner", CLEO.id)
    story.do(AddFollowup(by=ADA, content=replace(ALERT, owner=BEN.id)), after(5))
    story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(6))
    outside = replace(BEN, speaks_in=None)
    assert (
        refused(story, move(FollowupState.IN_PROGRESS, by=outside)).sentence == "There is no INC-42 that you can see."
    )
    story.do(move(BLOCKED, by=ADA, note="the vendor"), after(7))
    assert not [each for each in story.effects if isinstance(each, TellPerson)]


# The emoji


def flagged(story: Story, *, by: Person = ADA, at: float = 40, emoji: str = "memo", moment: str = "2.0") -> Any:
    return story.do(FlagMessage(by=by, channel=ROOM, ts=ts(1), emoji=emoji, flagged_ts=moment), after(at))


def read(story: Story, text: str = "Alert <@U0BEN|ben> &amp; co <https://x.example|earlier>") -> Any:
    return story.do(RecordMessageText(by=MUSTER_ITSELF, ts=ts(1), author=BEN.id, text=text), after(41))


def test_memo_during_the_response_stays_an_action_item() -> None:
    story = checkout()
    (event,) = flagged(story)
    assert isinstance(event, MessageFlagged)
    assert event.kind is EntryKind.ACTION_ITEM
    read(story)
    assert not story.state.followups


def test_memo_after_the_end_drafts_a_follow_up_that_nobody_owns() -> None:
    story = resolved()
    (event,) = flagged(story)
    assert event.kind is EntryKind.FOLLOWUP
    read(story)
    assert item(story).content == FollowupContent(what="Alert ben & co earlier")
    assert (item(story).added_by, item(story).is_draft) == (ADA.id, True)
    assert PostCard(incident=story.state.id, card="followup:1", channel=ROOM) in story.effects


def test_a_message_whose_text_is_known_is_drafted_at_once() -> None:
    story = checkout()
    flagged(story, emoji="scales", at=5)
    read(story)
    story.do(FlagMessage(by=ADA, channel=ROOM, ts=ts(1), emoji="memo", flagged_ts="2.5"), after(42))
    assert not story.state.followups
    done = resolved()
    flagged(done, emoji="scales")
    read(done)
    flagged(done, moment="3.0")
    assert item(done).is_draft


def test_one_message_is_one_follow_up_whoever_flags_it() -> None:
    story = resolved()
    flagged(story)
    read(story)
    flagged(story, by=BEN, moment="3.0")
    assert len(story.state.followups) == 1


def unflag(by: Person = ADA, moment: str = "9.0") -> UnflagMessage:
    return UnflagMessage(by=by, channel=ROOM, ts=ts(1), emoji="memo", flagged_ts=moment)


def test_the_draft_goes_with_its_last_emoji_and_comes_back_with_it() -> None:
    story = resolved()
    flagged(story)
    read(story)
    flagged(story, by=BEN, moment="3.0")
    story.do(unflag(), after(45))
    assert item(story).is_draft
    story.do(unflag(BEN), after(46))
    assert item(story).is_settled
    flagged(story, at=47, moment="10.0")
    assert item(story).is_draft


def test_what_somebody_owns_stays_when_the_emoji_goes() -> None:
    story = resolved()
    flagged(story)
    read(story)
    story.do(GiveFollowup(by=BEN, number=1, owner=BEN), after(45))
    story.do(unflag(), after(46))
    assert item(story).state is OPEN


def test_a_post_of_musters_own_is_no_follow_up() -> None:
    story = resolved()
    flagged(story)
    story.do(RecordMessageText(by=MUSTER_ITSELF, ts=ts(1), author=BEN.id, text="x", from_muster=True), after(41))
    assert not story.state.followups


def test_a_long_message_is_cut_and_one_without_words_says_so() -> None:
    assert len(as_read("x" * 5000)) == LONGEST_WHAT
    story = resolved()
    flagged(story)
    read(story, " ")
    assert item(story).content.what == "(a message without words)"


def test_a_drill_has_follow_ups_of_its_own() -> None:
    story = drill()
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Practise the rollback")), after(5))
    assert item(story).is_draft


def test_the_timeline_tells_each_change() -> None:
    story = left_behind()
    story.do(GiveFollowup(by=CLEO, number=1, owner=ADA), after(60))
    story.do(move(DONE, by=ADA, note="seen"), after(61))
    told = [(each.label, each.after) for each in entries(story.log) if each.label.startswith("follow-up")]
    assert told == [
        (EntryLabel.FOLLOWUP, CLEO.id),
        (EntryLabel.FOLLOWUP_CHANGED, ADA.id),
        (EntryLabel.FOLLOWUP_MOVED, "done"),
    ]


def test_overdue_is_from_the_day_after_until_it_is_settled() -> None:
    due = date(2026, 3, 31)
    assert not is_overdue(due, OPEN, due)
    assert is_overdue(due, BLOCKED, due + timedelta(days=1))
    assert not is_overdue(due, DONE, due + timedelta(days=1))
    assert not is_overdue(None, OPEN, due)


def test_events_say_what_was_before() -> None:
    story = left_behind()
    (given,) = story.do(GiveFollowup(by=CLEO, number=1, owner=ADA), after(60))
    assert isinstance(given, FollowupChanged)
    assert (given.before.owner, given.after.owner) == (CLEO.id, ADA.id)
    (moved,) = story.do(move(DONE, by=ADA, note="seen"), after(61))
    assert isinstance(moved, FollowupMoved)
    assert (moved.before, moved.after) == (OPEN, DONE)
