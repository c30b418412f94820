"""Earlier incidents are found by what contributed to them, too, and it is said which factor, or which of its words."""

from redis.asyncio import Redis

from bot.incident.factor import FactorClass, FactorContent, Surrounding
from bot.incident.factor_commands import AddFactor, RemoveFactor
from bot.incident.terms import IncidentId
from bot.store.keys import Keys
from tests.store.filed import Files

CHANGES = FactorContent(
    text="Two kestrel releases at once", kind=FactorClass.ENVIRONMENT, surrounding=Surrounding.RECENT_CHANGES
)
POOL = FactorContent(text="Nobody tested the merlin pool", kind=FactorClass.PROCESS)


async def over(files: Files, title: str, *factors: FactorContent, **more: str) -> IncidentId:
    number = await files.resolved(title, **more)
    for content in factors:
        await files.do(number, AddFactor(by=files.inside(number), content=content))
    await files.keep()
    return number


async def test_search_finds_the_words_of_factors_and_says_so(client: Redis, keys: Keys) -> None:
    files = Files(client, keys)
    number = await over(files, "Checkout is down", CHANGES)
    (hit,) = (await files.search("kestrel checkout")).hits
    assert (hit.listing.incident, hit.factored, hit.titled) == (number, ("kestrel",), ("checkout",))
    await files.do(number, RemoveFactor(by=files.inside(number), number=1, why="It was another."))
    assert await files.found("kestrel") == []


async def test_one_is_like_another_by_a_factor_and_a_word_of_it(client: Redis, keys: Keys) -> None:
    files = Files(client, keys)
    first = await over(files, "Orders are lost", CHANGES)
    await over(files, "Mail is late")
    later = await over(files, "Search is slow", CHANGES)
    state = await files.door.read(later)
    (found,) = await files.archive.precedents(state, files.at)
    assert found.listing.incident == first
    assert found.surroundings == (Surrounding.RECENT_CHANGES,)
    assert set(found.factored) == {"kestrel", "releases", "once", "two"} & set(found.factored)
    assert "kestrel" in found.factored


async def test_words_of_factors_alone_are_enough(client: Redis, keys: Keys) -> None:
    files = Files(client, keys)
    first = await over(files, "Orders are lost", POOL)
    later = await over(files, "Search is slow", FactorContent(text="Merlin pools were small", kind=FactorClass.PEOPLE))
    (found,) = await files.archive.precedents(await files.door.read(later), files.at)
    assert (found.listing.incident, found.factored) == (first, ("merlin", "pools"))
    assert found.surroundings == ()


async def test_what_an_older_version_kept_is_read_as_before(client: Redis, keys: Keys) -> None:
    files = Files(client, keys)
    number = await over(files, "Kestrels are down")
    stored = str(await client.hget(keys.gists, str(number))).replace(',"factors":[]', "")
    await client.hset(keys.gists, str(number), stored)
    (hit,) = (await files.search("kestrels")).hits
    assert hit.factored == ()
