"""Stored JSON: everything comes back as it went in, and what was written once is read for ever."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.incident.effects import Effect, PostNotice
from bot.incident.events import Event, IncidentDeclared, NoteAdded
from bot.incident.listing import Listing
from bot.incident.terms import Role, UserId
from bot.store.codec import (
    EventCodec,
    Unreadable,
    decode_effect,
    decode_event,
    decode_listing,
    encode_effect,
    encode_event,
    encode_listing,
)
from bot.store.stored_names import EFFECTS, EVENTS
from tests.incident.kinds import kinds
from tests.store.appends import listed, note
from tests.store.examples import EVERY_EFFECT, EVERY_EVENT

st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(timedelta, st.timedeltas(timedelta(0), timedelta(days=999)))
any_event: st.SearchStrategy[Event] = st.one_of([st.from_type(kind) for kind in EVENTS.values()])
any_effect: st.SearchStrategy[Effect] = st.one_of(
    [st.from_type(kind) for kind in EFFECTS.values() if "about" not in kind.__dataclass_fields__]
)


def test_every_event_has_a_stored_name() -> None:
    assert set(EVENTS.values()) == kinds("events", Event)


def test_every_effect_has_a_stored_name() -> None:
    assert set(EFFECTS.values()) == kinds("effects", Effect)


def test_there_is_an_example_of_everything() -> None:
    assert {type(event) for event in EVERY_EVENT} == set(EVENTS.values())
    assert {type(effect) for effect in EVERY_EFFECT} == set(EFFECTS.values())


@given(any_event)
@settings(max_examples=200, deadline=None)
def test_any_event_comes_back_as_it_went_in(event: Event) -> None:
    assert decode_event(*encode_event(event)) == event


@given(any_effect)
@settings(max_examples=100, deadline=None)
def test_any_effect_comes_back_as_it_went_in(effect: Effect) -> None:
    assert decode_effect(encode_effect(effect)) == effect


@given(st.builds(Listing, roles=st.dictionaries(st.text().map(Role), st.text().map(UserId))))
@settings(max_examples=50, deadline=None)
def test_any_listing_comes_back_as_it_went_in(listing: Listing) -> None:
    assert decode_listing(encode_listing(listing)) == listing


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_an_effect_keeps_the_event_that_it_is_about(event: Event) -> None:
    notice = PostNotice(incident=listed().incident, channel=None, about=event)
    assert decode_effect(encode_effect(notice)) == notice


def test_defaults_are_stored_so_that_a_later_default_rewrites_no_history() -> None:
    assert '"kind":"entry"' in encode_event(note("seen"))[1]


def declared(*, drill: bool) -> Event:
    first = EVERY_EVENT[0]
    assert isinstance(first, IncidentDeclared)
    return replace(first, drill=drill)


def test_a_drill_is_stored_under_a_name_that_versions_without_drills_cannot_read() -> None:
    stored, data = encode_event(declared(drill=True))
    assert stored == "DrillDeclared"
    assert decode_event(stored, data) == declared(drill=True)


def test_an_incident_keeps_the_name_that_it_always_had() -> None:
    stored, data = encode_event(declared(drill=False))
    assert stored == "IncidentDeclared"
    assert decode_event(stored, data.replace(',"drill":false', "")) == declared(drill=False)


def lift_body(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "text": fields["body"]}


def mark(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "text": f"{fields['text']}!"}


LIFTING = EventCodec({("NoteAdded", 1): lift_body, ("NoteAdded", 2): mark})


def test_old_versions_are_lifted_step_by_step() -> None:
    old = json.dumps(
        {"at": "2026-03-01T14:05:00Z", "by": "UADA", "body": "seen", "happened_at": "2026-03-01T14:05:00Z"}
    )
    event = LIFTING.decode("NoteAdded", old)
    assert isinstance(event, NoteAdded)
    assert event.text == "seen!"


def test_what_is_written_now_carries_its_version_and_is_not_lifted() -> None:
    stored = LIFTING.encode(note("seen"))
    assert stored[0] == "NoteAdded:3"
    assert LIFTING.decode(*stored) == note("seen")


@pytest.mark.parametrize("stored", ["", "Unknown", "NoteAdded:2", "NoteAdded:x"])
def test_an_unknown_stored_type_is_unreadable(stored: str) -> None:
    with pytest.raises(Unreadable):
        decode_event(stored, encode_event(note("seen"))[1])


@pytest.mark.parametrize("data", ["", "{}", "[]", "null", '{"effect":"PinMessage"}', '{"effect":[]}'])
def test_broken_bytes_are_unreadable_and_no_bug(data: str) -> None:
    with pytest.raises(Unreadable):
        decode_effect(data)
    with pytest.raises(Unreadable):
        decode_event("NoteAdded", data)
    with pytest.raises(Unreadable):
        decode_listing(data)


def test_what_is_wrong_is_told_without_the_content() -> None:
    stored, data = encode_event(note("merger"))
    with pytest.raises(Unreadable, match="kind: Input should be") as refusal:
        decode_event(stored, data.replace('"entry"', '"rumour of a merger"'))
    assert "merger" not in str(refusal.value)
