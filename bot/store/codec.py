"""Events, effects and listings as stored JSON. Stored names are a promise for ever: what was once written is read.

To change an event, keep its name here and add an upcaster that lifts the old fields; tests/golden holds what
each version wrote.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.incident import events
from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.factor_index import FactorLine
from bot.incident.followup_index import FollowupLine
from bot.incident.listing import Listing
from bot.store.stored_names import DRILL_DECLARED, EFFECTS, EVENTS

Fields = dict[str, Any]
Upcaster = Callable[[Fields], Fields]

_EVENT_NAMES: Final = {kind: name for name, kind in EVENTS.items() if name != DRILL_DECLARED}
_EFFECT_NAMES: Final = {kind: name for name, kind in EFFECTS.items()}

UPCASTERS: Final[Mapping[tuple[str, int], Upcaster]] = {}
"""(stored name, version) -> the fields as the next version has them. Version 1 is the first; the version that is
written now is the first one without an upcaster."""


_FACTORS: Final = tuple[FactorLine, ...]
_LISTINGS: Final = tuple[Listing, ...]


class Unreadable(ValueError):  # noqa: N818 - it says what the bytes are
    """Stored bytes that this version of Muster cannot read; most likely a newer version wrote them."""


class EventCodec:
    """Events to (stored type, JSON) and back. A stored type is the name, and from version 2 on 'name:version'."""

    def __init__(self, upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS) -> None:
        self._upcasters = upcasters

    def encode(self, event: Event) -> tuple[str, str]:
        name = _event_name(event)
        return self._stored_type(name), _adapter(type(event)).dump_json(event).decode()

    def decode(self, stored: str, data: str) -> Event:
        """Raises Unreadable."""
        name, _, number = stored.partition(":")
        kind = EVENTS.get(name)
        if kind is None or not (number or "1").isdecimal():
            raise Unreadable(f"it holds a {stored!r}, which this version of Muster does not know")
        try:
            if stored == self._stored_type(name):
                return _event(_adapter(kind).validate_json(data))
            return _event(_adapter(kind).validate_python(self._lifted(name, int(number or 1), json.loads(data))))
        except ValueError as error:
            raise Unreadable(f"a {stored!r} in it does not read: {_brief(error)}") from error

    def _stored_type(self, name: str) -> str:
        version = 1
        while (name, version) in self._upcasters:
            version += 1
        return name if version == 1 else f"{name}:{version}"

    def _lifted(self, name: str, version: int, fields: Fields) -> Fields:
        if (name, version) not in self._upcasters and version > 1:
            raise Unreadable(f"version {version} of it is newer than this version of Muster")
        while upcaster := self._upcasters.get((name, version)):
            fields, version = upcaster(fields), version + 1
        return fields


def _event_name(event: Event) -> str:
    is_drill = isinstance(event, events.IncidentDeclared) and event.drill
    return DRILL_DECLARED if is_drill else _EVENT_NAMES[type(event)]


_CODEC: Final = EventCodec()


def encode_event(event: Event) -> tuple[str, str]:
    """(stored type, JSON of every field, defaults included: a default that changes later rewrites no history)."""
    return _CODEC.encode(event)


def decode_event(stored: str, data: str) -> Event:
    """Raises Unreadable."""
    return _CODEC.decode(stored, data)


def encode_effect(effect: Effect) -> str:
    """JSON of the fields and `effect`, the stored name; an event that it is about goes by its own stored type."""
    fields = _adapter(type(effect)).dump_python(effect, mode="json", exclude={"about"})
    about = getattr(effect, "about", None)
    if isinstance(about, Event):
        fields["about"] = encode_event(about)
    return json.dumps({"effect": _EFFECT_NAMES[type(effect)], **fields}, ensure_ascii=False, separators=(",", ":"))


def decode_effect(data: str) -> Effect:
    """Raises Unreadable."""
    try:
        fields = json.loads(data)
        kind = EFFECTS[fields.pop("effect")]
        fields.pop("revived", None)  # a mark for the scripts
        if "about" in fields:
            fields["about"] = decode_event(*fields["about"])
        effect = _adapter(kind).validate_python(fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"the effect does not read: {_brief(error)}") from error
    assert isinstance(effect, Effect)
    return effect


def encode_listing(listing: Listing) -> str:
    return _adapter(Listing).dump_json(listing).decode()


def decode_listing(data: str) -> Listing:
    """Raises Unreadable."""
    try:
        found = _adapter(Listing).validate_json(data)
    except ValueError as error:
        raise Unreadable(f"a listing does not read: {_brief(error)}") from error
    assert isinstance(found, Listing)
    return found


def encode_followup(line: FollowupLine) -> str:
    return _adapter(FollowupLine).dump_json(line).decode()


def decode_followup(data: str) -> FollowupLine:
    """Raises Unreadable."""
    try:
        found = _adapter(FollowupLine).validate_json(data)
    except ValueError as error:
        raise Unreadable(f"a follow-up of the index does not read: {_brief(error)}") from error
    assert isinstance(found, FollowupLine)
    return found


def encode_factor(line: FactorLine) -> str:
    return _adapter(FactorLine).dump_json(line).decode()


def decode_factors(data: str) -> list[FactorLine]:
    """Of a JSON array of them. Raises Unreadable."""
    try:
        return list(_adapter(_FACTORS).validate_json(data))
    except ValueError as error:
        raise Unreadable(f"a factor of the index does not read: {_brief(error)}") from error


def decode_listings(data: str) -> list[Listing]:
    """As above."""
    try:
        return list(_adapter(_LISTINGS).validate_json(data))
    except ValueError as error:
        raise Unreadable(f"a listing does not read: {_brief(error)}") from error


def build_adapters() -> None:
    """All that will ever be needed, at start: built one by one, they cost the first incident a tenth of a second."""
    for kind in (*EVENTS.values(), *EFFECTS.values(), Listing, FollowupLine, FactorLine, _FACTORS, _LISTINGS):
        _adapter(kind)


def _adapter(kind: Any) -> TypeAdapter[Any]:
    return _built(kind)  # apart, because mypy holds that a dataclass's type cannot be hashed


@cache
def _built(kind: type[Any]) -> TypeAdapter[Any]:
    """Built once and kept: building takes about a millisecond."""
    return TypeAdapter(kind)


def _event(decoded: object) -> Event:
    assert isinstance(decoded, Event)
    return decoded


def _brief(error: Exception) -> str:
    """What is wrong, without the value: incidents can be private, and this ends in logs."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)
