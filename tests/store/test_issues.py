"""Whose an issue is stands beside the log from the same step on, and how far a tracker was read is remembered."""

from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from bot.incident.followup_index import Reindexed
from bot.incident.terms import IncidentId
from bot.store.keys import Keys
from bot.store.redis_issues import RedisIssues
from bot.store.redis_log import RedisLog
from tests.store.appends import an_append
from tests.store.test_followups import line

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def test_an_issue_is_its_follow_ups_from_the_append_on(log: RedisLog, client: Redis, keys: Keys) -> None:
    filed = [line(1, tracker="GitHub", issue="acme/ops#12"), line(2, tracker="GitHub")]
    await log.append(an_append(followups=[Reindexed(line=each) for each in filed]))
    found = await RedisIssues(client, keys).followups_of("GitHub", ["acme/ops#12", "acme/ops#13"])
    assert found == {"acme/ops#12": (IncidentId(1), 1)}
    assert await RedisIssues(client, keys).followups_of("Jira", ["acme/ops#12"]) == {}


async def test_how_far_a_tracker_was_read_is_remembered_for_each(client: Redis, keys: Keys) -> None:
    issues = RedisIssues(client, keys)
    assert await issues.read_until("GitHub") is None
    await issues.has_read("GitHub", NOON)
    assert (await issues.read_until("GitHub"), await issues.read_until("Jira")) == (NOON, None)


async def test_a_turn_is_taken_once(client: Redis, keys: Keys) -> None:
    issues = RedisIssues(client, keys)
    assert [await issues.take_turn(timedelta(minutes=1)) for _ in range(2)] == [True, False]
