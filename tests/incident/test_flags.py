"""The emoji timeline: flags in any order, edits, deletions, and the tick."""

from dataclasses import replace

import pytest

from bot.incident.commands import (
    AddMessageToTimeline,
    AddNote,
    Command,
    FlagMessage,
    RecordMessageDeletion,
    RecordMessageEdit,
    RecordMessageText,
    UnflagMessage,
)
from bot.incident.effects import SUMMARY, AddTick, FetchMessage, RemoveTick
from bot.incident.events import MessageFlagged, MessageRead, MessageUnflagged, NoteAdded
from bot.incident.terms import MUSTER_ITSELF, ChannelId, EntryKind, MessageTs, Person, Rejected
from tests.incident.given import ADA, BEN, NOON, POLICY, ROOM, Story, after, checkout, resolved, ts

MESSAGE = ts(300)


def on(event: float, by: Person = ADA, emoji: str = "scales") -> FlagMessage:
    return FlagMessage(by=by, channel=ROOM, ts=MESSAGE, emoji=emoji, flagged_ts=str(event))


def off(event: float, by: Person = ADA, emoji: str = "scales") -> UnflagMessage:
    return UnflagMessage(by=by, channel=ROOM, ts=MESSAGE, emoji=emoji, flagged_ts=str(event))


def read(*, from_muster: bool = False) -> RecordMessageText:
    text = "Roll back first, find out why later."
    return RecordMessageText(by=MUSTER_ITSELF, ts=MESSAGE, author=BEN.id, text=text, from_muster=from_muster)


def edit(text: str, edited_ts: str) -> RecordMessageEdit:
    return RecordMessageEdit(by=MUSTER_ITSELF, ts=MESSAGE, text=text, edited_ts=edited_ts)


DELETION = RecordMessageDeletion(by=MUSTER_ITSELF, ts=MESSAGE)


def told(*commands: Command, story: Story | None = None) -> Story:
    story = story or checkout()
    for command in commands:
        story.do(command, after(6))
    return story


def test_a_flag_is_logged_with_who_put_it_and_of_what_kind() -> None:
    (flagged,) = checkout().do(on(1), after(6))
    assert flagged == MessageFlagged(
        at=after(6), by=ADA.id, channel=ROOM, ts=MESSAGE, emoji="scales", kind=EntryKind.DECISION, flagged_ts="1"
    )


@pytest.mark.parametrize(("emoji", "kind"), POLICY.emoji.items())
def test_every_emoji_of_the_policy_makes_an_entry(emoji: str, kind: EntryKind) -> None:
    assert told(on(1, emoji=emoji)).state.flagged[MESSAGE].kinds == (kind,)


def test_any_other_emoji_is_just_an_emoji() -> None:
    assert checkout().do(on(1, emoji="tada"), NOON) == ()


def test_the_first_flag_has_the_message_read() -> None:
    story = told(on(1))
    assert story.effects == (FetchMessage(incident=story.state.id, channel=ROOM, ts=MESSAGE),)


def test_a_message_flagged_twice_is_read_once_and_is_one_entry() -> None:
    story = told(on(1), on(2, by=BEN))
    assert (story.effects, list(story.state.flagged)) == ((), [MESSAGE])


def test_a_flag_delivered_four_times_is_one_event() -> None:
    story = told(on(1), on(1), on(1), on(1))
    assert len([event for event in story.log if isinstance(event, MessageFlagged)]) == 1


def test_two_kinds_on_a_message_are_both_kept() -> None:
    kinds = told(on(1), on(2, emoji="boom")).state.flagged[MESSAGE].kinds
    assert kinds == (EntryKind.DECISION, EntryKind.CUSTOMER_IMPACT)


def test_while_one_flag_is_on_the_entry_stands() -> None:
    assert told(on(1), on(2, by=BEN), off(3)).state.flagged[MESSAGE].stands


def test_the_last_flag_off_retracts_the_entry() -> None:
    assert not told(on(1), on(2, by=BEN), off(3), off(4, by=BEN)).state.flagged[MESSAGE].stands


def test_a_removal_that_overtakes_its_flag_wins() -> None:
    story = told(off(2), on(1))
    assert not story.state.flagged[MESSAGE].stands
    assert isinstance(story.log[-1], MessageUnflagged)


def test_a_flag_put_on_again_stands_again() -> None:
    assert told(on(1), off(2), on(3)).state.flagged[MESSAGE].stands


def test_a_removal_is_known_even_after_the_policy_dropped_the_emoji() -> None:
    story = told(on(1))
    story.policy = replace(POLICY, emoji={})
    assert not told(off(2), story=story).state.flagged[MESSAGE].stands


def test_what_was_read_is_ticked() -> None:
    story = told(on(1), read())
    assert story.effects == (AddTick(incident=story.state.id, channel=ROOM, ts=MESSAGE, emoji="white_check_mark"),)


def test_the_tick_goes_when_the_entry_is_retracted() -> None:
    story = told(on(1), read(), off(2))
    assert story.effects == (RemoveTick(incident=story.state.id, channel=ROOM, ts=MESSAGE, emoji="white_check_mark"),)


def test_what_is_flagged_again_is_ticked_without_being_read_again() -> None:
    (effect,) = told(on(1), read(), off(2), on(3)).effects
    assert isinstance(effect, AddTick)


def test_what_was_retracted_before_it_was_read_is_not_ticked() -> None:
    assert told(on(1), off(2), read()).effects == ()


