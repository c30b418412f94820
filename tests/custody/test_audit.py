"""Whoever can write to Redis changes, removes or exchanges something: the audit names the incident and the entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.checkup.finding import Finding, Level, exit_code
from bot.custody.audit import examine, verdict
from bot.incident.terms import IncidentId, Version
from bot.ports import Appended
from bot.store.checkpoints import Checkpoint, Checkpoints, next_checkpoint, shrunk
from bot.store.connection import ask
from bot.store.identity import StoreIdentity
from bot.store.keys import Keys
from bot.store.ledger import Ledger
from bot.store.redis_log import RedisLog
from bot.store.seal import Seals
from tests.store.appends import an_append, declared, note

ONE, TWO, FIRST = IncidentId(1), IncidentId(2), Version(1)
TODAY = datetime(2026, 3, 2, 0, 0, 5, tzinfo=UTC)
Entries = list[tuple[str, dict[str, str]]]


@dataclass(kw_only=True)
class Office:
    """The store, whoever audits it, and whoever tampers with it."""

    client: Redis
    keys: Keys
    seals: Seals
    log: RedisLog
    ledger: Ledger
    checkpoints: Checkpoints

    async def with_two_incidents(self) -> "Office":
        """INC-1 with five entries, INC-2 with three."""
        await self.log.append(an_append(1, events=[declared(1), note("a"), note("b"), note("c"), note("d")]))
        await self.log.append(an_append(2, events=[declared(2), note("a"), note("e")]))
        return self

    async def check(self, at: datetime = TODAY) -> Checkpoint:
        heads = await self.ledger.heads(await self.ledger.count())
        earlier = await self.checkpoints.all()
        made = next_checkpoint(earlier, heads, at, self.seals, len(earlier) + 1)
        await self.checkpoints.add(made)
        return made

    async def audit(self, head: str = "", *, keys: Sequence[str] = ("k" * 32,)) -> list[Finding]:
        seals = Seals(self.keys.team, keys) if keys else None
        return await examine(self.ledger, self.checkpoints, seals, head)

    async def told(self, head: str = "") -> list[tuple[str, str]]:
        """What is wrong."""
        findings = await self.audit(head)
        assert bool(wrong(findings)) == bool(exit_code(findings))
        return wrong(findings)

    async def entries(self, incident: IncidentId) -> Entries:
        found: Entries = await ask(self.client, "XRANGE", self.keys.incident(incident), "-", "+")
        return found

    async def rewrite(self, incident: IncidentId, entries: Entries) -> None:
        """A stream knows no editing, so whoever tampers writes it anew."""
        await ask(self.client, "DEL", self.keys.incident(incident))
        for id_, fields in entries:
            words = [word for pair in fields.items() for word in pair]
            await ask(self.client, "XADD", self.keys.incident(incident), id_, *words)


@pytest.fixture
async def office(client: Redis, keys: Keys, seals: Seals, log: RedisLog) -> Office:
    ledger, checkpoints = Ledger(client, keys), Checkpoints(client, keys)
    parts = Office(client=client, keys=keys, seals=seals, log=log, ledger=ledger, checkpoints=checkpoints)
    return await parts.with_two_incidents()


def wrong(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(finding.part, finding.sentence) for finding in findings if finding.level is Level.BAD]


async def test_a_record_that_nobody_touched_is_well(office: Office) -> None:
    head = (await office.check()).digest
    findings = await office.audit(head)
    assert {finding.level for finding in findings} == {Level.OK}
    assert "Read 2 incidents with 8 entries, all of them sealed." in [finding.sentence for finding in findings]
    assert verdict(findings).startswith("Nothing was changed")


async def test_what_is_written_after_a_checkpoint_is_no_fault(office: Office) -> None:
    head = (await office.check()).digest
    await office.log.append(an_append(1, 5))
    await office.log.append(an_append(3))
    await office.check(TODAY + timedelta(days=1))
    assert await office.told(head) == []


async def test_a_changed_text_is_found(office: Office) -> None:
    entries = await office.entries(ONE)
    entries[2][1]["data"] = entries[2][1]["data"].replace('"b"', '"B"')
    await office.rewrite(ONE, entries)
    assert await office.told() == [("INC-1", "Entry 3 was changed, or is not the one that was written there.")]


async def test_an_entry_that_was_deleted_in_the_middle_is_found(office: Office) -> None:
    await ask(office.client, "XDEL", office.keys.incident(ONE), "3-0")
    assert await office.told() == [("INC-1", "Entry 3 is missing in the middle.")]


async def test_entries_that_moved_up_to_hide_a_deletion_are_found(office: Office) -> None:
    entries = await office.entries(ONE)
    moved = [(f"{version}-0", fields) for version, (_, fields) in enumerate([*entries[:2], *entries[3:]], start=1)]
    await office.rewrite(ONE, moved)
    assert ("INC-1", "Entry 3 was changed, or is not the one that was written there.") in await office.told()


async def test_swapped_entries_are_found(office: Office) -> None:
    entries = await office.entries(ONE)
    entries[2], entries[3] = (entries[2][0], entries[3][1]), (entries[3][0], entries[2][1])
    await office.rewrite(ONE, entries)
    assert {sentence.partition(" was")[0] for _, sentence in await office.told()} >= {"Entry 3", "Entry 4"}


async def test_an_entry_copied_from_another_incident_is_found(office: Office) -> None:
    ones, twos = await office.entries(ONE), await office.entries(TWO)
    await office.rewrite(ONE, [*ones[:2], ("3-0", twos[2][1]), *ones[3:]])
    assert ("INC-1", "Entry 3 was changed, or is not the one that was written there.") in await office.told()


async def test_an_added_entry_is_found_whether_sealed_as_another_or_not(office: Office) -> None:
    _, (_, fields), *_ = await office.entries(ONE)
    unsealed = {name: value for name, value in fields.items() if name != "mac"}
    await office.rewrite(ONE, [*await office.entries(ONE), ("6-0", unsealed), ("7-0", fields)])
    assert await office.told() == [
        ("INC-1", "Entry 6 is unsealed, although Muster sealed before it."),
        ("INC-1", "Entry 7 was changed, or is not the one that was written there."),
    ]


async def test_a_cut_end_is_found_by_the_checkpoint_that_saw_it(office: Office) -> None:
    await office.check()
    await office.rewrite(ONE, (await office.entries(ONE))[:3])
    told = "The end of its log was cut off: on 2026-03-02 it had 5 entries, now it ends with entry 3."
    assert await office.told() == [("INC-1", told)]


async def test_another_entry_sealed_with_the_stolen_key_is_found_by_the_checkpoint_that_saw_the_first(
    office: Office,
) -> None:
    await office.check()
    await office.rewrite(ONE, (await office.entries(ONE))[:4])
    await RedisLog(office.client, office.keys, seals=office.seals).append(an_append(1, 4, [note("another")]))
    assert await office.told() == [("INC-1", "Entry 5 is not the one that stood there on 2026-03-02.")]


async def test_an_incident_that_was_removed_is_found(office: Office) -> None:
    await ask(office.client, "DEL", office.keys.incident(ONE))
    assert await office.told() == [("INC-1", "Its whole log is missing.")]


async def test_the_last_incident_removed_with_every_trace_is_found_by_the_checkpoint(office: Office) -> None:
    await office.check()
    await ask(office.client, "DEL", office.keys.incident(TWO))
    await ask(office.client, "HDEL", office.keys.listings, TWO)
    await ask(office.client, "SET", office.keys.counter, 1)
    found = dict(await office.told())
    assert found["INC-2"] == "Its whole log is missing."
    assert found["checkpoints"] == "The store counts 1 incidents, but INC-2 was declared."


async def test_seals_that_were_taken_off_a_whole_log_are_missed(office: Office) -> None:
    stripped = [
        (id_, {name: value for name, value in fields.items() if name != "mac"})
        for id_, fields in await office.entries(TWO)
    ]
    await office.rewrite(TWO, stripped)
    assert await office.told() == [("INC-2", "Entry 1 is unsealed, although Muster sealed before it.")]


async def test_removed_checkpoints_do_not_hide_what_they_saw(office: Office) -> None:
    await office.check()
    head = (await office.check(TODAY + timedelta(days=1))).digest
    await ask(office.client, "XDEL", office.keys.checkpoints, "1-0")
    assert ("checkpoints", "Checkpoint 1 is missing.") in await office.told()
    await ask(office.client, "DEL", office.keys.checkpoints)
    assert await office.told() == []
    ((part, sentence),) = await office.told(head)
    assert (part, sentence.startswith("No checkpoint here has the head")) == ("checkpoints", True)


async def test_a_changed_checkpoint_is_found(office: Office) -> None:
    made = await office.check()
    await ask(office.client, "DEL", office.keys.checkpoints)
    data = made.encode().replace('"entries": 8', '"entries": 7')
    await ask(office.client, "XADD", office.keys.checkpoints, "1-0", "data", data, "mac", made.seal)
    assert await office.told() == [("checkpoints", "Checkpoint 1 was changed.")]


async def test_a_checkpoint_made_without_the_key_is_found(office: Office) -> None:
    heads = await office.ledger.heads(2)
    await office.checkpoints.add(next_checkpoint((), heads, TODAY, Seals("T0123", ["another key" * 3])))
    assert await office.told() == [("checkpoints", "Checkpoint 1 is not sealed with a key that is set.")]


async def test_a_head_is_known_by_its_beginning_but_not_by_a_few_letters(office: Office) -> None:
    head = (await office.check()).digest
    assert await office.told(head[:12]) == []
    assert await office.told(head[:11])


async def test_a_rotated_key_is_no_finding_and_a_lost_one_is(office: Office) -> None:
    rotated = RedisLog(office.client, office.keys, seals=Seals("T0123", ["n" * 32]))
    await rotated.append(an_append(1, 5))
    assert wrong(await office.audit(keys=("n" * 32, "k" * 32))) == []
    lost = wrong(await office.audit(keys=("n" * 32,)))
    assert lost[0][1].startswith("Entry 1 is sealed with a key that is not set (its name is ")
    assert lost[-1] == ("INC-2", "Entry 3 is sealed with" + lost[0][1].partition("is sealed with")[2])


async def test_without_a_key_only_gaps_are_found_and_it_says_so(office: Office) -> None:
    await ask(office.client, "XDEL", office.keys.incident(ONE), "3-0")
    findings = await office.audit(keys=())
    assert wrong(findings) == [("INC-1", "Entry 3 is missing in the middle.")]
    assert any("only gaps could be found" in finding.sentence for finding in findings)


async def test_entries_from_before_the_key_are_told_and_are_no_fault(client: Redis, keys: Keys, office: Office) -> None:
    other = Keys(team="T0123", root=f"{keys.root}-old")
    await RedisLog(client, other).append(an_append())
    await RedisLog(client, other, seals=office.seals).append(an_append(1, 1))
    findings = await examine(Ledger(client, other), Checkpoints(client, other), office.seals)
    assert wrong(findings) == []
    assert any("1 of them unsealed, as before a key was set" in finding.sentence for finding in findings)


async def test_a_day_on_which_a_log_shrank_is_known_without_an_audit(office: Office) -> None:
    made = await office.check()
    await office.rewrite(ONE, (await office.entries(ONE))[:3])
    assert shrunk([made], await office.ledger.heads(2)) == [ONE]
    await office.log.append(an_append(2, 3))
    assert shrunk([made], await office.ledger.heads(2)) == [ONE]


async def test_a_log_longer_than_one_page_is_audited_to_its_end(office: Office) -> None:
    await office.log.append(an_append(1, 5, [note(str(n)) for n in range(600)]))
    await ask(office.client, "XDEL", office.keys.incident(ONE), "555-0")
    assert await office.told() == [("INC-1", "Entry 555 is missing in the middle.")]


async def test_numbers_that_were_passed_over_are_told_and_are_not_missing(office: Office) -> None:
    await StoreIdentity(office.client, office.keys).begin(after=4)
    assert await office.log.append(an_append(5)) == Appended(version=FIRST)
    findings = await office.audit()
    assert wrong(findings) == []
    assert any("begun anew after INC-3 to INC-4" in finding.sentence for finding in findings)


async def test_an_incident_that_a_checkpoint_saw_is_not_excused_as_passed_over(office: Office) -> None:
    await office.check()
    await ask(office.client, "DEL", office.keys.incident(TWO))
    await ask(office.client, "HSET", office.keys.skipped, 2, 2)
    assert await office.told() == [("INC-2", "Its whole log is missing.")]
