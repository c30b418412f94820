"""What becomes of an effect that failed: the whole of it as pure decisions. It waits for nothing and writes nothing."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.incident import effects as wanted
from bot.incident.afterwards_effects import KeepIssue, UploadDraft, WriteCanvas
from bot.incident.effects import REMINDER, Effect
from bot.incident.events import UpdateReminded
from bot.incident.invitation_effects import MailInvitation, PostInvitation
from bot.incident.proposal_effects import RefreshProposal
from bot.incident.signal_effects import SendSignal
from bot.ports import Lease, Unavailable
from bot.slack_ports import Blame

FIRST_PAUSE: Final = timedelta(seconds=0.5)
LONGEST_PAUSE: Final = timedelta(seconds=60)
MOST_FAILURES: Final = 12
"""Of an effect's own, while others like it succeed: with pauses from 0.5 s to 60 s about five minutes, in which its
lane waits."""
MOST_ATTEMPTS: Final = 240
"""While nothing like it succeeds, although Slack answers: about four hours. While Slack is silent nothing counts."""
MOST_BUGS: Final = 3
CARD_PACE: Final = timedelta(seconds=1)
"""Between two edits of one card or topic: a burst of changes becomes one edit. And between two issues: trackers ask for
a second between what writes."""

GIST_PACE: Final = timedelta(seconds=5)
"""Between two readings of a whole log for the search: it may be long, and change fast."""

_NONE: Final = timedelta(0)


FIRST_LETTER_PAUSE: Final = timedelta(seconds=30)
LONGEST_LETTER_PAUSE: Final = timedelta(minutes=15)
MOST_LETTERS: Final = 100
"""Failures, which take about a day: greylisting asks for minutes, and a mail server may be away for a night."""

LONGEST_SIGNAL_PAUSE: Final = timedelta(minutes=10)
"""A target may be away for a day; its lane alone waits. When it is enough, signals.webhook says."""


class Verdict(StrEnum):
    """What becomes of an effect; the value is log field and metric label."""

    DONE = "done"
    RETRY_RATE_LIMITED = "retry: rate limited"
    RETRY_BACKOFF = "retry: failed before anything happened"
    RETRY_UNKNOWN_OUTCOME = "retry: it may have happened"
    RETRY_BUG = "retry: a bug"
    LATE = "done elsewhere: the lease had lapsed"
    RECORD_FAILURE = "told the commander: Slack refuses"
    TELL_AND_BURY = "told the commander and buried: Slack refuses"
    BURY_REFUSED = "buried: Slack refuses"
    BURY_HOPELESS = "buried: trying again cannot help"
    BURY_TOO_MANY_ATTEMPTS = "buried: too many attempts"
    BURY_BUG = "buried: a bug"

    @property
    def is_retry(self) -> bool:
        return self.name.startswith("RETRY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`uncertain`: the effect may have happened, now or in an earlier attempt. `counts`: it failed by its own fault."""

    verdict: Verdict
    after: timedelta = _NONE
    uncertain: bool = False
    counts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long we wait for Slack's sake: before a first repetition, and between two edits of one card or topic.

    `between_gists`: for our own. `first_letter`: before a letter is sent again.
    """

    first_retry: timedelta = FIRST_PAUSE
    between_edits: timedelta = CARD_PACE
    between_gists: timedelta = GIST_PACE
    first_letter: timedelta = FIRST_LETTER_PAUSE


def backoff(attempt: int, first: timedelta = FIRST_PAUSE, longest: timedelta = LONGEST_PAUSE) -> timedelta:
    """0.5 s, 1 s, 2 s … and never more than a minute. `attempt` counts from 1."""
    return min(first * (1 << min(attempt - 1, 10)), longest)


def is_told(effect: Effect) -> bool:
    """Whether the commander hears that Slack refuses it: what they would miss, and could have mended.

    They hear it by direct message. What is itself a message to a person is not told: the report would take the way
    that has just failed.
    """
    match effect:
        case wanted.PostCard() | wanted.PostNotice() | wanted.RefreshCard():
            return True
        case wanted.OpenChannel() | wanted.InviteUsers() | wanted.InviteGroups():
            return True
        case wanted.RefreshTopic() | wanted.PinMessage():
            return True
        case wanted.AddBookmark() | wanted.AddTick() | wanted.RemoveTick():
            return True
        case UploadDraft() | WriteCanvas():
            return True
        case PostInvitation() | MailInvitation():
            return True
        case _:
            return False


def is_kept(effect: Effect) -> bool:
    """Whether it is worth doing later, once what was in the way is mended: what people wrote, and the lasting cards.

    A reminder is not: it is asked again while its reason lasts.
    """
    match effect:
        case wanted.PostCard(card=card):
            return not card.startswith(f"{REMINDER}:")
        case wanted.PostNotice(about=about):
            return not isinstance(about, UpdateReminded)
        case PostInvitation() | MailInvitation():
            return True
        case _:
            return False


def after_refusal(effect: Effect) -> Verdict:
    if not is_told(effect):
        return Verdict.BURY_REFUSED
    return Verdict.TELL_AND_BURY if is_kept(effect) else Verdict.RECORD_FAILURE


def after_failure(
    lease: Lease, failure: Unavailable, blame: Blame = Blame.EFFECT, pauses: Pauses = Pauses()
) -> Decision:
    """What becomes of an effect that had no clear answer. An outcome once unknown stays so until it is looked up."""
    if not failure.retryable:
        return Decision(verdict=Verdict.BURY_HOPELESS)
    uncertain = lease.uncertain or failure.unknown
    if failure.after is not None and not failure.own:
        # Slack says when; waiting as told is no failed attempt.
        return Decision(verdict=Verdict.RETRY_RATE_LIMITED, after=failure.after, uncertain=uncertain)
    if _is_enough(lease, blame):
        return Decision(verdict=Verdict.BURY_TOO_MANY_ATTEMPTS)
    verdict = Verdict.RETRY_UNKNOWN_OUTCOME if failure.unknown else Verdict.RETRY_BACKOFF
    after = failure.after or _pause(lease, pauses)
    return Decision(verdict=verdict, after=after, uncertain=uncertain, counts=blame is Blame.EFFECT)


def _pause(lease: Lease, pauses: Pauses) -> timedelta:
    if _is_letter(lease):
        return backoff(lease.failures + 1, pauses.first_letter, LONGEST_LETTER_PAUSE)
    if isinstance(lease.effect, SendSignal):
        return backoff(lease.attempt, pauses.first_retry, LONGEST_SIGNAL_PAUSE)
    return backoff(lease.attempt, pauses.first_retry)


def _is_letter(lease: Lease) -> bool:
    return isinstance(lease.effect, MailInvitation)


def _is_enough(lease: Lease, blame: Blame) -> bool:
    match blame:
        case Blame.EFFECT:
            return lease.failures + 1 >= (MOST_LETTERS if _is_letter(lease) else MOST_FAILURES)
        case Blame.KIND:
            return lease.attempt >= MOST_ATTEMPTS
        case Blame.SLACK:
            return False


def after_bug(lease: Lease, pauses: Pauses = Pauses()) -> Decision:
    """A bug may be one of a moment's state, so it is tried a few times; it never blocks its lane for long."""
    if lease.failures + 1 >= MOST_BUGS:
        return Decision(verdict=Verdict.BURY_BUG)
    after = backoff(lease.attempt, pauses.first_retry)
    return Decision(verdict=Verdict.RETRY_BUG, after=after, uncertain=True, counts=True)


def pace(effect: Effect, pauses: Pauses) -> timedelta:
    """How long the lane rests after this effect; the rates of posts are kept by the chat's limiter."""
    match effect:
        case wanted.RefreshCard() | wanted.RefreshTopic() | KeepIssue() | RefreshProposal():
            return pauses.between_edits
        case wanted.KeepGist():
            return pauses.between_gists
        case _:
            return _NONE
