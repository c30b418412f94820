"""Open factors over incidents: when one is closed, how long somebody accepts it, and which are the same again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.incident.accepting import LONGEST_ACCEPTANCE, RISK_TIMER
from bot.incident.commands import RecordLeft
from bot.incident.effects import TellPerson
from bot.incident.entry import EntryLabel
from bot.incident.factor import Acceptance, FactorClass, Surrounding
from bot.incident.factor_commands import AcceptRisk, ChangeFactor, RemoveFactor, ReopenRisk
from bot.incident.factor_events import FactorChanged, RiskAccepted, RiskAskedAbout
from bot.incident.factor_index import (
    Action,
    FactorLine,
    ListedFactor,
    factor_lines,
    public,
    reindexed_factors,
    seen,
)
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, MoveFollowup
from bot.incident.listing import Listing, listing
from bot.incident.overtaking import Timeliness, timeliness
from bot.incident.policy import FollowupRule
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Rejected
from bot.incident.themes import RisksThisWeek, Theme, returning, risks, risks_this_week, shared_words, themes
from bot.incident.timeline import entries
from bot.incident.weekly import digest
from tests.incident.given import ADA, BEN, CLEO, NOON, Story, after, checkout, drill
from tests.incident.test_factors import FLAGS, with_factors

TODAY = NOON.date()
SOON = TODAY + timedelta(days=30)
ACCEPT = AcceptRisk(by=ADA, number=1, why="The vendor mends it in March.", look_again_on=SOON)


def line(story: Story, number: int = 1) -> FactorLine:
    return factor_lines(story.state)[number]


def addressed(*states: FollowupState) -> Story:
    """One factor with a follow-up of Cleo's in each of these states."""
    story = with_factors()
    for number, state in enumerate(states, start=1):
        add = AddFollowup(by=ADA, content=FollowupContent(what="Review", owner=CLEO.id), people=(CLEO,), addresses=1)
        story.do(add, after(50))
        if state is not FollowupState.OPEN:
            story.do(MoveFollowup(by=ADA, number=number, state=state, note="https://example.com/1"), after(51))
    return story


def refused(story: Story, command: Any) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        story.decided(command, after(60))
    return refusal.value


def test_a_factor_without_a_follow_up_is_open() -> None:
    assert line(with_factors()).is_open(TODAY)


@pytest.mark.parametrize(
    ("states", "is_open"),
    [
        ([FollowupState.DONE], False),
        ([FollowupState.DONE, FollowupState.DONE], False),
        ([FollowupState.DONE, FollowupState.OPEN], True),
        ([FollowupState.DONE, FollowupState.WILL_NOT_DO], True),
        ([FollowupState.WILL_NOT_DO], True),
        ([FollowupState.BLOCKED], True),
    ],
)
def test_it_is_closed_when_all_that_addresses_it_is_done(states: Sequence[FollowupState], *, is_open: bool) -> None:
    assert line(addressed(*states)).is_open(TODAY) is is_open


def test_it_is_open_again_with_its_follow_up() -> None:
    story = addressed(FollowupState.DONE)
    story.do(MoveFollowup(by=ADA, number=1, state=FollowupState.OPEN), after(60))
    assert line(story).is_open(TODAY)


def test_a_follow_up_that_is_added_for_a_factor_is_named_by_it_in_one_append() -> None:
    story = with_factors()
    added, changed = story.do(AddFollowup(by=ADA, content=FollowupContent(what="Review"), addresses=1), after(50))
    assert isinstance(changed, FactorChanged)
    assert (changed.before.followups, changed.after.followups, changed.at) == ((), (1,), added.at)
    refusal = refused(story, AddFollowup(by=ADA, content=FollowupContent(what="More"), addresses=7))
    assert "has no factor CF7" in refusal.sentence


def test_whoever_accepts_it_says_why_and_until_when() -> None:
    story = with_factors()
    (accepted,) = story.do(ACCEPT, after(50))
    assert accepted == RiskAccepted(
        at=after(50), by=ADA.id, number=1, text=FLAGS.text, why=ACCEPT.why, look_again_on=SOON, time_zone="UTC"
    )
    assert not line(story).is_open(SOON - timedelta(days=1))
    assert line(story).is_open(SOON)
    assert entries(story.log)[-1].label is EntryLabel.RISK_ACCEPTED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"why": " "}, "why"),
        ({"why": "x" * 3001}, "why"),
        ({"look_again_on": TODAY}, "look_again_on"),
        ({"look_again_on": TODAY + LONGEST_ACCEPTANCE + timedelta(days=1)}, "look_again_on"),
    ],
)
def test_an_acceptance_without_reason_or_end_is_refused(changes: dict[str, Any], field: str) -> None:
    assert refused(with_factors(), replace(ACCEPT, **changes)).field == field


def test_it_can_be_accepted_again_and_accepted_no_longer() -> None:
    story = with_factors()
    assert "Nobody has accepted" in refused(story, ReopenRisk(by=ADA, number=1)).sentence
    story.do(ACCEPT, after(50))
    story.do(replace(ACCEPT, look_again_on=SOON + timedelta(days=30)), after(51))
    assert not line(story).is_open(SOON)
    story.do(ReopenRisk(by=BEN, number=1, why="It is not rare."), after(52))
    assert line(story).is_open(TODAY)


