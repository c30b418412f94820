"""The three parts of one workspace's store, on one client."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from redis.asyncio import Redis

from bot.ports import Unavailable
from bot.store.archive import SearchedArchive
from bot.store.connection import ask, connect
from bot.store.daily_checkpoint import DailyCheckpoint
from bot.store.identity import StoreIdentity, emptied_before_start
from bot.store.keys import Keys
from bot.store.redis_alert_quality import RedisAlertQuality
from bot.store.redis_alerts import RedisAlerts
from bot.store.redis_changes import RedisChanges
from bot.store.redis_factors import RedisFactors
from bot.store.redis_followups import RedisFollowups
from bot.store.redis_freezes import RedisFreezes
from bot.store.redis_gists import RedisGists
from bot.store.redis_issues import RedisIssues
from bot.store.redis_log import RedisLog
from bot.store.redis_maintenance import RedisMaintenance
from bot.store.redis_outbox import LEASED_FOR, RedisOutbox, unheeded
from bot.store.redis_people import RedisPeople
from bot.store.redis_progress import RedisProgress
from bot.store.redis_proposals import RedisProposals
from bot.store.redis_pseudonyms import RedisPseudonyms
from bot.store.redis_rota import RedisRota
from bot.store.redis_timers import CLAIMED_FOR, RedisTimers, Told
from bot.store.redis_watchdogs import RedisWatchdogs
from bot.store.redis_writers import RedisWriters
from bot.store.scripts import ALL, Script
from bot.store.seal import Seals
from bot.store.server_clock import ServerClock

WARM_CONNECTIONS: Final = 10
"""Open from the start: as many as the rounds of one war room use at once."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisStore:
    """Log, outbox and timers. Whoever opens it closes it."""

    client: Redis = field(repr=False)
    keys: Keys
    log: RedisLog
    outbox: RedisOutbox
    timers: RedisTimers
    people: RedisPeople
    archive: SearchedArchive
    followups: RedisFollowups
    maintenance: RedisMaintenance
    freezes: RedisFreezes
    watchdogs: RedisWatchdogs
    changes: RedisChanges
    rota: RedisRota
    factors: RedisFactors
    alerts: RedisAlerts
    proposals: RedisProposals
    alert_quality: RedisAlertQuality
    pseudonyms: RedisPseudonyms
    writers: RedisWriters
    progress: RedisProgress
    issues: RedisIssues
    identity: StoreIdentity
    checkpoint: DailyCheckpoint | None = None
    """None: no key is set, so nothing is sealed."""

    async def ensure_writable(self) -> None:
        """Writes a key that expires, for readiness. Raises Unavailable, also for a store that was emptied."""
        await ask(self.client, "SET", self.keys.probe, "1", "EX", 60)
        await self.identity.ensure()

    async def recognise(self, highest_in_slack: Callable[[], Awaitable[int]]) -> None:
        """Expects this store from now on. Raises Unavailable for one that was emptied.

        A store without identity is new, or was emptied, or is of an older Muster or from a backup: only then Slack
        is asked for the highest number that it has seen, so that none is given twice.
        """
        if await self.identity.recognise():
            return
        highest = await highest_in_slack()
        if await self.identity.recognise():
            return  # another process began it while we asked
        last = await self.log.next_number() - 1
        if highest > 0 and last == 0:
            raise emptied_before_start(highest)
        await self.identity.begin(after=highest)
        if highest > last:
            _log.warning("numbers_skipped", last_in_store=last, last_in_slack=highest)

    async def warm_up(self) -> None:
        """Sends the scripts and opens some connections for them, so that the first incident waits for neither."""
        few = asyncio.Semaphore(WARM_CONNECTIONS)

        async def load(script: Script) -> None:
            async with few:
                await script.load(self.client)

        sent = await asyncio.gather(*map(load, ALL), return_exceptions=True)
        for failure in sent:
            # Where loading is not allowed, a script is sent in full when it is first run.
            if isinstance(failure, BaseException) and not isinstance(failure, Unavailable):
                raise failure

    async def close(self) -> None:
        await self.client.aclose()
        await self.client.connection_pool.disconnect()


def _opened(
    client: Redis,
    keys: Keys,
    *,
    lease: timedelta,
    claim: timedelta,
    offset: Callable[[], timedelta],
    told: Told | None,
    heed: Callable[[str, timedelta], None],
    audit_keys: Sequence[str],
) -> RedisStore:
    """Nothing is asked yet."""
    clock = ServerClock(client)
    identity = StoreIdentity(client, keys)
    seals = Seals(keys.team, audit_keys) if audit_keys else None
    log = RedisLog(client, keys, seals=seals, clock=clock, identity=identity)
    return RedisStore(
        client=client,
        keys=keys,
        log=log,
        outbox=RedisOutbox(client, keys, lease=lease, heed=heed, clock=clock),
        timers=RedisTimers(client, keys, lease=claim, offset=offset, told=told, clock=clock),
        people=RedisPeople(client, keys),
        archive=SearchedArchive(log, RedisGists(client, keys)),
        followups=RedisFollowups(client, keys),
        maintenance=RedisMaintenance(client, keys),
        freezes=RedisFreezes(client, keys),
        watchdogs=RedisWatchdogs(client, keys),
        changes=RedisChanges(client, keys),
        rota=RedisRota(client, keys),
        factors=RedisFactors(client, keys),
        progress=RedisProgress(client, keys),
        writers=RedisWriters(client, keys),
        alerts=RedisAlerts(client, keys, identity=identity),
        proposals=RedisProposals(client, keys),
        alert_quality=RedisAlertQuality(client, keys),
        # The oldest key, which stays the last when another is put before it.
        pseudonyms=RedisPseudonyms(client, keys, audit_keys[-1] if audit_keys else ""),
        issues=RedisIssues(client, keys),
        identity=identity,
        checkpoint=DailyCheckpoint(client, keys, seals) if seals else None,
    )


async def open_store(
    url: str,
    team: str,
    *,
    root: str = "muster",
    lease: timedelta = LEASED_FOR,
    claim: timedelta = CLAIMED_FOR,
    offset: Callable[[], timedelta] = timedelta,
    told: Told | None = None,
    heed: Callable[[str, timedelta], None] = unheeded,
    audit_keys: Sequence[str] = (),
) -> RedisStore:
    """Connects and writes once, so that a store that cannot be used is known at once. Raises Unavailable.

    `offset`: how far Muster's clock was moved on; `told` hears the server's time, now and with every look for what is
    due (RedisTimers). `heed`: who is told of rate limits (RedisOutbox). `audit_keys`: the first one seals the log.
    """
    client, keys = connect(url, tag=team), Keys(team=team, root=root)
    store = _opened(client, keys, lease=lease, claim=claim, offset=offset, told=told, heed=heed, audit_keys=audit_keys)
    try:
        await store.ensure_writable()
        await store.timers.look_at_the_clock()
    except BaseException:
        await store.close()
        raise
    return store
