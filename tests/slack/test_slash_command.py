"""What comes of a slash command: a command at the door, a form, or words for one person."""

from typing import Any

import pytest

from bot.incident import commands as ask
from bot.incident.terms import (
    MUSTER_ITSELF,
    ChannelId,
    IncidentId,
    NotAMember,
    Rejected,
    Role,
    Severity,
    Standing,
    Status,
)
from bot.ports import GivenUp, Unavailable
from bot.slack.action_ids import SEVERITY_MODAL, pack
from bot.slack.slash_command import on_slash_command
from tests.slack.blocks.given import AT
from tests.slack.given_desk import ADA, BEN, CHECKLIST, CLEO, DEE, GRACE, Given, given, inc42, slash

ELSEWHERE = ChannelId("C0GENERAL")


async def typed(here: Given, text: str, **where: Any) -> str:
    answer = await on_slash_command(here.desk, slash(text, **where))
    return "" if answer is None else str(answer["text"])


async def test_declaring_with_a_title_declares_at_once_and_says_so() -> None:
    here = given()
    assert "INC-42 is declared as SEV1" in await typed(here, "declare sev1 Checkout down", channel=ELSEWHERE)
    command = here.command
    assert isinstance(command, ask.DeclareIncident)
    assert (command.title, command.severity) == ("Checkout down", Severity.SEV1)
    assert command.answer_url == "https://hooks.example/answer"


async def test_a_verb_without_its_arguments_opens_its_form_and_says_nothing() -> None:
    here = given()
    assert await typed(here, "severity") == ""
    assert here.slack.calls[0][0] == "views.open"
    assert here.slack.view["callback_id"] == SEVERITY_MODAL
    assert here.slack.view["private_metadata"] == pack(42)


async def test_a_command_goes_to_the_incident_of_the_channel_with_the_channel_it_was_typed_in() -> None:
    here = given()
    await typed(here, "ack", user=CLEO)
    assert here.command.by.speaks_in == inc42().channel
    assert here.door.requests == ["slash:1.2.abc"]


async def test_a_role_is_assigned_to_a_person_whose_standing_was_looked_up() -> None:
    here = given()
    await typed(here, "assign scribe <@U0DEE|dee>")
    command = here.command
    assert isinstance(command, ask.AssignRole)
    assert (command.role, command.holder.id, command.holder.standing) == (Role("scribe"), DEE, Standing.GUEST)


async def test_a_playbook_is_attached_by_name() -> None:
    here = given()
    await typed(here, "playbook Bad deploy")
    assert here.command == ask.AttachPlaybook(by=here.command.by, checklist=CHECKLIST)


async def test_an_unknown_playbook_is_answered_with_those_that_may_be_meant() -> None:
    assert "Did you mean Bad deploy?" in await typed(given(), "playbook bad dploy")


async def test_outside_of_an_incident_channel_a_command_asks_which_incident() -> None:
    assert "no incident in this channel" in await typed(given(), "resolve", channel=ELSEWHERE)


async def test_an_incident_may_be_named_from_anywhere() -> None:
    here = given()
    await typed(here, "INC-42 ack", channel=ELSEWHERE)
    assert here.command == ask.Acknowledge(by=here.command.by)


async def test_somebody_whom_only_slack_knows_to_be_inside_is_recorded_and_then_heard() -> None:
    here = given()
    here.door.raises = [NotAMember("Join it first.")]
    here.people.inside = {CLEO}
    await typed(here, "INC-42 ack", user=CLEO, channel=ELSEWHERE)
    joined, heard = here.door.commands
    assert joined == ask.RecordJoined(by=MUSTER_ITSELF, users=(CLEO,))
    assert isinstance(heard, ask.Acknowledge)
    assert here.door.requests == ["slash:1.2.abc:joined", "slash:1.2.abc"]


async def test_an_outsider_hears_the_refusal_and_nothing_is_recorded() -> None:
    here = given()
    here.door.raises = [NotAMember("Only people in #inc-42 can do that.", verb="join")]
    assert "Only people in #inc-42" in await typed(here, "INC-42 ack", user=CLEO, channel=ELSEWHERE)
    assert here.door.commands == []


@pytest.mark.parametrize("look", ["show INC-{}", "timeline INC-{}", "INC-{} severity", "INC-{} playbook", "INC-{}"])
async def test_not_found_and_not_yours_read_the_same(look: str) -> None:
    here = given(inc42(private=True))
    private = await typed(here, look.format(42), user=CLEO, channel=ELSEWHERE)
    unknown = await typed(here, look.format(41), user=CLEO, channel=ELSEWHERE)
    assert private.replace("42", "41") == unknown
    assert here.slack.calls == []


