"""Reminders: the next update is asked for when it is due, climbs while nobody answers, and ends with the incident."""

from datetime import timedelta
from typing import Any

import pytest

from bot.slack.action_ids import SKIP_UPDATE
from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.host import Host
from tests.scenarios.team import Team

EVERY = timedelta(minutes=30)
"""SEV1's cadence in the shipped policy."""
A_SECOND = timedelta(seconds=1)
DUE = "the next update is due now"


async def _reminded(team: Team, channel: str) -> SeenMessage:
    await team.move_on(EVERY + A_SECOND)
    return await team.says("ada", channel, DUE)


async def _asked(team: Team, channel: str) -> int:
    """How many reminders stand in the channel, answered or not."""
    cards = ("due now", "overdue", "reminder is over", "was posted", "snoozed until", "No update is due")
    seen = await team.person("ada").messages(channel)
    return sum(any(part in each.rendered for part in cards) for each in seen if not each.pinned)


async def test_an_update_that_is_due_is_asked_for_in_the_channel(team: Team) -> None:
    channel = await team.declare()
    await team.move_on(EVERY - timedelta(minutes=1))
    assert await _asked(team, channel) == 0
    await team.move_on(timedelta(minutes=1, seconds=1))
    asked = await team.says("ada", channel, f"@ada, {DUE}", "There has been none yet.")
    assert asked.buttons == ["Post update", "Snooze 10 min", "Skip this one"]
    assert asked.pings == {"ada"}


async def test_the_communications_lead_is_asked_where_there_is_one(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "assign communications @ben", channel)
    assert (await _reminded(team, channel)).pings == {"ben"}


async def test_the_next_update_is_due_from_the_last_one(team: Team) -> None:
    channel = await team.declare()
    await team.move_on(timedelta(minutes=20))
    await team.type("ada", "update We look at the logs.", channel)
    await team.move_on(timedelta(minutes=20))
    assert await _asked(team, channel) == 0
    await team.move_on(timedelta(minutes=10, seconds=1))
    await team.says("ada", channel, DUE, "We look at the logs.")


async def test_the_cadence_of_one_incident_is_changed_by_verb(team: Team) -> None:
    channel = await team.declare()
    assert "Updates are due every 20 min now." in await team.type("ada", "remind every 20m", channel)
    await team.move_on(timedelta(minutes=20, seconds=1))
    await team.says("ada", channel, DUE)


async def test_the_cadence_is_changed_by_modal(team: Team) -> None:
    channel = await team.declare()
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Change cadence", channel)
    await witness.fills(team, "ada", **{"An update is due every": "10 min"})
    await team.move_on(timedelta(minutes=10, seconds=1))
    await team.says("ada", channel, DUE)


async def test_no_reminder_comes_once_they_are_off(team: Team) -> None:
    channel = await team.declare()
    assert "No more updates are asked for" in await team.type("ada", "remind off", channel)
    await team.move_on(timedelta(hours=5))
    assert await _asked(team, channel) == 0


async def test_a_reminder_is_snoozed_by_button_and_comes_back(team: Team) -> None:
    channel = await team.declare()
    asked = await _reminded(team, channel)
    assert (await team.person("ada").click("Snooze 10 min", ts=asked.ts)).ok
    await witness.edited_to(team, asked, channel, "The update is snoozed until")
    await team.move_on(timedelta(minutes=10, seconds=1))
    again = await team.says("ada", channel, DUE)
    assert again.ts != asked.ts


async def test_a_reminder_is_snoozed_ahead_by_verb(team: Team) -> None:
    channel = await team.declare()
    assert "Snoozed until" in await team.type("ada", "remind snooze 40m", channel)
    await team.move_on(EVERY + A_SECOND)
    assert await _asked(team, channel) == 0
    await team.move_on(timedelta(minutes=10))
    await team.says("ada", channel, "due now")


async def test_a_reminder_is_skipped_by_button(team: Team) -> None:
    channel = await team.declare()
    asked = await _reminded(team, channel)
    assert (await team.person("ada").click("Skip this one", ts=asked.ts)).ok
    await witness.edited_to(team, asked, channel, "This reminder is over.", "Next update by")
    assert "Update skipped by @ada" in await witness.timeline(team, channel)


async def test_an_update_answers_the_reminder_and_its_card_says_so(team: Team) -> None:
    channel = await team.declare()
    asked = await _reminded(team, channel)
    assert (await team.person("ada").click("Post update", ts=asked.ts)).ok
    await witness.fills(team, "ada", **{"What we know": "Two clusters are back."})
    answered = await witness.edited_to(team, asked, channel, "Update 1 was posted.", "Next update by")
    assert answered.buttons == []


