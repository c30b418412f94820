"""What must hold once all is quiet: the log, and every view of it in Slack and in Redis, say the same.

Each finding is a sentence; an empty list is what tests ask for. It reads the workspace's own memory and the keys of the
store, and what the bot believes only where it renders a card again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.checkup.finding import Level
from bot.custody.audit import examine
from bot.incident import events as happened
from bot.incident.effects import ANNOUNCEMENT, SUMMARY
from bot.incident.events import Event
from bot.incident.evolve import replay
from bot.incident.informing import due_timers
from bot.incident.listing import listing
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, IncidentId, Version
from bot.playbook.library import Library, load
from bot.slack.renderer import BlockRenderer
from bot.slack.web_client import BotIdentity
from bot.store.checkpoints import Checkpoints
from bot.store.connection import ask
from bot.store.ledger import Ledger
from bot.store.redis_store import RedisStore
from bot.store.redis_timers import timer_arguments
from bot.store.seal import Seals
from bot.workspace.server import Workspace
from bot.workspace.team import Channel
from tests.faults.fleet import AUDIT_KEY, Fleet

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"

TOLD_EVERYONE = (happened.StatusChanged, happened.SeverityChanged, happened.UpdatePosted)
"""Each is one message in the incident channel and one below the announcement."""
_SPAN = re.compile(r"\b\d+ (min|h|days)\b")
TOLD_STAKEHOLDERS = happened.SummaryScheduled


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message of ours. `effect`: the incident, the version and the place of the effect that wrote it."""

    channel: str
    ts: str
    effect: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One incident: its log, and the state that the log leads to."""

    events: Sequence[Event]
    incident: Incident


async def assert_agreement(fleet: Fleet, *, announced: bool = True) -> None:
    """Of every incident. The fleet must be quiet. `announced`: whether there is an announcement channel."""
    found = await disagreements(fleet.workspace, fleet.store, at=fleet.time.now(), announced=announced)
    logs = "\n".join(f"--- {member.name} ---\n{member.log[-6000:]}" for member in fleet.members[-4:])
    assert not found, "\n".join([*found, logs])


async def disagreements(workspace: Workspace, store: RedisStore, *, at: datetime, announced: bool = True) -> list[str]:
    """One sentence each."""
    library = load(PLAYBOOKS)
    findings = [f"given up: {letter}" for letter in await store.outbox.dead_letters()]
    findings += doubled(workspace) + misordered(workspace) + await broken_seals(store)
    for number in range(1, await store.log.next_number()):
        events = await store.log.read(IncidentId(number), Version(0))
        incident = replay(events)
        assert incident is not None
        history = History(events=events, incident=incident)
        found = [*_in_slack(workspace, history, library, at), *await _topic(workspace, store, incident, library)]
        found += await _in_store(store, incident, library)
        if announced and not incident.private:
            found += _announced(workspace, history)
        findings += [f"INC-{number}: {each}" for each in found]
    return findings


async def broken_seals(store: RedisStore) -> list[str]:
    """What an audit finds: whoever appended, and died at it, the seals of each log are one chain."""
    ledger, checkpoints = Ledger(store.client, store.keys), Checkpoints(store.client, store.keys)
    found = await examine(ledger, checkpoints, Seals(store.keys.team, [AUDIT_KEY]))
    return [f"audit: {finding.part}: {finding.sentence}" for finding in found if finding.level is Level.BAD]


def posts(workspace: Workspace) -> Iterator[Post]:
    """Every message that an effect wrote, channel by channel, oldest first."""
    for channel in workspace.site.team.channels.values():
        for ts, message in sorted(channel.messages.items()):
            payload = (message.get("metadata") or {}).get("event_payload", {})
            if "effect" in payload:
                effect = tuple(int(part) for part in payload["effect"].split("."))
                yield Post(channel=channel.id, ts=ts, effect=effect)


def doubled(workspace: Workspace) -> list[str]:
    """Effects that wrote more than one message."""
    counted = Counter(post.effect for post in posts(workspace))
    twice = [f"posted {count} times: effect {effect}" for effect, count in counted.items() if count > 1]
    named = Counter(name for name in _files(workspace))
    return twice + [f"uploaded {count} times: {name}" for name, count in named.items() if count > 1]


def _files(workspace: Workspace) -> Iterator[str]:
    """The name of each file that stands in a channel; each upload has one of its own."""
    for channel in workspace.site.team.channels.values():
        for message in channel.messages.values():
            yield from (file["name"] for file in message.get("files", ()) if "name" in file)


def misordered(workspace: Workspace) -> list[str]:
    """Messages of one incident that stand in a channel in another order than that in which they were wanted."""
    newest: dict[tuple[str, int], tuple[int, ...]] = {}
    found = []
    for post in posts(workspace):
        place = (post.channel, post.effect[0])
        if post.effect < newest.get(place, ()):
            found.append(f"out of order in {post.channel}: {post.effect} after {newest[place]}")
        newest[place] = max(post.effect, newest.get(place, ()))
    return found


def _in_slack(workspace: Workspace, history: History, library: Library, at: datetime) -> Iterator[str]:
    incident = history.incident
    prefix = f"inc-{incident.id}"
    named = [
        channel
        for channel in workspace.site.team.channels.values()
        if (channel.name == prefix or channel.name.startswith(f"{prefix}-"))
        and (channel.id == incident.channel or not channel.is_archived)
    ]
    if [channel.id for channel in named] != [incident.channel]:
        yield f"its channel is {incident.channel}, and there are {[channel.name for channel in named]}"
        return
    yield from _channel(named[0], workspace, history)
    yield from _cards(workspace, history, library, at)


def _channel(channel: Channel, workspace: Workspace, history: History) -> Iterator[str]:
    incident = history.incident
    if channel.name != incident.channel_name:
        yield f"the log calls the channel {incident.channel_name}, Slack {channel.name}"
    summary = incident.cards.get(SUMMARY)
    pinned = list(channel.pins)
    if summary is None or pinned != [summary.ts]:
        yield f"pinned are {pinned}, and the summary is {summary}"
    links = [bookmark["link"] for bookmark in channel.bookmarks.values()]
    if summary and [link.rpartition("/p")[2] for link in links] != [summary.ts.replace(".", "")]:
        yield f"bookmarked are {links}, and the summary is {summary}"
    if missing := {incident.reporter, *incident.members} - {MUSTER, *channel.members}:
        yield f"{missing} were to be in the channel"
    yield from _counted("the channel", channel.id, workspace, history, _told_in_channel(history))


def _told_in_channel(history: History) -> int:
    """How many messages its channel must hold: each card, and each event since it was opened that is told there."""
    incident, is_open, count = history.incident, False, 0
    for event in history.events:
        is_open = is_open or isinstance(event, happened.ChannelOpened)
        told = isinstance(event, (*TOLD_EVERYONE, happened.RoleReleased))
        told = told or (isinstance(event, happened.RoleAssigned) and not event.by_default)
        count += is_open and told
    return count + sum(card.channel == incident.channel for card in incident.cards.values())


def _announced(workspace: Workspace, history: History) -> Iterator[str]:
    card = history.incident.cards.get(ANNOUNCEMENT)
    if card is None:
        yield "it was not announced"
        return
    told = sum(isinstance(event, (*TOLD_EVERYONE, TOLD_STAKEHOLDERS)) for event in history.events)
    told += sum(isinstance(event, happened.UpdateReminded) and event.stage == 3 for event in history.events)
    yield from _counted("the announcement channel", card.channel, workspace, history, told + 1)


def _counted(where: str, channel: str, workspace: Workspace, history: History, wanted: int) -> Iterator[str]:
    own = [
        post.effect for post in posts(workspace) if post.channel == channel and post.effect[0] == history.incident.id
    ]
    if len(own) != wanted:
        log = [type(event).__name__ for event in history.events]
        yield f"{where} holds {len(own)} messages of it and should hold {wanted}: {own} of {log}"


def _cards(workspace: Workspace, history: History, library: Library, at: datetime) -> Iterator[str]:
    """Each card, wherever it stands, shows what the log says now."""
    renderer = _renderer(workspace, library)
    incident = history.incident
    for card, posted in incident.cards.items():
        shown = workspace.site.team.channel(posted.channel).messages.get(posted.ts)
        if shown is None:
            yield f"the card {card} is not where the log says"
            continue
        # A moment is written without its date on the same day, and the card may be of yesterday.
        messages = [renderer.card(card, incident, then) for then in (at, history.events[-1].at)]
        wanted = [_words([{"text": each.text}, *(dict(block) for block in each.blocks)]) for each in messages]
        seen = _words([{"text": shown["text"]}, *(shown.get("blocks") or [])])
        if seen not in wanted:
            yield f"the card {card} shows {seen} and should show {wanted[0]}"


def _renderer(workspace: Workspace, library: Library) -> BlockRenderer:
    us = BotIdentity(user=MUSTER, bot="", team="", url=f"https://{workspace.site.team.domain}.slack.com/")
    return BlockRenderer(lambda: library.policy, library.guide, us.permalink)


def _words(blocks: Any) -> list[str]:
    """Every text of these blocks, in order; without what was '20 min ago' when it was written."""
    match blocks:
        case {"text": str() as text}:
            return [_SPAN.sub("…", text)]
        case dict():
            return [word for name in sorted(blocks) for word in _words(blocks[name])]
        case list() | tuple():
            return [word for each in blocks for word in _words(each)]
        case _:
            return []


async def _topic(workspace: Workspace, store: RedisStore, incident: Incident, library: Library) -> list[str]:
    if incident.channel is None:
        return []
    renderer = _renderer(workspace, library)
    leads = await store.people.recall(incident.commander) if incident.commander else None
    wanted = renderer.topic(incident, {leads.id: leads.name} if leads else {})
    seen = workspace.site.team.channel(incident.channel).topic["value"]
    return [] if seen == wanted else [f"the topic is {seen!r} and should be {wanted!r}"]


async def _in_store(store: RedisStore, incident: Incident, library: Library) -> list[str]:
    found = []
    listed = {each.incident: each for each in await store.log.listings(active=False)}
    active = {each.incident for each in await store.log.listings(active=True)}
    if listed.get(incident.id) != listing(incident):
        found.append(f"it is listed as {listed.get(incident.id)}")
    if (incident.id in active) is not incident.is_active:
        found.append(f"it is {incident.status}, and its being in the list of open ones is {incident.id in active}")
    if incident.channel and await store.log.incident_of(incident.channel) != incident.id:
        found.append("its channel leads to another incident")
    timers = list(timer_arguments(due_timers(incident, library.policy)))
    wanted = {str(name): str(due) for name, due in zip(timers[::3], timers[2::3], strict=True)}
    kept: dict[str, str] = await ask(store.client, "HGETALL", store.keys.timers_of(incident.id))
    if kept != wanted:
        found.append(f"its timers are {kept} and should be {wanted}")
    return found
