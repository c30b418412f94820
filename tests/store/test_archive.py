"""The archive: what is in the record is found, what is not is not, and nobody learns of what they may not see."""

import secrets
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.incident.commands import (
    AddMessageToTimeline,
    AddNote,
    ChangeSeverity,
    Command,
    RecordJoined,
    RecordLeft,
    RecordMessageDeletion,
    RecordMessageEdit,
    ReopenIncident,
    ResolveIncident,
    UnflagMessage,
)
from bot.incident.gist import gist
from bot.incident.listing import may_see
from bot.incident.terms import MUSTER_ITSELF, ChannelId, IncidentId, MessageTs, Person, Rejected, Severity, Version
from bot.store.archive import MADE_UP_AT_ONCE
from bot.store.connection import ask
from bot.store.keys import Keys
from bot.store.redis_gists import RedisGists
from tests.incident.given import BEN, CLEO, NOON, ROLLBACK
from tests.store.filed import Files

ONE, TWO, THREE = IncidentId(1), IncidentId(2), IncidentId(3)


@pytest.fixture
def files(client: Redis, keys: Keys) -> Files:
    return Files(client=client, keys=keys)


async def index_of(files: Files) -> dict[str, Any]:
    """Everything that the store holds of words, as it stands."""
    client, prefix = files.client, files.keys.prefix
    found: dict[str, Any] = {"gists": await client.hgetall(files.keys.gists)}
    async for key in client.scan_iter(f"{prefix}words:*", count=1000):
        found[key.removeprefix(prefix)] = sorted(await client.smembers(key))
    return found


async def test_what_was_said_in_an_incident_that_has_ended_finds_it(files: Files) -> None:
    await files.resolved("Checkout is down", "Failed over to the replica")
    await files.resolved("Search is slow")
    assert await files.found("replicas") == [1]
    assert await files.found("REPLICA checkout") == [1]
    assert await files.found("kestrel") == []


async def test_an_open_one_is_found_by_its_title_at_once(files: Files) -> None:
    await files.declare("Kestrel is down", service="orders", impact="Nobody can pay")
    assert [await files.found(word) for word in ("kestrel", "orders", "pay")] == [[1], [1], [1]]
    assert (await files.search("kestrel")).hits[0].gist.outcome == ""


async def test_where_none_has_all_the_words_those_with_the_rarest_come_first(files: Files) -> None:
    for number in range(4):
        await files.resolved(f"Checkout down {number}00")
    await files.resolved("Kestrel down")
    found = await files.search("checkout kestrel")
    assert (found.whole, found.count, found.hits[0].listing.incident) == (False, 5, 5)
    assert [found.hits[0].words, found.hits[1].words] == [("kestrel",), ("checkout",)]


async def test_a_word_of_the_title_the_newer_and_the_graver_come_first(files: Files) -> None:
    await files.resolved("Payments fail", "It was the replica")
    await files.resolved("Replica lost")
    files.at = NOON + timedelta(days=400)
    await files.resolved("Replica behind")
    grave = await files.resolved("Replica gone", severity=Severity.SEV1)
    assert await files.found("replica") == [grave, 3, 2, 1]


async def test_hits_are_told_page_by_page_and_counted_once(files: Files) -> None:
    for number in range(12):
        await files.resolved(f"Kestrel number {number}")
    pages = [await files.search("kestrel", page=page) for page in (1, 2, 3, 9)]
    assert [(each.count, each.page, each.pages, len(each.hits)) for each in pages] == [
        (12, 1, 3, 5),
        (12, 2, 3, 5),
        (12, 3, 3, 2),
        (12, 3, 3, 2),
    ]
    assert len({hit.listing.incident for each in pages[:3] for hit in each.hits}) == 12


