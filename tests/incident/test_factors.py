"""Contributing factors: several, each of a class, with what shows and addresses it; changed and removed, never lost."""

from typing import Any

import pytest

from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import AddNote
from bot.incident.effects import KeepGist
from bot.incident.entry import EntryLabel
from bot.incident.factor import FactorClass, FactorContent, Surrounding, class_words, factor_reference
from bot.incident.factor_commands import AddFactor, ChangeFactor, RemoveFactor
from bot.incident.factor_events import FactorAdded, FactorChanged, FactorRemoved
from bot.incident.factoring import LONGEST_FACTOR
from bot.incident.followup import FollowupContent
from bot.incident.followup_commands import AddFollowup
from bot.incident.gentle_check import Doubt, Hint, hints, looks_for_one_cause
from bot.incident.gist import gist
from bot.incident.postmortem import postmortem
from bot.incident.review_sections import ReviewSection
from bot.incident.search_words import words_of
from bot.incident.terms import IncidentId, Rejected, Version
from bot.incident.timeline import entries
from tests.incident.given import ADA, BEN, CLEO, Story, after, checkout, drill, resolved

FLAGS = FactorContent(text="Nobody reviews kestrel flags", kind=FactorClass.PROCESS)
RELEASES = FactorContent(
    text="Two releases at once", kind=FactorClass.ENVIRONMENT, surrounding=Surrounding.RECENT_CHANGES
)


def with_factors(*contents: FactorContent, story: Story | None = None) -> Story:
    """Checkout, resolved, with these; Ada's."""
    told = story or resolved()
    for number, content in enumerate(contents or (FLAGS,)):
        told.do(AddFactor(by=ADA, content=content), after(40 + number))
    return told


def refused(story: Story, command: Any) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        story.decided(command, after(60))
    return refusal.value


def content(**changes: Any) -> FactorContent:
    return FactorContent(**{"text": "Nobody reviews flags", "kind": FactorClass.PROCESS, **changes})


def test_there_are_several_each_with_its_number_and_class() -> None:
    story = with_factors(FLAGS, RELEASES)
    assert [(each.number, each.content) for each in story.state.standing_factors] == [(1, FLAGS), (2, RELEASES)]
    assert factor_reference(IncidentId(42), 2) == "INC-42 CF2"
    assert class_words(RELEASES.kind, RELEASES.surrounding) == "environment: recent changes"


def test_each_addition_change_and_removal_is_an_event_with_who_and_when() -> None:
    story = with_factors()
    (changed,) = story.do(ChangeFactor(by=BEN, number=1, content=RELEASES, seen=0), after(50))
    (removed,) = story.do(RemoveFactor(by=ADA, number=1, why="It was another flag."), after(51))
    assert changed == FactorChanged(at=after(50), by=BEN.id, number=1, before=FLAGS, after=RELEASES)
    text = RELEASES.text
    assert removed == FactorRemoved(at=after(51), by=ADA.id, number=1, text=text, why="It was another flag.")
    assert story.state.standing_factors == ()
    assert story.state.factors[1].removed_by == ADA.id


def test_a_removed_one_keeps_its_number() -> None:
    story = with_factors()
    story.do(RemoveFactor(by=ADA, number=1, why="It was another flag."), after(50))
    (added,) = story.do(AddFactor(by=ADA, content=FLAGS), after(51))
    assert isinstance(added, FactorAdded)
    assert added.number == 2


def test_they_may_be_added_during_the_response_and_long_after_the_close() -> None:
    with_factors(story=checkout())
    story = resolved()
    story.do(CloseIncident(by=ADA, because="It was small."), after(35))
    with_factors(story=story)


@pytest.mark.parametrize(
    ("wrong", "field", "part"),
    [
        (content(text=" \u200b "), "text", "A factor needs a sentence"),
        (content(text="x" * (LONGEST_FACTOR + 1)), "text", "say it shorter"),
        (content(text="nobody REVIEWS kestrel flags"), "text", "stands there already, as CF1"),
        (content(entry=Version(999)), "entry", "no such entry"),
        (content(followups=(7,)), "followups", "has no follow-up F7"),
    ],
)
def test_what_is_refused_says_which_field(wrong: FactorContent, field: str, part: str) -> None:
    refusal = refused(with_factors(), AddFactor(by=ADA, content=wrong))
    assert refusal.field == field
    assert part in refusal.sentence


def test_only_the_environment_has_a_kind() -> None:
    (added,) = resolved().do(AddFactor(by=ADA, content=content(surrounding=Surrounding.LOAD)), after(40))
    assert isinstance(added, FactorAdded)
    assert added.content.surrounding is None


