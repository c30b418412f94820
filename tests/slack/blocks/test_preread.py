"""The pre-read pack: what it tells, and that hostile words in it stay words."""

from dataclasses import replace
from typing import Any

import pytest

from bot.incident.factor import Factor, FactorClass, FactorContent
from bot.incident.factor_index import ListedFactor, factor_lines
from bot.incident.gist import Gist, Shelf
from bot.incident.likeness import Likeness
from bot.incident.listing import listing
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Milestone, Status, StepState
from bot.slack.blocks.preread import Preread, preread
from tests.slack.blocks import given
from tests.slack.blocks.given import ADA, AT, HOSTILE, checklist, incident, with_playbook
from tests.slack.blocks.rules import assert_sound, words


def reviewed(text: str, count: int = 1, **changes: Any) -> Incident:
    content = FactorContent(text=text, kind=FactorClass.PROCESS)
    factors = {n: Factor(number=n, content=content, added_at=AT, added_by=ADA) for n in range(1, count + 1)}
    over = incident(status=Status.RESOLVED, ended_at=AT, review=given.booked(), factors=factors, title=text, **changes)
    return replace(over, followups=given.followups(text), milestones={Milestone.DETECTED: AT})


def packed(over: Incident, text: str, count: int = 1) -> Preread:
    meeting = over.review.booked
    assert meeting is not None
    other = listing(replace(over, id=IncidentId(7)))
    risks = [ListedFactor(line=each, listing=other) for each in factor_lines(over).values()]
    gist = Gist(shelf=Shelf.PUBLIC, words=(), outcome=text)
    precedents = [Likeness(listing=other, gist=gist, words=(text,))] * count
    return Preread(incident=over, meeting=meeting, risks=risks, precedents=precedents)


def test_it_tells_what_those_who_come_should_have_looked_at() -> None:
    used = with_playbook(reviewed("Two releases at once"), checklist(), s1=StepState.DONE, s2=StepState.FAILED)
    said = words(preread(packed(used, "Rolled back."), AT))
    for part in (
        "Pre-read for the review of INC-42, 21 Nov 2026",
        "The draft of the postmortem, with its timeline and picture, stands as a file in",
        "Times: detected 20 Nov 2026",
        "not recorded: impact started, mitigated, resolved",
        "1 done, 1 failed, of",
        "CF1 Two releases at once (process)",
        "Earlier incidents like it:\n• SEV1",
        "F1 Two releases at once",
        "[Show timeline] [Write postmortem] [Show review]",
    ):
        assert part in said


def test_what_there_is_none_of_is_said_or_left_out() -> None:
    bare = replace(reviewed("x"), factors={}, followups={})
    said = words(preread(Preread(incident=bare, meeting=packed(reviewed("x"), "").meeting), AT))
    assert "Playbooks consulted: none." in said
    assert "Contributing factors so far: none is named yet; there are always several." in said
    assert "Open follow-ups: none." in said
    assert "Earlier incidents" not in said


def test_long_lists_are_cut_and_say_so() -> None:
    said = words(preread(packed(reviewed("Two releases at once", 9), "", 9), AT))
    assert said.count("… and 4 more") == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    over = replace(given.hostile(text), review=given.booked(text), factors=reviewed(text, 9).factors)
    assert_sound(preread(packed(replace(over, followups=given.followups(text)), text, 9), AT))
