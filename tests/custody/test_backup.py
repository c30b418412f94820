"""A backup holds every log as it stands, is written whole or not at all, and goes into an empty store only."""

import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.checkup.finding import exit_code
from bot.checkup.the_record import Record
from bot.custody.audit import examine
from bot.custody.backup import save
from bot.custody.backup_file import BackupFile, BackupWriter, open_backup
from bot.custody.restore import Restored, restore, verify
from bot.incident.alert_routes import Rerouted, claims
from bot.incident.events import IncidentDeclared
from bot.incident.followup import FollowupContent
from bot.incident.followup_events import FollowupAdded
from bot.incident.issue_events import FollowupTracked, IssueFiled
from bot.incident.review import ReviewPlan
from bot.incident.review_events import ReviewBooked
from bot.incident.terms import MUSTER, IncidentId, Version
from bot.ports import Appended, Unavailable
from bot.store.checkpoints import Checkpoints, next_checkpoint
from bot.store.connection import ask
from bot.store.identity import StoreIdentity
from bot.store.keys import Keys
from bot.store.ledger import Ledger
from bot.store.redis_alerts import RedisAlerts
from bot.store.redis_followups import RedisFollowups
from bot.store.redis_issues import RedisIssues
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from bot.store.redis_rota import RedisRota
from bot.store.seal import Seals
from tests.incident.alerts import alarmed
from tests.incident.given import POLICY
from tests.store.appends import ADA, an_append, declared, note, pin
from tests.store.filed import Files

ONE, TWO = IncidentId(1), IncidentId(2)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
async def record(client: Redis, keys: Keys, seals: Seals, log: RedisLog) -> Record:
    """INC-1 with more entries than a page holds, INC-2 with one, a checkpoint, and an effect that waits."""
    notes = [note(f"“{number}” \u2028 <!here>\n") for number in range(600)]
    await log.append(an_append(1, events=[declared(1), *notes], effects=[pin(1)]))
    await log.append(an_append(2))
    heads = await Ledger(client, keys).heads(2)
    await Checkpoints(client, keys).add(next_checkpoint((), heads, NOON, seals))
    return Record(client=client, keys=keys, seals=seals)


@pytest.fixture
def elsewhere() -> Keys:
    """Another store, in which there is nothing."""
    return Keys(team="T0123", root=f"test-{secrets.token_hex(6)}")


async def saved(record: Record, path: Path) -> BackupFile:
    with BackupWriter(path) as file:
        await save(record, file)
        file.finish()
    return open_backup(path)


async def put_back(backup: BackupFile, client: Redis, keys: Keys) -> Restored:
    return await restore(backup, client, keys, POLICY)


async def raw(client: Redis, keys: Keys, incident: int) -> Any:
    return await ask(client, "XRANGE", keys.incident(IncidentId(incident)), "-", "+")


async def test_every_log_comes_back_byte_by_byte(record: Record, elsewhere: Keys, tmp_path: Path) -> None:
    restored = await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    assert (restored.incidents, restored.entries, restored.without_channel) == (2, 602, ["INC-1", "INC-2"])
    for incident in (1, 2):
        assert await raw(record.client, elsewhere, incident) == await raw(record.client, record.keys, incident)


async def test_what_was_restored_passes_the_audit_and_its_checkpoints_are_there(
    record: Record, elsewhere: Keys, tmp_path: Path
) -> None:
    backup = await saved(record, tmp_path / "b.jsonl")
    await put_back(backup, record.client, elsewhere)
    checkpoints = Checkpoints(record.client, elsewhere)
    (checkpoint,) = await checkpoints.all()
    findings = await examine(Ledger(record.client, elsewhere), checkpoints, record.seals, checkpoint.digest)
    assert exit_code(findings) == 0


async def test_numbering_goes_on_and_incidents_are_listed(record: Record, elsewhere: Keys, tmp_path: Path) -> None:
    await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    log = RedisLog(record.client, elsewhere, seals=record.seals)
    assert await log.next_number() == 3
    assert [found.incident for found in await log.listings(active=True)] == [2, 1]
    assert await log.append(an_append(2, 1)) == Appended(version=Version(2))