def test_a_policy_without_a_tick_has_none() -> None:
    assert told(on(1), read(), story=checkout(policy=replace(POLICY, tick=""))).effects == ()


def test_musters_own_posts_make_no_entry_and_get_no_tick() -> None:
    story = told(on(1), read(from_muster=True))
    assert (story.state.flagged[MESSAGE].stands, story.effects) == (False, ())


def test_a_text_that_is_known_is_not_recorded_again() -> None:
    assert told(on(1), read()).do(read(), after(7)) == ()


def test_the_text_of_a_message_nobody_flagged_is_of_no_interest() -> None:
    assert checkout().do(read(), after(7)) == ()


def test_an_edit_keeps_both_versions_in_the_log() -> None:
    story = told(on(1), read(), edit("Roll back at once.", "9.0"))
    assert story.state.flagged[MESSAGE].text == "Roll back at once."
    assert isinstance(story.log[-2], MessageRead)


def test_an_older_edit_that_comes_late_changes_nothing() -> None:
    story = told(on(1), read(), edit("Newest.", "9.0"))
    assert story.do(edit("Older.", "8.0"), after(7)) == ()


def test_an_edit_of_a_message_nobody_flagged_is_of_no_interest() -> None:
    assert checkout().do(edit("Lunch?", "9.0"), after(7)) == ()


def test_a_deleted_message_stays_as_a_marked_entry() -> None:
    message = told(on(1), read(), DELETION).state.flagged[MESSAGE]
    assert (message.deleted, message.stands, message.text) == (True, True, "Roll back first, find out why later.")


def test_a_deletion_is_recorded_once() -> None:
    assert told(on(1), read(), DELETION).do(DELETION, after(7)) == ()


def shortcut(channel: ChannelId = ROOM, message: MessageTs = MESSAGE) -> AddMessageToTimeline:
    return AddMessageToTimeline(by=ADA, channel=channel, ts=message, author=BEN.id, text="It is the release.")


def test_the_shortcut_adds_a_message_with_its_text_and_ticks_it_once() -> None:
    story = told(shortcut())
    assert story.state.flagged[MESSAGE].text == "It is the release."
    assert [type(effect) for effect in story.effects] == [AddTick]


def test_the_shortcut_on_an_entry_says_that_it_is_one() -> None:
    with pytest.raises(Rejected, match="in the timeline already"):
        told(on(1)).decided(shortcut(), after(7))


def test_the_shortcut_works_in_the_incidents_channel_only() -> None:
    with pytest.raises(Rejected, match="the incident's own channel"):
        checkout().decided(shortcut(channel=ChannelId("C0LUNCH")), after(7))


def test_flags_still_count_after_the_end() -> None:
    assert resolved().do(on(1), after(60))


def test_a_note_is_about_now_unless_told() -> None:
    (note,) = checkout().do(AddNote(by=BEN, text=" Rolled back. "), after(6))
    assert note == NoteAdded(at=after(6), by=BEN.id, text="Rolled back.", happened_at=after(6))


def test_a_note_may_be_back_dated() -> None:
    (note,) = checkout().do(AddNote(by=BEN, text="It began.", happened_at=after(-30)), after(6))
    assert isinstance(note, NoteAdded)
    assert (note.happened_at, note.at) == (after(-30), after(6))


@pytest.mark.parametrize(
    ("note", "field"),
    [
        (AddNote(by=BEN, text="Soon.", happened_at=after(7)), "happened_at"),
        (AddNote(by=BEN, text=" \n "), "text"),
        (AddNote(by=BEN, text="x" * 3001), "text"),
    ],
)
def test_a_note_of_the_future_or_without_words_or_too_long_is_refused(note: AddNote, field: str) -> None:
    with pytest.raises(Rejected) as refusal:
        checkout().decided(note, after(6))
    assert refusal.value.field == field


def test_notes_can_be_added_after_the_end() -> None:
    assert resolved().do(AddNote(by=BEN, text="Postmortem on Friday."), after(60))


def test_an_edit_of_musters_own_post_is_no_news() -> None:
    assert told(on(1), read(from_muster=True)).do(edit("Update 3", "9.0"), after(7)) == ()


def test_the_shortcut_on_musters_own_post_is_refused() -> None:
    with pytest.raises(Rejected, match="Muster's own"):
        told(on(1), read(from_muster=True)).decided(shortcut(), after(7))


def test_the_shortcut_on_a_card_is_refused() -> None:
    story = checkout()
    with pytest.raises(Rejected, match="Muster's own"):
        story.decided(shortcut(message=story.state.cards[SUMMARY].ts), after(7))


def test_a_flag_in_another_channel_is_not_of_this_incident() -> None:
    assert checkout().do(replace(on(1), channel=ChannelId("C0LUNCH")), after(7)) == ()


def test_nothing_is_ticked_on_a_message_that_is_gone() -> None:
    assert told(on(1), read(), DELETION, off(2)).effects == ()


def test_a_note_draws_no_card_again_since_none_shows_it() -> None:
    assert told(AddNote(by=BEN, text="Rolled back.")).effects == ()


def test_an_edit_delivered_twice_is_one() -> None:
    story = told(on(1), read(), edit("Newer.", "9.0"))
    assert story.do(edit("Another text of the same edit.", "9.0"), after(7)) == ()


def test_a_note_of_just_the_length_that_fits_is_kept_whole() -> None:
    (note,) = checkout().do(AddNote(by=BEN, text="x" * 3000), after(6))
    assert isinstance(note, NoteAdded)
    assert len(note.text) == 3000