def test_whoever_owns_what_addresses_it_may_accept_it_from_outside_and_nobody_else() -> None:
    story = addressed(FollowupState.OPEN)
    assert story.decided(replace(ACCEPT, by=CLEO), after(60))
    assert "Only people in #" in refused(with_factors(), replace(ACCEPT, by=CLEO)).sentence


def test_what_was_removed_cannot_be_accepted() -> None:
    story = with_factors()
    story.do(RemoveFactor(by=ADA, number=1, why="x"), after(50))
    assert "removed already" in refused(story, ACCEPT).sentence


def test_whoever_accepted_it_is_asked_once_when_the_day_has_come() -> None:
    story = with_factors()
    assert RISK_TIMER not in story.timers
    story.do(ACCEPT, after(50))
    due_at = story.timers[RISK_TIMER]
    assert due_at == datetime(2026, 4, 1, 9, tzinfo=UTC)
    (asked,) = story.fire(due_at, RISK_TIMER)
    assert isinstance(asked, RiskAskedAbout)
    assert list(story.effects) == [TellPerson(incident=IncidentId(42), user=ADA.id, about=asked)]
    assert RISK_TIMER not in story.timers
    assert timeliness(story.effects[0], story.state) is Timeliness.DUE
    story.do(replace(ACCEPT, look_again_on=SOON + timedelta(days=30)), due_at)
    assert timeliness(TellPerson(incident=IncidentId(42), user=ADA.id, about=asked), story.state) is Timeliness.OVER


def test_nobody_is_asked_once_it_is_done_removed_or_they_may_not_hear_of_it() -> None:
    story = addressed(FollowupState.OPEN)
    story.do(ACCEPT, after(60))
    story.do(MoveFollowup(by=ADA, number=1, state=FollowupState.DONE, note="done"), after(61))
    assert RISK_TIMER not in story.timers
    hidden = with_factors(story=checkout(private=True))
    hidden.do(replace(ACCEPT, by=BEN), after(50))
    hidden.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(51))
    (asked,) = hidden.fire(hidden.timers[RISK_TIMER], RISK_TIMER)
    assert isinstance(asked, RiskAskedAbout)
    assert asked.asked == ADA.id


def test_nobody_is_asked_about_a_drill() -> None:
    story = with_factors(story=drill())
    story.do(ACCEPT, after(50))
    assert RISK_TIMER not in story.timers


def test_only_lines_that_are_others_now_are_written_and_their_lost_marks_named() -> None:
    story = with_factors()
    before = story.state
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Else")), after(50))
    assert reindexed_factors(before, story.state) == ()
    story.do(ChangeFactor(by=ADA, number=1, content=replace(FLAGS, text="Nobody reviews limits")), after(51))
    (changed,) = reindexed_factors(before, story.state)
    assert changed.no_longer == {"kestrel", "flag"}
    before = story.state
    story.do(RemoveFactor(by=ADA, number=1, why="x"), after(52))
    (gone,) = reindexed_factors(before, story.state)
    assert (gone.line.marks, gone.line.is_settled, "review" in gone.no_longer) == (frozenset(), True, True)


def test_a_drill_has_no_lines() -> None:
    assert factor_lines(with_factors(story=drill()).state) == {}


def item(of: int, text: str, **changes: Any) -> ListedFactor:
    """A factor of the incident of that number, as it stands in the index."""
    private = changes.get("private", False)
    return ListedFactor(line=listed_line(of, text, **changes), listing=_listing(of, private=private))


def listed_line(of: int, text: str, **changes: Any) -> FactorLine:
    at = NOON + timedelta(days=of)
    one = FactorLine(
        incident=IncidentId(of),
        number=1,
        text=text,
        kind=FactorClass.PROCESS,
        added_at=at,
        declared_at=at,
    )
    return replace(one, **changes)


def _listing(number: int, *, private: bool) -> Listing:
    return replace(listing(checkout(private=private).state), incident=IncidentId(number))


ON_CHECKOUT: dict[str, Any] = {
    "kind": FactorClass.ENVIRONMENT,
    "surrounding": Surrounding.RECENT_CHANGES,
    "service": "checkout",
}


def test_those_of_one_kind_of_environment_on_one_service_are_one_risk() -> None:
    found = risks(
        [
            item(1, "A release", **ON_CHECKOUT),
            item(2, "A migration", **ON_CHECKOUT),
            item(3, "A flag", **{**ON_CHECKOUT, "service": "search"}),
            item(4, "Kestrels on the roof"),
        ]
    )
    assert [[each.line.incident for each in risk.items] for risk in found] == [[4], [3], [2, 1]]
    assert found[2].theme == Theme(surrounding=Surrounding.RECENT_CHANGES, service="checkout")
    assert (found[0].theme, found[1].theme) == (None, None)


