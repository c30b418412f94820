"""A register in Redis: numbered things as they stand in a hash, every change of them in a log. It decides nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from bot.incident.effects import Effect
from bot.ports import Unavailable
from bot.store.codec import encode_effect
from bot.store.connection import WHAT, ask, look
from bot.store.keys import Keys, RegisterKeys
from bot.store.scripts import REGISTER


class Numbered(Protocol):
    """What a register holds. `revision`: how often it was changed."""

    @property
    def number(self) -> int: ...

    @property
    def revision(self) -> int: ...


Thing = TypeVar("Thing", bound=Numbered)
Change = TypeVar("Change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[Change]):
    """A change to be written. `key`: the wish that a new thing was asked for by. `seen`: the revision that was read,
    0 for a new thing. `after`: the thing from now on, with its next revision; None: it is forgotten.
    """

    number: int
    key: str
    seen: int
    after: Numbered | None
    line: Change


class RedisRegister(Generic[Thing, Change]):
    """`thing` and `change`: the kinds of what stands there, and of a line of its log."""

    def __init__(
        self, client: Redis, keys: Keys, names: RegisterKeys, *, thing: type[Thing], change: type[Change]
    ) -> None:
        self._client = client
        self._keys = keys
        self._names = names
        self._thing = thing
        self._change = change

    async def all(self) -> list[Thing]:
        stored = await look(self._client, "HVALS", self._names.standing)
        return [read(self._thing, each.partition(" ")[2]) for each in stored]

    async def next_number(self) -> int:
        return int(await ask(self._client, "INCR", self._names.count))

    async def write(self, entry: Entry[Change], effects: Iterable[Effect] = ()) -> int | None:
        """The thing's number; another's, where that has this key; None: somebody else was faster."""
        after = f"{entry.after.revision} {written(entry.after)}" if entry.after else ""
        keys = (self._names.standing, self._names.wishes, self._names.log, self._keys.ready)
        how = (self._keys.prefix, entry.number, entry.key, entry.seen, after, written(entry.line))
        done = int(await REGISTER.run(self._client, keys, *how, *pushed(effects)))
        return (entry.number if done == 1 else -done) if done else None

    async def log(self) -> Sequence[Change]:
        entries = await look(self._client, "XRANGE", self._names.log, "-", "+")
        return [read(self._change, fields["data"]) for _, fields in entries]


def pushed(effects: Iterable[Effect]) -> list[str | int]:
    """As push_told takes them."""
    return [part for effect in effects for part in (effect.lane, effect.keep, encode_effect(effect))]


def read(kind: Any, data: str) -> Any:
    """Raises Unavailable."""
    try:
        return _adapter(kind).validate_json(data)
    except ValidationError as error:
        raise Unavailable(WHAT, f"a {kind.__name__} in it does not read", retryable=False) from error


def written(value: object) -> str:
    return _adapter(type(value)).dump_json(value).decode()


def _adapter(kind: Any) -> TypeAdapter[Any]:
    return _built(kind)  # apart, because mypy holds that a dataclass's type cannot be hashed


@cache
def _built(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
