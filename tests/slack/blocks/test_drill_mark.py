"""A drill is marked in words in all that Muster posts of it: every card in every status, every event it has words for.

Events are walked by the table of stored ones, so that a new event is walked too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.incident import timeline
from bot.incident.effects import ANNOUNCEMENT, SUMMARY, playbook_card, reminder_card, scorecard
from bot.incident.events import Event, StatusChanged
from bot.incident.listing import Listing, listing
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Rejected, Severity, Status, StepState
from bot.ports import GivenUp
from bot.slack.blocks import answers, channel_header, elements, panels, phrases
from bot.slack.blocks.home import home
from bot.slack.message import Message
from bot.slack.mrkdwn import escape
from bot.slack.renderer import BlockRenderer
from tests.incident import given as told
from tests.slack.blocks.given import ADA, AT, BEN, checklist, followups, incident, with_playbook
from tests.slack.blocks.rules import assert_sound
from tests.store.examples import EVERY_EVENT

MARK = "DRILL"
POLICY = Policy()
RENDERER = BlockRenderer(lambda: POLICY, lambda role: None, lambda channel, ts: "https://acme.example/p1")


def drill(**changes: Any) -> Incident:
    practised = incident(drill=True, followups=followups("Alert earlier"), **changes)
    return with_playbook(practised, checklist(), s1=StepState.STARTED)


def first_words(blocks: Sequence[Mapping[str, Any]]) -> str:
    """The first line that is read on the screen."""
    for block in blocks:
        if block["type"] in {"section", "context"}:
            text = block["text"] if block["type"] == "section" else block["elements"][0]
            return str(text["text"]).partition("\n")[0]
    return ""


def assert_marked(message: Message) -> None:
    """In what a telephone shows, and in the first line on the screen."""
    assert MARK in message.text.partition("\n")[0], message.text
    assert MARK in first_words(message.blocks), message.blocks
    assert_sound(message)


def _told(make: Any, *arguments: Any) -> Iterator[Message]:
    """An event that nobody is told of is refused by ValueError and nothing else."""
    try:
        yield make(*arguments)
    except ValueError as refusal:
        assert "told to" in str(refusal)  # noqa: PT017 - some events are refused, others are not


CARDS = [SUMMARY, ANNOUNCEMENT, playbook_card("bad-deploy"), scorecard(1)]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("card", CARDS)
def test_every_card_in_every_status(card: str, status: Status) -> None:
    shown = drill(status=status, resolutions=1, ended_at=AT)
    assert_marked(RENDERER.card(card, shown, AT, told.drill().log))


@pytest.mark.parametrize("stage", range(4))
@pytest.mark.parametrize("snoozed", [None, AT], ids=["", "snoozed"])
@pytest.mark.parametrize("number", [1, 2], ids=["over", "the newest"])
def test_every_reminder_as_far_as_it_has_climbed(stage: int, snoozed: Any, number: int) -> None:
    clock = replace(drill().clock, stage=stage, asked=BEN, reminders=2, snoozed_until=snoozed)
    assert_marked(RENDERER.card(reminder_card(number), drill(clock=clock), AT))


def test_a_reminder_never_says_that_the_announcement_channel_was_told_of_a_drill() -> None:
    clock = replace(drill().clock, stage=3, asked=BEN, reminders=1)
    text = RENDERER.card(reminder_card(1), drill(clock=clock), AT).text
    assert "has been told" not in text
    assert "In a real incident the announcement channel would be told now." in text


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_every_event_that_a_channel_a_person_or_the_declarer_is_told_of(event: Event) -> None:
    for message in _told(RENDERER.notice, event, drill(), AT):
        assert_marked(message)
    for message in _told(RENDERER.personal, event, drill(), AT):
        assert_marked(message)
    assert_marked(answers.confirmation([event], drill(), POLICY))


def test_every_ending_and_every_beginning_of_a_command() -> None:
    for message in (
        RENDERER.declared(drill(), AT),
        answers.declaring(drill()),
        answers.confirmation([], drill(), POLICY),
        answers.playbook_list([("p", "Bad deploy", "")], drill()),
        answers.playbook_list([], drill()),
        answers.did_you_mean("servity", "severity", drill()),
        answers.did_you_mean("servity", "", drill()),
    ):
        assert_marked(message)


@pytest.mark.parametrize("sentence", ["Not now.", "{who} is scribe already.", "DRILL"])
def test_every_refusal(sentence: str) -> None:
    assert_marked(answers.rejected(Rejected(sentence, verb="status", who=ADA), drill()))


@pytest.mark.parametrize("status", Status)
def test_the_control_panel_and_the_timeline(status: Status) -> None:
    entries = timeline.entries(told.drill().log)
    assert_marked(panels.control_panel(drill(status=status), POLICY, ADA, AT))
    assert_marked(answers.timeline(entries, None, drill(status=status)))
    assert_marked(answers.timeline([], None, drill(status=status)))


def test_the_declaration_in_the_timeline() -> None:
    entries = timeline.entries(told.drill().log)
    assert "DRILL INC-42 declared by" in str(answers.timeline(entries, None, drill()).blocks)


def test_the_topic() -> None:
    assert channel_header.topic(drill(), {}).startswith("DRILL · SEV1 · investigating")


def mixed() -> list[Listing]:
    """The drill is the gravest and the newest of all, and so are its reasons to come first."""
    grave = listing(drill(id=IncidentId(3), declared_at=AT))
    milder = incident(severity=Severity.SEV3, declared_at=AT - timedelta(hours=1))
    return [grave, *(listing(replace(milder, id=IncidentId(number))) for number in (1, 2))]


def lines_of(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    texts = [str(block["text"]["text"]) for block in blocks if block["type"] == "section"]
    return [line for text in texts for line in text.split("\n")]


def test_lists_and_home_name_a_drill_as_one_and_after_what_is_real() -> None:
    for blocks in (panels.front_door(mixed(), BEN, POLICY, AT).blocks, home(mixed(), BEN, POLICY, AT)["blocks"]):
        named = [line for line in lines_of(blocks) if line.split(" · ")[0].strip("*") in {MARK, "SEV1", "SEV3"}]
        assert [line.startswith(MARK) for line in named] == [False, False, True]
        assert all((MARK in line) == ("INC-3" in line) for line in lines_of(blocks) if "INC-" in line)


def test_a_drill_counts_for_no_incident() -> None:
    assert panels.open_count(mixed()) == "2 incidents are open. 1 drill is on."
    assert panels.open_count(mixed()[:1]) == "No incident is open. 1 drill is on."
    assert panels.open_count([*mixed()[:1]] * 2) == "No incident is open. 2 drills are on."


def test_what_was_given_up_of_a_drill() -> None:
    lost = GivenUp(count=1, newest_of=IncidentId(7), newest_at=AT, drill=True)
    assert "The newest: DRILL INC-7" in str(panels.front_door([], ADA, POLICY, AT, lost).blocks)


def test_what_is_no_drill_bears_no_mark() -> None:
    shown = with_playbook(incident(), checklist())
    for card in CARDS[:3]:
        assert MARK not in str(RENDERER.card(card, shown, AT))
    assert MARK not in str(panels.incident_list(mixed()[1:], 1, AT))


def test_a_text_of_slacks_full_length_stays_so_with_the_mark() -> None:
    long = elements.message(escape("x" * 4000), elements.section(escape("x" * 3000)))
    assert_marked(phrases.marked(long, drill()))


def test_what_has_no_words_at_first_is_marked_where_they_begin() -> None:
    message = Message(text="Up", blocks=({"type": "divider"}, {"type": "context", "elements": [{"text": "Up"}]}))
    marked = phrases.marked(message, drill())
    assert marked.blocks == ({"type": "divider"}, {"type": "context", "elements": [{"text": "DRILL · Up"}]})


def scored(*, reopened: bool = False, resolutions: int = 1) -> str:
    """A scorecard of the first resolution, as the channel reads it."""
    log = told.drill().log
    ended = StatusChanged(at=told.after(20), by=ADA, before=Status.TRIAGE, after=Status.RESOLVED)
    status = Status.INVESTIGATING if reopened else Status.RESOLVED
    shown = drill(status=status, resolutions=resolutions)
    blocks = RENDERER.card(scorecard(1), shown, AT, [*log, ended]).blocks
    return "\n".join(lines_of(blocks))


def test_a_scorecard_begins_with_what_went_well_and_ends_with_one_thing_to_try() -> None:
    first, *_, last = scored().split("\n")
    assert first.startswith("*Scorecard of DRILL INC-42")
    assert "Went well: you practised, and it is on record." in scored()
    assert last == "To try next time: let somebody take command aloud in the first minutes: `claim commander`."


def test_a_scorecard_says_what_did_not_happen_and_names_nobody() -> None:
    for said in ("Command taken: by nobody", "First update: none", "Roles filled: 0 of 4", "none was attached"):
        assert said in scored()
    assert "<@" not in scored()


def test_a_scorecard_of_a_drill_that_goes_on_says_that_it_is_over() -> None:
    assert "the drill is open again" in scored(reopened=True)
    assert "the newer one below takes its place" in scored(resolutions=2)
