"""How it went, at the desk: the question, its form, and that nothing of an answer leaves it with a name."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.incident.afterwards_effects import FindRespondents
from bot.incident.events import Event
from bot.incident.feedback import Answer, Feedback, Informed, Led, Respondent
from bot.incident.feedback_commands import GiveFeedback, RecordRespondents
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Person, Standing, Status, UserId
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.blocks.feedback_cards import asked_how_it_went, feedback_form, feedback_page
from bot.slack.blocks.postmortem_panel import postmortem_panel
from bot.slack.buttons import on_press
from bot.slack.mrkdwn import line
from bot.slack.respondents import Respondents
from bot.slack.slash_command import on_slash_command
from bot.slack.submissions import on_submission
from tests.document.hostile import HOSTILE
from tests.incident.given import after, checkout
from tests.slack.blocks.given import AT
from tests.slack.blocks.rules import assert_sound, assert_sound_view, readable, words
from tests.slack.given_desk import ADA, BEN, CLEO, Given, given, inc42, press, slash, submit
from tests.slack.test_submissions import text

POLICY = Policy()
SAID = Answer(led=Led.AT_TIMES, informed=Informed.LATE, change="A page for the status.")


def asked(*users: UserId, answers: dict[str, Answer] | None = None, **changes: Any) -> Incident:
    feedback = Feedback(
        opened_at=AT,
        asked=dict.fromkeys(users or (ADA, BEN), AT - timedelta(hours=1)),
        answers={Respondent(name): answer for name, answer in (answers or {}).items()},
        **changes,
    )
    return inc42(feedback=feedback)


def chosen(value: str) -> dict[str, Any]:
    return {"type": "radio_buttons", "selected_option": {"value": value}}


async def send(desk: Given, user: UserId = BEN, /, **inputs: Any) -> Any:
    whole = {"led": {}, "informed": {}, "change": text(""), **inputs}
    return await on_submission(desk.desk, submit(ids.FEEDBACK_MODAL, pack(42), user, **whole))


async def test_the_button_opens_the_form_with_what_they_said_so_far() -> None:
    desk = given(asked(answers={"somebody-42-ben": SAID, "somebody-42-ada": Answer(change="Ada's own.")}))
    await on_press(desk.desk, press(ids.GIVE_FEEDBACK, pack(42), user=BEN))
    assert_sound_view(desk.slack.view)
    shown = str(desk.slack.view)
    assert ("A page for the status." in shown, "Ada's own." in shown) == (True, False)
    assert desk.slack.view["blocks"][1]["element"]["initial_option"]["value"] == Led.AT_TIMES


async def test_an_answer_goes_under_a_name_that_is_not_theirs() -> None:
    desk = given(asked())
    assert await send(desk, led=chosen(Led.AT_TIMES), informed=chosen(Informed.LATE), change=text(SAID.change)) is None
    command = desk.command
    assert isinstance(command, GiveFeedback)
    assert (command.respondent, command.answer) == ("somebody-42-ben", SAID)
    assert not [request for request in desk.door.requests if BEN in request]


async def test_with_names_it_goes_under_theirs() -> None:
    desk = given(asked(anonymous=False))
    await send(desk, led=chosen(Led.CLEAR))
    command = desk.command
    assert isinstance(command, GiveFeedback)
    assert str(command.respondent) == BEN


async def test_one_form_sent_with_other_words_is_another_request() -> None:
    desk = given(asked())
    for said in ("One.", "One.", "Two."):
        await send(desk, change=text(said))
    first, again, other = desk.door.requests
    assert (first == again, first == other) == (True, False)


async def test_of_a_member_whom_the_log_does_not_know_nothing_is_recorded_beside_the_answer() -> None:
    """Else the entry before an answer would name who gave it."""
    incident = replace(asked(BEN), private=True, members=frozenset({ADA}))
    desk = given(incident)
    desk.people.inside.add(BEN)
    await send(desk, led=chosen(Led.CLEAR))
    assert [type(each) for each in desk.door.commands] == [GiveFeedback]


async def test_whoever_was_not_asked_is_told_so() -> None:
    desk = given(asked(ADA))
    await on_press(desk.desk, press(ids.GIVE_FEEDBACK, pack(42), user=BEN))
    assert "Only those who took part" in desk.slack.answer


async def test_of_a_private_incident_an_outsider_hears_nothing() -> None:
    desk = given(replace(asked(CLEO), private=True))
    for body in (press(ids.GIVE_FEEDBACK, pack(42), user=CLEO), press(ids.SHOW_FEEDBACK, pack(42), user=CLEO)):
        await on_press(desk.desk, body)
        assert desk.slack.answer == "There is no INC-42 that you can see."


async def test_a_choice_that_no_form_offers_is_refused_beside_its_field() -> None:
    sent = await send(given(asked()), led=chosen("it was Ben"))
    assert sent == {"response_action": "errors", "errors": {"led": "Choose one of those in the list."}}


async def test_the_verb_offers_the_button_to_those_who_were_asked_alone() -> None:
    desk = given(asked(ADA))
    assert "Answer" in str(await on_slash_command(desk.desk, slash("feedback")))
    assert "give_feedback" not in str(await on_slash_command(desk.desk, slash("feedback", user=BEN)))


async def test_it_says_change_where_they_answered() -> None:
    desk = given(asked(answers={"somebody-42-ada": SAID}))
    assert "Change my answer" in str(await on_slash_command(desk.desk, slash("feedback")))


@pytest.mark.parametrize("said", HOSTILE)
def test_what_people_wrote_is_shown_as_written(said: str) -> None:
    incident = asked(answers={name: Answer(change=said) for name in "abc"})
    page = feedback_page(incident, POLICY, AT, Answer(change=said))
    assert_sound(page)
    assert readable(line(said, 40)).rstrip("…") in words(page)
    assert_sound_view(feedback_form(incident, POLICY, pack(42), Answer(change=said)))
    assert_sound(postmortem_panel(incident, POLICY, AT))


def test_a_thousand_answers_fit_into_a_message() -> None:
    incident = asked(answers={str(number): Answer(change=f"{number} " * 900) for number in range(1000)})
    assert_sound(feedback_page(incident, POLICY, AT, None))
    assert_sound(postmortem_panel(incident, POLICY, AT))
    assert "975 more" in words(feedback_page(incident, POLICY, AT, None))


@pytest.mark.parametrize(
    ("users", "anonymous", "said"),
    [
        ((ADA, BEN, CLEO, UserId("U0FINN")), True, "kept nowhere beside your answer. Answers are shown 3 at a time"),
        ((ADA, BEN), True, "So few are asked that others may guess"),
        ((ADA, BEN), False, "Your name stands beside your answer"),
    ],
)
def test_the_question_says_what_becomes_of_the_answer(users: tuple[UserId, ...], anonymous: bool, said: str) -> None:
    question = asked_how_it_went(asked(*users, anonymous=anonymous), POLICY, AT)
    assert_sound(question)
    assert said in words(question)


class Standings:
    """Ben is a full member in New York; the others are whatever could not answer."""

    async def person(self, user: UserId) -> Person:
        others = {UserId("U0CLEO"): Standing.GUEST, UserId("U0EVE"): Standing.FOREIGN}
        standing = others.get(user, Standing.BOT if user == ADA else Standing.MEMBER)
        return Person(id=user, standing=standing, time_zone="America/New_York")

    async def is_in(self, channel: object, user: UserId) -> bool:
        raise AssertionError("nobody asks where they are")


async def test_only_those_are_asked_who_could_answer() -> None:
    story = checkout()

    async def history(_number: IncidentId) -> list[Event]:
        return story.log

    state = replace(story.state, feedback=Feedback(opened_at=after(1)))
    found = await Respondents(Standings(), history=history).find(FindRespondents(incident=state.id), state)
    assert found == RecordRespondents(by=MUSTER_ITSELF, zones=((UserId("U0BEN"), "America/New_York"),))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": Status.CANCELLED, "ended_at": AT}, "It was cancelled, so nobody is asked"),
        ({"status": Status.RESOLVED, "ended_at": AT}, "Those who took part are from"),
        ({}, "are 24 h after it is resolved"),
        (
            {"status": Status.RESOLVED, "ended_at": AT, "feedback": Feedback(opened_at=AT - timedelta(days=9))},
            "Nobody was asked",
        ),
    ],
)
def test_while_nobody_was_asked_the_page_says_why(changes: dict[str, Any], said: str) -> None:
    assert said in words(feedback_page(inc42(**changes), POLICY, AT, None))
