"""What an incident is found by: all that stands in its record, and nothing that was taken out of it."""

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.incident.closing_commands import AddWorkaround
from bot.incident.commands import (
    AddMessageToTimeline,
    AddNote,
    CancelIncident,
    Command,
    DeclareIncident,
    FlagMessage,
    PostUpdate,
    RecordMessageDeletion,
    RecordMessageEdit,
    ReopenIncident,
    ResolveIncident,
    UnflagMessage,
)
from bot.incident.effects import KeepGist
from bot.incident.followup import FollowupContent
from bot.incident.followup_commands import AddFollowup, ChangeFollowup
from bot.incident.gist import MOST_WORDS, Gist, Shelf, gist, is_told_in_full
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Rejected
from bot.incident.writing_commands import WriteSection
from tests.incident.given import ADA, BEN, ROLLBACK, ROOM, Story, after, checkout, resolved, ts

KEPT: Final = KeepGist(incident=IncidentId(42))


def gist_of(story: Story) -> Gist:
    return gist(story.state, story.log if is_told_in_full(story.state) else ())


def words(story: Story) -> set[str]:
    return set(gist_of(story).words)


def logged(story: Story, number: int, text: str) -> None:
    story.do(AddMessageToTimeline(by=ADA, channel=ROOM, ts=ts(number), author=BEN.id, text=text), after(5))


def resolve(story: Story, summary: str = "") -> None:
    story.do(ResolveIncident(by=ADA, summary=summary), after(30))


def test_an_open_incident_is_found_by_what_it_was_declared_with() -> None:
    command = DeclareIncident(by=ADA, title="Kestrel down", service="Check Out", impact="No orders", checklist=ROLLBACK)
    story = Story().declare(command)
    found = {"kestrel", "down", "check", "order", "service:check_out", "playbook:bad-deploy"}
    assert found <= words(story)
    story.open_channel()
    story.do(AddNote(by=ADA, text="A falcon"), after(1))
    assert ("falcon" in words(story), KEPT in story.effects) == (False, False)


def test_one_that_has_ended_is_found_by_all_that_was_said() -> None:
    story = checkout()
    story.do(AddNote(by=ADA, text="The falcon is off"), after(1))
    story.do(PostUpdate(by=BEN, known="Merlin found", impact="Orders", doing="Hobby"), after(2))
    logged(story, 4, "buzzard at <https://graph.example|harrier>")
    resolve(story, "Osprey rolled back")
    assert {"falcon", "merlin", "hobby", "buzzard", "harrier", "osprey"} <= words(story)
    assert (gist_of(story).outcome, KEPT in story.effects) == ("Osprey rolled back", True)


def test_what_is_written_in_its_postmortem_is_found_once_it_has_ended_in_the_newest_words() -> None:
    story = checkout()
    story.do(WriteSection(by=ADA, section=ReviewSection.PROCESS, text="A goshawk", seen=0), after(1))
    assert ("goshawk" in words(story), KEPT in story.effects) == (False, False)
    resolve(story)
    assert "goshawk" in words(story)
    story.do(WriteSection(by=BEN, section=ReviewSection.PROCESS, text="An osprey", seen=1), after(40))
    assert ("goshawk" in words(story), "osprey" in words(story), KEPT in story.effects) == (False, True, True)


def test_a_deleted_an_edited_and_a_retracted_message_lose_their_words() -> None:
    story = checkout()
    for number, text in ((1, "falcon"), (2, "merlin"), (3, "buzzard")):
        logged(story, number, text)
    resolve(story)
    story.do(RecordMessageDeletion(by=MUSTER_ITSELF, ts=ts(1)), after(40))
    assert KEPT in story.effects
    story.do(RecordMessageEdit(by=MUSTER_ITSELF, ts=ts(2), text="hobby", edited_ts=f"{ts(9)}"), after(41))
    story.do(UnflagMessage(by=ADA, channel=ROOM, ts=ts(3), emoji="", flagged_ts=f"{ts(9000)}"), after(42))
    assert {"falcon", "merlin", "buzzard"} & words(story) == set()
    assert "hobby" in words(story)


def test_reopened_after_its_resolution_it_stays_told_in_full_and_is_kept_up() -> None:
    story = resolved()
    story.do(ReopenIncident(by=ADA, why="Kite is back"), after(31))
    story.do(AddNote(by=ADA, text="A falcon"), after(32))
    assert {"kite", "falcon"} <= words(story)
    assert KEPT in story.effects