async def words_in(client: Redis, keys: Keys) -> dict[str, list[str]]:
    """Which incidents have which words."""
    found = [key async for key in client.scan_iter(f"{keys.prefix}words:*", count=1000)]
    return {key.removeprefix(keys.prefix): sorted(map(str, await client.smembers(key))) for key in found}


async def test_incidents_are_found_again_by_the_same_words(elsewhere: Keys, client: Redis, tmp_path: Path) -> None:
    before = Files(client=client, keys=Keys(team="T0123", root=f"test-{secrets.token_hex(6)}"))
    await before.resolved("Checkout is down", "Failed over to the replica", service="orders")
    await before.resolved("Kestrel in the mail", private=True)
    await before.resolved("Practice", drill=True)
    await before.declare("Search is slow")
    await before.keep()
    backup = await saved(Record(client=client, keys=before.keys, seals=None), tmp_path / "b.jsonl")
    await put_back(backup, client, elsewhere)
    after = Files(client=client, keys=elsewhere)
    assert await words_in(client, elsewhere) == await words_in(client, before.keys)
    assert await after.search("replica") == await before.search("replica")
    assert (await after.archive.make_up(), (await after.search("replica")).count) == (0, 1)


async def test_no_effect_comes_back(record: Record, elsewhere: Keys, tmp_path: Path) -> None:
    assert await RedisOutbox(record.client, record.keys).lanes_waiting() == 1
    await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    assert await RedisOutbox(record.client, elsewhere).lanes_waiting() == 0


async def test_what_is_written_during_a_backup_is_in_the_next_one(
    record: Record, log: RedisLog, tmp_path: Path
) -> None:
    heads = await Ledger(record.client, record.keys).heads(2)
    await log.append(an_append(1, 601))
    entries = [entry async for entry in Ledger(record.client, record.keys).entries(ONE, until=heads[ONE].version)]
    assert entries[-1].version == 601
    assert (await saved(record, tmp_path / "b.jsonl")).header.entries == 603


async def test_a_store_that_holds_anything_is_left_as_it_is(record: Record, elsewhere: Keys, tmp_path: Path) -> None:
    backup = await saved(record, tmp_path / "b.jsonl")
    await RedisLog(record.client, elsewhere).append(an_append(1, events=[declared(title="Another")]))
    before = await raw(record.client, elsewhere, 1)
    with pytest.raises(Unavailable, match="holds incidents of T0123 already"):
        await put_back(backup, record.client, elsewhere)
    assert await raw(record.client, elsewhere, 1) == before
    assert await raw(record.client, elsewhere, 2) == []


@pytest.mark.parametrize("left", ["counter", "listings", "open", "channels", "timers", "ready", "dead", "checkpoints"])
async def test_whatever_is_left_of_another_record_counts_as_something(
    record: Record, elsewhere: Keys, tmp_path: Path, left: str
) -> None:
    backup = await saved(record, tmp_path / "b.jsonl")
    await ask(record.client, "SET", getattr(elsewhere, left), "1")
    with pytest.raises(Unavailable, match="into an empty one only"):
        await put_back(backup, record.client, elsewhere)


async def test_a_restore_that_was_cut_short_declares_nothing_and_can_be_run_again(
    record: Record, elsewhere: Keys, tmp_path: Path
) -> None:
    backup = await saved(record, tmp_path / "b.jsonl")
    await put_back(backup, record.client, elsewhere)
    await ask(record.client, "DEL", elsewhere.counter)  # as it is before the last step
    await ask(record.client, "SET", elsewhere.restoring, backup.digest)
    with pytest.raises(Unavailable, match="numbers are never given twice"):
        await RedisLog(record.client, elsewhere).next_number()
    await put_back(backup, record.client, elsewhere)
    assert await RedisLog(record.client, elsewhere).next_number() == 3
    assert await raw(record.client, elsewhere, 1) == await raw(record.client, record.keys, 1)


