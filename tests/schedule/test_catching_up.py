"""What was resolved before Muster asked about closing gets its timer: one at a time, newest first, at working hours."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import RecordLeft, ResolveIncident
from bot.incident.listing import Listing, listing
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, IncidentId
from bot.schedule.catching_up import LISTINGS_AT_ONCE, OLDEST, CatchingUp
from tests.incident.given import ADA, NOON, Story, after, checkout, drill
from tests.log_double import LogDouble

TUESDAY = datetime(2026, 3, 3, 12, tzinfo=UTC)
NIGHT = TUESDAY + timedelta(hours=10)


@dataclass
class PastLog(LogDouble):
    """Only what the walk asks of a log."""

    past: dict[IncidentId, Incident] = field(default_factory=dict)

    async def next_number(self) -> IncidentId:
        return IncidentId(max(self.past, default=0) + 1)

    async def listings_before(self, incident: IncidentId, most: int) -> Sequence[Listing]:
        numbers = range(incident - 1, max(incident - 1 - most, 0), -1)
        return [listing(self.past[IncidentId(number)]) for number in numbers if number in self.past]


@dataclass
class Past:
    """The door to these incidents, and how far the walk has come; `made_up_for`: whose timers were set, in order."""

    log: PastLog
    policy: Policy = field(default_factory=Policy)
    made_up_for: list[int] = field(default_factory=list)
    came: IncidentId | None = None

    async def read(self, incident: IncidentId) -> Incident:
        return self.log.past[incident]

    async def restore_timers(self, incident: Incident) -> None:
        self.made_up_for.append(incident.id)

    async def below(self) -> IncidentId | None:
        return self.came

    async def reached(self, incident: IncidentId) -> None:
        self.came = incident

    async def looks(self, times: int, at: datetime = TUESDAY) -> list[int]:
        walk = CatchingUp(self, self, lambda: at)
        for _ in range(times):
            await walk.look()
        return self.made_up_for


def resolved(story: Story) -> Story:
    story.do(ResolveIncident(by=ADA), after(30))
    return story


def past(*stories: Story, first: int = 1) -> Past:
    states = {IncidentId(n): replace(each.state, id=IncidentId(n)) for n, each in enumerate(stories, start=first)}
    return Past(log=PastLog(now=NOON, past=states))


async def test_one_a_look_the_newest_first() -> None:
    three = past(*(resolved(checkout()) for _ in range(3)))
    assert await three.looks(1) == [3]
    assert await three.looks(1) == [3, 2]
    assert await three.looks(5) == [3, 2, 1]


async def test_only_what_is_resolved_and_no_drill_and_not_long_ago() -> None:
    closed, practice = resolved(checkout()), resolved(drill())
    closed.do(CloseIncident(by=ADA, because="It was small."), after(40))
    several = past(checkout(), closed, practice, resolved(checkout()))
    assert await several.looks(5) == [4]
    assert await past(resolved(checkout())).looks(5, after(30) + OLDEST + timedelta(days=3)) == []


async def test_it_waits_for_the_working_hours_of_whoever_leads_it() -> None:
    one = past(resolved(checkout()))
    assert await one.looks(3, NIGHT) == []
    assert await one.looks(1, NIGHT + timedelta(hours=12)) == [1]


async def test_where_nobody_may_hear_of_it_the_walk_goes_on() -> None:
    private = resolved(checkout(private=True))
    private.do(RecordLeft(by=MUSTER_ITSELF, user=ADA.id), after(31))
    assert await past(resolved(checkout()), private).looks(1) == [1]


async def test_it_ends_and_begins_no_more_also_after_a_restart() -> None:
    one = past(resolved(checkout()))
    await one.looks(2)
    one.log.past[IncidentId(2)] = replace(resolved(checkout()).state, id=IncidentId(2))
    assert (await one.looks(5), one.came) == ([1], 1)


async def test_it_crosses_gaps_and_pages() -> None:
    far = past(resolved(checkout()), first=1)
    far.log.past[IncidentId(3 * LISTINGS_AT_ONCE)] = replace(checkout().state, id=IncidentId(3 * LISTINGS_AT_ONCE))
    assert await far.looks(3) == [1]
