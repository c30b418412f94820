"""`muster restore FILE`: a backup into an empty store. Everything is verified first, and nothing is posted again.

What a log does not hold is made from it: lists, the indexes of channels and words, the count, timers. Effects are not:
what had waited for Slack when the backup was made is told, not done.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from redis.asyncio import Redis

from bot.checkup.drill_names import with_drills_named
from bot.checkup.finding import counted, exit_code, report
from bot.checkup.the_record import seals_of
from bot.custody.audit import examine, verdict
from bot.custody.backup_file import WHAT, BackupFile, open_backup
from bot.incident.alert_routes import claims
from bot.incident.events import Event
from bot.incident.evolve import replay
from bot.incident.factor_index import reindexed_factors
from bot.incident.followup_index import reindexed
from bot.incident.gist import gist, is_told_in_full
from bot.incident.informing import due_timers
from bot.incident.listing import listing
from bot.incident.policy import Policy
from bot.incident.review_events import named_facilitator
from bot.incident.state import Incident
from bot.incident.terms import IncidentId
from bot.playbook.library import load
from bot.ports import Unavailable
from bot.settings import Settings
from bot.store.checkpoints import Checkpoints
from bot.store.codec import Unreadable, decode_event
from bot.store.embedded import EmbeddedServer
from bot.store.keys import Keys
from bot.store.ledger import Ledger, StoredEntry
from bot.store.reach import connected
from bot.store.refill import Refill
from bot.telemetry import configure_logs

MOST_NAMED: Final = 10


@dataclass(slots=True, kw_only=True)
class Restored:
    """What was put back. `without_channel`: open incidents whose channel had not been opened yet."""

    incidents: int = 0
    entries: int = 0
    timers: int = 0
    without_channel: list[str] = field(default_factory=list)


async def main(settings: Settings, path: Path, into: Path | None = None) -> int:
    """Prints what was restored, and an audit of it, whose exit code it is. Raises Unavailable and LibraryProblems.

    `into`: a data folder for Muster's own server, in place of the store of the settings.
    """
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    policy = load(settings.playbooks_dir).policy
    backup = open_backup(path)
    keys = Keys(team=backup.header.team)
    async with _store(settings, keys.team, into) as client:
        restored = await restore(backup, client, keys, policy)
        seals = seals_of(settings, keys.team, into)
        findings = await examine(Ledger(client, keys), Checkpoints(client, keys), seals)
        findings = await with_drills_named(client, keys, findings)
    sys.stdout.write(_told(backup, restored))
    sys.stdout.write(report(findings, verdict(findings)))
    return exit_code(findings)


@asynccontextmanager
async def _store(settings: Settings, team: str, into: Path | None) -> AsyncIterator[Redis]:
    """Our own server only where no Muster uses it: its folder's lock says so. Raises Unavailable."""
    if settings.redis_url and into is None:
        async with connected(settings.redis_url.get_secret_value(), tag=team) as client:
            yield client
    else:
        async with EmbeddedServer(into or settings.data_dir) as server, connected(server.url) as client:
            yield client


def verify(backup: BackupFile) -> None:
    """Reads every event and replays every incident. Raises Unavailable for the first that cannot be."""
    header, count, before = backup.header, 0, 0
    for incident, entries in backup.logs():
        if not before < incident <= header.last:
            raise _refused(backup, f"INC-{incident} stands where it cannot be")
        _replayed(backup, incident, entries)
        count, before = count + 1, incident
    if count != header.incidents:
        raise _refused(backup, f"it says that it holds {header.incidents} incidents and holds {count}")


async def restore(backup: BackupFile, client: Redis, keys: Keys, policy: Policy) -> Restored:
    """Verifies all of it first. Raises Unavailable; then, and where the store is not empty, nothing was changed."""
    verify(backup)
    refill, restored = Refill(client, keys, backup.digest), Restored()
    if not await refill.begin():
        reason = f"the store holds incidents of {keys.team} already; a backup goes into an empty one only"
        raise Unavailable(WHAT, reason, retryable=False)
    for number, data, seal in backup.checkpoints():
        await refill.checkpoint(number, data, seal)
    for incident, entries in backup.logs():
        events, state = _replayed(backup, incident, entries)
        timers = due_timers(state, policy)
        await refill.log(incident, entries)
        await refill.index(
            listing(state), timers, reindexed(None, state), reindexed_factors(None, state), claims(state)
        )
        await refill.gist(incident, state.version, gist(state, events if is_told_in_full(state) else ()))
        for event in events:
            if named := named_facilitator(event):
                await refill.facilitator(named, event.at)
        restored.incidents += 1
        restored.entries += len(entries)
        restored.timers += len(timers)
        if state.is_active and state.channel is None:
            restored.without_channel.append(state.reference)
    await refill.end(backup.header.last, backup.header.skipped)
    return restored


def _replayed(backup: BackupFile, incident: IncidentId, entries: list[StoredEntry]) -> tuple[list[Event], Incident]:
    if [entry.version for entry in entries] != list(range(1, len(entries) + 1)):
        raise _refused(backup, f"entries of INC-{incident} are missing from it")
    try:
        events = [decode_event(entry.stored, entry.data) for entry in entries]
        state = replay(events)
    except (Unreadable, ValueError, KeyError) as error:
        raise _refused(backup, f"the log of INC-{incident} does not read: {error}") from error
    if state is None or state.id != incident:
        raise _refused(backup, f"the log of INC-{incident} is of another incident")
    return events, state


def _refused(backup: BackupFile, why: str) -> Unavailable:
    return Unavailable(WHAT, f"{backup.path} cannot be restored: {why}; the store is unchanged", retryable=False)


def _told(backup: BackupFile, restored: Restored) -> str:
    header = backup.header
    held = f"{counted(restored.incidents, 'incident')} with {counted(restored.entries, 'entry', 'entries')}"
    timers = counted(restored.timers, "timer is", "timers are")
    lines = [
        f"Restored {held}, as of {header.made_at:%Y-%m-%d %H:%M} UTC; {timers} set.",
        "Nothing is posted again. A reminder that fell due meanwhile comes once, when Muster runs.",
    ]
    if restored.without_channel:
        named = ", ".join(restored.without_channel[:MOST_NAMED])
        lines.append(f"No channel had been opened yet for {named}, and none will be: declare again what still matters.")
    return "\n".join([*lines, "", ""])
