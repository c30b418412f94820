"""What is known around a new incident is posted once, in its own channel, while it may help."""

from dataclasses import replace

import pytest

from bot.incident.effects import Effect, PostPrecedents, PostSurroundings, PostSuspects
from bot.incident.listing import listing
from bot.incident.maintenance_effects import PostMaintenance
from bot.incident.nearby import Neighbour, Relation
from bot.incident.surroundings import Surroundings
from bot.incident.terms import IncidentId, Status
from bot.slack.chat import SlackChat
from tests.slack.scripted_slack import ScriptedSlack
from tests.slack.war_room import FORTY_TWO, ROOM, KnownAround, incident, lease

AROUND = PostSurroundings(incident=FORTY_TWO, channel=ROOM)
SOMETHING = Surroundings(
    neighbours=[Neighbour(listing=listing(replace(incident(), id=IncidentId(7))), relation=Relation.SAME)]
)


async def test_it_is_posted_where_something_is_known(
    chat: SlackChat, slack: ScriptedSlack, around: KnownAround
) -> None:
    assert await chat.perform(AROUND, incident(), lease(AROUND)) is None
    assert slack.asked("chat.postMessage") == []
    around.found = SOMETHING
    await chat.perform(AROUND, incident(), lease(AROUND))
    (post,) = slack.asked("chat.postMessage")
    assert (post["channel"], post["text"]) == (ROOM, "around 42")


async def test_what_has_ended_needs_no_help(chat: SlackChat, slack: ScriptedSlack, around: KnownAround) -> None:
    around.found = SOMETHING
    await chat.perform(AROUND, replace(incident(), status=Status.RESOLVED), lease(AROUND))
    assert slack.asked("chat.postMessage") == []


async def test_what_may_have_arrived_is_looked_for_and_not_repeated(
    chat: SlackChat, slack: ScriptedSlack, around: KnownAround
) -> None:
    around.found = SOMETHING
    await chat.perform(AROUND, incident(), lease(AROUND))
    await chat.perform(AROUND, incident(), lease(AROUND, attempt=2, uncertain=True))
    assert len(slack.asked("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("effect", "posts"),
    [
        (PostMaintenance(incident=FORTY_TWO, channel=ROOM), 0),
        (PostSuspects(incident=FORTY_TWO, channel=ROOM), 0),
        (PostPrecedents(incident=FORTY_TWO, channel=ROOM), 1),
    ],
)
async def test_what_an_older_version_asked_for_apart_is_one_message(
    chat: SlackChat, slack: ScriptedSlack, around: KnownAround, effect: Effect, posts: int
) -> None:
    around.found = SOMETHING
    await chat.perform(effect, incident(), lease(effect))
    assert len(slack.asked("chat.postMessage")) == posts
