"""Slack delivers at least once: whatever comes again, to whichever process and however late, happens once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.incident.events import Event, MessageFlagged, NoteAdded
from bot.incident.terms import IncidentId, Version
from bot.workspace.interactions import slash_payload
from tests.faults.agreement import assert_agreement
from tests.faults.conftest import StartFleet
from tests.faults.fleet import Fleet

BOTH = pytest.mark.parametrize("transport", ["socket mode", "http"])
Payload = dict[str, Any]


async def _with_an_incident(start_fleet: StartFleet, transport: str) -> Fleet:
    """Three processes and INC-1."""
    fleet = await start_fleet(transport=transport)
    await fleet.start_many(3)
    assert (await fleet.person("ada").slash("/incident", "declare sev1 Checkout is down", channel="general")).ok
    await fleet.until_quiet()
    return fleet


async def _deliver(fleet: Fleet, kind: str, payload: Payload, attempt: int) -> None:
    """To the next process in turn; Socket Mode takes turns by itself."""
    if fleet.transport == "http":
        await fleet.deliver_to(fleet.running[attempt % len(fleet.running)])
    await fleet.workspace.site.deliveries.hand_over(kind, payload, attempt, "http_timeout" if attempt else "")


async def _pushpin(fleet: Fleet) -> Payload:
    """The event of Ada's pushpin on a message of her own; nobody has delivered it yet."""
    channel = (await fleet.incident()).channel
    assert channel is not None
    ts = await fleet.person("ada").say(channel, "Errors rise.")
    ada = fleet.workspace.user_id("ada")
    item = {"type": "message", "channel": channel, "ts": ts}
    event = {"type": "reaction_added", "user": ada, "reaction": "pushpin", "item": item, "item_user": ada}
    return fleet.workspace.site.deliveries.event_payload(event)


async def _note(fleet: Fleet) -> Payload:
    site = fleet.workspace.site
    channel = (await fleet.incident()).channel
    assert channel is not None
    return slash_payload(site, site.team.account_named("ada"), site.team.channel(channel)) | {
        "command": "/incident",
        "text": "note Only once.",
    }


async def _happened(fleet: Fleet, kind: type[Event]) -> int:
    return sum(isinstance(event, kind) for event in await fleet.store.log.read(IncidentId(1), Version(0)))


async def _flagged_once(fleet: Fleet) -> None:
    await fleet.person("ada").wait_until(lambda: _happened(fleet, MessageFlagged))
    await fleet.until_quiet()
    assert await _happened(fleet, MessageFlagged) == 1
    for method in ("reactions.get", "reactions.add"):
        assert len(await fleet.workspace.client.calls(method)) == 1, method
    await assert_agreement(fleet)


@BOTH
async def test_an_event_delivered_four_times_minutes_apart_has_one_effect(
    start_fleet: StartFleet, transport: str
) -> None:
    fleet = await _with_an_incident(start_fleet, transport)
    event = await _pushpin(fleet)
    for attempt in range(4):
        await _deliver(fleet, "events_api", event, attempt)
        fleet.move_on(timedelta(minutes=3))
    await _flagged_once(fleet)


@BOTH
async def test_an_event_that_comes_only_as_a_retry_has_its_effect(start_fleet: StartFleet, transport: str) -> None:
    fleet = await _with_an_incident(start_fleet, transport)
    await _deliver(fleet, "events_api", await _pushpin(fleet), 3)
    await _flagged_once(fleet)


async def test_an_event_delivered_to_three_processes_at_once_has_one_effect(start_fleet: StartFleet) -> None:
    fleet = await _with_an_incident(start_fleet, "socket mode")
    event = await _pushpin(fleet)
    await asyncio.gather(*(_deliver(fleet, "events_api", event, attempt) for attempt in range(4)))
    await _flagged_once(fleet)


@BOTH
async def test_a_command_delivered_four_times_is_handled_once(start_fleet: StartFleet, transport: str) -> None:
    """A note has nothing of its own by which a second one would be known: only the request's id tells."""
    fleet = await _with_an_incident(start_fleet, transport)
    note = await _note(fleet)
    for attempt in range(4):
        await _deliver(fleet, "slash_commands", note, attempt)
        fleet.move_on(timedelta(minutes=3))
    await fleet.until_quiet()
    assert await _happened(fleet, NoteAdded) == 1
