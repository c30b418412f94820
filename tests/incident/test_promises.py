"""Promises of a next update: kept, late, not kept; what is moved or withdrawn in time is no promise any more."""

from datetime import timedelta

from bot.incident.commands import (
    ChangeSeverity,
    PostUpdate,
    ReopenIncident,
    ResolveIncident,
    SetCadence,
    SkipUpdate,
    SnoozeUpdate,
)
from bot.incident.history import happenings
from bot.incident.promises import Outcome, Promise, kept, promises
from bot.incident.terms import Severity
from tests.incident.given import ADA, BEN, Story, after, led, minutes


def made(story: Story) -> tuple[Promise, ...]:
    return promises(happenings(story.log))


def outcomes(story: Story) -> list[Outcome]:
    return [promise.outcome for promise in made(story)]


def sev1() -> Story:
    """An update is due every 30 minutes, the first at 12:30."""
    return led(Severity.SEV1)


def update(story: Story, at: float, next_in: float | None = None) -> None:
    wanted = minutes(next_in) if next_in else None
    story.do(PostUpdate(by=BEN, known="Known.", next_in=wanted), after(at))


def test_an_update_by_the_promised_time_keeps_the_promise() -> None:
    story = sev1()
    update(story, 25)
    update(story, 55)
    assert (outcomes(story), kept(made(story))) == ([Outcome.KEPT, Outcome.KEPT], 2)


def test_a_promise_to_the_minute_is_judged_to_the_minute() -> None:
    story = sev1()
    update(story, 30.9)
    assert outcomes(story) == [Outcome.KEPT]


def test_an_update_after_the_promised_time_is_late_by_as_much() -> None:
    story = sev1()
    update(story, 37.5)
    (promise,) = made(story)
    assert (promise.outcome, promise.due_at, promise.late_by) == (Outcome.LATE, after(30), minutes(7))


def test_a_shorter_promise_of_the_update_itself_counts() -> None:
    story = sev1()
    update(story, 10, next_in=5)
    update(story, 20)
    assert outcomes(story) == [Outcome.KEPT, Outcome.LATE]


def test_a_promise_that_the_end_of_the_response_found_broken_was_not_kept() -> None:
    story = sev1()
    story.do(ResolveIncident(by=ADA), after(50))
    (promise,) = made(story)
    assert (promise.outcome, promise.late_by) == (Outcome.NOT_KEPT, minutes(20))


def test_a_response_that_ended_in_time_owes_nothing() -> None:
    story = sev1()
    story.do(ResolveIncident(by=ADA), after(20))
    assert made(story) == ()


def test_a_promise_that_still_stands_counts_for_nothing_yet() -> None:
    assert made(sev1()) == ()


def test_a_promise_that_was_moved_in_time_is_not_counted() -> None:
    story = sev1()
    story.do(SetCadence(by=ADA, every=minutes(60)), after(20))
    update(story, 55)
    assert [(each.due_at, each.outcome) for each in made(story)] == [(after(60), Outcome.KEPT)]


def test_reminders_that_are_switched_off_withdraw_the_promise() -> None:
    story = sev1()
    story.do(SetCadence(by=ADA, every=None), after(20))
    assert made(story) == ()


def test_moving_a_broken_promise_into_the_future_does_not_mend_it() -> None:
    story = sev1()
    story.do(SetCadence(by=ADA, every=minutes(60)), after(40))
    update(story, 50)
    assert [(each.due_at, each.outcome) for each in made(story)] == [
        (after(30), Outcome.NOT_KEPT),
        (after(60), Outcome.KEPT),
    ]


def test_a_severity_that_makes_an_overdue_update_due_at_once_makes_no_second_promise() -> None:
    story = led(Severity.SEV2)
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV1), after(70))
    update(story, 75)
    (promise,) = made(story)
    assert (promise.due_at, promise.late_by) == (after(60), minutes(15))


def test_a_snooze_holds_back_the_reminder_and_not_the_promise() -> None:
    story = sev1()
    story.fire(after(30))
    story.do(SnoozeUpdate(by=BEN, span=minutes(10)), after(31))
    update(story, 41)
    assert [each.late_by for each in made(story)] == [minutes(11)]


def test_an_update_skipped_after_its_time_was_not_kept_and_before_it_is_withdrawn() -> None:
    early, late = sev1(), sev1()
    early.do(SkipUpdate(by=BEN), after(29))
    late.do(SkipUpdate(by=BEN), after(33))
    assert (outcomes(early), outcomes(late)) == ([], [Outcome.NOT_KEPT])


def test_after_a_reopening_promises_begin_anew() -> None:
    story = sev1()
    story.do(ResolveIncident(by=ADA), after(20))
    story.do(ReopenIncident(by=ADA), after(100))
    update(story, 120)
    assert [(each.due_at, each.late_by) for each in made(story)] == [(after(130), timedelta())]
