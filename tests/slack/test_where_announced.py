"""Where an incident is announced: a drill never in the announcement channel, whatever effect asks, whatever is set.

Effects are walked by the table of stored ones, and each as a version that knew no drills would have written it.
"""

import ast
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields, replace
from pathlib import Path
from types import NoneType
from typing import get_args

import pytest

import bot.slack
from bot.incident.afterwards_effects import KeepIssue
from bot.incident.effects import Effect, PostCard, PostNotice
from bot.incident.events import Event
from bot.incident.signal_effects import SendSignal
from bot.incident.terms import NO_INCIDENT, ChannelId
from bot.slack.announcements import Announcements, WhereAnnounced
from bot.slack.chat import SlackChat
from bot.slack.limiter import A_MINUTE, Limiter
from bot.slack.still_pictures import StillPictures
from bot.slack.web_client import WebClient, open_web_client
from bot.slack_ports import Refused
from tests.archive_double import ArchiveDouble
from tests.factors_double import FactorsDouble
from tests.freezes_double import FreezesDouble
from tests.maintenance_double import BookDouble
from tests.proposals_double import ProposalsDouble
from tests.rota_double import RotaDouble
from tests.slack.conftest import a_history, papers_by
from tests.slack.scripted_slack import ScriptedSlack, ok
from tests.slack.war_room import (
    FORTY_TWO,
    NEWS,
    US,
    KnownAround,
    Names,
    NoonClock,
    PlainRenderer,
    freezes_by,
    incident,
    lease,
    maintenance_by,
    no_quality,
    no_watchdogs,
    no_weekly,
    nothing_frozen,
    proposals_by,
)
from tests.store.examples import EVERY_EFFECT, EVERY_EVENT

DRILLS = ChannelId("CDRILLS")
SETTINGS = [(NEWS, None), (NEWS, DRILLS), (NEWS, NEWS), ("#news", NEWS), (NEWS, "#news"), (None, None), (None, DRILLS)]
"""ANNOUNCEMENT_CHANNEL and DRILL_CHANNEL; #news is the name of CNEWS."""


@pytest.fixture
async def client(slack_url: str) -> AsyncIterator[WebClient]:
    """One that nobody has to wait for: what is sent here is much, and what is tested is where it goes."""
    hasty = Limiter(posts_a_second=10_000, a_minute=dict.fromkeys(A_MINUTE, 1e6))
    async with open_web_client("xoxb-secret", base_url=f"{slack_url}/api/", limiter=hasty) as client:
        yield client


def chat_set_to(client: WebClient, incidents: str | None, drills: str | None) -> SlackChat:
    announced = WhereAnnounced(incidents=Announcements(client, incidents), drills=Announcements(client, drills))
    return SlackChat(
        client,
        US,
        PlainRenderer(),
        Names(),
        NoonClock(),
        announced=announced,
        history=a_history,
        papers=papers_by(StillPictures(Path("missing")), Names()),
        archive=ArchiveDouble(),
        around=KnownAround(),
        frozen=nothing_frozen,
        rota=RotaDouble(),
        factors=FactorsDouble(),
        weekly=no_weekly(client),
        maintenance=maintenance_by(client, BookDouble()),
        freezes=freezes_by(client, FreezesDouble()),
        watchdogs=no_watchdogs(client),
        proposals=proposals_by(client, ProposalsDouble()),
        quality=no_quality(client),
    )


def announcing() -> Iterator[Effect]:
    """Every effect, sent to wherever the incident is announced if it can be, and every notice about every event."""
    for effect in EVERY_EFFECT:
        if effect.incident == NO_INCIDENT:
            continue
        if isinstance(effect, KeepIssue | SendSignal):
            continue  # these never come to the chat
        ours = replace(effect, incident=FORTY_TWO)
        yield ours
        if isinstance(ours, PostCard | PostNotice):
            yield replace(ours, channel=None, drill=False)
            yield replace(ours, channel=None, drill=True)
    yield from (_notice(event) for event in EVERY_EVENT)