async def test_a_private_incident_is_found_by_its_members_alone_and_counts_for_nobody_else(files: Files) -> None:
    await files.resolved("Kestrel in the mail", private=True)
    await files.do(ONE, RecordJoined(by=MUSTER_ITSELF, users=(BEN.id,)))
    await files.resolved("Kestrel on the roof")
    ben, cleo = [await files.search("kestrel", by=by.id) for by in (BEN, CLEO)]
    assert [(each.count, each.pages) for each in (ben, cleo)] == [(2, 1), (1, 1)]
    assert await files.found("kestrel mail", by=CLEO.id) == [2]
    assert (await files.search("kestrel mail", by=CLEO.id)).whole is False
    assert await files.found("mail", by=CLEO.id) == []
    assert await files.found("mail", by=CLEO.id, see=[CLEO.id]) == [1]


async def test_whoever_was_taken_out_of_a_private_channel_finds_it_no_more(files: Files) -> None:
    await files.resolved("Kestrel in the mail", private=True)
    await files.do(ONE, RecordJoined(by=MUSTER_ITSELF, users=(BEN.id,)))
    assert await files.found("mail", by=BEN.id) == [1]
    await files.do(ONE, RecordLeft(by=MUSTER_ITSELF, user=BEN.id))
    assert await files.found("mail", by=BEN.id) == []


async def test_what_an_outsider_is_told_is_the_same_with_and_without_private_incidents(
    files: Files, client: Redis
) -> None:
    """Hits, their order, why, the count: all but what grows with the number that was given last."""
    others = Files(client=client, keys=Keys(team="T0123", root=f"test-{secrets.token_hex(6)}"))
    for number, word in enumerate(("replica", "primary", "replica primary", "replica kestrel")):
        for each in (files, others):
            await each.resolved(f"Database {word}", severity=Severity.SEV3 if number % 2 else Severity.SEV1)
    for _ in range(30):
        await files.resolved("Database kestrel primary", private=True)
        await others.resolved("Nothing like it", drill=True)
    for text in ("database", "kestrel primary", "replica primary kestrel", "mail"):
        here, there = await files.search(text, by=CLEO.id), await others.search(text, by=CLEO.id)
        assert here == there


async def test_drills_are_found_only_when_asked_for(files: Files) -> None:
    await files.resolved("Kestrel practice", drill=True)
    await files.resolved("Kestrel on the roof")
    assert (await files.found("kestrel"), await files.found("kestrel", drills=True)) == ([2], [1])


async def test_a_deleted_message_is_found_no_more_and_leaves_nothing_behind(files: Files) -> None:
    await files.declare("Checkout is down")
    before = await index_after(files, ONE, ())
    ts = MessageTs(f"{NOON.timestamp():.6f}")
    said = AddMessageToTimeline(
        by=files.inside(ONE), channel=ChannelId("C1"), ts=ts, author=BEN.id, text="The password is kestrel"
    )
    with_it = await index_after(files, ONE, (said,))
    assert "words:public:kestrel:0" in with_it
    without = await index_after(files, ONE, (RecordMessageDeletion(by=MUSTER_ITSELF, ts=ts),))
    assert {name for name in without if "kestrel" in name} == set()
    assert "kestrel" not in str(without)
    assert without.keys() == before.keys()


async def index_after(files: Files, number: IncidentId, commands: tuple[Command, ...]) -> dict[str, Any]:
    state = await files.door.read(number)
    if state.is_active:
        from_the_start = files.inside(number)
        await files.do(number, resolve_by(from_the_start))
    for command in commands:
        await files.do(number, command)
    await files.keep()
    return await index_of(files)


def resolve_by(by: Person) -> Command:
    return ResolveIncident(by=by)


async def test_whoever_read_an_older_log_comes_too_late(files: Files) -> None:
    await files.resolved("Checkout is down", "By the kestrel")
    await files.keep()
    stale = gist(await files.door.read(ONE))
    await RedisGists(files.client, files.keys).put(ONE, Version(2), stale)
    assert await files.found("kestrel") == [1]


