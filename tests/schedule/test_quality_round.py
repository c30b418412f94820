"""The weekly list of rules to fix: on Monday morning, once, and only where there is something to fix."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.incident.alert_quality import RuleQuality, WeekQuality, week_of
from bot.incident.alert_tally import Figure, Sounding
from bot.incident.policy import FollowupRule, Policy
from bot.incident.quality_effects import PostAlertQuality
from bot.schedule.quality_round import QualityRound
from tests.quality_double import QualityDouble

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOISE = RuleQuality(sounding=Sounding(source="alertmanager", name="Noise"), figures={Figure.FIRED: 40})


@dataclass
class Given:
    now: datetime = FRIDAY
    policy: Policy = field(default_factory=Policy)
    book: QualityDouble = field(default_factory=lambda: QualityDouble(counted=[of_week(FRIDAY)]))
    woken: int = 0

    async def look(self, at: datetime) -> int:
        """How many were told so far."""
        self.now = at
        await QualityRound(self.book, lambda: self.policy, lambda: self.now, self._wake).look()
        return len(self.book.told)

    def _wake(self) -> None:
        self.woken += 1


def of_week(at: datetime, *rules: RuleQuality) -> WeekQuality:
    return WeekQuality(week=week_of(at), rules=rules or (NOISE,))


async def test_it_comes_on_monday_morning_and_is_of_the_week_before() -> None:
    given = Given()
    assert await given.look(FRIDAY) == 0
    assert given.book.due == MONDAY
    assert await given.look(MONDAY - timedelta(minutes=1)) == 0
    assert [await given.look(MONDAY + timedelta(minutes=late)) for late in (0, 1, 60)] == [1, 1, 1]
    assert given.book.told == [
        PostAlertQuality(incident=given.book.told[0].incident, week=week_of(FRIDAY), planned_at=MONDAY)
    ]
    assert (given.book.due, given.woken) == (MONDAY + timedelta(weeks=1), 1)


async def test_where_nothing_is_to_be_fixed_nothing_is_said() -> None:
    given = Given(book=QualityDouble())
    await given.look(FRIDAY)
    assert await given.look(MONDAY) == 0
    assert given.book.due == MONDAY + timedelta(weeks=1)


async def test_after_a_downtime_of_weeks_it_is_said_once() -> None:
    given = Given()
    await given.look(FRIDAY)
    back = MONDAY + timedelta(weeks=3, days=2)
    given.book.counted = [of_week(FRIDAY), of_week(back - timedelta(weeks=1))]
    assert [await given.look(back), await given.look(back + timedelta(minutes=1))] == [1, 1]
    assert given.book.told == [
        PostAlertQuality(incident=given.book.told[0].incident, week=week_of(back) - 1, planned_at=back)
    ]


async def test_what_was_missed_is_not_said_at_night() -> None:
    given = Given()
    await given.look(FRIDAY)
    night = MONDAY.replace(hour=23)
    assert await given.look(night) == 0
    assert await given.look(MONDAY + timedelta(days=1)) == 1


async def test_it_goes_by_the_hour_and_the_zone_of_the_digest() -> None:
    """Ten hours ahead; what was counted by then in UTC is of the week before."""
    given = Given(policy=Policy(followups=FollowupRule(weekday=3, time_zone="Australia/Brisbane")))
    await given.look(FRIDAY)
    assert given.book.due == MONDAY - timedelta(hours=10)
    assert await given.look(MONDAY - timedelta(hours=10)) == 1


async def test_a_turn_that_a_wrong_clock_planned_is_planned_anew() -> None:
    given = Given()
    given.book.due = FRIDAY + timedelta(days=400)
    assert await given.look(FRIDAY) == 0
    assert given.book.due == MONDAY
