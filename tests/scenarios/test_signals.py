"""Signals out of dialogues: what happens in Slack is told to targets, in order, once, and nothing that stays inside."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import SECRET as TITLE
from tests.scenarios.test_private_incidents import declare_privately
from tests.signals.receiver import SECRET, Answer, Receiver


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    async with Receiver() as other:
        yield other


def target(receiver: Receiver, name: str = "siem", marks: str = "private-address") -> str:
    return f"{name}:{receiver.url}:{SECRET}:{marks}"


async def test_what_happens_in_slack_is_told_in_its_order(start_team: StartTeam, receiver: Receiver) -> None:
    team = await start_team(signal_targets=target(receiver))
    channel = await team.declare("sev2 Checkout is down")
    await team.type("ada", "severity sev1 all customers", channel)
    await team.type("ada", "note Errors fall", channel)
    await team.type("ada", "resolve Rolled back", channel)
    await team.settle()
    told = [kind for kind in receiver.types if kind not in {"milestone_reached", "playbook_attached"}]
    assert told == ["declared", "role_assigned", "severity_changed", "note_added", "status_changed"]
    versions = [each.data["version"] for each in receiver.taken]
    assert versions == sorted(versions)
    assert receiver.taken[-1].envelope["subject"] == "INC-1"


async def test_each_is_told_once_and_in_order_though_answers_are_lost(
    start_team: StartTeam, receiver: Receiver
) -> None:
    team = await start_team(signal_targets=target(receiver))
    receiver.next_answers = [Answer(lost=True), Answer(status=503), Answer(), Answer(status=429), Answer(lost=True)]
    channel = await team.declare("sev2 Checkout is down")
    await team.type("ada", "note Errors fall", channel)
    await team.settle()
    versions = [each.data["version"] for each in receiver.got]
    assert versions == sorted(versions)
    assert len(receiver.got) > len(receiver.taken)
    assert [each.data["version"] for each in receiver.taken] == sorted(set(versions))


async def test_what_waits_is_told_after_a_restart(host: Host, receiver: Receiver) -> None:
    host = type(host)(
        workspace=host.workspace,
        settings=host.settings.model_validate({**host.settings.__dict__, "signal_targets": target(receiver)}),
        clock=host.clock,
    )
    receiver.always = Answer(status=503)
    async with host.muster() as team:
        channel = await team.declare("sev2 Checkout is down")
        await witness.until(team, lambda: got(receiver))
    receiver.always = Answer()
    async with host.muster() as team:
        await team.type("ada", "note Errors fall", channel)
        await team.settle()
    versions = [each.data["version"] for each in receiver.taken]
    assert versions == sorted(set(versions))
    assert (receiver.types[0], receiver.types[-1]) == ("declared", "note_added")


async def got(receiver: Receiver) -> bool:
    return bool(receiver.got)


async def test_a_target_that_refuses_holds_up_neither_slack_nor_another(
    start_team: StartTeam, receiver: Receiver, other: Receiver
) -> None:
    receiver.always = Answer(status=503, headers={"Retry-After": "60"})
    team = await start_team(signal_targets=f"{target(receiver)},{target(other, 'page')}")
    channel = await team.declare("sev2 Checkout is down")
    assert "In the timeline" in await team.type("ada", "note Errors fall", channel)
    await witness.until(team, lambda: is_told(other, "note_added"))
    assert len(receiver.got) == 1


async def is_told(receiver: Receiver, kind: str) -> bool:
    return kind in receiver.types


async def test_of_a_private_incident_nothing_leaves_but_to_a_target_so_marked(
    start_team: StartTeam, receiver: Receiver, other: Receiver
) -> None:
    team = await start_team(
        signal_targets=f"{target(receiver)},{target(other, 'vault', 'private-address+private')}",
    )
    await declare_privately(team)
    await team.settle()
    assert receiver.got == []
    assert TITLE in other.taken[0].data["incident"]["title"]
    assert other.taken[0].data["incident"]["private"] is True


async def test_of_a_drill_nothing_leaves_but_to_a_target_so_marked(
    start_team: StartTeam, receiver: Receiver, other: Receiver
) -> None:
    team = await start_team(
        signal_targets=f"{target(receiver)},{target(other, 'school', 'private-address+drills')}",
    )
    await team.declare("sev2 Checkout is down", verb="drill")
    await team.settle()
    assert receiver.got == []
    assert other.taken[0].envelope["subject"] == "DRILL INC-1"


async def test_after_a_day_it_is_given_up_and_can_be_told_later(start_team: StartTeam, receiver: Receiver) -> None:
    receiver.always = Answer(status=503)
    team = await start_team(signal_targets=target(receiver))
    receiver.now = team.clock.now
    await team.declare("sev2 Checkout is down")
    await witness.until(team, lambda: got(receiver))
    team.clock.move_on(timedelta(hours=25))
    letters = await given_up(team)
    assert all("signal to siem: HTTP 503, for a day" in reason for _, reason in letters)
    assert all(SECRET not in reason and receiver.url not in reason for _, reason in letters)
    receiver.always = Answer()
    for id_, _ in reversed(letters):
        assert await team.bot.store.outbox.revive(id_)
    team.bot.runner.wake()
    await witness.until(team, lambda: is_told(receiver, "declared"))


async def given_up(team: Team) -> list[tuple[str, str]]:
    """Once nothing waits any more: id and reason, newest first."""
    await team.settle()
    letters = await team.bot.store.outbox.dead_letters()
    assert letters
    return [(each.id, each.reason) for each in letters]


async def test_without_targets_nothing_waits_for_any(team: Team) -> None:
    await team.declare("sev2 Checkout is down")
    await team.settle()
    assert await team.bot.store.outbox.lanes_waiting() == 0