async def test_incidents_beyond_a_block_of_numbers_are_found_newest_first(files: Files) -> None:
    gists = RedisGists(files.client, files.keys)
    made = gist(await files.door.read(await files.declare("Kestrel is down")))
    for number in (511, 512, 1024, 1500):
        await gists.put(IncidentId(number), Version(1), made)
    await ask(files.client, "SET", files.keys.counter, 1500)
    matches = await gists.matches(made.shelf, ["kestrel", "down", "missing"])
    assert matches.holders["kestrel"] == {1, 511, 512, 1024, 1500}
    assert (matches.frequency, matches.whole) == ({"kestrel": 5, "down": 5, "missing": 0}, frozenset())
    assert (await gists.matches(made.shelf, ["kestrel", "down"])).whole == {1, 511, 512, 1024, 1500}


async def test_incidents_that_an_older_version_left_out_are_made_up_for(files: Files, client: Redis) -> None:
    await files.resolved("Checkout is down", "By the kestrel")
    await files.declare("Search is slow")
    await files.keep()
    before = await index_of(files)
    for key in before:
        await client.delete(f"{files.keys.prefix}{key}")
    assert await files.found("kestrel") == []
    assert [await files.archive.make_up(), await files.archive.make_up()] == [2, 0]
    made = await index_of(files)
    assert {**made, "gists": unversioned(made)} == {**before, "gists": unversioned(before)}


async def test_however_many_were_left_out_they_are_made_up_for_in_portions(files: Files, client: Redis) -> None:
    for number in range(MADE_UP_AT_ONCE + 5):
        await files.declare(f"Kestrel {number}")
    await client.delete(files.keys.gists)
    made = [await files.archive.make_up() for _ in range(4)]
    assert made == [MADE_UP_AT_ONCE, 5, 0, 0]
    assert (await files.search("kestrel")).count == MADE_UP_AT_ONCE + 5


async def test_a_log_that_cannot_be_read_keeps_no_other_from_being_made_up_for(files: Files, client: Redis) -> None:
    await files.resolved("Checkout is down")
    await files.resolved("Search is slow")
    await files.keep()
    await client.delete(files.keys.gists)
    await client.delete(files.keys.incident(TWO))
    await client.xadd(files.keys.incident(TWO), {"type": "Unknown", "data": "{}"}, "1-0")
    assert [await files.archive.make_up(), await files.archive.make_up()] == [2, 0]
    assert await files.found("checkout") == [1]


async def test_like_a_new_one_are_earlier_ones_that_share_service_or_telling_words(files: Files) -> None:
    await files.resolved("Replica lags behind", "Restarted it", service="orders")
    await files.resolved("Certificates run out", service="orders")
    await files.resolved("Disk full")
    new = await files.declare("Orders: replica is behind", service="orders")
    await files.keep()
    (like,) = await files.archive.precedents(await files.door.read(new), files.at)
    assert (like.listing.incident, like.same_service, like.gist.outcome) == (1, True, "Restarted it")
    assert like.words == ("replica", "behind")


async def test_one_word_alone_makes_nothing_alike_and_neither_do_words_of_every_incident(files: Files) -> None:
    for _ in range(8):
        await files.resolved("Checkout is down again")
    await files.resolved("Kestrel")
    await files.keep()
    for title in ("Kestrel came", "Checkout down"):
        new = await files.declare(title)
        assert await files.archive.precedents(await files.door.read(new), files.at) == ()


async def test_a_playbook_in_common_counts_as_much_as_a_word(files: Files) -> None:
    await files.resolved("Kestrel", checklist=ROLLBACK)
    new = await files.declare("Kestrel", checklist=ROLLBACK)
    await files.keep()
    (like,) = await files.archive.precedents(await files.door.read(new), files.at)
    assert (like.same_playbook, like.gist.playbooks) == (True, ("Bad deploy",))


