"""Drills at the desk: how one is asked for, and that every page, form and answer about one says so.

Pages, forms and verbs are walked by their own tables, so that a new one is walked too.
"""

from typing import Any

import pytest

from bot.incident import commands as ask
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Rejected, Severity
from bot.slack.action_ids import DECLARE_MODAL, pack
from bot.slack.asked import Look, Page
from bot.slack.blocks.modals import YES
from bot.slack.forms import FORMS, Opening, open_form
from bot.slack.looking import Viewing, look
from bot.slack.replies import Spot
from bot.slack.slash_command import on_slash_command
from bot.slack.submissions import on_submission
from bot.slack.verbs import VERBS
from tests.slack.blocks.given import CHANNEL, incident
from tests.slack.blocks.test_drill_mark import assert_marked
from tests.slack.given_desk import ADA, Given, given, inc42, slash, submit

NAMED = IncidentId(42)
WORDS = {"factor": "process: 99:99"}
"""Behind a verb that opens its form for anything else."""
OF_NO_INCIDENT = {
    Page.HELP,
    Page.SEARCH,
    Page.SERVICE,
    Page.SERVICES,
    Page.MAINTENANCE,
    Page.FREEZES,
    Page.RISKS,
    Page.ALERT_QUALITY,
}
OF_NO_INCIDENT_HERE = {"help", "declare", "drill", "playbook", "search", "service", "maintenance", "freeze", "risks"}
"""Verbs that are about another incident or none; 'playbook 99:99' is refused because there is no such playbook."""


def drill(**changes: Any) -> Incident:
    return inc42(drill=True, **changes)


async def typed(here: Given, text: str) -> str:
    answer = await on_slash_command(here.desk, slash(text))
    return "" if answer is None else str(answer["text"])


def ticked(here: Given) -> bool:
    (field,) = [block for block in here.slack.view["blocks"] if block.get("block_id") == "drill"]
    return "initial_options" in field["element"]


async def test_a_drill_is_declared_at_once_where_it_has_a_title() -> None:
    here = given()
    await typed(here, "drill sev1 Checkout down")
    command = here.command
    assert isinstance(command, ask.DeclareIncident)
    assert (command.title, command.severity, command.drill) == ("Checkout down", Severity.SEV1, True)


@pytest.mark.parametrize(("text", "is_ticked"), [("drill", True), ("practise", True), ("declare", False)])
async def test_without_a_title_the_form_opens_with_its_box_ticked(text: str, is_ticked: bool) -> None:
    here = given()
    assert await typed(here, text) == ""
    assert here.slack.view["callback_id"] == DECLARE_MODAL
    assert ticked(here) == is_ticked


async def test_the_box_is_ticked_while_everything_is_a_drill() -> None:
    here = given()
    here.door.drills_only = True
    await typed(here, "declare")
    assert ticked(here)


@pytest.mark.parametrize("text", ["declare Drill sergeant is late", "declare sev1 fire drill"])
async def test_a_title_makes_no_drill(text: str) -> None:
    here = given()
    await typed(here, text)
    assert isinstance(here.command, ask.DeclareIncident)
    assert not here.command.drill


@pytest.mark.parametrize(("chosen", "is_drill"), [([{"value": YES}], True), ([], False)])
async def test_the_box_in_the_form_makes_a_drill(chosen: list[dict[str, str]], is_drill: bool) -> None:
    here = given()
    fields: dict[str, dict[str, Any]] = {
        "title": {"value": "Down"},
        "severity": {"selected_option": {"value": "SEV1"}},
        "drill": {"selected_options": chosen},
    }
    assert await on_submission(here.desk, submit(DECLARE_MODAL, pack(0, "", ""), ADA, **fields)) is None
    assert isinstance(here.command, ask.DeclareIncident)
    assert here.command.drill == is_drill


@pytest.mark.parametrize("page", sorted(set(Page) - OF_NO_INCIDENT))
async def test_every_page_about_a_drill_says_so(page: Page) -> None:
    here = given(drill())
    viewing = Viewing(by=await here.desk.person(ADA), channel=CHANNEL)
    message = await look(here.desk, Look(page=page), viewing)
    if page is Page.LIST:
        assert "DRILL · SEV1 · Investigating · INC-42" in str(message.blocks)
    else:
        assert_marked(message)


@pytest.mark.parametrize("modal", sorted(FORMS))
async def test_every_form_about_a_drill_says_so(modal: str) -> None:
    here = given(drill())
    viewing = Viewing(by=await here.desk.person(ADA), incident=NAMED)
    await open_form(here.desk, modal, viewing, Opening(spot=Spot(trigger="1.2.abc")))
    head = here.slack.view["blocks"][0]["elements"][0]["text"]
    assert head.startswith("DRILL · SEV1 · Investigating · INC-42")


@pytest.mark.parametrize("verb", sorted({verb.name for verb in VERBS} - OF_NO_INCIDENT_HERE))
async def test_every_refusal_of_a_verb_in_a_drill_says_so(verb: str) -> None:
    """Whatever is made of what is typed behind it, the door refuses it."""
    here = given(drill())
    here.door.raises = [Rejected("Not now.", verb="status")]
    answer = await on_slash_command(here.desk, slash(f"{verb} {WORDS.get(verb, '99:99')}"))
    assert answer is not None
    assert "DRILL" in answer["text"].partition("\n")[0], answer["text"]


async def test_a_word_that_is_no_verb_is_answered_with_the_mark() -> None:
    assert (await typed(given(drill()), "servity")).startswith("DRILL · ")


async def test_real_incidents_come_before_drills_in_every_list() -> None:
    real = incident(id=IncidentId(1), severity=Severity.SEV3, channel=None)
    here = given(drill(), real)
    for text in ("list", "list all"):
        answer = await on_slash_command(here.desk, slash(text))
        shown = str((answer or {})["blocks"])
        assert 0 < shown.index("INC-1") < shown.index("DRILL · SEV1 · Investigating · INC-42")
