"""Reading flagged messages and ticking them, against a scripted server."""

import pytest

from bot.incident.commands import RecordMessageDeletion, RecordMessageText
from bot.incident.effects import AddTick, Effect, FetchMessage, RemoveTick
from bot.incident.terms import MUSTER_ITSELF, File, FileId, MessageTs
from bot.slack.chat import SlackChat
from bot.slack_ports import Refused
from tests.slack.scripted_slack import ScriptedSlack, ok, refuse
from tests.slack.war_room import CLEO, FORTY_TWO, ROOM, US, incident, lease

TS = MessageTs("5.000100")
FETCH = FetchMessage(incident=FORTY_TWO, channel=ROOM, ts=TS)
TICK = AddTick(incident=FORTY_TWO, channel=ROOM, ts=TS, emoji="white_check_mark")
UNTICK = RemoveTick(incident=FORTY_TWO, channel=ROOM, ts=TS, emoji="white_check_mark")


async def perform(chat: SlackChat, effect: Effect) -> object:
    return await chat.perform(effect, incident(), lease(effect))


async def test_a_flagged_message_is_read_with_its_files(chat: SlackChat, slack: ScriptedSlack) -> None:
    files = [{"id": "F1", "name": "graph.png", "permalink": "https://acme.example/files/F1"}]
    slack.says("reactions.get", ok(message={"user": CLEO, "text": "It is the cache.", "files": files}))
    assert await perform(chat, FETCH) == RecordMessageText(
        by=MUSTER_ITSELF,
        ts=TS,
        author=CLEO,
        text="It is the cache.",
        files=(File(name="graph.png", link="https://acme.example/files/F1", id=FileId("F1")),),
        permalink="https://acme.example/archives/CROOM/p5000100",
    )


@pytest.mark.parametrize("message", [{"user": US.user}, {"bot_id": US.bot, "text": "x"}])
async def test_the_bots_own_message_is_known_as_such(
    message: dict[str, str], chat: SlackChat, slack: ScriptedSlack
) -> None:
    slack.says("reactions.get", ok(message=message))
    read = await perform(chat, FETCH)
    assert isinstance(read, RecordMessageText)
    assert read.from_muster


async def test_a_reply_keeps_its_threads_permalink(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("reactions.get", ok(message={"user": CLEO, "thread_ts": "4.000100"}))
    read = await perform(chat, FETCH)
    assert isinstance(read, RecordMessageText)
    assert read.permalink.endswith("?thread_ts=4.000100&cid=CROOM")


async def test_a_message_that_is_gone_is_recorded_as_deleted(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("reactions.get", refuse("message_not_found"))
    assert await perform(chat, FETCH) == RecordMessageDeletion(by=MUSTER_ITSELF, ts=TS)


@pytest.mark.parametrize(
    ("effect", "method", "code"),
    [
        (TICK, "reactions.add", "already_reacted"),
        (TICK, "reactions.add", "message_not_found"),
        (UNTICK, "reactions.remove", "no_reaction"),
    ],
)
async def test_a_tick_that_is_as_wished_is_no_failure(
    effect: Effect, method: str, code: str, chat: SlackChat, slack: ScriptedSlack
) -> None:
    slack.says(method, refuse(code))
    assert await perform(chat, effect) is None


async def test_an_emoji_that_slack_does_not_know_is_refused(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("reactions.add", refuse("invalid_name"))
    with pytest.raises(Refused, match="tick"):
        await perform(chat, TICK)
