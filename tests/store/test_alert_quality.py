"""Alert quality in the store: a firing is told from its repetition, each figure counts once, and nothing grows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.incident.alert import Alert, AlertDecision, Reason
from bot.incident.alert_quality import RuleQuality, week_of
from bot.incident.alert_settling import Settled
from bot.incident.alert_tally import Figure, Sounding, Tally
from bot.ports import Appended
from bot.store.keys import Keys
from bot.store.redis_alert_quality import RedisAlertQuality
from bot.store.redis_alerts import RedisAlerts
from bot.store.redis_log import RedisLog
from tests.incident.alerts import alert
from tests.incident.given import NOON, after
from tests.store.appends import an_append


@pytest.fixture
def alerts(client: Redis, keys: Keys) -> RedisAlerts:
    return RedisAlerts(client, keys)


@pytest.fixture
def book(client: Redis, keys: Keys) -> RedisAlertQuality:
    return RedisAlertQuality(client, keys)


def decided(alert: Alert, at: datetime, reason: Reason = Reason.RECORDED, **other: object) -> AlertDecision:
    made = AlertDecision(
        key=alert.key,
        source=alert.source,
        name=alert.name,
        state=alert.state,
        reason=reason,
        why="",
        at=at,
        began_at=alert.began_at,
    )
    return replace(made, **other)  # type: ignore[arg-type]


async def settle(alerts: RedisAlerts, told: Alert, at: datetime, reason: Reason | None = Reason.RECORDED) -> None:
    """It comes and belongs to no incident; `reason` None: it is worth no line."""
    await alerts.take([told], at)
    (arrived,) = await alerts.waiting(1)
    assert await alerts.settle([(arrived, decided(told, at, reason) if reason else None)]) == {arrived.entry}


async def counted(book: RedisAlertQuality, at: datetime = NOON) -> Mapping[str, Mapping[Figure, int]]:
    (week,) = await book.weeks([week_of(at)])
    return {rule.sounding.name: rule.figures for rule in week.rules}


async def the_rule(book: RedisAlertQuality) -> RuleQuality:
    (week,) = await book.weeks([week_of(NOON)])
    (rule,) = week.rules
    return rule


def resolved(at: datetime) -> Alert:
    return alert(resolved=True, ended_at=at)


async def test_what_is_repeated_is_one_firing(alerts: RedisAlerts, book: RedisAlertQuality) -> None:
    for minute in range(5):
        await settle(alerts, alert(started_at=NOON), after(minute))
    assert await counted(book) == {"HighErrorRate": {Figure.FIRED: 1, Figure.RECORDED: 1}}


async def test_what_is_repeated_is_one_line_a_day_of_the_alert_log(alerts: RedisAlerts) -> None:
    for hour in range(0, 30, 5):
        await settle(alerts, alert(started_at=NOON), after(hour * 60))
    assert [each.at for each in await alerts.decisions(10)] == [after(25 * 60), after(0)]


async def test_what_is_decided_otherwise_is_a_line_of_its_own(alerts: RedisAlerts) -> None:
    for reason in (Reason.RECORDED, Reason.ANSWERED_BEFORE, Reason.RECORDED):
        await settle(alerts, alert(started_at=NOON), after(1), reason)
    assert [each.reason for each in await alerts.decisions(10)] == [Reason.ANSWERED_BEFORE, Reason.RECORDED]


async def test_after_its_resolution_it_fires_anew(alerts: RedisAlerts, book: RedisAlertQuality) -> None:
    await settle(alerts, alert(started_at=NOON), after(1))
    await settle(alerts, resolved(after(2)), after(3), None)
    await settle(alerts, alert(started_at=after(40)), after(41))
    assert await counted(book) == {"HighErrorRate": {Figure.FIRED: 2, Figure.RECORDED: 2}}


async def test_the_late_word_of_the_other_half_of_a_pair_is_no_firing(
    alerts: RedisAlerts, book: RedisAlertQuality
) -> None:
    await settle(alerts, alert(started_at=NOON), after(1))
    await settle(alerts, resolved(after(5)), after(6), None)
    await settle(alerts, alert(started_at=after(2)), after(7))
    assert (await the_rule(book)).fired == 1


async def test_the_resolution_of_what_nobody_knows_is_kept_nowhere(
    alerts: RedisAlerts, book: RedisAlertQuality, client: Redis, keys: Keys
) -> None:
    await settle(alerts, resolved(after(1)), after(2), None)
    assert await counted(book) == {}
    assert await client.exists(keys.alerts_known, keys.alerts_heard) == 0


async def test_the_fifth_change_in_half_an_hour_is_flapping(alerts: RedisAlerts, book: RedisAlertQuality) -> None:
    for minute in range(0, 20, 4):
        await settle(alerts, alert(started_at=after(minute)), after(minute))
        await settle(alerts, resolved(after(minute + 2)), after(minute + 2), None)
    assert (await the_rule(book)).figures == {Figure.FIRED: 5, Figure.FLAPPED: 3, Figure.RECORDED: 5}


async def test_what_nothing_was_heard_of_for_a_day_fires_anew(alerts: RedisAlerts, book: RedisAlertQuality) -> None:
    await settle(alerts, alert(), NOON)
    await settle(alerts, alert(), NOON + timedelta(hours=24), None)
    await settle(alerts, alert(), NOON + timedelta(hours=48))
    assert (await the_rule(book)).fired == 1
    await settle(alerts, alert(), NOON + timedelta(hours=74))
    assert (await the_rule(book)).fired == 2


async def test_each_week_is_counted_apart_and_expires(
    alerts: RedisAlerts, book: RedisAlertQuality, client: Redis, keys: Keys
) -> None:
    later = NOON + timedelta(weeks=1)
    await settle(alerts, alert(), NOON)
    await settle(alerts, alert(), later)
    for at in (NOON, later):
        assert (await counted(book, at))["HighErrorRate"][Figure.FIRED] == 1
        assert 0 < await client.ttl(keys.alerts_quality(week_of(at))) <= 14 * 7 * 24 * 3600


async def test_what_a_drill_or_a_private_incident_says_counts_for_nothing(
    alerts: RedisAlerts, book: RedisAlertQuality
) -> None:
    await alerts.take([alert()], NOON)
    (arrived,) = await alerts.waiting(1)
    await alerts.settle([(arrived, decided(alert(), NOON, counts=False))])
    assert await counted(book) == {}


async def test_what_counts_for_nothing_has_its_line_of_the_alert_log(alerts: RedisAlerts) -> None:
    await alerts.take([alert(started_at=NOON)], NOON)
    (arrived,) = await alerts.waiting(1)
    await alerts.settle([(arrived, decided(alert(started_at=NOON), NOON, counts=False))])
    assert len(await alerts.decisions(10)) == 1


async def test_that_it_resolved_during_a_drill_is_known_afterwards(
    alerts: RedisAlerts, book: RedisAlertQuality
) -> None:
    await settle(alerts, alert(started_at=NOON), NOON)
    await alerts.take([resolved(after(5))], after(5))
    (arrived,) = await alerts.waiting(1)
    await alerts.settle([(arrived, decided(resolved(after(5)), after(5), counts=False))])
    await settle(alerts, alert(started_at=after(10)), after(10))
    assert await counted(book) == {"HighErrorRate": {Figure.FIRED: 2, Figure.RECORDED: 2}}


async def test_an_append_counts_what_it_decides_and_a_repeated_one_nothing(
    log: RedisLog, book: RedisAlertQuality
) -> None:
    opened = decided(alert(), NOON, Reason.DECLARED_BY_RULE, guided=False, service="checkout", rule="grave")
    sounding = Sounding(source=opened.source, name=opened.name, service="checkout", rule="grave")
    took = Tally(
        alert=opened.key,
        at=NOON,
        began_at=NOON,
        sounding=sounding,
        figures=(Figure.COMMANDED,),
        took=timedelta(minutes=18),
    )
    append = replace(an_append(1), settles=Settled(decisions=(opened,)), tallies=(took,))
    assert isinstance(await log.append(append), Appended)
    assert not isinstance(await log.append(append), Appended)
    rule = await the_rule(book)
    assert (rule.sounding, rule.took) == (sounding, (timedelta(minutes=18),))
    assert rule.figures == dict.fromkeys((Figure.FIRED, Figure.OPENED, Figure.UNGUIDED, Figure.COMMANDED), 1)


async def test_what_fired_and_resolved_within_one_look_has_fired(log: RedisLog, book: RedisAlertQuality) -> None:
    told = resolved(after(2))
    joined = [decided(told, NOON, Reason.ATTACHED_SAME_GROUP, changes=2)]
    joined.append(decided(alert(fingerprint="f2"), NOON, Reason.ATTACHED_SAME_GROUP, changes=3))
    await log.append(replace(an_append(1), settles=Settled(decisions=tuple(joined))))
    assert (await the_rule(book)).figures == {Figure.FIRED: 3, Figure.JOINED: 2}


async def test_what_people_decide_begins_no_firing(alerts: RedisAlerts, book: RedisAlertQuality, log: RedisLog) -> None:
    await settle(alerts, alert(started_at=NOON), NOON, Reason.PROPOSED)
    ignored = decided(alert(started_at=NOON), after(5), Reason.IGNORED_BY_PERSON)
    await log.append(replace(an_append(1), settles=Settled(decisions=(ignored,))))
    assert (await the_rule(book)).figures == {Figure.FIRED: 1, Figure.PROPOSED: 1, Figure.TURNED_DOWN: 1}


async def test_more_rules_than_are_kept_are_counted_together(
    alerts: RedisAlerts, book: RedisAlertQuality, client: Redis, keys: Keys
) -> None:
    await settle(alerts, alert(), NOON)
    await client.hset(keys.alerts_quality(week_of(NOON)), "#rules", 500)
    for number in range(3):
        await settle(alerts, alert(name=f"Other{number}", fingerprint=f"o{number}"), NOON)
    await settle(alerts, alert(fingerprint="f9"), NOON)
    (week,) = await book.weeks([week_of(NOON)])
    assert (len(week.rules), week.rules[0].fired, week.rest) == (1, 2, 3)


async def test_no_more_alerts_are_known_than_fit(alerts: RedisAlerts, client: Redis, keys: Keys) -> None:
    await client.zadd(keys.alerts_heard, {f"a{number}": 1e15 + number for number in range(20_010)})
    await client.hset(keys.alerts_known, mapping={f"a{number}": "firing|0||" for number in range(20_010)})
    await settle(alerts, alert(), NOON)
    assert await client.zcard(keys.alerts_heard) == await client.hlen(keys.alerts_known) == 20_001


async def test_of_two_that_settle_one_alert_one_counts(alerts: RedisAlerts, book: RedisAlertQuality) -> None:
    await alerts.take([alert()], NOON)
    (arrived,) = await alerts.waiting(1)
    for _ in range(2):
        await alerts.settle([(arrived, decided(alert(), NOON))])
    assert (await the_rule(book)).fired == 1


async def test_the_weekly_turn_is_taken_once(book: RedisAlertQuality) -> None:
    assert await book.turn() is None
    assert await book.take(None, after(10), None)
    assert not await book.take(None, after(20), None)
    assert await book.turn() == after(10)
    assert await book.take(after(10), after(20), None)
    assert not await book.take(after(10), after(30), None)