def test_a_form_that_is_older_than_the_factor_overwrites_nothing() -> None:
    story = with_factors()
    story.do(ChangeFactor(by=BEN, number=1, content=RELEASES, seen=0), after(50))
    refusal = refused(story, ChangeFactor(by=ADA, number=1, content=content(text="Mine"), seen=0))
    assert "was changed while you wrote" in refusal.sentence
    assert story.decided(ChangeFactor(by=ADA, number=1, content=RELEASES, seen=1), after(60)) == ()


def test_a_removal_says_why_and_happens_once() -> None:
    story = with_factors()
    assert "Say why" in refused(story, RemoveFactor(by=ADA, number=1, why=" ")).sentence
    assert "has no factor CF2" in refused(story, RemoveFactor(by=ADA, number=2, why="x")).sentence
    story.do(RemoveFactor(by=ADA, number=1, why="x"), after(50))
    assert "removed already" in refused(story, RemoveFactor(by=ADA, number=1, why="x")).sentence


def test_nobody_from_outside_adds_one() -> None:
    assert "Only people in #" in refused(resolved(), AddFactor(by=CLEO, content=FLAGS)).sentence


def test_it_names_the_entry_that_shows_it_and_keeps_it_when_others_come_before() -> None:
    story = resolved()
    story.do(AddNote(by=ADA, text="The pool was full"), after(35))
    shown = next(each for each in entries(story.log) if each.text == "The pool was full")
    with_factors(content(entry=shown.version), story=story)
    story.do(AddNote(by=ADA, text="It began", happened_at=after(1)), after(50))
    draft = postmortem(story.log, story.policy)
    named = draft.entry_at(draft.factors[0].content.entry or Version(0))
    assert named is not None
    assert named.text == "The pool was full"


def test_it_names_the_follow_ups_that_address_it() -> None:
    story = resolved()
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Review flags")), after(35))
    with_factors(content(followups=(1, 1)), story=story)
    assert story.state.factors[1].content.followups == (1,)


def test_the_timeline_tells_of_each_step() -> None:
    story = with_factors()
    story.do(ChangeFactor(by=BEN, number=1, content=RELEASES), after(50))
    story.do(RemoveFactor(by=ADA, number=1, why="It was another flag."), after(51))
    added, changed, removed = entries(story.log)[-3:]
    assert (added.label, added.subject, added.after) == (EntryLabel.FACTOR, FLAGS.text, "process")
    assert (changed.label, changed.after) == (EntryLabel.FACTOR_CHANGED, "environment: recent changes")
    assert (removed.label, removed.text) == (EntryLabel.FACTOR_REMOVED, "It was another flag.")


def test_search_finds_the_words_of_those_that_stand() -> None:
    story = with_factors()
    assert KeepGist(incident=IncidentId(42)) in story.effects
    assert {*words_of("kestrel")} <= {*gist(story.state, story.log).words}
    story.do(RemoveFactor(by=ADA, number=1, why="x"), after(50))
    assert not {*words_of("kestrel")} & {*gist(story.state, story.log).words}


def test_one_in_an_open_incident_asks_for_nothing_outside() -> None:
    story = checkout()
    story.do(AddFactor(by=ADA, content=FLAGS), after(5))
    assert list(story.effects) == []


def test_a_drill_has_its_own() -> None:
    assert with_factors(story=drill()).state.factors[1].content == FLAGS


ONE = Hint(doubt=Doubt.ONE_FACTOR, section=None)


def test_the_gentle_check_counts_them_with_what_is_written() -> None:
    assert ONE in hints({}, [FLAGS])
    assert ONE not in hints({}, [FLAGS, RELEASES])
    assert ONE not in hints({ReviewSection.PEOPLE: "Two were asleep."}, [FLAGS])


def test_the_gentle_check_reads_their_words_and_takes_their_section_for_begun() -> None:
    found = hints({}, [content(text="Human error")])
    assert Hint(doubt=Doubt.BLAME, section=ReviewSection.PROCESS, words="Human error") in found
    assert Hint(doubt=Doubt.EMPTY, section=ReviewSection.PROCESS) not in found
    assert Hint(doubt=Doubt.EMPTY, section=ReviewSection.PEOPLE) in found


@pytest.mark.parametrize(
    ("text", "wanted"), [("The root cause: flags", True), ("the cause was load", True), ("Flags", False)]
)
def test_words_that_look_for_one_cause_are_known(text: str, *, wanted: bool) -> None:
    assert looks_for_one_cause(text) is wanted
