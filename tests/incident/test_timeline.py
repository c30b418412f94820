"""The timeline is what happened, in the order in which it happened."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.incident import events as happened
from bot.incident.entry import EntryLabel
from bot.incident.events import Event
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    MUSTER,
    ChannelId,
    Checklist,
    EntryKind,
    File,
    IncidentId,
    MessageTs,
    Milestone,
    Severity,
    Status,
    StepState,
    UserId,
    Version,
)
from bot.incident.timeline import entries, visible
from bot.incident.timeline_messages import message_time

ADA, BEN, CLEO = UserId("UADA"), UserId("UBEN"), UserId("UCLEO")
CHANNEL = ChannelId("C42")


def clock_time(minutes: int) -> datetime:
    return datetime(2026, 11, 20, 14, 0, tzinfo=UTC) + timedelta(minutes=minutes)


TS = MessageTs(f"{int(clock_time(8).timestamp())}.000200")
DECLARED = happened.IncidentDeclared(
    at=clock_time(6), by=CLEO, incident=IncidentId(42), title="<b>", severity=Severity.SEV1, update_every=None
)


def flagged(minutes: int = 9, by: UserId = BEN, kind: EntryKind = EntryKind.DECISION, ts: str = "1") -> Event:
    at = clock_time(minutes)
    return happened.MessageFlagged(at=at, by=by, channel=CHANNEL, ts=TS, emoji="scales", kind=kind, flagged_ts=ts)


def unflagged(minutes: int = 10, by: UserId = BEN, ts: str = "2") -> Event:
    kind = EntryKind.DECISION
    return happened.MessageUnflagged(at=clock_time(minutes), by=by, ts=TS, emoji="scales", kind=kind, flagged_ts=ts)


def read(text: str = "Roll back first.", **more: Any) -> Event:
    return happened.MessageRead(
        at=clock_time(9), by=MUSTER, ts=TS, author=ADA, text=text, permalink="https://x", **more
    )


def test_an_incident_begins_with_its_declaration_and_keeps_its_title_as_written() -> None:
    (entry,) = entries([DECLARED])
    assert (entry.label, entry.subject, entry.after, entry.number) == (EntryLabel.DECLARED, "<b>", "SEV1", 42)


def test_a_back_dated_note_stands_where_it_happened() -> None:
    note = happened.NoteAdded(at=clock_time(20), by=ADA, text="Deploy.", happened_at=clock_time(1))
    first, _ = entries([DECLARED, note])
    assert (first.text, first.at, first.recorded_at) == ("Deploy.", clock_time(1), clock_time(20))


def test_what_happened_at_once_stays_in_the_order_of_the_log() -> None:
    notes = [happened.NoteAdded(at=clock_time(1), by=ADA, text=str(n), happened_at=clock_time(1)) for n in range(5)]
    assert [entry.text for entry in entries(notes)] == list("01234")


def milestone(which: Milestone, minutes: int) -> Event:
    return happened.MilestoneReached(at=clock_time(6), by=CLEO, milestone=which, happened_at=clock_time(minutes))


def corrected(which: Milestone, before: int | None, after: int) -> Event:
    moved_from = None if before is None else clock_time(before)
    return happened.MilestoneCorrected(
        at=clock_time(30), by=ADA, milestone=which, before=moved_from, happened_at=clock_time(after)
    )


def test_a_corrected_milestone_is_one_entry_that_tells_of_each_correction() -> None:
    started = Milestone.IMPACT_STARTED
    log = [milestone(started, 5), corrected(started, 5, 3), corrected(started, 3, 2)]
    (entry,) = entries(log)
    assert (entry.subject, entry.at) == ("impact started", clock_time(2))
    assert [correction.before for correction in entry.corrections] == [clock_time(5), clock_time(3)]


def test_a_milestone_that_was_never_reached_can_be_added_by_a_correction() -> None:
    (entry,) = entries([corrected(Milestone.DETECTED, None, 4)])
    assert entry.corrections[0].before is None


def test_a_status_tells_of_its_own_milestone_until_that_is_corrected() -> None:
    status = happened.StatusChanged(at=clock_time(20), by=ADA, before=Status.TRIAGE, after=Status.MITIGATED)
    log = [status, milestone(Milestone.MITIGATED, 20)]
    assert [entry.label for entry in entries(log)] == [EntryLabel.STATUS]
    assert [entry.label for entry in entries([*log, corrected(Milestone.MITIGATED, 20, 18)])] == [
        EntryLabel.MILESTONE,
        EntryLabel.STATUS,
    ]


def test_a_flagged_message_stands_at_its_own_time_under_its_author() -> None:
    (entry,) = entries([flagged(), read(files=(File(name="graph.png"),))])
    assert (entry.at, entry.by, entry.flagged_by) == (message_time(TS), ADA, (BEN,))
    assert (entry.text, entry.kinds, entry.link) == ("Roll back first.", (EntryKind.DECISION,), "https://x")
    assert entry.files == (File(name="graph.png"),)


def test_a_message_flagged_twice_is_one_entry() -> None:
    (entry,) = entries([flagged(), read(), flagged(12, by=CLEO, ts="3")])
    assert entry.flagged_by == (BEN, CLEO)
    assert entry.kinds == (EntryKind.DECISION,)


def test_the_last_flag_taken_off_retracts_and_only_the_last() -> None:
    two = [flagged(), read(), flagged(12, by=CLEO, ts="3"), unflagged(13, ts="4")]
    assert len(visible(entries(two))) == 1
    (entry,) = entries([*two, unflagged(14, by=CLEO, ts="5")])
    assert visible([entry]) == ()
    assert (entry.retracted_by, entry.retracted_at) == (CLEO, clock_time(14))


def test_a_removal_that_arrives_before_its_addition_still_wins() -> None:
    (entry,) = entries([flagged(ts="1"), unflagged(ts="4"), flagged(11, ts="3")])
    assert entry.retracted


def test_a_message_flagged_again_stands_again() -> None:
    (entry,) = entries([flagged(), unflagged(), flagged(12, ts="3")])
    assert not entry.retracted


def test_an_edit_keeps_both_versions() -> None:
    edited = happened.MessageEdited(at=clock_time(10), by=ADA, ts=TS, text="Roll back now.", edited_ts="2")
    (entry,) = entries([flagged(), read(), edited])
    assert (entry.text, entry.earlier) == ("Roll back now.", ("Roll back first.",))


def test_a_deleted_message_stays_marked() -> None:
    deleted = happened.MessageDeleted(at=clock_time(10), by=ADA, ts=TS)
    (entry,) = visible(entries([flagged(), read(), deleted]))
    assert entry.deleted
    assert entry.text == "Roll back first."


def test_a_message_that_is_still_being_read_is_an_entry_already() -> None:
    (entry,) = entries([flagged()])
    assert not entry.read


def test_a_post_of_musters_own_is_no_entry() -> None:
    assert entries([flagged(), read(from_muster=True)]) == ()


def test_a_flag_that_was_only_ever_taken_off_is_no_entry() -> None:
    assert entries([unflagged()]) == ()


def test_reminders_and_snoozes_are_told() -> None:
    who: dict[str, Any] = {"at": clock_time(36), "by": MUSTER}
    log = [
        happened.UpdateReminded(**who, due_at=clock_time(35), stage=1, asked=BEN),
        happened.UpdateSnoozed(at=clock_time(37), by=BEN, until=clock_time(47)),
        happened.UpdateSkipped(at=clock_time(48), by=BEN, next_at=None),
    ]
    assert [entry.label for entry in entries(log)] == [EntryLabel.REMINDER, EntryLabel.SNOOZE, EntryLabel.SKIP]


def test_a_role_that_changes_hands_names_both() -> None:
    assigned = happened.RoleAssigned(at=clock_time(10), by=ADA, role=COMMUNICATIONS_LEAD, holder=BEN, before=CLEO)
    (entry,) = entries([assigned])
    assert (entry.subject, entry.before, entry.after) == (COMMUNICATIONS_LEAD, CLEO, BEN)


def test_playbooks_and_their_steps_are_told() -> None:
    who: dict[str, Any] = {"at": clock_time(10), "by": CLEO}
    step = happened.StepChanged(
        **who, playbook="p", step="1", title="Stop", before=StepState.OPEN, after=StepState.FAILED, note="No rights."
    )
    checklist = Checklist(playbook="p", title="Bad deploy", steps=(), why="matches 'deploy'")
    told = entries([happened.PlaybookAttached(**who, checklist=checklist), step])
    assert [(entry.subject, entry.after) for entry in told] == [("Bad deploy", ""), ("Stop", "failed")]


def test_musters_own_bookkeeping_is_no_entry() -> None:
    who: dict[str, Any] = {"at": clock_time(7), "by": MUSTER}
    log = [
        happened.ChannelOpened(**who, channel=CHANNEL, name="inc-42"),
        happened.CardPosted(**who, card="summary", channel=CHANNEL, ts=TS, rendered=Version(1)),
        happened.ResponderJoined(**who, user=ADA),
        happened.ResponderLeft(**who, user=ADA),
        happened.SummaryScheduled(**who, number=1),
        happened.StepFailed(**who, step="topic", reason="no"),
    ]
    assert entries(log) == ()


def test_a_messages_id_is_its_time() -> None:
    assert message_time(MessageTs("1763648880.000200")) == datetime(2025, 11, 20, 14, 28, 0, 200, tzinfo=UTC)


@given(st.lists(st.integers(min_value=-500, max_value=500)))
def test_entries_are_always_in_the_order_of_what_happened(minutes: list[int]) -> None:
    notes = [happened.NoteAdded(at=clock_time(0), by=ADA, text="", happened_at=clock_time(m)) for m in minutes]
    assert [entry.at for entry in entries(notes)] == sorted(clock_time(m) for m in minutes)
