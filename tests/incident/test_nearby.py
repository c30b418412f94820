"""Which incidents stand near a new one, and that private ones and drills never do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.incident.catalogue import Service, drawn_up
from bot.incident.commands import DeclareIncident
from bot.incident.gist import Gist, Shelf
from bot.incident.likeness import Likeness
from bot.incident.listing import Listing, listing
from bot.incident.nearby import Neighbour, Relation, nearby
from bot.incident.state import Incident
from bot.incident.surroundings import Surroundings
from bot.incident.terms import IncidentId, Status
from tests.incident.given import ADA, NOON, Story

MAP = drawn_up(
    [
        Service(name="website", depends_on=("checkout",)),
        Service(name="checkout", aliases=("check-out",), depends_on=("payments",)),
        Service(name="payments", depends_on=("database",)),
        Service(name="database", depends_on=("kubernetes",)),
        Service(name="kubernetes", depends_on=("metal",)),
        Service(name="metal"),
        Service(name="search"),
    ]
)


def of(service: str) -> Incident:
    return Story().declare(DeclareIncident(by=ADA, title="Down", service=service)).state


def other(number: int, service: str = "", *, hours_ago: float = 1, **changes: object) -> Listing:
    """Open, unless told."""
    plain = replace(listing(of(service)), incident=IncidentId(number), declared_at=NOON - timedelta(hours=hours_ago))
    return replace(plain, **changes)  # type: ignore[arg-type]  # the fields that a test names


def over(number: int, service: str, hours_ago: float) -> Listing:
    return other(number, service, hours_ago=hours_ago, active=False, status=Status.RESOLVED)


def near(*others: Listing, service: str = "checkout") -> Sequence[Neighbour]:
    return nearby(of(service), others, MAP, NOON)


def told(*others: Listing, service: str = "checkout") -> list[tuple[int, Relation, int]]:
    return [(each.listing.incident, each.relation, each.steps) for each in near(*others, service=service)]


def test_open_ones_come_first_by_how_near_they_are() -> None:
    found = told(other(1), other(2, "website"), other(3, "database"), other(4, "payments"), other(5, "check out"))
    assert found == [
        (5, Relation.SAME, 0),
        (4, Relation.NEEDED, 1),
        (3, Relation.NEEDED, 2),
        (2, Relation.NEEDING, 1),
        (1, Relation.NONE, 0),
    ]


def test_what_is_more_than_three_steps_away_is_only_open() -> None:
    assert told(other(1, "metal"), other(2, "kubernetes")) == [(2, Relation.NEEDED, 3), (1, Relation.NONE, 0)]


def test_of_those_that_are_over_only_recent_ones_on_related_services_count() -> None:
    week, day = 24 * 7, 24
    same = (over(1, "checkout", week - 1), over(2, "checkout", week + 1))
    related = (over(3, "payments", day - 1), over(4, "payments", day + 1))
    assert told(*same, *related, over(5, "search", 1), over(6, "", 1)) == [
        (1, Relation.SAME, 0),
        (3, Relation.NEEDED, 1),
    ]


def test_what_has_been_open_for_days_and_is_about_something_else_is_no_news() -> None:
    assert told(other(1, "search", hours_ago=25), other(2, "payments", hours_ago=99)) == [(2, Relation.NEEDED, 1)]


def test_private_ones_and_drills_are_never_told_of() -> None:
    assert told(other(1, "checkout", private=True), other(2, "checkout", drill=True)) == []


def test_none_is_near_itself_or_told_twice() -> None:
    again = other(7, "checkout")
    assert told(replace(again, incident=of("").id), again, again) == [(7, Relation.SAME, 0)]


def test_without_a_service_only_what_is_open_is_told() -> None:
    assert told(other(1, "checkout"), over(2, "checkout", 1), other(3), service="") == [
        (3, Relation.NONE, 0),
        (1, Relation.NONE, 0),
    ]


def test_a_service_that_no_catalogue_knows_is_its_own_neighbour() -> None:
    assert told(other(1, "Fax"), service="fax") == [(1, Relation.SAME, 0)]


def test_each_incident_is_told_once() -> None:
    """An open one as a neighbour, one that is over by how it was alike."""
    gist = Gist(shelf=Shelf.PUBLIC, words=())
    still_open, ended, only_near = other(1, "checkout"), over(2, "checkout", 2), over(3, "checkout", 3)
    alike = [Likeness(listing=each, gist=gist) for each in (still_open, ended)]
    found = Surroundings(neighbours=near(still_open, ended, only_near), precedents=alike).each_once()
    assert [each.listing.incident for each in found.neighbours] == [1, 3]
    assert [each.listing.incident for each in found.precedents] == [2]


def test_what_is_only_open_is_a_reason_to_speak_where_an_alert_opened_it() -> None:
    """And is told beside anything that is."""
    merely = Surroundings(neighbours=near(other(1, "search")))
    assert (merely.is_worth_telling(alarmed=False), merely.is_worth_telling(alarmed=True)) == (False, True)
    assert Surroundings(neighbours=near(other(1, "payments"))).is_worth_telling(alarmed=False)
    assert not Surroundings().is_worth_telling(alarmed=True)
