"""The weekly round: planned in each person's zone, told once, one catch-up after a downtime, and never at night."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.incident.afterwards_effects import PostDigest, TellFollowups
from bot.incident.followup import FollowupContent
from bot.incident.followup_commands import AddFollowup
from bot.incident.policy import Policy
from bot.incident.terms import ChannelId, Person, Standing, UserId
from bot.ports import Unavailable
from bot.schedule.weekly_round import WeeklyRound
from tests.factors_double import FactorsDouble
from tests.followups_double import FollowupsDouble
from tests.incident.given import ADA, BEN, CLEO, after, checkout

BERLIN_NINE = datetime(2026, 3, 9, 8, tzinfo=UTC)
A_WEEK = timedelta(days=7)


@dataclass
class People:
    """Everybody lives in Berlin; `away`: Slack does not answer."""

    away: bool = False
    left: frozenset[UserId] = frozenset()

    async def person(self, user: UserId) -> Person:
        if self.away:
            raise Unavailable("Slack", "no answer")
        standing = Standing.GONE if user in self.left else Standing.MEMBER
        return Person(id=user, standing=standing, time_zone="Europe/Berlin")

    async def is_in(self, channel: ChannelId, user: UserId) -> bool:
        return False


@dataclass
class Weeks:
    """One follow-up of Cleo's in a public incident, and the round that looks at `now`."""

    index: FollowupsDouble
    now: datetime = BERLIN_NINE - timedelta(days=4)
    people: People = field(default_factory=People)
    woken: int = 0

    async def look(self, at: datetime | None = None) -> None:
        self.now = at or self.now
        factors = FactorsDouble(incidents=self.index.incidents)
        await WeeklyRound(self.index, self.people, Policy, lambda: self.now, self._wake, factors=factors).look()

    def _wake(self) -> None:
        self.woken += 1


def weeks(*who: UserId | None, private: bool = False) -> Weeks:
    story = checkout(private=private)
    owner = BEN if private else CLEO
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Alert", owner=owner.id), people=(owner,)), after(5))
    return Weeks(FollowupsDouble(incidents=[story.state], planned=dict.fromkeys(who)))


async def test_a_turn_is_planned_by_the_persons_clock_and_nothing_is_said_yet() -> None:
    round_ = weeks(CLEO.id)
    await round_.look()
    assert (round_.index.planned, round_.index.said) == ({CLEO.id: BERLIN_NINE}, [])


async def test_it_is_told_once_and_the_next_turn_is_a_week_later() -> None:
    round_ = weeks(CLEO.id)
    await round_.look()
    for minute in range(3):
        await round_.look(BERLIN_NINE + timedelta(minutes=minute))
    (told,) = round_.index.said
    assert isinstance(told, TellFollowups)
    assert (told.user, told.planned_at, round_.woken) == (CLEO.id, BERLIN_NINE, 1)
    assert round_.index.planned == {CLEO.id: BERLIN_NINE + A_WEEK}


async def test_after_weeks_of_downtime_it_is_told_once() -> None:
    round_ = weeks(CLEO.id)
    await round_.look()
    late = BERLIN_NINE + 3 * A_WEEK + timedelta(days=2, hours=2)
    await round_.look(late)
    await round_.look(late + timedelta(hours=1))
    assert len(round_.index.said) == 1


async def test_what_was_missed_is_not_told_at_night() -> None:
    round_ = weeks(CLEO.id)
    await round_.look()
    night = BERLIN_NINE + timedelta(days=2, hours=-6)
    await round_.look(night)
    assert round_.index.said == []
    await round_.look(BERLIN_NINE + timedelta(days=2))
    assert len(round_.index.said) == 1
    assert round_.index.planned == {CLEO.id: BERLIN_NINE + A_WEEK}


async def test_whoever_has_nothing_any_more_hears_nothing() -> None:
    round_ = weeks(ADA.id)
    await round_.look()
    await round_.look(BERLIN_NINE)
    assert (round_.index.said, round_.index.planned) == ([], {})


async def test_the_digest_takes_its_turn_by_its_own_zone() -> None:
    round_ = weeks(None)
    await round_.look()
    nine_utc = BERLIN_NINE + timedelta(hours=1)
    assert round_.index.planned == {None: nine_utc}
    await round_.look(nine_utc)
    assert [type(each) for each in round_.index.said] == [PostDigest]


async def test_of_private_incidents_there_is_no_digest_but_their_owner_is_told() -> None:
    round_ = weeks(None, BEN.id, private=True)
    await round_.look()
    await round_.look(BERLIN_NINE + timedelta(hours=1))
    assert [type(each) for each in round_.index.said] == [TellFollowups]


async def test_while_slack_cannot_say_where_somebody_is_the_turn_waits() -> None:
    round_ = weeks(CLEO.id)
    round_.people.away = True
    await round_.look()
    assert round_.index.planned == {CLEO.id: None}


async def test_a_store_that_is_away_is_the_schedulers_to_tell() -> None:
    round_ = weeks(CLEO.id)
    round_.index.down = True
    with pytest.raises(Unavailable):
        await round_.look()


async def test_whoever_left_is_written_to_no_more_and_their_turn_goes_on() -> None:
    told = weeks(CLEO.id)
    told.people.left = frozenset({CLEO.id})
    for week in range(3):
        await told.look(BERLIN_NINE + timedelta(days=7 * week))
    assert told.index.said == []
    assert CLEO.id in told.index.planned
