"""The record is kept: tampering is found, a backup amid writes is of one moment, a killed restore is made good."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.checkup.finding import Level
from bot.checkup.the_record import Record
from bot.clock import Clock
from bot.custody.audit import examine
from bot.custody.backup import save
from bot.custody.backup_file import BackupFile, BackupWriter, Header, open_backup
from bot.custody.restore import restore
from bot.incident.terms import IncidentId, Version
from bot.store.checkpoints import Checkpoints
from bot.store.codec import encode_event
from bot.store.connection import ask
from bot.store.embedded import EmbeddedServer
from bot.store.keys import Keys
from bot.store.ledger import Ledger, StoredEntry
from bot.store.reach import connected
from bot.store.redis_log import RedisLog
from bot.store.seal import UNSEALED, Seals
from tests.faults.conftest import StartFleet
from tests.faults.fleet import AUDIT_KEY
from tests.incident.given import POLICY
from tests.muster_process import ROOT, muster_says, settings_in, workspace_for_muster
from tests.store.appends import an_append, declared, note

TEAM = "T0123"
SEALS = Seals(TEAM, [AUDIT_KEY])
INCIDENTS, NOTES = 150, 20


async def test_what_somebody_changes_in_redis_is_named_by_the_audit(start_fleet: StartFleet, tmp_path: Path) -> None:
    fleet = await start_fleet()
    await fleet.start()
    answer = await fleet.person("ada").slash("/incident", "declare sev3 Checkout is down", channel="general")
    assert answer.ok
    await fleet.until_quiet()
    variables = settings_in(fleet.workspace, "socket mode", fleet.redis_url) | {"AUDIT_KEY": AUDIT_KEY}
    before = await muster_says(variables, tmp_path, "audit")
    await ask(fleet.store.client, "XDEL", fleet.store.keys.incident(IncidentId(1)), "2-0")
    after = await muster_says(variables, tmp_path, "audit")
    assert before[0] == 0, before[1]
    assert (after[0], "INC-1" in after[1], "Entry 2 is missing in the middle." in after[1]) == (1, True, True)


@pytest.mark.long
async def test_each_backup_amid_writes_is_of_one_moment(redis_url: str, tmp_path: Path, seed: int) -> None:
    """Five writers, three backups: each is restored whole, and its seals hold."""
    chance = random.Random(seed)
    async with connected(redis_url) as client:
        record = Record(client=client, keys=Keys(team=TEAM, root=f"test-amid-{seed}"), seals=SEALS)
        enough = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(write(record, chance, enough))
            for number in range(3):
                await asyncio.sleep(0.2)
                backup = await saved(record, tmp_path / f"{number}.jsonl")
                keys = Keys(team=TEAM, root=f"test-of-{seed}-{number}")
                assert (await restore(backup, client, keys, POLICY)).entries == backup.header.entries > 0
                assert await ill(client, keys) == []
            enough.set()


async def write(record: Record, chance: random.Random, enough: asyncio.Event) -> None:
    """As one process does: it declares, and adds to what is there."""
    log = RedisLog(record.client, record.keys, seals=SEALS)
    while not enough.is_set():
        number = await log.next_number()
        incident = IncidentId(chance.randint(1, number))
        version = len(await log.read(incident, Version(0)))
        await log.append(an_append(incident, version))
        await asyncio.sleep(chance.uniform(0, 0.02))


async def saved(record: Record, path: Path) -> BackupFile:
    with BackupWriter(path) as file:
        assert (await save(record, file))[1] == []
        file.finish()
    return open_backup(path)


@pytest.mark.long
async def test_a_restore_killed_at_any_moment_is_made_good_by_the_next(tmp_path: Path, seed: int) -> None:
    """Until it is whole nothing can be declared; run again, it is whole, and nothing of the first try is left over."""
    chance = random.Random(seed)
    backup = large_backup(tmp_path / "b.jsonl")
    async with workspace_for_muster() as workspace, EmbeddedServer(tmp_path / "data") as server:
        variables = settings_in(workspace, "socket mode", server.url) | {"AUDIT_KEY": AUDIT_KEY}
        keys = Keys(team=TEAM)
        async with connected(server.url) as client:
            kills = 0
            while kills < 3 and await killed_after(chance.randint(2, 2 * INCIDENTS), variables, tmp_path, client):
                kills += 1
                assert await ask(client, "GET", keys.counter) is None
            status, said = await muster_says(variables, tmp_path, "restore", "b.jsonl")
            assert (kills, status) == (3, 0), said
            assert await Ledger(client, keys).count() == backup.header.last == INCIDENTS
            assert await ask(client, "HLEN", keys.listings) == INCIDENTS
            assert await ill(client, keys) == []


async def killed_after(scripts: int, variables: Mapping[str, str], folder: Path, client: Redis) -> bool:
    """Kills a restore once it has run so many scripts, two an incident; False: it had ended by itself."""
    await ask(client, "CONFIG", "RESETSTAT")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "restore", "b.jsonl"),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **variables},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    while process.returncode is None and await scripts_run(client) < scripts:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.001)
    if process.returncode is None:
        process.kill()
    return await process.wait() == -signal.SIGKILL


async def scripts_run(client: Redis) -> int:
    told: dict[str, dict[str, int]] = await ask(client, "INFO", "commandstats")
    return sum(told[name]["calls"] for name in ("cmdstat_evalsha", "cmdstat_eval") if name in told)


def large_backup(path: Path) -> BackupFile:
    with BackupWriter(path) as file:
        entries = INCIDENTS * (1 + NOTES)
        now = Clock().now()
        file.header(
            Header(team=TEAM, made_at=now, muster="0.1.0", incidents=INCIDENTS, entries=entries, last=INCIDENTS)
        )
        for incident in map(IncidentId, range(1, INCIDENTS + 1)):
            put(file, incident)
        file.finish()
    return open_backup(path)


def put(file: BackupWriter, incident: IncidentId) -> None:
    seal = UNSEALED
    for version, event in enumerate([declared(incident), *(note(str(n)) for n in range(NOTES))], start=1):
        stored, data = encode_event(event)
        seal = SEALS.seal(incident, version, stored, data, before=seal)
        file.entry(incident, StoredEntry(version=Version(version), stored=stored, data=data, seal=seal))


async def ill(client: Redis, keys: Keys) -> list[str]:
    found = await examine(Ledger(client, keys), Checkpoints(client, keys), SEALS)
    return [finding.sentence for finding in found if finding.level is not Level.OK]
