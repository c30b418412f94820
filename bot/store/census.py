"""What the store holds, counted for the metrics: a closed set of figures, and nothing of any incident by itself."""

from datetime import date

from bot.store.redis_store import RedisStore
from bot.telemetry import Metrics


async def count(store: RedisStore, metrics: Metrics, today: date) -> None:
    """Raises Unavailable. `today`: of UTC, by which deadlines are judged here.

    Follow-ups of private incidents are left out: there are few, and a figure that moves when one is added would tell
    of it. Drills have none in the index.
    """
    listings = await store.log.listings(active=True)
    drills = sum(each.drill for each in listings)
    metrics.open_incidents(len(listings) - drills, drills=drills)
    metrics.lanes_waiting(await store.outbox.lanes_waiting())
    metrics.dead_letters(await store.outbox.dead_letter_count())
    metrics.alerts_waiting(await store.alerts.count(), await store.alerts.oldest())
    metrics.open_proposals(len(await store.proposals.waiting()))
    open_, overdue = await store.followups.count_public(today)
    metrics.open_followups(open_, overdue=overdue)
