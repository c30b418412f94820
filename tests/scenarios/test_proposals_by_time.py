"""Proposals that nobody answers: reminded of once, expired, recovered by themselves; restarts, outages and storms."""

import asyncio
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.scenarios import alarms, witness
from tests.scenarios.asking import ERROR, asked, card, cards, changed, fire, pass_by, press, reasons
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.team import Team


async def reminders(team: Team) -> list[str]:
    found = await team.person("ada").messages("general")
    return [each.rendered for each in found if "is this an incident?" in each.rendered]


async def test_it_is_reminded_of_once_and_expires(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await pass_by(team, 9)
    assert await reminders(team) == []
    await pass_by(team, 30)
    (reminded,) = await reminders(team)
    assert reminded.startswith("@cleo, @ben: is this an incident? “Checkout returns 500")
    assert "1 firing" in reminded
    thread = await team.person("ada").thread("general", (await card(team, "[Declare")).ts)
    assert thread[1].subtype == "thread_broadcast"
    await pass_by(team, 25)
    shown = await card(team, "Nobody answered, so it has expired.")
    assert shown.buttons == []
    assert len(await reminders(team)) == 1
    assert await reasons(team) == ["PROPOSED", "PROPOSAL_EXPIRED"]


async def test_what_expired_is_quiet_until_it_fires_anew_or_a_day_has_passed(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await pass_by(team, 65)
    await fire(team)
    assert len(await cards(team)) == 1
    team.clock.move_on(timedelta(days=1))
    await pass_by(team, 1)
    await fire(team)
    assert "P2 · SEV2" in (await card(team, "[Declare incident]")).rendered


async def test_what_recovers_by_itself_needs_no_answer(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await fire(team, "PodCrash", fingerprint="f2")
    await fire(team, resolved=True)
    await card(team, "Alerts   1 firing, 1 resolved · PodCrash")
    team.clock.move_on(timedelta(minutes=5))
    await fire(team, "PodCrash", fingerprint="f2", resolved=True)
    await pass_by(team, 1)
    await card(team, "Alerts   0 firing, 2 resolved")
    await pass_by(team, 2)
    shown = await card(team, "It recovered by itself after 5 min.")
    assert shown.buttons == []
    await pass_by(team, 90)
    assert await reminders(team) == []
    assert "PROPOSAL_EXPIRED" not in await reasons(team)


async def test_what_fires_again_soon_is_the_same_card_and_later_another(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await fire(team, resolved=True)
    await pass_by(team, 3)
    await card(team, "It recovered by itself")
    await fire(team, again=True)
    await card(team, "[Declare incident]", "recovered and fired again once")
    await fire(team, resolved=True)
    await pass_by(team, 3)
    await card(team, "[Declare incident]", "0 firing, 1 resolved · 1 flapping")
    await pass_by(team, 65)
    await fire(team, again=True)
    assert "P2 · SEV2" in (await card(team, "[Declare incident]")).rendered


async def test_after_hours_away_there_is_one_reminder_and_nothing_has_expired_unseen(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await fire(team, "Slow", fingerprint="f2", labels={"severity": "error", "service": "search"}, group="g2")
    team.clock.move_on(timedelta(hours=5))
    await pass_by(team, 1)
    (reminded,) = await reminders(team)
    assert "P2 waits, too." in reminded
    first, _ = await cards(team, "general", "[Declare incident]")
    later = team.clock.now() + timedelta(minutes=50)
    assert f"it expires at {later.astimezone(ZoneInfo('Europe/Berlin')):%H:%M}" in first.rendered
    await pass_by(team, 51)
    assert len(await cards(team, "general", "so it has expired")) == 2


async def test_during_maintenance_nobody_is_reminded(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await team.type("ada", "maintenance checkout 2h new disks", "random")
    await pass_by(team, 100)
    assert await reminders(team) == []
    await team.type("ada", "maintenance end checkout", "random")
    await pass_by(team, 1)
    assert len(await reminders(team)) == 1
    await card(team, "[Declare incident]")


async def test_while_slack_is_away_no_proposal_expires(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await team.workspace.client.fault("chat.postMessage", "refuse", error="channel_not_found", count=1)
    await fire(team)
    await pass_by(team, 70)
    (waiting,) = await team.bot.store.proposals.waiting()
    assert await reasons(team) == ["PROPOSED"]
    team.clock.move_on(timedelta(days=1))
    await pass_by(team, 1)
    assert await reasons(team) == ["PROPOSED", "PROPOSAL_EXPIRED"]
    assert waiting == 1


async def test_what_was_answered_before_it_could_be_posted_is_not_posted(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await team.workspace.client.fault("chat.postMessage", "bad_gateway", count=3)
    status, _ = await alarms.post(team, alarms.notification(alarms.told(labels=ERROR), group="g1"))
    assert status == 200
    await witness.until(team, team.bot.store.proposals.waiting)
    (number,) = await team.bot.store.proposals.waiting()
    found = (await team.bot.store.proposals.proposals([number]))[number]
    assert found.is_open
    await team.settle()
    assert len(await cards(team)) == 1


async def test_a_restart_forgets_no_proposal_and_posts_none_twice(host: Host, tmp_path: Path) -> None:
    shared = Host(workspace=host.workspace, settings=changed(host.settings, tmp_path), clock=host.clock)
    async with shared.muster() as first:
        await fire(first)
    async with shared.muster() as second, shared.muster() as third:
        await fire(second, "PodCrash", fingerprint="f2")
        await third.bot.look_at_proposals()
        await card(second, "Alerts   2 firing")
        await press(third, "Declare incident")
        await second.settle()
        await third.settle()
        await card(second, "INC-1 is open for it, declared by @ada.")
        assert len(await second.bot.store.log.listings(active=False)) == 1


async def test_two_processes_make_one_proposal_of_what_both_are_sent(host: Host, tmp_path: Path) -> None:
    shared = Host(workspace=host.workspace, settings=changed(host.settings, tmp_path), clock=host.clock)
    async with shared.muster() as one, shared.muster() as other:
        for number in range(8):
            for team in (one, other):
                told = alarms.notification(alarms.told(fingerprint=str(number), labels=ERROR), group="g1")
                assert (await alarms.post(team, told))[0] == 200
        await one.settle()
        await other.settle()
        await card(one, "Alerts   8 firing")
        assert await reasons(one) == ["PROPOSED"] * 8


async def test_a_storm_of_what_is_proposed_is_a_handful_of_calls(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    told = [
        alarms.notification(
            alarms.told(f"Down{n % 3}", fingerprint=str(n), labels={"severity": "error", "service": f"s{n}"}),
            group=f"group {n}",
        )
        for n in range(60)
    ]
    await _all(team, told)
    await _all(team, told)
    waiting = await team.bot.store.proposals.proposals(list(await team.bot.store.proposals.waiting()))
    assert len(waiting) == 3
    assert sum(each.firing_count for each in waiting.values()) == 60
    assert len(await team.calls("chat.postMessage")) == 3
    assert await reasons(team) == ["PROPOSED"] * 60


async def test_a_thousand_alerts_are_one_small_proposal(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    told = [alarms.told(fingerprint=str(n), labels={**ERROR, "pod": "p" * 100}) for n in range(1000)]
    await _all(team, [alarms.notification(*told[start : start + 100], group="g1") for start in range(0, 1000, 100)])
    await card(team, "Alerts   1,000 firing · HighErrorRate ×100 and 900 others")
    assert len(await team.calls("chat.postMessage")) == 1
    assert len(await team.calls("chat.update")) <= 10
    stored = await team.bot.store.client.hget(team.bot.store.keys.proposals, "1")
    assert len(stored or "") < 100_000


async def _all(team: Team, deliveries: list[dict[str, object]]) -> None:
    for start in range(0, len(deliveries), 30):
        sent = [alarms.post(team, each) for each in deliveries[start : start + 30]]
        assert {status for status, _ in await asyncio.gather(*sent)} == {200}
    await team.settle()
