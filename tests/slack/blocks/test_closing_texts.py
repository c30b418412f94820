"""What is said of closing and of workarounds: the form, the card, the question, the sentences."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.incident import events as happened
from bot.incident.closing_events import (
    ClosingAsked,
    ClosingPutOff,
    GateOverridden,
    NoWorkaroundsStated,
    RestorationVerified,
    ReviewRecorded,
    WorkaroundAdded,
    WorkaroundChased,
    WorkaroundExtended,
    WorkaroundRemoved,
)
from bot.incident.closure import Check, Closure, Override, Review, ReviewState
from bot.incident.review import ReviewCourse
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, Severity, Status
from bot.incident.timeline import entries
from bot.slack import action_ids
from bot.slack.blocks import answers, cards, closing_forms, timeline_page
from bot.slack.blocks.personal import personal_notice
from tests.slack.blocks.given import ADA, AT, BEN, POLICY, clock_time, incident, left_in_place
from tests.slack.blocks.rules import buttons, words

DAY = date(2026, 12, 1)
BY_ADA: dict[str, Any] = {"at": AT, "by": ADA}
BY_MUSTER: dict[str, Any] = {"at": AT, "by": MUSTER}
BOOKED = Review(state=ReviewState.BOOKED, on=DAY, facilitator=BEN)
BY_HAND = ReviewCourse(state=ReviewState.BOOKED, on=DAY, facilitator=BEN)
FLAG = {1: left_in_place()}


def resolved(**changes: Any) -> Incident:
    return incident(**{"status": Status.RESOLVED, "ended_at": clock_time(14, 33), **changes})


def fields(shown: Incident) -> list[str]:
    view = closing_forms.close_modal(shown, POLICY, AT, "42")
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def test_the_form_asks_for_what_the_gate_asks_for() -> None:
    assert fields(resolved()) == [
        "evidence",
        "release_roles",
        "no_workarounds",
        "what",
        "owner",
        "expires_on",
        "review",
        "review_on",
        "facilitator",
        "note",
        "because",
    ]


def test_only_where_policy_lets_it_be_waived_it_asks_why() -> None:
    assert "review_why" in fields(resolved(severity=Severity.SEV3))


def test_what_is_settled_is_not_asked_for_again() -> None:
    shown = resolved(roles={}, closure=Closure(workarounds=FLAG))
    assert not {"release_roles", "no_workarounds"} & set(fields(shown))


def test_a_drill_is_asked_for_a_note_at_most() -> None:
    assert fields(resolved(drill=True)) == ["note"]


def test_the_form_says_what_policy_asks_and_until_when() -> None:
    view = closing_forms.close_modal(resolved(), POLICY, AT, "42")
    assert "Policy for SEV1: required, by 22 Nov 2026 (UTC)." in str(view)


def test_the_form_of_workarounds_lists_those_in_place_with_their_buttons() -> None:
    view = closing_forms.workaround_modal(resolved(closure=Closure(workarounds=FLAG)), AT, "42")
    listed = [block for block in view["blocks"] if block["type"] == "section"]
    assert [block["accessory"]["value"] for block in listed] == ["42|1"]


def test_the_summary_says_what_was_left_behind() -> None:
    closure = Closure(
        workarounds={number: left_in_place(number) for number in range(1, 6)},
        override=Override(checks=(Check.VERIFIED, Check.ROLES), why="It was small.", by=ADA),
    )
    said = words(cards.summary_card(resolved(status=Status.CLOSED, closure=closure, review=BY_HAND), POLICY, AT))
    assert "Closed without   proof that it is restored, roles released, because: It was small.\n" in said
    assert "Review   booked for 1 Dec 2026, led by @UBEN\n" in said
    assert "Workarounds   W1 The flag is off. (@UBEN, until 1 Dec 2026) · W2" in said
    assert "· 2 more\n" in said


def test_the_question_names_what_is_missing_and_three_ways_on() -> None:
    asked = resolved(ended_at=AT - timedelta(days=3), roles={}, closure=Closure(evidence="99 %", workarounds=FLAG))
    message = personal_notice(ClosingAsked(**BY_MUSTER, number=1, asked=ADA), asked, POLICY, None, AT)
    assert words(message) == (
        "INC-42 (Checkout returns 500 for about half of EU customers) was resolved 3 days ago and is not closed yet. "
        "For that: SEV1 needs a review that is booked or held.\n[Close incident] [Reopen incident] [Not yet]"
    )


def test_where_nothing_is_missing_the_question_says_so() -> None:
    ready = resolved(roles={}, closure=Closure(evidence="99 %", none_in_place=True), review=BY_HAND)
    message = personal_notice(ClosingAsked(**BY_MUSTER, number=1, asked=ADA), ready, POLICY, None, AT)
    assert "Nothing is missing for that." in message.text


def test_whoever_owns_an_expired_workaround_is_asked_whether_it_is_still_needed() -> None:
    chased = WorkaroundChased(**BY_MUSTER, number=1, asked=BEN, chase=1, expires_on=DAY)
    message = personal_notice(chased, resolved(closure=Closure(workarounds=FLAG)), POLICY, None, AT)
    said = "“The flag is off.”, was to stay until 1 Dec 2026 and is still in place. Is it still needed?"
    assert said in words(message)
    assert buttons(message) == {
        action_ids.REMOVE_WORKAROUND: "42|1",
        action_ids.KEEP_WORKAROUND: "42|1|2026-12-01",
    }


EVENTS = [
    (RestorationVerified(**BY_ADA, evidence="99 %"), "Restored and verified by @UADA: 99 %"),
    (
        WorkaroundAdded(**BY_ADA, number=1, what="Off.", owner=BEN, expires_on=DAY),
        "Workaround W1: Off. (@UBEN, until 1 Dec 2026)",
    ),
    (
        WorkaroundExtended(**BY_ADA, number=1, what="Off.", before=DAY, expires_on=date(2026, 12, 9)),
        "Workaround W1 may stay until 9 Dec 2026, says @UADA: Off.",
    ),
    (
        WorkaroundChased(**BY_MUSTER, number=1, asked=BEN, chase=1, expires_on=DAY),
        "Workaround W1 expired on 1 Dec 2026, and @UBEN was asked",
    ),
    (
        WorkaroundRemoved(**BY_ADA, number=1, what="Off.", note="On again."),
        "Workaround W1 removed by @UADA: Off. (On again.)",
    ),
    (NoWorkaroundsStated(**BY_ADA), "No workaround is in place, says @UADA"),
    (
        ReviewRecorded(**BY_ADA, review=BOOKED, due_at=AT),
        "Review booked for 1 Dec 2026, led by @UBEN, says @UADA (policy: by 20 Nov 2026)",
    ),
    (
        ReviewRecorded(**BY_ADA, review=Review(state=ReviewState.WAIVED, why="Known.")),
        "Review waived by @UADA: Known.",
    ),
    (
        GateOverridden(**BY_ADA, missing=(Check.REVIEW,), why="Small."),
        "Closed by @UADA without a review, because: Small.",
    ),
    (ClosingAsked(**BY_MUSTER, number=1, asked=BEN), "@UBEN was asked whether to close it"),
    (ClosingPutOff(**BY_ADA), "Closing put off by @UADA"),
]


@pytest.mark.parametrize(("event", "sentence"), EVENTS, ids=[type(event).__name__ for event, _ in EVENTS])
def test_each_is_a_line_of_the_timeline(event: happened.Event, sentence: str) -> None:
    assert words(timeline_page.timeline(entries([event]), None, resolved())).endswith(f"14:35  {sentence}")


def test_what_the_command_recorded_is_confirmed() -> None:
    events = [
        GateOverridden(**BY_ADA, missing=(Check.REVIEW,), why="Small."),
        happened.StatusChanged(**BY_ADA, before=Status.RESOLVED, after=Status.CLOSED),
    ]
    assert words(answers.confirmation(events, resolved(), POLICY)) == (
        "Closed without a review, because: Small.\nINC-42 is closed, nothing more is expected here."
    )
