"""What the gentle check asks about, and what it leaves alone."""

from dataclasses import replace
from typing import Any

import pytest

from bot.incident.followup import Followup, FollowupContent, FollowupState
from bot.incident.gentle_check import Doubt, Hint, hints, points
from bot.incident.review_sections import ReviewSection
from tests.incident.given import ADA, NOON

PROCESS, PEOPLE, FOLLOW_UPS = ReviewSection.PROCESS, ReviewSection.PEOPLE, ReviewSection.FOLLOW_UPS
TWO = {PROCESS: "Flags are not reviewed.", PEOPLE: "Two people knew the flag, both asleep."}


def doubts(text: str, section: ReviewSection = PROCESS) -> list[tuple[Doubt, str]]:
    found = hints({**TWO, section: text})
    return [(hint.doubt, hint.words) for hint in found if hint.section is section and hint.doubt is not Doubt.EMPTY]


@pytest.mark.parametrize(
    ("text", "doubt", "words"),
    [
        ("It was human error.", Doubt.BLAME, "human error"),
        ("Ben was careless.", Doubt.BLAME, "was careless"),
        ("That was Ben's fault", Doubt.BLAME, "Ben's fault"),
        ("They forgot to tell support.", Doubt.BLAME, "They forgot to"),
        ("He should have looked.", Doubt.HINDSIGHT, "should have"),
        ("He shouldn’t have.", Doubt.HINDSIGHT, "shouldn't have"),
        ("Obviously it broke.", Doubt.HINDSIGHT, "Obviously"),
        ("The root\ncause is unknown.", Doubt.SINGLE_CAUSE, "root cause"),
        ("The only reason was load.", Doubt.SINGLE_CAUSE, "The only reason"),
        ("It failed solely because of load.", Doubt.SINGLE_CAUSE, "solely because of"),
    ],
)
def test_words_that_judge_or_narrow_are_asked_about(text: str, doubt: Doubt, words: str) -> None:
    assert (doubt, words) in doubts(text)


@pytest.mark.parametrize(
    "text",
    [
        "The default limit held; a segmentation fault followed.",
        "The alert failed to fire.",
        "Fault tolerance was tested.",
        "`git blame` and ```\nroot cause\n``` are commands here.",
        "Several causes came together.",
        "Shoulder haven.",
    ],
)
def test_what_judges_nobody_is_left_alone(text: str) -> None:
    assert doubts(text) == []


def test_a_word_is_asked_about_once_a_section() -> None:
    assert doubts("Human error. human error. Human error.") == [
        (Doubt.BLAME, "Human error"),
        (Doubt.BLAME, "human error"),
    ]


def test_one_factor_alone_is_asked_about_and_two_are_not() -> None:
    one = Hint(doubt=Doubt.ONE_FACTOR, section=None)
    assert one in hints({PROCESS: "Flags are not reviewed."})
    assert one not in hints(TWO)
    assert one not in hints({PROCESS: "- Flags are not reviewed.\n- Limits are not tested."})
    assert one not in hints({})


def test_a_follow_up_wants_an_owner_and_a_way_to_know() -> None:
    assert doubts("- Limit the pool.", FOLLOW_UPS) == [
        (Doubt.NO_OWNER, "Limit the pool."),
        (Doubt.NO_METRIC, "Limit the pool."),
    ]
    assert doubts("- [ ] Limit the pool. Owner: Ada. We shall know by: p99 below 300 ms.", FOLLOW_UPS) == []
    assert doubts("1. @ben limits the pool\n   measured by the load test", FOLLOW_UPS) == []


def test_the_unfilled_boxes_of_the_template_name_nobody_and_nothing() -> None:
    asked = doubts("- [ ] Limit it. Owner: … Due: … We shall know by: …", FOLLOW_UPS)
    assert [doubt for doubt, _ in asked] == [Doubt.NO_OWNER, Doubt.NO_METRIC]


def test_what_is_empty_is_told_last() -> None:
    found = hints({PROCESS: "Root cause.", PEOPLE: "  "})
    assert [hint.section for hint in found[-10:]] == [each for each in ReviewSection if each is not PROCESS]
    assert {hint.doubt for hint in found[-10:]} == {Doubt.EMPTY}


def test_items_hold_what_is_indented_under_them_and_paragraphs_are_points_too() -> None:
    assert points("Intro\n- one\n  more\n- two") == ("one more", "two")
    assert points("One.\nStill.\n\nTwo.") == ("One. Still.", "Two.")
    assert points(" \n") == ()


def item(number: int = 1, **content: Any) -> Followup:
    return Followup(
        number=number, content=FollowupContent(what="Alert earlier", **content), added_at=NOON, added_by=ADA.id
    )


def of_items(*items: Followup) -> list[tuple[Doubt, str]]:
    return [(hint.doubt, hint.words) for hint in hints({}, (), items) if hint.doubt is not Doubt.EMPTY]


def test_a_follow_up_of_its_own_wants_an_owner_and_a_metric_too() -> None:
    assert of_items(item()) == [(Doubt.NO_OWNER, "F1 Alert earlier"), (Doubt.NO_METRIC, "F1 Alert earlier")]
    assert of_items(item(2, owner=ADA.id, metric="no certificate with less than 30 days")) == []


def test_of_a_settled_follow_up_nothing_is_asked() -> None:
    assert of_items(replace(item(), state=FollowupState.DONE)) == []


def test_where_there_are_follow_ups_their_section_is_not_empty() -> None:
    empty = [hint.section for hint in hints({}, (), [item()]) if hint.doubt is Doubt.EMPTY]
    assert ReviewSection.FOLLOW_UPS not in empty
