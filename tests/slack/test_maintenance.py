"""Maintenance at the desk: what is typed, pressed and filled in, and how windows read."""

from datetime import timedelta

import pytest

from bot.incident.catalogue import Service, drawn_up
from bot.incident.maintenance import Planned, Quiet, QuietAlert, Source, Window, WindowNumber
from bot.incident.maintenance_effects import TellMaintenance
from bot.incident.policy import Policy
from bot.incident.terms import UserId
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.blocks.maintenance_cards import begun, over, window_list
from bot.slack.buttons import on_press
from bot.slack.slash_command import on_slash_command
from bot.slack.submissions import on_submission
from tests.slack.blocks.given import AT
from tests.slack.given_desk import ADA, DEE, Given, given, press, slash, submit

SHOP = Policy(
    catalogue=drawn_up(
        [Service(name="checkout", channels=("C0SHOP",)), Service(name="payment provider"), Service(name="cart")]
    )
)
HOUR = timedelta(hours=1)


def shop() -> Given:
    here = given()
    here.door.policy = SHOP
    return here


async def said(here: Given, text: str, user: UserId = ADA) -> str:
    answer = await on_slash_command(here.desk, slash(f"maintenance {text}", user=user))
    assert answer is not None
    return str(answer["text"])


def only(here: Given) -> Window:
    (window,) = here.book.kept.values()
    return window


@pytest.mark.parametrize(
    ("text", "services", "starts_in", "length", "why"),
    [
        ("checkout 2h new disks", ("checkout",), None, 2 * HOUR, "new disks"),
        ("checkout for 90 min", ("checkout",), None, 1.5 * HOUR, ""),
        ("Payment Provider 30m: they say so", ("payment provider",), None, HOUR / 2, "they say so"),
        ("checkout, cart 1h", ("checkout", "cart"), None, HOUR, ""),
        ("checkout tomorrow 2h", ("checkout",), None, None, "“checkout tomorrow” is no service"),
        ("checkout", (), None, None, "Say for which service, for how long and why"),
        ("chekout 2h", (), None, None, "Did you mean checkout?"),
        ("checkout 9d", (), None, None, "between 1 minute and 7 days"),
        ("end", (), None, None, "Say which one"),
        ("end M7", (), None, None, "“M7” names no window"),
    ],
)
async def test_what_is_typed_is_planned_or_refused(
    text: str, services: tuple[str, ...], starts_in: None, length: timedelta | None, why: str
) -> None:
    here = shop()
    answer = await said(here, text)
    if length is None:
        assert why in answer
        assert here.book.kept == {}
        return
    plan = only(here).plan
    assert (plan.services, plan.begins_at, plan.ends_at - plan.begins_at, plan.why) == (services, AT, length, why)
    assert "has begun (M1)" in answer


async def test_a_later_one_is_planned_in_the_zone_of_whoever_types() -> None:
    here = shop()
    assert "is planned (M1)" in await said(here, "checkout at 04:30 2h new disks")
    begins = only(here).plan.begins_at
    assert AT < begins <= AT + timedelta(days=1)
    assert (begins.hour, begins.minute) in {(2, 30), (3, 30)}
    assert here.book.told == []


async def test_its_stakeholders_are_told_in_the_step_that_begins_it() -> None:
    here = shop()
    await said(here, "checkout, cart 2h")
    places = [each.place for each in here.book.told if isinstance(each, TellMaintenance) and each.began]
    assert places == ["C0SHOP", ""]


async def test_one_command_delivered_twice_is_one_window() -> None:
    here = shop()
    for _ in range(2):
        assert "(M1)" in await said(here, "checkout 2h")
    assert len(here.book.kept) == 1