async def test_an_unanswered_reminder_climbs_to_the_commander_then_to_the_announcement_channel(team: Team) -> None:
    channel = await team.declare()
    announced = await team.says("ada", "incidents", "INC-1")
    await team.type("ada", "assign communications @ben", channel)
    asked = await _reminded(team, channel)
    await team.move_on(timedelta(minutes=5))
    await witness.told(team, "ada", "INC-1 (Checkout is down) owes a status update")
    await witness.edited_to(team, asked, channel, "@ada, the update is 5 min overdue.")
    await team.move_on(timedelta(minutes=5))
    await witness.in_thread(team, announced, "incidents", "INC-1", "owes a status update: 10 min overdue")
    await witness.edited_to(team, asked, channel, "The announcement channel has been told.")
    assert await _asked(team, channel) == 1


async def test_a_commander_who_was_asked_already_is_not_asked_twice(team: Team) -> None:
    channel = await team.declare()
    announced = await team.says("ada", "incidents", "INC-1")
    await _reminded(team, channel)
    await team.move_on(timedelta(minutes=10))
    await witness.in_thread(team, announced, "incidents", "owes a status update")
    assert await witness.posts(team, "muster", "owes a status update") == []


async def test_a_private_incidents_reminder_never_leaves_its_channel(team: Team) -> None:
    assert (await team.person("ada").slash("/incident", "declare sev1", channel="general")).ok
    await witness.fills(team, "ada", Title="A leak", Severity="SEV1", Private=["yes"])
    found = await witness.until(team, lambda: team.person("ada").channel_named("inc-1"))
    await _reminded(team, found.name)
    await team.move_on(timedelta(hours=2))
    assert await team.person("cleo").messages("incidents") == []
    assert "A leak" not in str(await team.person("cleo").channels())


async def test_a_stale_button_says_so_and_changes_nothing(team: Team) -> None:
    channel = await team.declare()
    asked = await _reminded(team, channel)
    await team.type("ada", "update We are on it.", channel)
    await team.workspace.client.forge("interactive", _skip(team, channel, asked))
    await team.person("ada").wait_for_ephemeral("That reminder has been answered already. Nothing has changed.")
    assert "skipped" not in await witness.timeline(team, channel)


def _skip(team: Team, channel: str, asked: SeenMessage) -> dict[str, Any]:
    """The press of a client that still shows the reminder as it was."""
    elements = [element for block in asked.blocks for element in block.get("elements", ())]
    pressed = next(element for element in elements if element.get("action_id") == SKIP_UPDATE)
    return {
        "type": "block_actions",
        "user": {"id": team.workspace.user_id("ada")},
        "channel": {"id": team.workspace.channel_id(channel)},
        "actions": [{**pressed, "block_id": "buttons", "action_ts": asked.ts}],
    }


async def test_nothing_is_asked_after_the_end_and_the_card_says_why(team: Team) -> None:
    channel = await team.declare()
    asked = await _reminded(team, channel)
    await team.type("ada", "resolve", channel)
    await witness.edited_to(team, asked, channel, "No update is due: INC-1 is resolved.")
    await team.move_on(timedelta(hours=3))
    assert await _asked(team, channel) == 1


async def test_reminders_start_again_when_the_incident_is_reopened(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "resolve", channel)
    await team.move_on(timedelta(hours=3))
    await team.type("ada", "reopen It is back", channel)
    await team.move_on(EVERY - timedelta(minutes=1))
    assert await _asked(team, channel) == 0
    await team.move_on(timedelta(minutes=1, seconds=1))
    await team.says("ada", channel, DUE)


async def test_after_downtime_one_reminder_catches_up_and_not_a_burst(host: Host) -> None:
    async with host.muster() as team:
        channel = await team.declare()
        await team.settle()
    host.clock.move_on(timedelta(hours=7))
    async with host.muster() as team:
        await team.move_on(A_SECOND)
        await team.says("ada", channel, DUE)
        assert await _asked(team, channel) == 1


async def test_numbering_goes_on_after_a_restart(host: Host) -> None:
    async with host.muster() as team:
        channel = await team.declare()
        first = await _reminded(team, channel)
        await team.type("ada", "update One.", channel)
        await witness.edited_to(team, first, channel, "Update 1 was posted.")
    async with host.muster() as team:
        second = await _reminded(team, channel)
        assert second.ts != first.ts
        await team.type("ada", "update Two.", channel)
        await witness.edited_to(team, second, channel, "Update 2 was posted.")
        assert await _asked(team, channel) == 2


@pytest.mark.parametrize("transport", ["socket mode"])
async def test_two_musters_on_one_store_remind_once(host: Host) -> None:
    async with host.muster() as team, host.muster() as other:
        channel = await team.declare()
        await team.settle()
        host.clock.move_on(EVERY + A_SECOND)
        await team.bot.tick()
        await other.bot.tick()
        await team.says("ada", channel, DUE)
        await team.settle()
        assert await _asked(team, channel) == 1
