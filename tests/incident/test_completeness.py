"""What must be named in a table is named there."""

from pathlib import Path

import pytest

from bot.incident.commands import Command, DeclareIncident
from bot.incident.decide import RULES
from bot.incident.events import Event, IncidentDeclared
from bot.incident.evolve import _CHANGES, UNSEEN
from bot.incident.lifecycle import TRANSITIONS, diagram
from bot.incident.terms import Milestone, Status
from tests.incident.every_command import asked_by, reported
from tests.incident.given import ADA
from tests.incident.kinds import kinds

LIFECYCLE = Path(__file__).parents[2] / "docs" / "lifecycle.md"


def test_every_command_has_a_rule() -> None:
    assert kinds("commands", Command) == {DeclareIncident, *RULES}


def test_every_command_is_among_the_examples() -> None:
    assert {type(each) for each in [*asked_by(ADA), *reported()]} == set(RULES)


def test_every_event_is_known_to_evolve() -> None:
    assert kinds("events", Event) == {IncidentDeclared, *_CHANGES}


def test_what_no_card_shows_is_an_event() -> None:
    assert set(UNSEEN) <= set(_CHANGES)


def test_every_status_has_its_transitions() -> None:
    assert set(TRANSITIONS) == set(Status)


def test_the_diagram_in_the_docs_is_drawn_from_the_table() -> None:
    assert f"```mermaid\n{diagram()}```" in LIFECYCLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("status", Status)
def test_the_docs_name_every_way_on_from_a_status(status: Status) -> None:
    ways = ", ".join(each for each in Status if each in TRANSITIONS[status])
    assert f"| {status} | {ways} |" in LIFECYCLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("milestone", Milestone)
def test_the_docs_explain_every_recorded_time(milestone: Milestone) -> None:
    assert f"| {milestone} |" in LIFECYCLE.read_text(encoding="utf-8")
