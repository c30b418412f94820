"""The record as lines of JSON: every entry with its seal, what is wrong with it beside it, nothing private unasked."""

import json
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.custody.audit_lines import Tally, Wanted, lines
from bot.incident.terms import IncidentId
from bot.store.codec import encode_event
from bot.store.connection import ask
from bot.store.keys import Keys
from bot.store.ledger import Ledger
from bot.store.redis_log import RedisLog
from bot.store.seal import Seals
from tests.custody.site import Site
from tests.scenarios.test_private_incidents import declare_privately
from tests.store.appends import an_append, declared, note

NOTHING_MORE = Wanted()
ONE = IncidentId(1)


class Office:
    """Two public incidents, of which INC-1 has three entries, a private one and a drill."""

    def __init__(self, client: Redis, keys: Keys, seals: Seals, log: RedisLog) -> None:
        self.client, self.keys, self.seals, self.log = client, keys, seals, log
        self.tally = Tally()

    async def furnished(self) -> "Office":
        await self.log.append(an_append(1, events=[declared(1), note("落ちた\u2028x"), note("b")]))
        await self.log.append(an_append(2, events=[declared(2)]))
        await self.log.append(an_append(3, events=[replace(declared(3), private=True), note("Kestrel")]))
        await self.log.append(an_append(4, events=[replace(declared(4), drill=True), note("practice")]))
        return self

    async def written(self, wanted: Wanted = NOTHING_MORE) -> list[str]:
        self.tally = Tally()
        ledger = Ledger(self.client, self.keys)
        return [line async for line in lines(ledger, self.seals, "T0123", wanted, self.tally)]

    async def read(self, wanted: Wanted = NOTHING_MORE) -> list[dict[str, Any]]:
        return [json.loads(line) for line in await self.written(wanted)]

    async def change(self, incident: int, version: int, before: str, after: str) -> None:
        key = self.keys.incident(IncidentId(incident))
        entries = await ask(self.client, "XRANGE", key, "-", "+")
        await ask(self.client, "DEL", key)
        for id_, fields in entries:
            if id_ == f"{version}-0":
                fields["data"] = fields["data"].replace(before, after)
            await ask(self.client, "XADD", key, id_, *[word for pair in fields.items() for word in pair])


@pytest.fixture
async def office(client: Redis, keys: Keys, seals: Seals, log: RedisLog) -> Office:
    return await Office(client, keys, seals, log).furnished()


async def test_each_entry_is_a_line_with_its_seal(office: Office) -> None:
    found = await office.read()
    assert [line["id"] for line in found] == ["1.1", "1.2", "1.3", "2.1"]
    assert [line["incident"] for line in found] == ["INC-1", "INC-1", "INC-1", "INC-2"]
    stored, data = encode_event(note("b"))
    assert (found[2]["type"], found[2]["event"]) == (stored, json.loads(data))
    assert len({line["seal"] for line in found}) == 4
    assert all(line["problems"] == [] and line["team"] == "T0123" for line in found)
    assert (office.tally.lines, office.tally.problems, office.tally.missing) == (4, 0, 0)


async def test_no_text_ends_a_line(office: Office) -> None:
    assert all(len(line.splitlines()) == 1 and line.isascii() for line in await office.written())


async def test_nothing_private_and_no_drill_is_written_unasked(office: Office) -> None:
    told = "".join(await office.written())
    assert "Kestrel" not in told
    assert "practice" not in told
    assert {line["incident"] for line in await office.read(Wanted(private=True))} == {"INC-1", "INC-2", "INC-3"}
    assert {line["incident"] for line in await office.read(Wanted(drills=True))} == {"INC-1", "INC-2", "DRILL INC-4"}


async def test_what_was_changed_is_told_in_its_line(office: Office) -> None:
    await office.change(1, 3, '"b"', '"B"')
    found = await office.read()
    assert [bool(line["problems"]) for line in found] == [False, False, True, False]
    assert "Entry 3 was changed" in found[2]["problems"][0]
    assert office.tally.problems == 1


async def test_a_private_incident_that_was_made_public_stays_private(office: Office) -> None:
    await office.change(3, 1, '"private":true', '"private":false')
    assert "Kestrel" not in "".join(await office.written())
    assert office.tally.problems == 1


async def test_a_log_without_its_beginning_counts_as_private(office: Office) -> None:
    await ask(office.client, "XDEL", office.keys.incident(IncidentId(3)), "1-0")
    assert "Kestrel" not in "".join(await office.written())


async def test_a_log_that_is_missing_is_counted(office: Office) -> None:
    await ask(office.client, "DEL", office.keys.incident(ONE))
    assert [line["id"] for line in await office.read()] == ["2.1"]
    assert office.tally.missing == 1


async def test_what_does_not_read_stands_there_as_text(office: Office) -> None:
    await office.change(1, 2, "{", "<")
    assert str((await office.read())[1]["event"]).startswith("<")


async def test_the_operator_types_it(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare("sev2 Checkout is down")
        await declare_privately(team, "Merger keys leaked")
    status, said = await site.muster("data", "audit", "--lines")
    assert status == 0, said
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert {line["incident"] for line in found} == {"INC-1"}
    assert found[0]["event"]["title"] == "Checkout is down"
    assert all(line["seal"] for line in found)
    status, said = await site.muster("data", "audit", "--lines", "--private")
    assert "Merger keys leaked" in said
