"""Searching at the desk: by command, button and form, each asking what this person may see."""

from typing import Any

import pytest

from bot.incident.effects import KeepGist
from bot.incident.gist import Gist, Shelf
from bot.incident.likeness import Likeness
from bot.incident.listing import listing
from bot.incident.policy import Policy, Rights
from bot.incident.terms import IncidentId, UserId
from bot.slack import action_ids as ids
from bot.slack.blocks.modals import YES
from bot.slack.buttons import on_press
from bot.slack.chat import SlackChat
from bot.slack.slash_command import on_slash_command
from bot.slack.submissions import on_submission
from tests.archive_double import ArchiveDouble
from tests.slack.given_desk import ADA, CLEO, DEE, Given, given, inc42, press, slash, submit
from tests.slack.scripted_slack import ScriptedSlack
from tests.slack.war_room import FORTY_TWO, incident, lease

GIST = Gist(shelf=Shelf.PUBLIC, words=())


def hit(number: int = 42, *, private: bool = False) -> Likeness:
    shown = listing(inc42(id=IncidentId(number), private=private, title=f"Kestrel {number}"))
    return Likeness(listing=shown, gist=GIST, words=("kestrel",))


def found(*hits: Likeness) -> Given:
    here = given()
    here.archive.hits = hits
    return here


async def searched(here: Given, text: str, user: UserId = ADA) -> str:
    answer = await on_slash_command(here.desk, slash(f"search {text}", user=user))
    assert answer is not None
    return str(answer["blocks"])


@pytest.mark.parametrize(
    ("text", "words", "drills"),
    [
        ("Kestrel on the roof", ("kestrel", "roof"), False),
        ("“INC-42 kestrel”", ("42", "kestrel"), False),
        ("drills kestrel", ("kestrel",), True),
        ("Drill kestrel", ("kestrel",), True),
        ("kestrel drills", ("kestrel", "drills"), False),
    ],
)
async def test_words_are_looked_for_among_incidents_unless_drills_are_asked_for(
    text: str, words: tuple[str, ...], drills: bool
) -> None:
    here = found(hit())
    assert "Kestrel 42" in await searched(here, text)
    assert here.archive.asked == [(words, drills, 1)]


@pytest.mark.parametrize("text", ["the", "drills", "drills the", "…"])
async def test_words_that_tell_nothing_are_refused_with_an_example(text: str) -> None:
    here = found(hit())
    assert "as in “search replica failover”" in await searched(here, text)
    assert here.archive.asked == []


async def test_a_private_hit_is_told_to_its_members_and_to_whom_the_policy_lets_see_it() -> None:
    here = found(hit(7, private=True), hit(8))
    assert "Kestrel 7" in await searched(here, "kestrel")
    outside = await searched(here, "kestrel", CLEO)
    assert "Kestrel 7" not in outside
    assert "1 incident with" in outside
    here.door.policy = Policy(rights=Rights(see_private=frozenset({CLEO})))
    assert "Kestrel 7" in await searched(here, "kestrel", CLEO)


async def test_a_guest_searches_nothing() -> None:
    here = found(hit())
    assert "Guests of this workspace" in await searched(here, "kestrel", DEE)
    assert here.archive.asked == []


async def test_without_words_and_by_its_button_the_form_opens() -> None:
    here = given()
    assert await on_slash_command(here.desk, slash("search")) is None
    assert here.slack.view["callback_id"] == ids.SEARCH_MODAL
    await on_press(here.desk, press(ids.SEARCH, "0"))
    assert here.slack.view["callback_id"] == ids.SEARCH_MODAL


async def test_what_was_found_takes_the_place_of_the_form() -> None:
    here = found(hit())
    fields: dict[str, dict[str, Any]] = {"words": {"value": "kestrel"}, "drill": {"selected_options": [{"value": YES}]}}
    answer = await on_submission(here.desk, submit(ids.SEARCH_MODAL, "0", ADA, **fields))
    assert answer is not None
    assert answer["response_action"] == "update"
    assert "Kestrel 42" in str(answer["view"])
    assert here.archive.asked == [(("kestrel",), True, 1)]


async def test_a_form_without_telling_words_says_so_beside_the_field() -> None:
    answer = await on_submission(given().desk, submit(ids.SEARCH_MODAL, "0", ADA, words={"value": "the"}, drill={}))
    assert answer is not None
    assert list(answer["errors"]) == ["words"]


async def test_a_page_is_turned_for_whoever_turns_it() -> None:
    here = found(*(hit(number) for number in range(1, 7)), hit(7, private=True))
    await on_press(here.desk, press(f"{ids.SEARCH_PAGE}:2", "0|2|incidents|kestrel", user=CLEO))
    assert here.archive.asked == [(("kestrel",), False, 2)]
    (_, body) = here.slack.answered[-1]
    assert body["replace_original"] is True
    assert ("Kestrel 6" in str(body), "Kestrel 7" in str(body)) == (True, False)


@pytest.mark.parametrize("value", ["0", "0|x|incidents|kestrel", "0|1", "0|1|incidents|", "x"])
async def test_a_forged_page_changes_nothing_and_is_no_fault(value: str) -> None:
    here = found(hit())
    await on_press(here.desk, press(f"{ids.SEARCH_PAGE}:2", value))
    assert here.archive.asked == []
    assert "fault of its own" not in str(here.slack.answered)


async def test_a_gist_is_kept_and_slack_is_asked_nothing(
    chat: SlackChat, slack: ScriptedSlack, archive: ArchiveDouble
) -> None:
    effect = KeepGist(incident=FORTY_TWO)
    assert await chat.perform(effect, incident(), lease(effect)) is None
    assert (archive.kept, slack.calls) == ([42], [])
