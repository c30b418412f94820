"""What a search found and what was like a new incident, as people read it: why, how it ended, and nothing unescaped."""

from typing import Any

import pytest

from bot.incident.gist import Gist, Shelf
from bot.incident.likeness import Findings, Likeness
from bot.incident.listing import listing
from bot.incident.terms import IncidentId, Status
from bot.slack.blocks import elements, hits
from bot.slack.message import Message
from bot.slack.mrkdwn import Mrkdwn
from tests.slack.blocks.given import AT, HOSTILE, incident
from tests.slack.blocks.rules import assert_sound
from tests.slack.blocks.test_drill_mark import lines_of


def hit(outcome: str = "Rolled back.", **changes: Any) -> Likeness:
    """INC-7, resolved unless told otherwise; it shares its service and two words, one of them in its title."""
    ended = incident(**{"id": IncidentId(7), "status": Status.RESOLVED, **changes})
    gist = Gist(shelf=Shelf.PUBLIC, words=(), service="checkout", outcome=outcome, playbooks=("Bad deploy",))
    words, titled = ("checkout", "replica"), ("checkout",)
    return Likeness(listing=listing(ended), gist=gist, same_service=True, words=words, titled=titled)


def found(*each: Likeness, **changes: Any) -> Findings:
    return Findings(**{"words": ("checkout", "replica"), "drills": False, "hits": each, "count": len(each), **changes})


def shown(findings: Findings) -> Message:
    message = hits.findings(findings, "/incident", AT)
    assert_sound(message)
    return message


def test_a_hit_says_what_it_was_where_it_is_how_it_ended_and_why_it_is_told() -> None:
    assert lines_of(shown(found(hit())).blocks) == [
        "SEV1 · Resolved · INC-7 · *Checkout returns 500 for about half of EU customers*",
        "<#C42> · declared <!date^1795183440^{time}|14:04 UTC> · playbook Bad deploy",
        "Ended: “Rolled back.”",
        "Why: same service checkout; in its title: checkout; said: replica",
    ]


def test_an_open_one_is_said_to_be_open_and_a_private_one_private() -> None:
    text = "\n".join(lines_of(shown(found(hit(status=Status.TRIAGE, private=True))).blocks))
    assert "Still open." in text
    assert "Ended" not in text
    assert "<#C42> · private · declared" in text


def test_without_a_recorded_outcome_nothing_is_made_up() -> None:
    assert not [line for line in lines_of(shown(found(hit(" "))).blocks) if line.startswith("Ended")]


@pytest.mark.parametrize(
    ("changes", "head"),
    [
        ({"count": 1}, "1 incident with “checkout”, “replica”"),
        ({"count": 12, "page": 2, "pages": 3}, "12 incidents with “checkout”, “replica”, page 2 of 3"),
        ({"count": 2, "whole": False}, "None has all of “checkout”, “replica”; 2 incidents with some of them"),
        ({"count": 1, "drills": True}, "1 drill with “checkout”, “replica”"),
    ],
)
def test_the_first_line_counts_what_was_found(changes: dict[str, Any], head: str) -> None:
    assert shown(found(hit(), **changes)).text == head


def test_nothing_found_says_where_else_to_look() -> None:
    message = shown(found())
    assert message.text == "No incident that you can see has “checkout”, “replica”."
    assert "Drills: `/incident search drills checkout replica`." in str(message.blocks)
    assert "drills" not in str(shown(found(drills=True)).blocks).removeprefix("No drill")


def test_pages_are_turned_with_the_words_of_the_search() -> None:
    buttons = shown(found(hit(), page=2, pages=3, drills=True)).blocks[-1]["elements"]
    assert [each["value"] for each in buttons] == ["0|1|drills|checkout replica", "0|3|drills|checkout replica"]


def test_a_drill_among_hits_bears_its_mark() -> None:
    assert lines_of(shown(found(hit(drill=True), drills=True)).blocks)[0].startswith("DRILL · SEV1")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_people_wrote_means_anything(text: str) -> None:
    gist = Gist(shelf=Shelf.PUBLIC, words=(), service=text, outcome=text, playbooks=(text,) * 3)
    named = Likeness(
        listing=listing(incident(title=text)), gist=gist, words=(text,) * 30, titled=(text,), same_service=True
    )
    shown(found(*[named] * 5, words=(text,) * 24, pages=9))
    shown(found(words=(text,) * 24))
    assert_sound(elements.message(Mrkdwn("Like"), *hits.precedent_blocks([named] * 3, AT)))