async def test_a_private_incident_is_in_nobody_elses_list() -> None:
    here = given(inc42(private=True))
    assert "INC-42" not in str(await on_slash_command(here.desk, slash("list all", user=CLEO, channel=ELSEWHERE)))
    assert "INC-42" in str(await on_slash_command(here.desk, slash("list", user=BEN, channel=ELSEWHERE)))


async def test_outside_of_an_incident_channel_the_playbooks_can_be_read() -> None:
    here = given()
    assert "Playbooks: 1" in await typed(here, "playbook", channel=ELSEWHERE)


async def test_an_outsider_of_a_public_incident_is_offered_to_join() -> None:
    here = given()
    here.door.raises = [NotAMember("Only people in #inc-42 can do that.", verb="join")]
    answer = await on_slash_command(here.desk, slash("INC-42 ack", user=CLEO, channel=ELSEWHERE))
    assert "'action_id': 'join', 'value': '42'" in str(answer)


async def test_a_word_that_is_not_understood_is_answered_with_the_form_that_offers_the_choice() -> None:
    assert "'action_id': 'change_status', 'value': '42'" in str(
        await on_slash_command(given().desk, slash("status ok"))
    )


async def test_a_list_without_open_incidents_offers_to_declare_one_and_to_see_the_others() -> None:
    here = given(inc42(status=Status.RESOLVED))
    assert await typed(here, "list", channel=ELSEWHERE) == "No incident is open."


async def test_a_guest_sees_no_list() -> None:
    assert "Guests" in await typed(given(), "list", user=DEE, channel=ELSEWHERE)


async def test_a_wrong_verb_is_answered_with_the_nearest() -> None:
    assert "severity" in await typed(given(), "servity sev1")


async def test_help_names_every_verb() -> None:
    answer = str(await on_slash_command(given().desk, slash("help")))
    assert all(verb in answer for verb in ("declare", "correct", "close", "snooze"))


async def test_a_store_that_is_down_is_said_to_have_saved_nothing() -> None:
    here = given()
    here.door.raises = [Unavailable("the store", "it cannot be reached")]
    assert "Not saved: the store cannot be reached, nothing has changed." in await typed(here, "ack")


async def test_an_outcome_that_nobody_knows_is_not_claimed_either_way() -> None:
    here = given()
    here.door.raises = [Unavailable("the store", "reply lost", unknown=True)]
    assert "Look before you repeat it" in await typed(here, "ack")


async def test_a_bug_is_answered_with_a_reference() -> None:
    here = given()
    here.door.raises = [KeyError("oops")]
    answer = await typed(here, "ack")
    assert "(ref " in answer
    assert "oops" not in answer


async def test_words_of_people_in_a_refusal_are_shown_and_do_nothing() -> None:
    here = given()
    here.door.raises = [Rejected("“<!channel> {{7*7}}” is no verb.")]
    answer = await typed(here, "ack")
    assert "&lt;!channel&gt; {{7*7}}" in answer


async def test_what_a_payload_lacks_is_a_bug_of_ours_and_not_a_silence() -> None:
    answer = await on_slash_command(given().desk, {"command": "/incident"})
    assert answer is not None
    assert ADA not in str(answer)


async def test_an_admin_sees_at_the_front_door_what_could_not_be_delivered() -> None:
    here = given(inc42(private=True))
    here.letters.found = GivenUp(count=3, newest_of=IncidentId(42), newest_at=AT)
    answer = await on_slash_command(here.desk, slash("", user=GRACE, channel=ELSEWHERE))
    shown = str(answer)
    assert "3 messages could not be delivered. The newest: INC-42, " in shown
    assert "`muster doctor` says more." in shown
    assert inc42().title not in shown


async def test_nobody_else_is_bothered_with_what_could_not_be_delivered() -> None:
    here = given()
    here.letters.found = GivenUp(count=3, newest_of=IncidentId(42), newest_at=AT)
    assert "delivered" not in str(await on_slash_command(here.desk, slash("", user=CLEO, channel=ELSEWHERE)))


async def test_where_all_was_delivered_an_admin_sees_nothing_of_it() -> None:
    answer = await on_slash_command(given().desk, slash("", user=GRACE, channel=ELSEWHERE))
    assert "delivered" not in str(answer)