async def test_another_backup_does_not_go_into_half_a_restore(record: Record, elsewhere: Keys, tmp_path: Path) -> None:
    await ask(record.client, "SET", elsewhere.restoring, "another digest")
    with pytest.raises(Unavailable, match="into an empty one only"):
        await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)


async def test_numbers_that_were_passed_over_stay_so(
    record: Record, log: RedisLog, elsewhere: Keys, tmp_path: Path
) -> None:
    await StoreIdentity(record.client, record.keys).begin(after=5)
    await log.append(an_append(6))
    await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    assert await Ledger(record.client, elsewhere).skipped() == [range(3, 6)]
    assert await RedisLog(record.client, elsewhere).next_number() == 7


async def test_a_restored_store_has_no_identity_so_that_the_next_start_asks_slack_for_the_highest_number(
    record: Record, elsewhere: Keys, tmp_path: Path
) -> None:
    before = StoreIdentity(record.client, elsewhere)
    await before.begin(after=0)
    await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    assert not await StoreIdentity(record.client, elsewhere).recognise()
    with pytest.raises(Unavailable, match="emptied while Muster ran"):
        await before.ensure()


async def test_an_incident_that_is_gone_is_told(record: Record, tmp_path: Path) -> None:
    await ask(record.client, "DEL", record.keys.incident(ONE))
    with BackupWriter(tmp_path / "b.jsonl") as file:
        assert (await save(record, file))[1] == [ONE]


async def test_only_its_owner_can_read_it_and_nothing_unfinished_is_left(record: Record, tmp_path: Path) -> None:
    await saved(record, tmp_path / "b.jsonl")
    assert modes(tmp_path) == {"b.jsonl": 0o600}


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with BackupWriter(tmp_path / "b.jsonl") as file:
        file.checkpoint(1, "{}", "")  # and then it does not come to its end
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text("yesterday's")
    with pytest.raises(Unavailable, match="exists already"), BackupWriter(tmp_path / "b.jsonl"):
        pass
    with BackupWriter(tmp_path / "c.jsonl") as file:
        (tmp_path / "c.jsonl").write_text("taken meanwhile")
        with pytest.raises(Unavailable, match="cannot be written"):
            file.finish()
    assert {file.read_text() for file in tmp_path.iterdir()} == {"yesterday's", "taken meanwhile"}


async def damaged(record: Record, path: Path, before: str, after: str) -> Path:
    await saved(record, path)
    replace_in(path, before, after)
    return path