def test_those_with_enough_words_in_common_are_one_risk_and_say_which() -> None:
    found = risks(
        [
            item(1, "The connection pool limit was never tested"),
            item(2, "Nobody knew the limit of the connection pool"),
            item(3, "The limit of patience"),
        ]
    )
    assert [[each.line.incident for each in risk.items] for risk in found] == [[3], [2, 1]]
    assert set(found[1].theme.words if found[1].theme else ()) == {"limit", "connection", "pool"}


def test_two_factors_of_one_incident_are_no_theme() -> None:
    (risk,) = risks([item(1, "Pool limit"), item(1, "Pool limit", number=2)])
    assert (len(risk.items), risk.theme) == (2, None)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("Pool limit", "pool limits", ("pool", "limit")),
        ("Pool limit", "pool", ()),
        ("Pool limit aa bb cc dd ee ff gg hh", "pool limits mm nn oo pp qq rr ss tt", ()),
    ],
)
def test_a_few_of_many_words_in_common_are_not_enough(one: str, other: str, shared: tuple[str, ...]) -> None:
    assert shared_words(listed_line(1, one), listed_line(2, other)) == shared


def test_a_factor_returns_from_the_second_incident_on_and_counts_each_once() -> None:
    one = item(9, "Two releases at once", **ON_CHECKOUT)
    others = [item(7, "A migration", **ON_CHECKOUT), item(7, "A flag", number=2, **ON_CHECKOUT)]
    (found,) = returning(one, others)
    assert (found.count, [each.incident for each in found.incidents]) == (2, [9, 7])
    assert returning(one, [one]) == ()
    assert returning(one, []) == ()


def test_it_returns_by_words_too_and_says_which_most_have() -> None:
    one = item(9, "Releases reach every cluster at once")
    others = [item(7, "The release reached every cluster"), item(8, "A release to every cluster, at night")]
    (found,) = returning(one, others)
    assert found.count == 3
    assert set(found.theme.words) == {"releases", "every", "cluster"}


def test_themes_come_by_how_many_incidents_have_them() -> None:
    found = themes(
        [
            *(item(number, f"Kestrel {number}", **ON_CHECKOUT) for number in (1, 2, 3)),
            item(4, "Pool limit"),
            item(5, "The pool's limit"),
            item(6, "Alone"),
        ]
    )
    assert [each.count for each in found] == [3, 2]


def test_what_is_private_is_seen_by_its_members_and_nowhere_public() -> None:
    hidden = item(1, "Keys", private=True)
    shown = item(2, "Flags")
    assert public([hidden, shown]) == [shown]
    assert seen([hidden, shown], CLEO.id, frozenset()) == [shown]
    assert seen([hidden, shown], CLEO.id, frozenset({CLEO.id})) == [hidden, shown]


def test_a_thousand_factors_are_grouped_in_a_moment() -> None:
    many = [item_of(number) for number in range(3000)]
    assert sum(len(each.items) for each in risks(many)) == 3000


def item_of(number: int) -> ListedFactor:
    return ListedFactor(line=listed_line(number, f"word{number % 900} release late x{number % 70}"), listing=LISTING)


LISTING = _listing(1, private=False)


def test_an_action_is_overdue_as_its_follow_up_is() -> None:
    action = Action(number=1, what="Review", state=FollowupState.OPEN, due_on=date(2026, 3, 1))
    assert action.is_overdue(TODAY)
    assert not replace(action, state=FollowupState.DONE).is_overdue(TODAY)


def test_an_acceptance_counts_until_its_day() -> None:
    accepted = Acceptance(why="rare", by=ADA.id, at=NOON, look_again_on=SOON)
    assert listed_line(1, "x", accepted=accepted).is_accepted(TODAY)
    assert not listed_line(1, "x", accepted=accepted).is_accepted(SOON)


def test_the_digest_tells_of_public_ones_alone_what_returns_and_what_nobody_does() -> None:
    done = Action(number=1, what="Review", state=FollowupState.DONE)
    settled = item(3, "A release", **ON_CHECKOUT, actions=(done,))
    accepted = Acceptance(why="rare", by=ADA.id, at=NOON, look_again_on=TODAY)
    unsettled = [
        item(1, "A migration", **ON_CHECKOUT),
        item(2, "Alone", accepted=accepted, actions=(replace(done, state=FollowupState.OPEN),)),
        item(4, "A key", private=True, **ON_CHECKOUT),
    ]
    told = risks_this_week(unsettled, [*unsettled, settled], TODAY)
    assert (told.open, told.unaddressed, told.due) == (2, 1, 1)
    (theme,) = told.returning
    assert [each.incident for each in theme.incidents] == [3, 1]
    assert digest([], [], [], TODAY, FollowupRule(), risks=told) is not None


def test_open_factors_alone_are_no_reason_for_a_digest() -> None:
    told = risks_this_week([item(1, "Alone")], [item(1, "Alone")], TODAY)
    assert (told, told.is_news) == (RisksThisWeek(open=1, unaddressed=1), False)
    assert digest([], [], [], TODAY, FollowupRule(), risks=told) is None