async def test_it_is_ended_by_number_by_service_and_by_button() -> None:
    for end in ("end m1", "end Checkout", ""):
        here = shop()
        await said(here, "checkout 2h")
        if end:
            assert "has ended (M1)" in await said(here, end)
        else:
            await on_press(here.desk, press(ids.END_MAINTENANCE, pack(0, "M1")))
            assert "has ended (M1)" in here.slack.answer
        assert only(here).ended_by == ADA
        assert [each.began for each in here.book.told if isinstance(each, TellMaintenance)] == [True, False]


async def test_what_was_only_planned_is_cancelled() -> None:
    here = shop()
    await said(here, "checkout at 23:00 2h")
    assert "The maintenance of checkout that was planned is cancelled (M1)." in await said(here, "end M1")


async def test_a_guest_plans_nothing() -> None:
    here = shop()
    assert "Guests of this workspace" in await said(here, "checkout 2h", DEE)
    assert here.book.kept == {}


async def test_the_form_plans_one_for_several_services() -> None:
    here = shop()
    await on_press(here.desk, press(ids.PLAN_MAINTENANCE, pack(0, "checkout")))
    chosen = here.slack.view["blocks"][0]["element"]["initial_options"]
    assert [each["value"] for each in chosen] == ["checkout"]
    answer = await on_submission(
        here.desk,
        submit(
            ids.MAINTENANCE_MODAL,
            pack(0, ""),
            ADA,
            services={"selected_options": [{"value": "checkout"}, {"value": "cart"}]},
            begins_at={"selected_date_time": int((AT + HOUR).timestamp())},
            length={"selected_option": {"value": "120"}},
            why={"value": "New disks"},
        ),
    )
    assert "is planned (M1)" in str(answer)
    assert only(here).plan.services == ("checkout", "cart")
    refused = await on_submission(
        here.desk,
        submit(
            ids.MAINTENANCE_MODAL, pack(0, ""), ADA, services={"value": ""}, length={"selected_option": {"value": "60"}}
        ),
    )
    assert "services" in str(refused)


async def test_the_service_and_the_form_say_that_it_is_in_maintenance() -> None:
    here = shop()
    await said(here, "checkout 2h *new* disks")
    page = await on_slash_command(here.desk, slash("service checkout"))
    assert "checkout is in maintenance until" in str(page)
    await on_press(here.desk, press(ids.DECLARE_FOR, pack(0, "checkout")))


def window(**changes: object) -> Window:
    plan = Planned(key="1", services=("checkout",), begins_at=AT, ends_at=AT + HOUR, why="<!channel> disks", by=ADA)
    return Window(number=WindowNumber(3), plan=plan, is_told=True, **changes)  # type: ignore[arg-type]


def test_what_stakeholders_read_when_it_begins_and_when_it_ends() -> None:
    told = str(begun(window(), AT).blocks)
    assert "Maintenance of checkout has begun (M3)" in told
    assert "<!channel>" not in told
    assert "No alert came while it lasted." in str(over(window(ended_at=AT + HOUR), Quiet(), AT + HOUR).blocks)
    lag = QuietAlert(key="1", service="checkout", title="Lag > 5 s")
    last = str(over(window(ended_at=AT, ended_by=ADA), Quiet(alerts=((lag, 3),), more=2), AT).blocks)
    for part in ("ended by <@U0ADA>", "5 alerts called nobody", "checkout: Lag &gt; 5 s (3 times)", "2 others"):
        assert part in last, part


def test_the_list_has_what_is_under_way_then_what_comes_then_what_is_over() -> None:
    later = Window(
        number=WindowNumber(4), plan=Planned(key="2", services=("cart",), begins_at=AT + HOUR, ends_at=AT + 2 * HOUR)
    )
    coming = Planned(key="3", services=("search",), begins_at=AT + HOUR, ends_at=AT + 2 * HOUR, source=Source.CALENDAR)
    shown = str(window_list([window(), later], [coming], AT).blocks)
    assert "1 under way, 2 planned." in shown
    assert shown.index("M3") < shown.index("M4") < shown.index("*search*")
    assert "in the calendar" in shown
