"""The next facilitator: by turns, never the commander where another can, and nobody who may not know."""

from datetime import UTC, datetime

from bot.incident.commands import AssignRole
from bot.incident.rotation import NextFacilitator, next_facilitator
from bot.incident.terms import INCIDENT_COMMANDER, UserId
from tests.incident.given import ADA, BEN, CLEO, Story, after, checkout

MARCH, APRIL = datetime(2026, 3, 3, tzinfo=UTC), datetime(2026, 4, 3, tzinfo=UTC)


def chosen(story: Story, rota: tuple[UserId, ...], last: dict[UserId, datetime]) -> NextFacilitator | None:
    return next_facilitator(story.state, story.log, rota, last)


def test_whoever_led_one_least_recently_is_next() -> None:
    found = chosen(checkout(), (BEN.id, CLEO.id), {BEN.id: APRIL, CLEO.id: MARCH})
    assert found == NextFacilitator(user=CLEO.id, why="by rotation, last on 3 Mar 2026")


def test_whoever_never_led_one_comes_first_in_the_order_of_the_rota() -> None:
    found = chosen(checkout(), (BEN.id, CLEO.id), {BEN.id: APRIL})
    assert found == NextFacilitator(user=CLEO.id, why="by rotation, for the first time")
    first = chosen(checkout(), (BEN.id, CLEO.id), {})
    assert first is not None
    assert first.user == BEN.id


def test_whoever_commanded_at_any_time_leads_it_only_where_nobody_else_can() -> None:
    story = checkout()
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=BEN), after(1))
    passed = chosen(story, (ADA.id, BEN.id, CLEO.id), {CLEO.id: APRIL})
    assert passed is not None
    assert passed.user == CLEO.id
    alone = chosen(story, (ADA.id, BEN.id), {ADA.id: APRIL})
    why = "by rotation, for the first time; all of the rota who can come commanded it"
    assert alone == NextFacilitator(user=BEN.id, why=why)


def test_to_a_private_incident_nobody_from_outside_is_called() -> None:
    assert chosen(checkout(private=True), (CLEO.id,), {}) is None


def test_without_a_rota_nobody_is_named() -> None:
    assert chosen(checkout(), (), {}) is None
