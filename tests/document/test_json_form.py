"""The JSON: values reckoned by hand, and no field that docs/postmortem.md does not describe."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.document.json_form import VERSION, json_form
from bot.document.narrative import action_items
from bot.document.template import BLOCKS, FLAGS
from bot.document.wording import Names, Wording
from bot.incident import commands as ask
from bot.incident.postmortem import postmortem
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import Milestone, Severity, Status
from tests.document.demo_incident import DOCS, STEM, example
from tests.document.hostile import hostile_story
from tests.incident.given import ADA, BEN, POLICY, Story, after, led
from tests.incident.test_tracking import URL, added, filed

PAGE = (DOCS / "postmortem.md").read_text(encoding="utf-8")
WORDING = Wording(names=Names(known={ADA.id: "Ada", BEN.id: "Ben"}), policy=POLICY)


def form(story: Story) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json_form(postmortem(story.log, story.policy), WORDING))
    return told


def fields(value: object) -> Iterator[str]:
    match value:
        case dict():
            for name, inside in value.items():
                yield name
                yield from fields(inside)
        case list():
            for inside in value:
                yield from fields(inside)


def test_every_field_is_described() -> None:
    told = form(hostile_story("a 1"))
    told["people"] = told["files"] = None  # their fields are ids and names
    described = set(re.findall(r"`(\w+)(?:\[\])?`", PAGE.partition("## The JSON")[2]))
    assert set(fields(told)) <= described


def test_the_page_names_the_version_and_everything_that_a_template_may_name() -> None:
    assert f"`version` is {VERSION}" in PAGE
    named = set(re.findall(r"`(?:sections)?\.?(\w+)`", PAGE.partition("## A template")[2].partition("## The JSON")[0]))
    assert {*BLOCKS, *FLAGS, *ReviewSection} <= named


def test_values_are_those_of_the_incident() -> None:
    story = led(Severity.SEV1)
    story.do(ask.CorrectMilestone(by=ADA, milestone=Milestone.IMPACT_STARTED, at=after(-10)), after(1))
    story.do(ask.PostUpdate(by=BEN, known="Known.", impact="18 % fail."), after(37))
    story.do(ask.ChangeStatus(by=ADA, status=Status.MITIGATED), after(50))
    told = form(story)
    assert told["measures"][2] == {
        "phase": "mitigation",
        "start": "impact started",
        "end": "mitigated",
        "seconds": 3600.0,
        "basis": "recorded",
        "bound": None,
    }
    assert told["promises"] == [
        {
            "due_at": "2026-03-02T12:30:00Z",
            "outcome": "late",
            "ended_at": "2026-03-02T12:37:00Z",
            "late_seconds": 420.0,
        }
    ]
    assert told["impact"][1]["statements"][0]["text"] == "18 % fail."
    assert told["moments"][0]["corrections"] == [{"by": "U0ADA", "at": "2026-03-02T12:01:00Z", "before": None}]
    assert told["status_bands"][0] == {
        "value": "triage",
        "since": "2026-03-02T12:00:00Z",
        "until": "2026-03-02T12:50:00Z",
    }
    assert told["people"] == {"U0ADA": "Ada", "U0BEN": "Ben"}


def test_the_example_s_json_has_its_names() -> None:
    told = json.loads(example()[f"{STEM}.json"])
    assert set(told["people"].values()) == {"Ada Lovelace", "Ben Okri", "Cleo Tanaka"}


def test_a_follow_up_says_where_it_is_tracked() -> None:
    (told,) = form(filed())["followups"]
    assert told["issue"] == {"tracker": "GitHub", "key": "acme/ops#12", "url": URL}
    assert form(added())["followups"][0]["issue"] is None
    draft = postmortem(filed().log, filed().policy)
    assert f"F1 ([acme/ops\\#12]({URL})): Alert earlier" in action_items(draft, WORDING)
