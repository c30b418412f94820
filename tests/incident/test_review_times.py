"""Times for a review: shared working hours where there are some, else the least bad, with why."""

from datetime import UTC, datetime, timedelta

from bot.incident.review_times import Attendee, Proposals, proposals
from bot.incident.terms import UserId
from bot.incident.working_hours import WorkingHours

ADA = Attendee(user=UserId("U0ADA"), time_zone="Europe/Berlin")
BEN = Attendee(user=UserId("U0BEN"), time_zone="America/New_York")
KAI = Attendee(user=UserId("U0KAI"), time_zone="Pacific/Auckland")
MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def proposed(*people: Attendee, now: datetime = MONDAY, within: float = 48) -> Proposals:
    return proposals(people, HOUR, now, now + timedelta(hours=within), WorkingHours())


def test_three_times_that_all_share_are_proposed_and_none_is_near() -> None:
    found = proposed(ADA, BEN)
    assert found.shared
    assert [each.starts_at for each in found.times] == [
        datetime(2026, 3, 2, 14, 0, tzinfo=UTC),
        datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
        datetime(2026, 3, 3, 14, 0, tzinfo=UTC),
    ]


def test_each_lies_in_everybody_s_working_hours_and_ends_before_it_is_due() -> None:
    for each in proposed(ADA, BEN).times:
        assert not each.strains
        assert each.starts_at + HOUR <= MONDAY + timedelta(hours=48)


def test_times_of_one_person_are_hours_apart() -> None:
    first, second, third = proposed(ADA).times
    assert second.starts_at - first.starts_at >= timedelta(hours=3)
    assert third.starts_at - second.starts_at >= timedelta(hours=3)


def test_where_a_weekend_lies_before_it_is_due_the_first_working_hour_after_it_is_proposed_and_said_to_be_late() -> (
    None
):
    found = proposed(ADA, now=FRIDAY)
    assert not found.shared
    assert found.times[0].starts_at == datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    assert found.times[0].late == timedelta(hours=15)
    assert all(strain.rest for strain in found.times[-1].strains)


def test_where_a_little_early_will_do_that_is_the_least_bad_and_says_for_whom() -> None:
    la = Attendee(user=UserId("U0LEA"), time_zone="America/Los_Angeles")
    found = proposed(ADA, la)
    assert not found.shared
    best = found.times[0]
    assert not any(strain.rest for strain in best.strains)
    assert sum(strain.minutes for strain in best.strains) == 120
    assert best.late == timedelta()


def test_who_never_shares_an_hour_is_proposed_the_least_bad_all_the_same() -> None:
    found = proposed(ADA, BEN, KAI)
    assert not found.shared
    assert len(found.times) == 3
    assert found.times[0].strains


def test_without_anybody_working_hours_are_those_of_nobody() -> None:
    assert len(proposed().times) == 3


def test_a_review_that_is_overdue_is_proposed_for_the_next_shared_hours() -> None:
    found = proposed(ADA, now=MONDAY, within=-24)
    assert not found.shared
    assert found.times[0].starts_at == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    assert found.times[0].late == timedelta(hours=27)
