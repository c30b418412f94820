"""Which changes an incident is told of: its own service's first, then those of what it needs."""

from datetime import timedelta

import pytest

from bot.incident.catalogue import Catalogue, Service, drawn_up
from bot.incident.service_change import ChangeKind, ServiceChange, Suspect, suspects
from tests.incident.given import NOON

MAP = drawn_up(
    [
        Service(name="checkout", aliases=("till",), depends_on=("payments",)),
        Service(name="payments", depends_on=("database",)),
        Service(name="database"),
        Service(name="search"),
    ]
)


def change(service: str, hours_before: float = 1, what: str = "v2") -> ServiceChange:
    return ServiceChange(service=service, what=what, kind=ChangeKind.DEPLOY, at=NOON - timedelta(hours=hours_before))


def told(found: tuple[Suspect, ...]) -> list[tuple[str, int | None]]:
    return [(each.change.service, each.steps) for each in found]


def test_the_nearest_comes_first_and_what_it_does_not_need_is_left_out() -> None:
    changes = [change("search"), change("database", 0.1), change("payments", 3), change("checkout", 5)]
    assert told(suspects(changes, "checkout", NOON, MAP)) == [("checkout", 0), ("payments", 1), ("database", 2)]


def test_of_one_service_the_newest_comes_first() -> None:
    changes = [change("checkout", 5, "v1"), change("checkout", 1, "v2")]
    assert [each.change.what for each in suspects(changes, "checkout", NOON, MAP)] == ["v2", "v1"]


@pytest.mark.parametrize("name", ["Check-Out", "till", "TILL"])
def test_a_service_is_known_however_it_is_written(name: str) -> None:
    known = drawn_up([Service(name="check out", aliases=("till",))])
    assert told(suspects([change(name)], "check out", NOON, known)) == [(name, 0)]


def test_what_is_older_than_six_hours_is_no_suspect() -> None:
    assert suspects([change("checkout", 6.1)], "checkout", NOON, MAP) == ()


def test_without_a_service_all_that_was_changed_is_told() -> None:
    assert told(suspects([change("search", 2), change("database", 1)], "", NOON, MAP)) == [
        ("database", None),
        ("search", None),
    ]


def test_a_service_that_is_in_no_catalogue_has_its_own_changes() -> None:
    assert told(suspects([change("Billing"), change("search")], "billing", NOON, Catalogue())) == [("Billing", 0)]