def _notice(event: Event) -> Effect:
    return PostNotice(incident=FORTY_TWO, channel=None, about=event, thread_of="announcement")


async def done(chat: SlackChat, *, drill: bool, private: bool = False) -> None:
    for effect in announcing():
        await chat.perform(effect, replace(incident(private=private), drill=drill), lease(effect))


def places(slack: ScriptedSlack) -> set[str]:
    """Channels into which anything was posted or in which anything was changed."""
    return {args["channel"] for method, args in slack.calls if "channel" in args and not method.startswith("users.")}


@pytest.mark.parametrize(("incidents", "drills"), SETTINGS)
async def test_nothing_of_a_drill_ever_reaches_the_announcement_channel(
    incidents: str | None, drills: str | None, client: WebClient, slack: ScriptedSlack
) -> None:
    slack.says("users.conversations", ok(channels=[{"id": NEWS, "name": "news"}]))
    await done(chat_set_to(client, incidents, drills), drill=True)
    assert NEWS not in places(slack)
    assert (DRILLS in places(slack)) == (drills == DRILLS)


async def test_the_same_of_an_incident_does(client: WebClient, slack: ScriptedSlack) -> None:
    await done(chat_set_to(client, NEWS, DRILLS), drill=False)
    assert NEWS in places(slack)
    assert DRILLS not in places(slack)


async def test_a_private_drill_is_announced_nowhere(client: WebClient, slack: ScriptedSlack) -> None:
    await done(chat_set_to(client, NEWS, DRILLS), drill=True, private=True)
    assert not {NEWS, DRILLS} & places(slack)


async def test_a_drill_channel_that_is_not_there_is_refused_as_any_other(client: WebClient) -> None:
    chat = chat_set_to(client, NEWS, "#nowhere")
    card = PostCard(incident=FORTY_TWO, card="announcement", channel=None, drill=True)
    with pytest.raises(Refused, match="no channel named #nowhere"):
        await chat.perform(card, replace(incident(), drill=True), lease(card))


async def test_an_announcement_channel_that_is_not_there_keeps_no_drill_from_its_own(
    client: WebClient, slack: ScriptedSlack
) -> None:
    slack.says("users.conversations", ok(channels=[]))
    await done(chat_set_to(client, "#gone", DRILLS), drill=True)
    assert DRILLS in places(slack)


def test_an_effect_without_a_channel_says_whether_it_is_of_a_drill() -> None:
    """A new effect that may go to where incidents are announced has a lane of its own for drills, too."""
    aimed = {type(effect) for effect in EVERY_EFFECT if _may_name_no_channel(type(effect))}
    assert aimed == {PostCard, PostNotice}
    assert all("drill" in {each.name for each in fields(kind)} for kind in aimed)


def _may_name_no_channel(kind: type[Effect]) -> bool:
    return any(each.name == "channel" and NoneType in get_args(each.type) for each in fields(kind))


def test_only_where_announced_can_ask_for_a_channel_of_announcements() -> None:
    """What posts imports nothing else of that file, so that no effect gets around the question whose it is."""
    room = Path(bot.slack.__path__[0])
    users = {path.name: _imported(path) for path in room.rglob("*.py") if path.name != "announcements.py"}
    assert {name: used for name, used in users.items() if used} == {
        "posts.py": {"WhereAnnounced"},
        "chat.py": {"WhereAnnounced"},
        "audit_channel.py": {"Announcements"},
        "service_channels.py": {"Announcements"},  # which are about no incident
        "watchdog_posts.py": {"Announcements"},  # nor are these
        "proposal_posts.py": {"Announcements"},  # nor these
        "quality_posts.py": {"Announcements"},  # nor this
        "weekly_posts.py": {"Announcements"},  # whose digest is made of public incidents alone
    }


def _imported(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "bot.slack.announcements"]
    return {alias.name for node in froms for alias in node.names} - {"CHANNELS_A_PAGE", "MOST_PAGES"}
