"""Whoever reads of an incident by its number in a terminal reads, too, that it is a drill."""

import secrets
from dataclasses import replace

import pytest

from bot.checkup.drill_names import mark, named_in, with_drills_named
from bot.checkup.finding import ok
from bot.incident.terms import IncidentId
from bot.store.connection import ask
from bot.store.drills import drills_among
from bot.store.keys import Keys
from bot.store.reach import connected
from bot.store.redis_log import RedisLog
from tests.store.appends import an_append, listed

ONE, TWO, SEVEN = IncidentId(1), IncidentId(2), IncidentId(7)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("INC-7", "DRILL INC-7"),
        ("the first, of INC-7, for 5 min; INC-77 too", "the first, of DRILL INC-7, for 5 min; INC-77 too"),
        ("#inc-7-drill-down", "#inc-7-drill-down"),
        ("nothing of any", "nothing of any"),
    ],
)
def test_only_drills_are_marked(text: str, marked: str) -> None:
    assert mark(text, {SEVEN}) == marked


def test_every_number_is_looked_at() -> None:
    assert named_in("INC-1 to INC-2, and not #inc-7-down") == {ONE, TWO}


async def test_which_are_drills_is_read_from_their_listings(redis_url: str) -> None:
    keys = Keys(team="T0123", root=f"test-{secrets.token_hex(6)}")
    async with connected(redis_url, tag="T0123") as client:
        log = RedisLog(client, keys)
        await log.append(an_append(1, listing=replace(listed(1), drill=True)))
        await log.append(an_append(2))
        assert await drills_among(client, keys, {ONE, TWO, SEVEN}) == {ONE}
        (found,) = await with_drills_named(client, keys, [ok("INC-1", "INC-1 and INC-2 and INC-7.")])
        await ask(client, "HSET", keys.listings, ONE, "not a listing")
        assert await drills_among(client, keys, {ONE}) == set()
    assert (found.part, found.sentence) == ("DRILL INC-1", "DRILL INC-1 and INC-2 and INC-7.")
