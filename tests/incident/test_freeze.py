"""Deploy freezes: of which services, how long, what is due, and that each is told of once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.incident.alert import Alert
from bot.incident.alert_commands import AttachAlerts
from bot.incident.catalogue import Service, drawn_up
from bot.incident.events import NoteAdded
from bot.incident.freeze import (
    KNOWN_FOR,
    MOST_FREEZES,
    Freeze,
    FreezeNumber,
    FreezeTurn,
    FreezeWish,
    covering,
    due,
    ended,
    extended,
    granted,
    note_of,
)
from bot.incident.freeze_suggestion import frozen_by, services_of, to_freeze
from bot.incident.policy import FreezeRule, Policy
from bot.incident.terms import MUSTER, MUSTER_ITSELF, EntryKind, Rejected, Standing, Status
from tests.incident.alerts import alarmed, alert, judged
from tests.incident.given import ADA, BEN, NOON, Story, after, minutes

SHOP = Policy(catalogue=drawn_up([Service(name="check-out", aliases=("till",)), Service(name="search")]))
WISH = FreezeWish(request="1", services=("Check out",), lasts=minutes(120), why=" Budget \n is spent ")
RULE = FreezeRule()


def freeze(number: int = 1, **changes: object) -> Freeze:
    made = Freeze(
        number=FreezeNumber(number),
        services=("check-out",),
        since=NOON,
        until=NOON + timedelta(hours=24),
        by=ADA.id,
        request=str(number),
        after=number - 1,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_wish_is_granted_with_the_services_as_the_catalogue_spells_them() -> None:
    made = granted(BEN, replace(WISH, services=("TILL", "check-out", "Search")), (), SHOP, NOON)
    assert (made.services, made.lasts, made.why) == (("check-out", "search"), minutes(120), "Budget is spent")


def test_it_lasts_as_long_as_the_policy_says_where_nobody_says_otherwise() -> None:
    rules = replace(SHOP, freezes=FreezeRule(lasts=minutes(90)))
    assert granted(ADA, replace(WISH, lasts=None), (), rules, NOON).lasts == minutes(90)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (replace(WISH, services=()), "Name the service"),
        (replace(WISH, services=("serch",)), "“serch” is no service that I know. Did you mean search?"),
        (replace(WISH, services=("search",), lasts=timedelta(days=8)), "between 1 minute and 7 days"),
        (replace(WISH, services=("search", "till")), r"Deploys of check-out are frozen already \(F1, by {who}\)"),
    ],
)
def test_what_makes_no_freeze_is_refused(wish: FreezeWish, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        granted(ADA, wish, [freeze()], SHOP, NOON)


def test_a_guest_freezes_extends_and_ends_nothing() -> None:
    guest = replace(ADA, standing=Standing.GUEST)
    with pytest.raises(Rejected, match="Guests"):
        granted(guest, WISH, (), SHOP, NOON)
    with pytest.raises(Rejected, match="Guests"):
        extended(guest, freeze(), None, SHOP, NOON)
    with pytest.raises(Rejected, match="Guests"):
        ended(guest, freeze(), NOON)


def test_there_is_an_end_to_freezing() -> None:
    many = [freeze(number, services=("search",)) for number in range(1, MOST_FREEZES + 1)]
    with pytest.raises(Rejected, match="end some of them"):
        granted(ADA, WISH, many, SHOP, NOON)


@pytest.mark.parametrize(("after", "is_covered"), [(-1, False), (0, True), (24 * 60 - 1, True), (24 * 60, False)])
def test_a_service_is_frozen_from_the_beginning_until_the_end(after: int, *, is_covered: bool) -> None:
    assert freeze().covers("CHECK OUT", NOON + minutes(after)) == is_covered
    assert covering([freeze()], ["search"], NOON) is None


def test_it_is_extended_from_now_and_never_shortened_by_that() -> None:
    later = NOON + timedelta(hours=20)
    change = extended(BEN, freeze(reminded=True), None, SHOP, later)
    assert (change.turn, change.freeze.until, change.freeze.reminded) == (
        FreezeTurn.EXTENDED,
        later + timedelta(hours=24),
        False,
    )
    with pytest.raises(Rejected, match="F1 lasts that long already"):
        extended(BEN, freeze(), minutes(60), SHOP, NOON)
    with pytest.raises(Rejected, match="F1 is over already"):
        extended(BEN, freeze(), None, SHOP, NOON + timedelta(hours=24))


def test_a_command_that_comes_twice_extends_it_once() -> None:
    change = extended(BEN, freeze(), timedelta(hours=30), SHOP, NOON)
    with pytest.raises(Rejected, match="lasts that long already"):
        extended(BEN, change.freeze, timedelta(hours=30), SHOP, NOON + timedelta(seconds=3))


def test_who_ends_it_early_is_kept() -> None:
    change = ended(BEN, freeze(), NOON + minutes(5))
    assert (change.turn, change.by, change.freeze.ended_by) == (FreezeTurn.ENDED, BEN.id, BEN.id)
    assert not change.freeze.covers("check-out", NOON + minutes(5))
    with pytest.raises(Rejected, match="F1 is over already"):
        ended(ADA, change.freeze, NOON + minutes(6))


@pytest.mark.parametrize(("lasts", "reminds_after"), [(24 * 60, 23 * 60), (60, 45)])
def test_it_is_reminded_of_once_before_it_ends_and_sooner_if_it_is_short(lasts: int, reminds_after: int) -> None:
    held = freeze(until=NOON + minutes(lasts))
    assert due([held], RULE, NOON + minutes(reminds_after - 1)) == ()
    (change,) = due([held], RULE, NOON + minutes(reminds_after))
    assert change.turn is FreezeTurn.REMINDED
    assert due([change.freeze], RULE, NOON + minutes(reminds_after)) == ()


def test_it_ends_by_itself_once_and_is_forgotten_a_week_later() -> None:
    (over,) = due([freeze()], RULE, NOON + timedelta(days=3))
    assert (over.turn, over.freeze.ended_at, over.freeze.ended_by) == (
        FreezeTurn.ENDED,
        NOON + timedelta(hours=24),
        None,
    )
    assert due([over.freeze], RULE, NOON + timedelta(days=3)) == ()
    (gone,) = due([over.freeze], RULE, NOON + timedelta(hours=24) + KNOWN_FOR)
    assert gone.turn is FreezeTurn.FORGOTTEN


def spent(service: str = "search", fingerprint: str = "f1") -> Alert:
    labels = {"service": service, "budget_remaining": "0", "severity": "critical"}
    return alert("Budget", labels=labels, fingerprint=fingerprint)


def asked_by(*services: str) -> Story:
    """An incident on checkout whose alerts ask to freeze these."""
    story = alarmed()
    told = [replace(judged(spent(each, each)), service=each, freeze=True) for each in services]
    story.do(AttachAlerts(by=MUSTER_ITSELF, judged=tuple(told)), after(1))
    return story


def test_an_incident_shows_freezes_of_its_services_and_of_those_that_alerts_ask_to_freeze() -> None:
    state = asked_by("Till", "search").state
    frozen = [freeze(since=after(2)), freeze(2, since=after(2), services=("search",))]
    assert set(frozen_by(state, frozen, SHOP, after(3)).values()) == {("check-out",), ("search",)}
    assert services_of(state, SHOP) == ("checkout", "check-out", "search")


def test_what_alerts_ask_to_freeze_is_suggested_until_it_is_frozen() -> None:
    state = asked_by("Till", "search").state
    assert to_freeze(state, (), SHOP, after(2)) == ("check-out", "search")
    assert to_freeze(state, [freeze(since=after(1))], SHOP, after(2)) == ("search",)
    assert to_freeze(state, [freeze(since=after(1), ended_at=after(2))], SHOP, after(2)) == ("check-out", "search")


def test_a_service_that_nobody_could_name_is_not_offered() -> None:
    assert to_freeze(asked_by("who-knows").state, (), SHOP, after(2)) == ()
    assert to_freeze(asked_by("who-knows").state, (), Policy(), after(2)) == ("who-knows",)


def test_a_drill_and_an_incident_that_has_ended_offer_none() -> None:
    state = asked_by("search").state
    for over in (replace(state, drill=True), replace(state, status=Status.RESOLVED)):
        assert to_freeze(over, (), SHOP, after(2)) == ()
    assert frozen_by(replace(state, drill=True), [freeze(services=("search",))], SHOP, after(2)) == {}


def test_what_it_follows_from_has_it_in_its_timeline_in_the_name_of_who_did_it() -> None:
    story = alarmed()
    over = freeze(since=after(1), why="Budget", ended_at=after(3), ended_by=BEN.id)
    for turn, by in ((FreezeTurn.BEGAN, ADA.id), (FreezeTurn.ENDED, BEN.id)):
        (noted,) = story.do(note_of(over, turn), after(4))
        assert isinstance(noted, NoteAdded)
        assert (noted.by, noted.kind) == (by, EntryKind.DECISION)
    assert isinstance(noted, NoteAdded)
    assert noted.text == "Deploys of check-out are no longer frozen (F1)"
    by_itself = note_of(replace(over, ended_by=None), FreezeTurn.ENDED)
    assert (by_itself.by.id, by_itself.kind) == (MUSTER, EntryKind.ENTRY)