def test_reopened_after_it_was_cancelled_it_is_open_as_any_other() -> None:
    story = checkout()
    story.do(CancelIncident(by=ADA, why="Only a falcon"), after(1))
    assert (gist_of(story).outcome, "falcon" in words(story)) == ("Only a falcon", True)
    story.do(ReopenIncident(by=ADA), after(2))
    assert (KEPT in story.effects, "falcon" in words(story)) == (True, False)


def test_a_workaround_is_found_by_what_it_is() -> None:
    story = resolved()
    add = AddWorkaround(by=ADA, what="Falcon switched off", owner=BEN, expires_on=after(60 * 24 * 3).date())
    story.do(add, after(40))
    assert (KEPT in story.effects, "falcon" in words(story)) == (True, True)


def test_a_follow_up_is_found_by_what_it_says_now() -> None:
    story = resolved()
    first, then = (FollowupContent(what=f"Alert on the {bird}", owner=BEN.id) for bird in ("falcon", "merlin"))
    story.do(AddFollowup(by=ADA, content=first, people=(BEN,)), after(40))
    assert (KEPT in story.effects, "falcon" in words(story)) == (True, True)
    story.do(ChangeFollowup(by=ADA, number=1, content=then, people=(BEN,)), after(41))
    assert KEPT in story.effects
    assert {"falcon", "merlin"} & words(story) == {"merlin"}


def test_the_outcome_is_what_was_said_at_the_resolution() -> None:
    assert gist_of(resolved()).outcome == "Rolled back."


def test_each_kind_of_incident_has_a_shelf_of_its_own() -> None:
    kinds = [(False, False), (True, False), (False, True), (True, True)]
    made = [DeclareIncident(by=ADA, title="Down", private=private, drill=drill) for private, drill in kinds]
    shelves = [gist_of(Story().declare(command)).shelf for command in made]
    assert shelves == [Shelf.PUBLIC, Shelf.PRIVATE, Shelf.DRILLS, Shelf.PRIVATE_DRILLS]


def test_of_a_very_long_record_the_words_said_most_often_are_kept_after_those_of_its_title() -> None:
    story = checkout()
    for number in range(MOST_WORDS):
        story.do(AddNote(by=ADA, text=f"once{number} twice{number % 20}"), after(1))
    resolve(story)
    assert len(gist_of(story).words) == MOST_WORDS
    assert {"checkout", "500", *(f"twice{number}" for number in range(20))} <= words(story)


NAMES = ("falcon", "merlin", "hobby", "kestrel", "osprey", "buzzard")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["note", "log", "edit", "delete", "flag", "unflag"]), st.integers(0, 2), st.integers(0, 5)
    ),
    max_size=14,
)


def command_for(act: str, number: int, name: str, turn: int) -> Command:
    match act:
        case "note":
            return AddNote(by=ADA, text=name)
        case "log":
            return AddMessageToTimeline(by=ADA, channel=ROOM, ts=ts(number), author=BEN.id, text=name)
        case "edit":
            return RecordMessageEdit(by=MUSTER_ITSELF, ts=ts(number), text=name, edited_ts=f"{5 + turn}.0")
        case "delete":
            return RecordMessageDeletion(by=MUSTER_ITSELF, ts=ts(number))
        case "flag":
            flagged = f"{after(30 + turn).timestamp():.6f}"
            return FlagMessage(by=BEN, channel=ROOM, ts=ts(number), emoji="scales", flagged_ts=flagged)
    return UnflagMessage(
        by=ADA, channel=ROOM, ts=ts(number), emoji="", flagged_ts=f"{after(30 + turn).timestamp():.6f}"
    )


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(steps=STEPS, ends_at=st.integers(0, 14))
def test_whatever_is_said_edited_retracted_or_deleted_is_found_or_not_accordingly(
    steps: list[tuple[str, int, int]], ends_at: int
) -> None:
    """Beside the state, which knows messages by another way than the log's entries do; and a gist once asked for is due
    again with each change."""
    story, notes, kept = checkout(), set(), frozenset[str]()
    for turn, (act, number, which) in enumerate([*steps[:ends_at], ("end", 0, 0), *steps[ends_at:]]):
        try:
            if act == "end":
                resolve(story)
            else:
                story.do(command_for(act, number, NAMES[which], turn), after(30 + turn))
        except Rejected:
            continue
        if act == "note":
            notes.add(NAMES[which])
        if KEPT in story.effects:
            kept = frozenset(words(story))
    standing = (each for each in story.state.flagged.values() if each.stands and not each.deleted)
    assert kept & set(NAMES) == notes | {each.text for each in standing if each.text}
