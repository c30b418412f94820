"""The rig itself: a fleet works as one bot does, moves in time together, and the agreement can tell a difference."""

from datetime import timedelta

from bot.incident.effects import SUMMARY
from bot.incident.terms import IncidentId
from tests.faults.agreement import assert_agreement, disagreements
from tests.faults.fleet import Fleet

DECLARE = "declare sev1 Checkout is down"


async def test_two_processes_are_one_bot_and_live_in_one_time(fleet: Fleet) -> None:
    await fleet.start_many(2)
    assert (await fleet.person("ada").slash("/incident", DECLARE, channel="general")).ok
    await fleet.until_quiet()
    await assert_agreement(fleet)
    fleet.move_on(timedelta(minutes=30, seconds=1))
    await fleet.until_quiet()
    await assert_agreement(fleet)
    assert (await fleet.incident()).clock.reminders == 1


async def test_the_agreement_sees_what_does_not_agree(fleet: Fleet) -> None:
    member = await fleet.start()
    await fleet.person("ada").slash("/incident", DECLARE, channel="general")
    await fleet.until_quiet()
    await fleet.kill(member)
    incident = await fleet.incident()
    assert incident.channel
    channel = fleet.workspace.site.team.channel(incident.channel)
    copied = dict(channel.messages[incident.cards[SUMMARY].ts])
    channel.messages["9999999999.000001"] = copied
    channel.topic["value"] = "Out to lunch"
    channel.pins.clear()
    await fleet.store.timers.restore(IncidentId(1), {})
    found = "\n".join(await disagreements(fleet.workspace, fleet.store, at=fleet.time.now()))
    for what in ("posted 2 times", "the topic is 'Out to lunch'", "pinned are []", "its timers are {}"):
        assert what in found
    assert "the channel holds 3 messages of it and should hold 2" in found
