"""What becomes of an effect that failed, as a table of decisions."""

from datetime import timedelta

import pytest

from bot.incident.effects import (
    Effect,
    InviteUsers,
    OpenChannel,
    PostCard,
    PostNotice,
    RefreshCard,
    RefreshTopic,
    TellPerson,
)
from bot.incident.events import RoleReleased, UpdateReminded
from bot.incident.invitation_effects import MailInvitation
from bot.incident.signal_effects import SendSignal
from bot.incident.terms import INCIDENT_COMMANDER, Severity, Status, Version
from bot.ports import MAIL, Unavailable
from bot.slack_ports import Blame
from bot.verdict import (
    LONGEST_LETTER_PAUSE,
    LONGEST_SIGNAL_PAUSE,
    MOST_ATTEMPTS,
    MOST_FAILURES,
    MOST_LETTERS,
    Verdict,
    after_bug,
    after_failure,
    after_refusal,
    backoff,
)
from tests.slack.war_room import ADA, BEN, FORTY_TWO, NOON, ROOM, lease

RELEASED = RoleReleased(at=NOON, by=ADA, role=INCIDENT_COMMANDER, before=BEN)
REMINDED = UpdateReminded(at=NOON, by=ADA, due_at=NOON, stage=3, asked=None)
SUMMARY = PostCard(incident=FORTY_TWO, card="summary", channel=ROOM)
REMINDER = PostCard(incident=FORTY_TWO, card="reminder:2", channel=ROOM)
NOTICE = PostNotice(incident=FORTY_TWO, channel=ROOM, about=RELEASED)
ANNOUNCED = PostNotice(incident=FORTY_TWO, channel=None, about=RELEASED)
CLIMBED = PostNotice(incident=FORTY_TWO, channel=None, about=REMINDED)
TELL = TellPerson(incident=FORTY_TWO, user=ADA, about=RELEASED)
TOPIC = RefreshTopic(incident=FORTY_TWO, channel=ROOM)
CARD = RefreshCard(incident=FORTY_TWO, card="summary")
INVITE = InviteUsers(incident=FORTY_TWO, channel=ROOM, users=(ADA,))
OPEN = OpenChannel(incident=FORTY_TWO, name="inc-42", private=False)
LETTER = MailInvitation(incident=FORTY_TWO, user=ADA, about=RELEASED)
GREYLISTED = Unavailable(MAIL, "451 4.7.1 Greylisted")
DOWN = Unavailable("Slack", "connection refused")
LOST = Unavailable("Slack", "reset", unknown=True)
LIMITED = Unavailable("Slack", "ratelimited", after=timedelta(seconds=30))
NO_HELP = Unavailable("Slack", "never", retryable=False)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 0.5), (2, 1), (3, 2), (5, 8), (7, 32), (8, 60), (30, 60)])
def test_pauses_double_up_to_a_minute(attempt: int, seconds: float) -> None:
    assert backoff(attempt) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("attempt", "failure", "verdict", "seconds"),
    [
        (1, DOWN, Verdict.RETRY_BACKOFF, 0.5),
        (4, DOWN, Verdict.RETRY_BACKOFF, 4),
        (2, LOST, Verdict.RETRY_UNKNOWN_OUTCOME, 1),
        (1, LIMITED, Verdict.RETRY_RATE_LIMITED, 30),
        (999, LIMITED, Verdict.RETRY_RATE_LIMITED, 30),
        (1, NO_HELP, Verdict.BURY_HOPELESS, 0),
    ],
)
def test_what_becomes_of_a_failure(attempt: int, failure: Unavailable, verdict: Verdict, seconds: float) -> None:
    decision = after_failure(lease(SUMMARY, attempt=attempt), failure)
    assert (decision.verdict, decision.after) == (verdict, timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("blame", "attempt", "failures", "gives_up"),
    [
        (Blame.EFFECT, 500, MOST_FAILURES - 2, False),
        (Blame.EFFECT, 12, MOST_FAILURES - 1, True),
        (Blame.KIND, MOST_ATTEMPTS - 1, 0, False),
        (Blame.KIND, MOST_ATTEMPTS, 0, True),
        (Blame.SLACK, 100_000, MOST_FAILURES, False),
    ],
)
def test_only_what_fails_while_others_succeed_is_given_up_soon_and_nothing_while_slack_is_down(
    blame: Blame, attempt: int, failures: int, gives_up: bool
) -> None:
    decision = after_failure(lease(SUMMARY, attempt=attempt, failures=failures), DOWN, blame)
    assert (decision.verdict is Verdict.BURY_TOO_MANY_ATTEMPTS) is gives_up


@pytest.mark.parametrize(("blame", "counts"), [(Blame.EFFECT, True), (Blame.KIND, False), (Blame.SLACK, False)])
def test_only_its_own_failures_count_against_an_effect(blame: Blame, counts: bool) -> None:
    assert after_failure(lease(SUMMARY), DOWN, blame).counts is counts