async def test_private_ones_and_drills_are_never_like_anything(files: Files) -> None:
    await files.resolved("Kestrel on the roof", private=True)
    await files.resolved("Kestrel on the roof", drill=True)
    new = await files.declare("Kestrel on the roof", private=True)
    await files.keep()
    assert await files.archive.precedents(await files.door.read(new), files.at) == ()


async def test_no_later_one_is_like_an_earlier_one(files: Files) -> None:
    first = await files.declare("Kestrel on the roof")
    await files.declare("Kestrel on the roof")
    await files.keep()
    assert await files.archive.precedents(await files.door.read(first), files.at) == ()


ACTS: Final = st.lists(
    st.tuples(st.sampled_from(["note", "log", "edit", "delete", "unflag", "reopen", "end", "why"]), st.integers(0, 9)),
    max_size=12,
)


def act(files: Files, name: str, number: int, turn: int) -> Command:
    by, ts = files.inside(ONE), MessageTs(f"{NOON.timestamp() + number % 3:.6f}")
    text = f"word{number} common"
    match name:
        case "note":
            return AddNote(by=by, text=text)
        case "log":
            return AddMessageToTimeline(by=by, channel=ChannelId("C1"), ts=ts, author=BEN.id, text=text)
        case "edit":
            return RecordMessageEdit(by=MUSTER_ITSELF, ts=ts, text=text, edited_ts=f"{turn + 1}.0")
        case "delete":
            return RecordMessageDeletion(by=MUSTER_ITSELF, ts=ts)
        case "unflag":
            flagged_ts = f"{files.at.timestamp():.6f}"
            return UnflagMessage(by=by, channel=ChannelId("C1"), ts=ts, emoji="", flagged_ts=flagged_ts)
        case "reopen":
            return ReopenIncident(by=by, why=text)
        case "why":
            return ChangeSeverity(by=by, severity=[*Severity][number % 3], why=text)
    return resolve_by(by)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=ACTS)
async def test_kept_up_step_by_step_or_made_from_the_log_alone_it_is_the_same_index(
    client: Redis, steps: list[tuple[str, int]]
) -> None:
    files = Files(client=client, keys=Keys(team="T0123", root=f"test-{secrets.token_hex(6)}"))
    await files.declare("Checkout is down")
    for turn, (name, number) in enumerate([*steps, ("end", 0)]):
        files.at = NOON + timedelta(minutes=turn)
        try:
            await files.do(ONE, act(files, name, number, turn))
        except Rejected:
            continue
        await files.keep()
    kept = await index_of(files)
    for key in kept:
        await client.delete(f"{files.keys.prefix}{key}")
    await files.archive.make_up()
    made = await index_of(files)
    assert {**kept, "gists": unversioned(kept)} == {**made, "gists": unversioned(made)}


def unversioned(index: dict[str, Any]) -> dict[str, str]:
    """An incident's last changes may have said nothing."""
    return {number: told.split(" ", 1)[1] for number, told in index["gists"].items()}


async def of_service(files: Files, *names: str, by: Person = BEN) -> list[int]:
    found = await files.archive.of_service(names, may_see=lambda each: may_see(each, by.id, frozenset()), most=20)
    return [each.incident for each in found]


async def test_incidents_on_a_service_come_open_ones_first_by_any_of_its_names(files: Files) -> None:
    await files.resolved("Replica lags", service="postgres")
    await files.declare("Disk full", service="Database")
    await files.resolved("Slow queries", service="database")
    await files.resolved("Something else", service="search")
    await files.keep()
    assert await of_service(files, "database", "Postgres") == [2, 3, 1]
    assert await of_service(files, "fax") == []


async def test_of_a_service_nobody_is_told_of_private_ones_or_drills(files: Files) -> None:
    private = await files.declare("Somebody reads our mail", service="mail", private=True)
    await files.do(private, RecordJoined(by=MUSTER_ITSELF, users=(CLEO.id,)))
    await files.declare("Practice", service="mail", drill=True)
    assert await of_service(files, "mail") == []
    assert await of_service(files, "mail", by=CLEO) == [private]
