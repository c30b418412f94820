"""Effects as tests of the chat give them, and what performs them."""

from dataclasses import replace

import pytest

from bot.incident.commands import RecordChannel, RecordMissed
from bot.incident.effects import (
    Effect,
    InviteUsers,
    OpenChannel,
    PostCard,
    PostNotice,
    TellPerson,
)
from bot.incident.events import RoleReleased, UpdateReminded
from bot.incident.terms import (
    INCIDENT_COMMANDER,
    MUSTER_ITSELF,
    ChannelId,
    MessageTs,
)
from bot.ports import Unavailable
from bot.slack.chat import SlackChat
from tests.slack.scripted_slack import Say, ScriptedSlack
from tests.slack.war_room import (
    ADA,
    BEN,
    FORTY_TWO,
    NOON,
    ROOM,
    US,
    incident,
    lease,
)

TS = MessageTs("1.000100")
OPEN = OpenChannel(incident=FORTY_TWO, name="inc-42-checkout", private=False, answer_url="https://answer")
SUMMARY = PostCard(incident=FORTY_TWO, card="summary", channel=ROOM)
REMINDER = PostCard(incident=FORTY_TWO, card="reminder:3", channel=ROOM)
RELEASED = RoleReleased(at=NOON, by=ADA, role=INCIDENT_COMMANDER, before=ADA)
REMINDED = UpdateReminded(at=NOON, by=ADA, due_at=NOON, stage=3, asked=None)
NOTICE = PostNotice(incident=FORTY_TWO, channel=ROOM, about=RELEASED)
TELL = TellPerson(incident=FORTY_TWO, user=ADA, about=RELEASED)
INVITE = InviteUsers(incident=FORTY_TWO, channel=ROOM, users=(ADA, BEN, US.user))


async def perform(chat: SlackChat, effect: Effect, *, uncertain: bool = False) -> object:
    return await chat.perform(effect, incident(), lease(effect, uncertain=uncertain))


async def lose(chat: SlackChat, slack: ScriptedSlack, effect: Effect) -> None:
    """The first attempt arrives, its reply does not."""
    slack.says("chat.postMessage", Say(drop=True))
    with pytest.raises(Unavailable) as raised:
        await perform(chat, effect)
    assert raised.value.unknown
    slack.script.clear()


def opened(name: str, channel: str = "CNEW") -> RecordChannel:
    return RecordChannel(by=MUSTER_ITSELF, channel=ChannelId(channel), name=name, answer_url="https://answer")


OVERTAKEN = replace(REMINDER, card="reminder:2")
MISSED = RecordMissed(by=MUSTER_ITSELF, series="reminder:1", number=2)
