"""Maintenance windows: whom they cover and when, what is due, and that each is told of once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.incident.catalogue import Service, drawn_up
from bot.incident.maintenance import (
    MOST_WINDOWS,
    Planned,
    Source,
    Turn,
    Window,
    WindowChange,
    WindowNumber,
    covering,
    due,
    ended,
    is_worth_telling,
    planned,
)
from bot.incident.policy import Policy
from bot.incident.service_names import places
from bot.incident.terms import Rejected, Standing
from tests.incident.given import ADA, BEN, NOON, minutes

SHOP = Policy(
    services={"fax": ()},
    catalogue=drawn_up(
        [
            Service(name="check-out", channels=("#checkout", "C0OTHER")),
            Service(name="cart", channels=("#checkout",)),
            Service(name="search", aliases=("finder",)),
        ]
    ),
)
WISH = Planned(
    key="1", services=("Check out",), begins_at=NOON, ends_at=NOON + minutes(120), why="New disks", by=ADA.id
)


def window(number: int = 1, **changes: object) -> Window:
    plan = replace(WISH, services=("check-out",), **{k: v for k, v in changes.items() if hasattr(WISH, k)})  # type: ignore[arg-type]
    told = {name: value for name, value in changes.items() if not hasattr(WISH, name)}
    return Window(number=WindowNumber(number), plan=plan, **told)  # type: ignore[arg-type]


def test_a_wish_is_kept_with_the_services_as_the_catalogue_spells_them() -> None:
    made = planned(BEN, replace(WISH, services=("Check out", "Finder", "check-out", "FAX")), (), SHOP, NOON)
    assert made.services == ("check-out", "search", "FAX")
    assert made.by == BEN.id


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (replace(WISH, services=()), "Name the service"),
        (replace(WISH, services=("serch",)), "“serch” is no service that I know. Did you mean search?"),
        (replace(WISH, ends_at=NOON), "between 1 minute and 7 days"),
        (replace(WISH, ends_at=NOON + timedelta(days=8)), "between 1 minute and 7 days"),
        (replace(WISH, begins_at=NOON - minutes(60), ends_at=NOON), "is over already"),
        (replace(WISH, services=tuple(f"s{n}" for n in range(21))), "is no service"),
    ],
)
def test_what_makes_no_window_is_refused(wish: Planned, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        planned(ADA, wish, (), SHOP, NOON)


def test_where_no_service_is_known_any_name_will_do() -> None:
    assert planned(ADA, replace(WISH, services=(" the  printer ",)), (), Policy(), NOON).services == ("the printer",)


def test_a_guest_plans_and_ends_nothing() -> None:
    guest = replace(ADA, standing=Standing.GUEST)
    with pytest.raises(Rejected):
        planned(guest, WISH, (), SHOP, NOON)
    with pytest.raises(Rejected):
        ended(guest, window(), NOON)


def test_there_is_an_end_to_planning() -> None:
    with pytest.raises(Rejected, match="end some of them"):
        planned(ADA, WISH, [window(number) for number in range(MOST_WINDOWS)], SHOP, NOON)


@pytest.mark.parametrize(("after", "is_covered"), [(-1, False), (0, True), (119, True), (120, False)])
def test_a_window_covers_its_service_from_its_beginning_until_its_end(after: int, *, is_covered: bool) -> None:
    assert window().covers("CHECK OUT", NOON + minutes(after)) == is_covered
    assert not window().covers("cart", NOON + minutes(after))


def test_of_windows_that_cover_a_service_the_one_that_lasts_longest_counts() -> None:
    longer = window(2, ends_at=NOON + minutes(180))
    assert covering([window(), longer], ["cart", "check-out"], NOON) == longer
    assert covering([window(), longer], ["cart"], NOON) is None


def test_a_window_that_was_ended_covers_nothing_any_more() -> None:
    change = ended(BEN, window(is_told=True), NOON + minutes(5))
    assert (change.turn, change.by) == (Turn.ENDED, BEN.id)
    assert not change.window.covers("check-out", NOON + minutes(5))
    with pytest.raises(Rejected, match="M1 is over already"):
        ended(ADA, change.window, NOON + minutes(6))


def test_what_has_come_is_due_once() -> None:
    later = window(2, begins_at=NOON + minutes(30))
    (began,) = due([window(), later], (), NOON)
    assert isinstance(began, WindowChange)
    assert (began.turn, began.window.number, is_worth_telling(began)) == (Turn.BEGAN, 1, True)
    assert due([began.window, later], (), NOON) == ()


def test_its_end_is_told_if_its_beginning_was() -> None:
    for told in (True, False):
        (over,) = due([window(is_told=told)], (), NOON + minutes(121))
        assert isinstance(over, WindowChange)
        assert (over.turn, is_worth_telling(over)) == (Turn.ENDED, told)
        assert over.window.ended_at == NOON + minutes(120)


def test_a_window_is_forgotten_a_day_after_its_time() -> None:
    over = window(is_told=True, ended_at=NOON + minutes(5))
    assert due([over], (), NOON + minutes(120) + timedelta(hours=23)) == ()
    (gone,) = due([over], (), NOON + minutes(120) + timedelta(hours=24))
    assert isinstance(gone, WindowChange)
    assert gone.turn is Turn.FORGOTTEN


def test_what_a_file_plans_is_taken_up_when_its_time_has_come_and_once() -> None:
    wish = replace(WISH, key="file:1", source=Source.CATALOGUE)
    assert due((), [wish], NOON - minutes(1)) == ()
    assert due((), [wish], NOON) == (wish,)
    assert due([Window(number=WindowNumber(1), plan=wish, is_told=True)], [wish], NOON) == ()


def test_what_came_and_went_while_nobody_looked_is_not_taken_up() -> None:
    assert due((), [WISH], NOON + minutes(120)) == ()


def test_what_was_ended_early_is_not_taken_up_again() -> None:
    over = window(is_told=True, ended_at=NOON + minutes(5))
    assert due([over], [over.plan], NOON + minutes(60)) == ()


def test_stakeholders_are_in_the_first_channel_of_each_service_else_where_incidents_are_announced() -> None:
    assert places(("check-out", "cart", "search", "fax"), SHOP) == ("#checkout", "")
