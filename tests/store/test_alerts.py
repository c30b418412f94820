"""Alerts in the store: each waits until one append takes it out, and claims lead to the open incidents with them."""

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.incident.alert import AlertDecision, AlertState, Arrived, Reason
from bot.incident.alert_routes import Rerouted
from bot.incident.alert_settling import Settled
from bot.incident.terms import IncidentId
from bot.ports import Appended, Taken
from bot.store.keys import Keys
from bot.store.redis_alerts import RedisAlerts
from bot.store.redis_log import RedisLog
from tests.incident.alerts import alert
from tests.incident.given import NOON, after
from tests.store.appends import an_append

DECISION = AlertDecision(
    key="k", source="s", name="n", state=AlertState.FIRING, reason=Reason.RECORDED, why="rule", at=NOON
)


@pytest.fixture
def alerts(client: Redis, keys: Keys) -> RedisAlerts:
    return RedisAlerts(client, keys, most=10)


async def waiting(alerts: RedisAlerts) -> list[Arrived]:
    return list(await alerts.waiting(100))


async def test_what_is_taken_waits_in_its_order(alerts: RedisAlerts) -> None:
    told = [alert(fingerprint=str(number), started_at=NOON, labels={"a": "é|<"}) for number in range(3)]
    assert await alerts.take(told, after(1))
    found = await waiting(alerts)
    assert [each.alert for each in found] == told
    assert {each.at for each in found} == {after(1)}


async def test_what_another_version_wrote_holds_up_nothing(alerts: RedisAlerts, client: Redis, keys: Keys) -> None:
    for data in ("", "[]", '{"alert": {}, "at": "soon"}'):
        await client.xadd(keys.alerts_inbox, {"data": data})
    await alerts.take([alert(), alert(fingerprint="f2")], NOON)
    assert [len(await alerts.waiting(most)) for most in (1, 2, 3, 4, 5, 100)] == [1, 2, 2, 2, 2, 2]
    assert await alerts.count() == 5


async def test_too_many_are_refused_whole(alerts: RedisAlerts) -> None:
    assert await alerts.take([alert()] * 9, NOON)
    assert not await alerts.take([alert()] * 2, NOON)
    assert await alerts.count() == 9


async def test_what_is_settled_waits_no_more_and_is_written_down_once(alerts: RedisAlerts) -> None:
    await alerts.take([alert(), alert(fingerprint="f2")], NOON)
    first, second = await waiting(alerts)
    settled = [(first, DECISION), (second, None)]
    answers = await asyncio.gather(alerts.settle(settled), alerts.settle(settled))
    assert sorted(answers, key=len) == [frozenset(), {first.entry, second.entry}]
    assert await alerts.decisions(10) == [DECISION]
    assert await alerts.count() == 0


async def test_an_append_takes_alerts_out_with_all_that_follows(alerts: RedisAlerts, log: RedisLog) -> None:
    await alerts.take([alert()], NOON)
    (first,) = await waiting(alerts)
    settles = Settled(entries=(first.entry,), unless_routed=("c1",), decisions=(DECISION,))
    append = replace(an_append(1), routes=Rerouted(added=("c1", "c2")), settles=settles)
    assert isinstance(await log.append(append), Appended)
    assert await alerts.count() == 0
    assert await alerts.decisions(10) == [DECISION]
    assert await alerts.routes(["c1", "c2", "c3"]) == {"c1": (IncidentId(1),), "c2": (IncidentId(1),)}


async def test_what_another_has_taken_out_is_refused(alerts: RedisAlerts, log: RedisLog) -> None:
    await alerts.take([alert()], NOON)
    (first,) = await waiting(alerts)
    await alerts.settle([(first, None)])
    append = replace(an_append(1), settles=Settled(entries=(first.entry,)))
    assert await log.append(append) == Taken()
    assert await log.read(IncidentId(1), append.expected) == []


async def test_where_an_incident_has_the_claim_by_now_no_second_one_is_opened(
    alerts: RedisAlerts, log: RedisLog
) -> None:
    await log.append(replace(an_append(1), routes=Rerouted(added=("c1",))))
    append = replace(an_append(2), settles=Settled(unless_routed=("c1",)))
    assert await log.append(append) == Taken()


async def test_the_same_append_again_was_handled_before(alerts: RedisAlerts, log: RedisLog) -> None:
    """A reply that was lost: its alerts have left the inbox, and by nobody else."""
    await alerts.take([alert()], NOON)
    (first,) = await waiting(alerts)
    append = replace(an_append(1), settles=Settled(entries=(first.entry,)))
    assert isinstance(await log.append(append), Appended)
    again = await log.append(append)
    assert not isinstance(again, Taken)


async def test_claims_of_several_incidents_go_one_by_one(alerts: RedisAlerts, log: RedisLog) -> None:
    for number in (1, 2):
        await log.append(replace(an_append(number), routes=Rerouted(added=("c1",))))
    assert await alerts.routes(["c1"]) == {"c1": (IncidentId(1), IncidentId(2))}
    gone = Rerouted(gone=("c1",), ended_at=after(30))
    await log.append(replace(an_append(3), routes=Rerouted(added=("c9",))))
    await log.append(replace(an_append(1, expected=1), routes=gone))
    assert await alerts.routes(["c1"]) == {"c1": (IncidentId(2),)}
    await log.append(replace(an_append(2, expected=1), routes=gone))
    assert await alerts.routes(["c1"]) == {}
    answered = (await alerts.answered(["c1", "c9"]))["c1"]
    assert (answered.incident, answered.at) == (2, after(30))
