"""The doctor names what is ill by incident number, says what to do, and lays nothing private open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.checkup.doctor import examine, revive
from bot.checkup.finding import Finding, Level, exit_code, report
from bot.checkup.head_check import judge_head
from bot.checkup.process_check import judge_readiness
from bot.checkup.waiting_check import judge_server, judge_survey
from bot.incident.terms import TimerName
from bot.settings import Settings
from bot.store.daily_checkpoint import BEGUN, NOWHERE, NewestHead
from bot.store.keys import Keys
from bot.store.reach import connected
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from bot.store.survey import Lane, ServerHealth, Survey, survey
from bot.workspace.server import Workspace
from tests.muster_process import muster_says, settings_in, workspace_for_muster
from tests.store.appends import an_append, listed, pin, topic

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
QUIET = Survey(now=NOON, lanes=0, seen=(), overdue=0, oldest_timer=None)
LANE = Lane(name="C1:post", length=1, head="7.4.1", ready_at=NOON, leased=False, attempt=0, begun_at=None, reason="")
HEALTHY = ServerHealth(memory=12 << 20, most_memory=0, log_writes="ok", snapshots="ok")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def with_lane(**changes: Any) -> Survey:
    return replace(QUIET, lanes=1, seen=(replace(LANE, **changes),))


@pytest.mark.parametrize(
    ("found", "level", "said"),
    [
        (QUIET, Level.OK, "Nothing waits for Slack."),
        (with_lane(leased=True, ready_at=NOON + minutes(0.2)), Level.OK, "1 at work"),
        (with_lane(leased=True, ready_at=NOON - minutes(0.2)), Level.OK, "1 whose holder died"),
        (with_lane(begun_at=NOON - minutes(3), attempt=4), Level.OK, "begun 3 min ago, for INC-7"),
        (with_lane(ready_at=NOON - minutes(5)), Level.BAD, "nobody does it, the first, of INC-7, for 5 min"),
        (with_lane(leased=True, ready_at=NOON - minutes(5)), Level.BAD, "nobody does it"),
        (
            with_lane(attempt=4, reason="Slack: is_archived.", ready_at=NOON + minutes(0.5), length=3),
            Level.WARN,
            "INC-7: attempt 4 failed (Slack: is_archived), again in 30 s, 2 behind it.",
        ),
        (replace(QUIET, overdue=2, oldest_timer=("INC-7", NOON - minutes(4))), Level.BAD, "of INC-7, by 4 min"),
        (replace(QUIET, overdue=2, oldest_timer=("INC-7", NOON - minutes(0.1))), Level.OK, "No reminder is overdue"),
    ],
)
def test_what_waits_has_one_meaning(found: Survey, level: Level, said: str) -> None:
    assert [finding.level for finding in judge_survey(found) if said in finding.sentence] == [level]


def test_only_so_many_retries_are_told_one_by_one() -> None:
    lanes = tuple(replace(LANE, head=f"{number}.1.1", attempt=number, reason="down") for number in range(1, 9))
    told = [finding.sentence for finding in judge_survey(replace(QUIET, lanes=8, seen=lanes))]
    assert any(sentence.startswith("INC-8: attempt 8") for sentence in told)
    assert "And 3 lanes more are tried again." in told


@pytest.mark.parametrize(
    ("health", "level", "said"),
    [
        (HEALTHY, Level.OK, "12 MiB"),
        (replace(HEALTHY, memory=None), Level.OK, "does not say"),
        (replace(HEALTHY, most_memory=16 << 20), Level.WARN, "75%"),
        (replace(HEALTHY, most_memory=13 << 20), Level.BAD, "92%"),
        (replace(HEALTHY, log_writes="err"), Level.BAD, "last write to disk failed"),
        (replace(HEALTHY, snapshots="err"), Level.WARN, "snapshot"),
    ],
)
def test_the_server_is_judged_by_memory_and_disk(health: ServerHealth, level: Level, said: str) -> None:
    assert [finding.level for finding in judge_server(health) if said in finding.sentence] == [level]


@pytest.mark.parametrize(
    ("age", "post", "level", "said"),
    [
        (minutes(60), "C1 1.0", Level.OK, "stands in Slack"),
        (minutes(60), NOWHERE, Level.OK, "AUDIT_CHANNEL is not set"),
        (minutes(1), BEGUN, Level.OK, "is being posted"),
        (minutes(60), BEGUN, Level.WARN, "is not in Slack"),
        (minutes(60), "", Level.WARN, "is not in Slack"),
        (timedelta(days=3), "C1 1.0", Level.WARN, "The last head of the logs is of 2026-02-27"),
    ],
)
def test_the_days_head_is_looked_after(age: timedelta, post: str, level: Level, said: str) -> None:
    finding = judge_head(NewestHead(at=NOON - age, post=post), NOON)
    assert finding.level is level
    assert said in finding.sentence


def test_a_process_that_is_not_ready_is_told_with_its_parts() -> None:
    body = '{"ready": false, "parts": {"store": "the store: it cannot be reached", "slack": "ready"}}'
    (finding,) = judge_readiness("http://127.0.0.1:3000", 503, body)
    assert (finding.level, "store: the store: it cannot be reached" in finding.sentence) == (Level.BAD, True)
    assert judge_readiness("http://127.0.0.1:3000", 200, "<html>")[0].level is Level.BAD


def settings_for(workspace: Workspace, redis_url: str, folder: Path) -> Settings:
    return Settings.model_validate(
        {
            "slack_bot_token": workspace.bot_token,
            "slack_app_token": workspace.app_token,
            "slack_api_url": workspace.api_url,
            "redis_url": redis_url,
            "data_dir": folder,
            "audit_key": "k" * 32,
            "port": 0,
        }
    )


def ill(findings: list[Finding]) -> list[str]:
    return [finding.sentence for finding in findings if finding.level is not Level.OK]


async def test_a_store_at_rest_is_well(empty_redis: str, tmp_path: Path) -> None:
    async with workspace_for_muster() as workspace:
        findings = await examine(settings_for(workspace, empty_redis, tmp_path))
    assert ill(findings) == []


async def test_what_the_scripts_tell_is_what_is_there(redis_url: str) -> None:
    keys = Keys(team="T0123", root="test-survey")
    async with connected(redis_url, tag="T0123") as client:
        log, outbox = RedisLog(client, keys), RedisOutbox(client, keys)
        await log.append(an_append(effects=[pin(1), pin(2), topic()], timers={TimerName("update"): NOON}))
        first, second = await outbox.lease(2)
        await outbox.retry(first, minutes(1), reason="rate limited", uncertain=False)
        found = await survey(client, keys)
    lanes = {lane.name: lane for lane in found.seen}
    assert (found.lanes, found.overdue, found.oldest_timer) == (2, 1, ("INC-1", NOON))
    assert (lanes[second.lane].leased, lanes[second.lane].attempt) == (True, 1)
    tried = lanes[first.lane]
    assert (tried.leased, tried.reason, tried.head, tried.begun_at is not None) == (
        False,
        "rate limited",
        first.id,
        True,
    )


async def test_what_was_given_up_is_named_by_number_and_can_be_tried_again(empty_redis: str, tmp_path: Path) -> None:
    async with workspace_for_muster() as workspace, connected(empty_redis, tag=workspace.team_id) as client:
        keys = Keys(team=workspace.team_id)
        outbox = RedisOutbox(client, keys)
        await RedisLog(client, keys).append(an_append(effects=[pin(1), pin(2)]))
        for _ in range(2):
            [lease] = await outbox.lease(1)
            await outbox.bury(lease, "the channel is archived")
        findings = await examine(settings_for(workspace, empty_redis, tmp_path))
        assert exit_code(findings) == 1
        assert "1.1.2 of INC-1" in report(findings)
        assert "Checkout" not in report(findings)
        variables = settings_in(workspace, "socket mode", empty_redis)
        status, said = await muster_says(variables, tmp_path, "doctor", "--retry", "1.1.2")
        assert (status, said) == (0, f"To be tried again: 1.1.2. {LOOKED_FOR}\n")
        assert await revive(outbox, "") == (0, f"To be tried again: 1. {LOOKED_FOR}")
        assert (await revive(outbox, "9.9.9"))[0] == 1
        assert [await outbox.dead_letter_count(), await outbox.lanes_waiting()] == [0, 1]


async def test_what_was_given_up_of_a_drill_is_named_as_one(empty_redis: str, tmp_path: Path) -> None:
    async with workspace_for_muster() as workspace, connected(empty_redis, tag=workspace.team_id) as client:
        keys = Keys(team=workspace.team_id)
        outbox = RedisOutbox(client, keys)
        await RedisLog(client, keys).append(an_append(effects=[pin(1)], listing=replace(listed(), drill=True)))
        [lease] = await outbox.lease(1)
        await outbox.bury(lease, "the channel is archived")
        findings = await examine(settings_for(workspace, empty_redis, tmp_path))
        given_up = await outbox.given_up()
    assert "1.1.1 of DRILL INC-1" in report(findings)
    assert given_up is not None
    assert given_up.drill


LOOKED_FOR = "Whatever may have reached Slack before is looked for first."


@pytest.mark.parametrize("named", [True, False], ids=["named", "found in the store"])
async def test_the_store_is_examined_although_slack_is_down(
    empty_redis: str, tmp_path: Path, named: bool, pytestconfig: pytest.Config
) -> None:
    if not named and pytestconfig.getoption("--redis") == "cluster":
        pytest.skip("on a Cluster nobody can say where to look, so --team is needed")
    async with workspace_for_muster() as workspace, connected(empty_redis, tag=workspace.team_id) as client:
        await RedisLog(client, Keys(team=workspace.team_id)).append(an_append())
        await workspace.client.fault("auth.test", "internal_error", count=9)
        team = workspace.team_id if named else ""
        findings = await examine(settings_for(workspace, empty_redis, tmp_path), team)
    assert ill(findings) == ["Slack does not answer, or refuses the token."]


async def test_a_store_out_of_reach_is_told_without_its_password(tmp_path: Path) -> None:
    async with workspace_for_muster() as workspace:
        findings = await examine(settings_for(workspace, "redis://:hunter2@127.0.0.1:1/0", tmp_path))
    assert exit_code(findings) == 1
    assert "hunter2" not in report(findings)
