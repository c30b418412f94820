"""The review in the documents: booked, waived, held with its quality; names where they are known."""

import json

from bot.document.json_form import json_form
from bot.document.review_words import review
from bot.document.wording import Names, Wording
from bot.incident.commands import ResolveIncident
from bot.incident.postmortem import postmortem
from bot.incident.review_commands import BookReview, HoldReview, WaiveReview
from tests.incident.every_command import REVIEW
from tests.incident.given import ADA, BEN, POLICY, Story, after, checkout

NAMED = Wording(names=Names(known={ADA.id: "Ada", BEN.id: "Ben"}))


def resolved() -> Story:
    story = checkout()
    story.do(ResolveIncident(by=ADA, summary="Rolled back."), after(30))
    return story


def told(story: Story) -> str:
    return review(postmortem(story.log, POLICY), NAMED)


def test_before_it_was_held_it_says_how_far_it_is() -> None:
    story = resolved()
    assert told(story) == "It has not been held yet."
    story.do(BookReview(by=ADA, plan=REVIEW), after(40))
    assert told(story) == "Booked for 2026-03-03 12:00 UTC, led by Ben."
    story.do(WaiveReview(by=ADA, why="The <cause> is known."), after(50))
    assert told(story) == r"Waived: The \<cause\> is known."


def test_once_it_was_held_it_says_who_came_and_how_good_it_was() -> None:
    story = resolved()
    story.do(HoldReview(by=ADA, facilitator=BEN, came=(ADA.id, BEN.id)), after(60))
    said = told(story)
    assert said.startswith("Held on 2026-03-02, led by Ben. Who came: Ada, Ben.\n\nQuality: 0 of 5.")
    assert "More than one contributing factor: **no** (0 are named)" in said


def test_the_json_has_every_reason() -> None:
    story = resolved()
    assert json.loads(json_form(postmortem(story.log, POLICY), NAMED))["review"]["quality"] is None
    story.do(HoldReview(by=ADA, facilitator=BEN, came=(ADA.id,)), after(60))
    form = json.loads(json_form(postmortem(story.log, POLICY), NAMED))["review"]
    assert (form["state"], form["on"], form["facilitator"], form["came"]) == ("held", "2026-03-02", BEN.id, [ADA.id])
    assert (form["quality"]["points"], form["quality"]["of"]) == (0, 5)
    assert form["quality"]["judged"][1] == {
        "criterion": "more than one contributing factor",
        "met": False,
        "why": "0 are named",
    }


def test_the_timeline_tells_of_every_step() -> None:
    story = resolved()
    story.do(BookReview(by=ADA, plan=REVIEW), after(40))
    entries = [each for each in postmortem(story.log, POLICY).entries if each.label == "review booked"]
    assert [each.after for each in entries] == [BEN.id]