def replace_in(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


async def test_one_changed_letter_is_seen(record: Record, tmp_path: Path) -> None:
    path = await damaged(record, tmp_path / "b.jsonl", "Checkout returns", "Checkout return5")
    with pytest.raises(Unavailable, match="changed or damaged since it was written"):
        open_backup(path)


async def test_a_cut_end_is_seen(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    await saved(record, path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(Unavailable, match="its end is missing"):
        open_backup(path)


@pytest.mark.parametrize("content", ["", "hello\n", "{}\n", "[]\n", '{"muster_backup": 1}\n'])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "b.jsonl").write_text(content)
    with pytest.raises(Unavailable, match="is no backup"):
        open_backup(tmp_path / "b.jsonl")


async def test_a_backup_of_a_newer_format_names_the_version_that_wrote_it(record: Record, tmp_path: Path) -> None:
    path = await damaged(record, tmp_path / "b.jsonl", '"muster_backup": 1', '"muster_backup": 2')
    with pytest.raises(Unavailable, match=r"a newer Muster \(.+\) wrote it"):
        open_backup(path)


async def test_a_log_that_does_not_read_is_refused_before_anything_is_written(
    record: Record, elsewhere: Keys, tmp_path: Path
) -> None:
    fields = {"type": "SatelliteMoved", "data": "{}"}
    await ask(
        record.client, "XADD", record.keys.incident(TWO), "2-0", *(word for pair in fields.items() for word in pair)
    )
    with pytest.raises(Unavailable, match="the log of INC-2 does not read"):
        await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    assert await raw(record.client, elsewhere, 1) == []


async def test_a_log_with_a_hole_is_saved_and_told_but_not_restored(record: Record, tmp_path: Path) -> None:
    await ask(record.client, "XDEL", record.keys.incident(ONE), "7-0")
    path = tmp_path / "b.jsonl"
    with BackupWriter(path) as file:
        _, holes = await save(record, file)
        file.finish()
    assert holes == [ONE]
    with pytest.raises(Unavailable, match="entries of INC-1 are missing"):
        verify(open_backup(path))


def test_each_line_says_what_it_is(tmp_path: Path) -> None:
    with BackupWriter(tmp_path / "b.jsonl") as file:
        file.checkpoint(1, "{}", "seal")
        file.finish()
    first, last = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert first == {"checkpoint": 1, "data": "{}", "seal": "seal"}
    assert (last["lines"], len(last["sha256"])) == (1, 64)


async def test_the_index_of_follow_ups_is_made_anew_from_the_logs(
    record: Record, log: RedisLog, elsewhere: Keys, tmp_path: Path
) -> None:
    """Also where the backup's own index was lost: it is no part of it."""
    content = FollowupContent(what="Alert earlier", owner=ADA)
    added = FollowupAdded(at=NOON, by=ADA, number=1, content=content)
    await log.append(an_append(2, 1, events=[added]))
    await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    index = RedisFollowups(record.client, elsewhere)
    (item,) = await index.concerning(ADA)
    assert (item.reference, item.line.what, item.listing.incident) == ("INC-2 F1", "Alert earlier", TWO)
    assert {turn.who for turn in await index.turns(NOON)} == {ADA, None}


async def test_whose_turn_it_is_to_lead_a_review_is_made_anew_from_the_logs(
    record: Record, log: RedisLog, elsewhere: Keys, tmp_path: Path
) -> None:
    plan = ReviewPlan(starts_at=NOON, length=timedelta(hours=1), facilitator=ADA)
    await log.append(an_append(2, 1, events=[ReviewBooked(at=NOON, by=ADA, number=1, sequence=0, plan=plan)]))
    await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    assert await RedisRota(record.client, elsewhere).last_led([ADA]) == {ADA: NOON}


async def test_whose_an_issue_is_is_made_anew_from_the_logs(
    record: Record, log: RedisLog, elsewhere: Keys, tmp_path: Path
) -> None:
    """So that closing it in the tracker closes its follow-up after a restore, too."""
    added = FollowupAdded(at=NOON, by=ADA, number=1, content=FollowupContent(what="Alert earlier"))
    tracked = FollowupTracked(at=NOON, by=ADA, number=1, tracker="GitHub")
    filed = IssueFiled(at=NOON, by=MUSTER, number=1, key="acme/ops#12", url="https://x.example", told=Version(3))
    await log.append(an_append(2, 1, events=[added, tracked, filed]))
    await put_back(await saved(record, tmp_path / "b.jsonl"), record.client, elsewhere)
    found = await RedisIssues(record.client, elsewhere).followups_of("GitHub", ["acme/ops#12"])
    assert found == {"acme/ops#12": (TWO, 1)}


async def test_alerts_find_the_incidents_again_that_they_belong_to(
    elsewhere: Keys, client: Redis, keys: Keys, log: RedisLog, tmp_path: Path
) -> None:
    story = alarmed()
    state = story.state
    opened = story.log[0]
    assert isinstance(opened, IncidentDeclared)
    first = replace(opened, incident=ONE)
    await log.append(
        replace(an_append(1, events=[first, *story.log[1:]]), routes=Rerouted(added=tuple(sorted(claims(state)))))
    )
    await put_back(await saved(Record(client=client, keys=keys, seals=None), tmp_path / "b.jsonl"), client, elsewhere)
    found = await RedisAlerts(client, elsewhere).routes(sorted(claims(state)))
    assert found == dict.fromkeys(claims(state), (ONE,))
