"""The index of follow-ups, and the weekly round: when it comes, who is told what, and what the digest leaves out."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.incident.closing_commands import CloseIncident
from bot.incident.closing_events import ClosingAsked
from bot.incident.commands import AssignRole, ReopenIncident, ResolveIncident
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, GiveFollowup, MoveFollowup
from bot.incident.followup_index import FollowupLine, Listed, Reindexed, reindexed, sampled, seen, share
from bot.incident.listing import listing
from bot.incident.policy import FollowupRule
from bot.incident.terms import INCIDENT_COMMANDER, IncidentId, UserId
from bot.incident.weekly import decent, digest, next_round, weekly
from tests.incident.given import ADA, BEN, CLEO, NOON, Story, after, checkout, drill

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
TODAY = date(2026, 3, 16)
RULE = FollowupRule()


def those(*users: UserId) -> frozenset[UserId]:
    return frozenset(users)


def with_one(story: Story, content: FollowupContent) -> tuple[Reindexed, ...]:
    before = story.state
    story.do(AddFollowup(by=ADA, content=content, people=(BEN, CLEO)), after(5))
    return reindexed(before, story.state)


def test_a_new_one_concerns_its_owner_and_sponsors() -> None:
    (new,) = with_one(checkout(), FollowupContent(what="Alert", owner=CLEO.id, reliability_sponsor=BEN.id))
    assert (new.line.chased, new.no_longer, new.line.lead) == (those(CLEO.id, BEN.id), those(), None)


def test_one_that_nobody_owns_concerns_who_leads() -> None:
    story = checkout()
    (new,) = with_one(story, FollowupContent(what="Alert"))
    assert new.line.chased == those(ADA.id)
    before = story.state
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=BEN), after(6))
    (moved,) = reindexed(before, story.state)
    assert (moved.line.chased, moved.no_longer) == (those(BEN.id), those(ADA.id))


def test_one_that_is_given_away_or_settled_leaves_who_had_it() -> None:
    story = checkout()
    with_one(story, FollowupContent(what="Alert", owner=CLEO.id))
    before = story.state
    story.do(GiveFollowup(by=ADA, number=1, owner=BEN), after(6))
    (given,) = reindexed(before, story.state)
    assert (given.line.chased, given.no_longer) == (those(BEN.id), those(CLEO.id))
    before = story.state
    story.do(MoveFollowup(by=ADA, number=1, state=FollowupState.DONE, note="seen"), after(7))
    (done,) = reindexed(before, story.state)
    assert (done.line.chased, done.no_longer, done.line.settled_at) == (those(), those(BEN.id), after(7))


def test_what_is_practised_is_in_no_index() -> None:
    assert with_one(drill(), FollowupContent(what="Alert", owner=CLEO.id)) == ()


def test_other_changes_touch_no_line() -> None:
    story = checkout()
    with_one(story, FollowupContent(what="Alert"))
    assert reindexed(story.state, story.state) == ()


@pytest.mark.parametrize(
    ("at", "zone", "then"),
    [
        ("2026-03-16T07:59:00+00:00", BERLIN, "2026-03-16T09:00:00+01:00"),
        ("2026-03-16T08:00:00+00:00", BERLIN, "2026-03-23T09:00:00+01:00"),
        ("2026-03-23T08:00:00+00:00", BERLIN, "2026-03-30T09:00:00+02:00"),
        ("2026-03-15T23:00:00+00:00", TOKYO, "2026-03-16T09:00:00+09:00"),
        ("2026-03-18T12:00:00+00:00", UTC, "2026-03-23T09:00:00+00:00"),
    ],
)
def test_the_round_comes_on_the_day_and_hour_of_the_persons_own_zone(at: str, zone: ZoneInfo, then: str) -> None:
    assert next_round(datetime.fromisoformat(at), zone, RULE) == datetime.fromisoformat(then)


@pytest.mark.parametrize(("hour", "said"), [(3, (18, 9)), (9, None), (14, None), (19, (19, 9)), (23, (19, 9))])
def test_what_comes_late_comes_at_a_decent_hour(hour: int, said: tuple[int, int] | None) -> None:
    at = datetime(2026, 3, 18, hour, tzinfo=BERLIN)
    wanted = datetime(2026, 3, said[0], said[1], tzinfo=BERLIN) if said else at
    assert decent(at, BERLIN, RULE) == wanted


def test_an_hour_late_in_the_day_is_the_policys_own_business() -> None:
    at = datetime(2026, 3, 18, 22, 1, tzinfo=UTC)
    assert decent(at, UTC, replace(RULE, at=time(22))) == at


def listed(number: int = 1, *, private: bool = False, drill: bool = False, **changes: object) -> Listed:
    line = FollowupLine(incident=IncidentId(42), number=number, what="Alert", state=FollowupState.OPEN, added_at=NOON)
    story = checkout(private=private)
    return Listed(line=replace(line, **changes), listing=replace(listing(story.state), drill=drill))  # type: ignore[arg-type]


def test_one_message_has_what_is_theirs_what_they_sponsor_and_what_nobody_owns() -> None:
    yesterday = TODAY - timedelta(days=1)
    items = [
        listed(1, owner=ADA.id, due_on=TODAY),
        listed(2, owner=ADA.id, due_on=yesterday),
        listed(3, owner=BEN.id, product_sponsor=ADA.id, due_on=yesterday),
        listed(4, owner=BEN.id, product_sponsor=ADA.id, due_on=TODAY),
        listed(5, lead=ADA.id),
        listed(6, owner=BEN.id),
    ]
    told = weekly(items, ADA.id, TODAY)
    assert told is not None
    assert [[item.line.number for item in part] for part in (told.own, told.sponsored, told.unowned)] == [
        [2, 1],
        [3],
        [5],
    ]


def test_whoever_has_nothing_is_told_nothing() -> None:
    assert weekly([listed(owner=BEN.id, product_sponsor=ADA.id)], ADA.id, TODAY) is None


def test_who_was_taken_out_of_a_private_channel_hears_no_more_of_its_follow_ups() -> None:
    assert seen([listed(private=True, owner=CLEO.id)], CLEO.id, frozenset()) == []
    assert len(seen([listed(private=True, owner=ADA.id)], ADA.id, frozenset())) == 1


def test_the_digest_has_nothing_of_private_incidents_not_even_a_count() -> None:
    hidden = listed(private=True, owner=ADA.id, due_on=TODAY - timedelta(days=30))
    assert digest([hidden], [hidden], [], TODAY, RULE) is None
    told = digest([hidden, listed(owner=BEN.id)], [hidden], [], TODAY, RULE)
    assert told is not None
    assert (told.open, told.overdue, told.late, told.share.sample) == (1, 0, (), 0)


def test_sponsors_have_a_week_before_the_digest_names_what_is_overdue() -> None:
    told = digest(
        [
            listed(1, owner=ADA.id, due_on=TODAY - timedelta(days=7)),
            listed(2, owner=ADA.id, due_on=TODAY - timedelta(days=8)),
            listed(3),
        ],
        [],
        [],
        TODAY,
        RULE,
    )
    assert told is not None
    assert (told.overdue, [each.line.number for each in told.late]) == (2, [2])
    assert [each.line.number for each in told.unowned] == [3]


def test_the_share_is_taken_of_those_that_had_their_ninety_days() -> None:
    first, last = sampled(NOON)
    assert (NOON - last, last - first) == (timedelta(days=90), timedelta(days=365))
    sample = [
        listed(1, settled_at=NOON + timedelta(days=90)),
        listed(2, settled_at=NOON + timedelta(days=91)),
        listed(3),
    ]
    taken = share(sample)
    assert (taken.closed, taken.sample, taken.percent) == (1, 3, 33)
    assert share([]).percent is None


def test_a_line_says_whom_it_concerns_once() -> None:
    both = listed(owner=ADA.id, product_sponsor=ADA.id, reliability_sponsor=ADA.id).line
    assert both.chased == those(ADA.id)


def left_open(*, private: bool = False, practice: bool = False, asked: bool = True) -> Story:
    """Resolved at 12:30, and nobody closes it."""
    story = drill(private=private) if practice else checkout(private=private)
    story.do(ResolveIncident(by=ADA), after(30))
    if asked:
        story.happened(ClosingAsked(at=after(99), by=ADA.id, number=1, asked=ADA.id))
    return story


def told_of(*stories: Story) -> list[datetime | None]:
    told = digest([], [], [listing(story.state) for story in stories], TODAY, RULE)
    return [each.unclosed_since for each in told.unclosed] if told else []


def test_what_nobody_closes_is_listed_once_somebody_was_asked_about_it() -> None:
    assert told_of(left_open()) == [after(30)]
    assert told_of(left_open(asked=False)) == []


def test_what_is_closed_or_reopened_is_listed_no_more() -> None:
    closed, reopened = left_open(), left_open()
    closed.do(CloseIncident(by=ADA, because="It was small."), after(100))
    reopened.do(ReopenIncident(by=ADA), after(100))
    assert told_of(closed, reopened) == []
    reopened.do(ResolveIncident(by=ADA), after(110))
    assert told_of(reopened) == []


def test_private_incidents_and_drills_that_nobody_closes_are_listed_never() -> None:
    assert told_of(left_open(private=True), left_open(practice=True)) == []


def test_what_somebody_who_left_owns_is_its_sponsors_and_of_the_digest() -> None:
    gone = those(CLEO.id)
    items = [listed(1, owner=CLEO.id, product_sponsor=BEN.id), listed(2, owner=ADA.id, product_sponsor=BEN.id)]
    told = weekly(items, BEN.id, TODAY, gone)
    assert told is not None
    assert [each.line.number for each in told.orphaned] == [1]
    assert weekly(items, BEN.id, TODAY) is None
    told_all = digest(items, [], [], TODAY, RULE, gone=gone)
    assert told_all is not None
    assert [each.line.number for each in told_all.unowned] == [1]


def test_what_is_overdue_too_is_told_once() -> None:
    late = listed(owner=CLEO.id, product_sponsor=BEN.id, due_on=TODAY - timedelta(days=3))
    told = weekly([late], BEN.id, TODAY, those(CLEO.id))
    assert told is not None
    assert (told.sponsored, told.orphaned) == ((), (late,))