def test_what_has_to_wait_and_fails_by_its_own_fault_counts_all_the_same() -> None:
    wait = timedelta(minutes=5)
    failure = Unavailable("Jira", "HTTP 500", after=wait, unknown=True, own=True)
    decision = after_failure(lease(SUMMARY, attempt=1), failure, Blame.EFFECT)
    assert (decision.after, decision.counts, decision.uncertain) == (wait, True, True)
    last = after_failure(lease(SUMMARY, attempt=12, failures=MOST_FAILURES - 1), failure, Blame.EFFECT)
    assert last.verdict is Verdict.BURY_TOO_MANY_ATTEMPTS


@pytest.mark.parametrize(("failures", "minutes"), [(0, 0.5), (1, 1), (4, 8), (5, 15), (90, 15)])
def test_a_letter_is_sent_again_after_half_a_minute_and_then_ever_later(failures: int, minutes: float) -> None:
    decision = after_failure(lease(LETTER, attempt=500, failures=failures), GREYLISTED)
    assert (decision.verdict, decision.after) == (Verdict.RETRY_BACKOFF, timedelta(minutes=minutes))
    assert decision.counts


def test_a_letter_is_given_up_after_about_a_day() -> None:
    lasting = lease(LETTER, failures=MOST_LETTERS - 1)
    assert after_failure(lasting, GREYLISTED).verdict is Verdict.BURY_TOO_MANY_ATTEMPTS
    assert timedelta(hours=24) < MOST_LETTERS * LONGEST_LETTER_PAUSE


def test_a_letter_that_may_have_been_taken_is_sent_again() -> None:
    decision = after_failure(lease(LETTER), Unavailable(MAIL, "the connection was lost", unknown=True))
    assert decision.verdict is Verdict.RETRY_UNKNOWN_OUTCOME


def test_waiting_as_told_counts_against_nobody() -> None:
    assert not after_failure(lease(SUMMARY), LIMITED).counts


@pytest.mark.parametrize(
    ("effect", "verdict"),
    [
        (TELL, Verdict.BURY_REFUSED),
        (SUMMARY, Verdict.TELL_AND_BURY),
        (NOTICE, Verdict.TELL_AND_BURY),
        (ANNOUNCED, Verdict.TELL_AND_BURY),
        (REMINDER, Verdict.RECORD_FAILURE),
        (CLIMBED, Verdict.RECORD_FAILURE),
        (CARD, Verdict.RECORD_FAILURE),
        (TOPIC, Verdict.RECORD_FAILURE),
        (INVITE, Verdict.RECORD_FAILURE),
        (OPEN, Verdict.RECORD_FAILURE),
        (LETTER, Verdict.TELL_AND_BURY),
    ],
)
def test_what_slack_refuses_is_told_and_what_is_worth_it_is_kept(effect: Effect, verdict: Verdict) -> None:
    assert after_refusal(effect) is verdict


@pytest.mark.parametrize(
    ("before", "failure", "after"),
    [(False, DOWN, False), (False, LOST, True), (True, DOWN, True), (True, LIMITED, True)],
)
def test_an_outcome_once_unknown_stays_unknown(before: bool, failure: Unavailable, after: bool) -> None:
    assert after_failure(lease(SUMMARY, uncertain=before), failure).uncertain is after


@pytest.mark.parametrize(
    ("failures", "verdict"), [(0, Verdict.RETRY_BUG), (1, Verdict.RETRY_BUG), (2, Verdict.BURY_BUG)]
)
def test_a_bug_is_tried_three_times(failures: int, verdict: Verdict) -> None:
    assert after_bug(lease(SUMMARY, failures=failures)).verdict is verdict


SIGNAL = SendSignal(
    incident=FORTY_TWO,
    target="siem",
    version=Version(7),
    severity=Severity.SEV1,
    status=Status.TRIAGE,
    about=RELEASED,
)


def test_a_signal_is_tried_again_for_as_long_as_whoever_sends_it_says() -> None:
    away = Unavailable("signal to siem", "HTTP 503")
    decision = after_failure(lease(SIGNAL, attempt=500), away, Blame.SLACK)
    assert decision.verdict is Verdict.RETRY_BACKOFF
    assert timedelta(minutes=5) < decision.after <= LONGEST_SIGNAL_PAUSE
    enough = Unavailable("signal to siem", "HTTP 503, for a day", retryable=False)
    assert after_failure(lease(SIGNAL, attempt=500), enough).verdict is Verdict.BURY_HOPELESS


def test_what_a_target_will_never_take_is_told_no_commander() -> None:
    assert after_refusal(SIGNAL) is Verdict.BURY_REFUSED
