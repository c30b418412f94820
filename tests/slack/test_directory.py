"""Who people are: standings as a table, and how little is asked."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.incident.terms import Person, Standing, UserId
from bot.ports import Unavailable
from bot.slack.directory import SlackDirectory, standing_of
from bot.slack.web_client import WebClient
from tests.slack.scripted_slack import ScriptedSlack, ok, refuse
from tests.slack.war_room import ADA, BEN, CLEO, ROOM

ADA_SAID = ok(user={"id": ADA, "team_id": "TACME", "tz": "Europe/Berlin", "profile": {"display_name": "Ada"}})


class Memory:
    """What all processes share, as a dictionary."""

    def __init__(self) -> None:
        self.people: dict[UserId, Person] = {}

    async def recall(self, user: UserId) -> Person | None:
        return self.people.get(user)

    async def remember(self, person: Person) -> None:
        self.people[person.id] = person

    async def correct(self, person: Person) -> None:
        if person.id in self.people:
            self.people[person.id] = person


class Forgetful(Memory):
    """Its day is always over: what is tested is the process's own ten minutes."""

    async def recall(self, user: UserId) -> Person | None:
        return None


class Minutes:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at * 60


@pytest.fixture
def minutes() -> Minutes:
    return Minutes()


@pytest.fixture
def directory(client: WebClient, minutes: Minutes) -> SlackDirectory:
    return SlackDirectory(client, "TACME", Forgetful(), now=minutes, remembered_for=timedelta(minutes=10), most=2)


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"team_id": "TACME", "is_admin": True}, Standing.MEMBER),
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_ultra_restricted": True}, Standing.GUEST),
        ({"is_stranger": True, "is_restricted": True}, Standing.FOREIGN),
        ({"team_id": "TOTHER"}, Standing.FOREIGN),
        ({"team_id": "TOTHER", "enterprise_user": {"teams": ["TOTHER", "TACME"]}}, Standing.MEMBER),
        ({"team_id": "TOTHER", "enterprise_user": {"teams": ["TOTHER"]}}, Standing.FOREIGN),
        ({"is_bot": True}, Standing.BOT),
        ({"is_workflow_bot": True}, Standing.BOT),
        ({"deleted": True, "is_bot": True}, Standing.GONE),
    ],
)
def test_standing_is_read_from_what_slack_says(said: Mapping[str, object], standing: Standing) -> None:
    assert standing_of(said, ADA, "TACME") is standing


def test_slackbot_is_a_bot_though_slack_does_not_say_so() -> None:
    assert standing_of({"is_bot": False}, UserId("USLACKBOT"), "TACME") is Standing.BOT


async def test_a_person_is_asked_for_once_in_ten_minutes(
    directory: SlackDirectory, slack: ScriptedSlack, minutes: Minutes
) -> None:
    slack.says("users.info", ADA_SAID)
    for minutes.at in (0, 9, 11):
        assert await directory.person(ADA) == Person(id=ADA, name="Ada", time_zone="Europe/Berlin")
    assert len(slack.calls) == 2


async def test_many_who_ask_at_once_share_one_question(directory: SlackDirectory, slack: ScriptedSlack) -> None:
    slack.says("users.info", ADA_SAID)
    await asyncio.gather(*(directory.person(ADA) for _ in range(10)))
    assert len(slack.calls) == 1


async def test_a_stale_answer_beats_none(directory: SlackDirectory, slack: ScriptedSlack, minutes: Minutes) -> None:
    slack.says("users.info", ADA_SAID, refuse("internal_error"))
    await directory.person(ADA)
    minutes.at = 60
    assert (await directory.person(ADA)).name == "Ada"


async def test_nothing_remembered_and_no_answer_is_unavailable(directory: SlackDirectory, slack: ScriptedSlack) -> None:
    slack.says("users.info", refuse("internal_error"))
    with pytest.raises(Unavailable):
        await directory.person(ADA)


async def test_a_change_is_known_without_asking(directory: SlackDirectory, slack: ScriptedSlack) -> None:
    slack.says("users.info", ADA_SAID)
    await directory.person(ADA)
    await directory.changed(ADA, {"deleted": True})
    assert (await directory.person(ADA)).standing is Standing.GONE
    assert len(slack.calls) == 1


async def test_what_one_process_was_told_another_does_not_ask(client: WebClient, slack: ScriptedSlack) -> None:
    slack.says("users.info", ADA_SAID)
    shared = Memory()
    await SlackDirectory(client, "TACME", shared).person(ADA)
    assert (await SlackDirectory(client, "TACME", shared).person(ADA)).name == "Ada"
    assert len(slack.calls) == 1


async def test_a_change_corrects_what_is_shared_but_adds_nobody(client: WebClient, slack: ScriptedSlack) -> None:
    slack.says("users.info", ADA_SAID)
    shared = Memory()
    directory = SlackDirectory(client, "TACME", shared)
    await directory.person(ADA)
    await directory.changed(ADA, {"is_restricted": True})
    await directory.changed(BEN, {"is_restricted": True})
    assert {user: person.standing for user, person in shared.people.items()} == {ADA: Standing.GUEST}


async def test_somebody_whom_slack_does_not_know_is_not_remembered_for_a_day(
    client: WebClient, slack: ScriptedSlack
) -> None:
    slack.says("users.info", refuse("user_not_found"))
    shared = Memory()
    await SlackDirectory(client, "TACME", shared).person(CLEO)
    assert shared.people == {}


async def test_the_memory_is_bounded(directory: SlackDirectory, slack: ScriptedSlack) -> None:
    for user in (ADA, BEN, CLEO, ADA):
        await directory.person(user)
    assert len(slack.calls) == 4


async def test_somebody_whom_slack_does_not_show_is_no_member(directory: SlackDirectory, slack: ScriptedSlack) -> None:
    slack.says("users.info", refuse("user_not_found"))
    assert (await directory.person(CLEO)).standing is Standing.FOREIGN


async def test_membership_is_looked_for_on_every_page(directory: SlackDirectory, slack: ScriptedSlack) -> None:
    slack.says(
        "conversations.members",
        ok(members=[ADA], response_metadata={"next_cursor": "more"}),
        ok(members=[BEN], response_metadata={"next_cursor": ""}),
    )
    assert await directory.is_in(ROOM, BEN)
    assert not await directory.is_in(ROOM, CLEO)


async def test_a_channel_that_cannot_be_seen_holds_nobody(directory: SlackDirectory, slack: ScriptedSlack) -> None:
    slack.says("conversations.members", refuse("channel_not_found"))
    assert not await directory.is_in(ROOM, ADA)


@pytest.mark.parametrize(("said", "admin"), [({}, False), ({"is_admin": True}, True), ({"is_owner": True}, True)])
async def test_admins_and_owners_of_the_workspace_are_known(
    said: dict[str, bool], admin: bool, directory: SlackDirectory, slack: ScriptedSlack
) -> None:
    slack.says("users.info", ok(user={"id": ADA, "team_id": "TACME", **said}))
    assert (await directory.person(ADA)).admin is admin
