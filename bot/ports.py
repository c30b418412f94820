"""What the inside needs of the outside, as protocols and the values that cross them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, Protocol

from bot.calendar.appointment import Mailbox, Method
from bot.incident.alert_routes import NOT_REROUTED, Rerouted
from bot.incident.alert_settling import NOTHING_SETTLED, Settled
from bot.incident.alert_tally import Tally
from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.factor_index import ReindexedFactor
from bot.incident.followup_index import Reindexed
from bot.incident.gist import Gist
from bot.incident.listing import Listing
from bot.incident.terms import ChannelId, IncidentId, RequestId, TimerName, Version


class Unavailable(Exception):  # noqa: N818 - the field's word, as in "the store is unavailable"
    """The world did not answer as it should. `what` is the part that failed ('the store', 'Slack').

    `retryable`: whether trying again later may help. `after`: how long it asked us to wait.
    `unknown`: the request may have taken effect although no answer came. `limit`: the name of the rate limit that
    was met, which then holds for every process. `own`: all else works there, so that what was asked is itself at fault.
    """

    def __init__(
        self,
        what: str,
        reason: str,
        *,
        retryable: bool = True,
        after: timedelta | None = None,
        unknown: bool = False,
        limit: str = "",
        own: bool = False,
    ) -> None:
        super().__init__(f"{what}: {reason}")
        self.what = what
        self.reason = reason
        self.retryable = retryable
        self.after = after
        self.unknown = unknown
        self.limit = limit
        self.own = own


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One effect at the head of a lane, ours until the lease runs out.

    `id` names the effect for ever (it goes into the post's metadata); `attempt` counts from 1; `uncertain`: an
    earlier attempt may have taken effect, so look before repeating it. `failures`: how many earlier attempts failed
    by the effect's own fault. `begun_at`: when the first attempt began, by the store's clock. `version`: the incident's
    newest one when the lease was given. None where nobody looked.
    """

    lane: str
    token: str
    id: str
    effect: Effect
    attempt: int
    uncertain: bool
    failures: int = 0
    begun_at: datetime | None = None
    version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """All that one command changes, written in one atomic step.

    `expected`: the version that was read; 0 declares a new incident, whose number must be the next one.
    `timers`: every timer of the incident afterwards, by name; timers not named are removed.
    `gist`: what a new incident is found by; None leaves what is kept as it is.
    `followups`, `factors`: the lines of its follow-ups and contributing factors that are others now.
    `completes`: the effect whose result this is; it leaves its lane in the same step.
    `routes`: the claims by which alerts find it, as far as they change. `settles`: alerts that are decided by this.
    `tallies`: what else this says of how good the rules of alerts are.
    `valid_until`: the moment (time.monotonic) after which the store refuses it, because whoever waited for it was
    told that nothing came of it; None: for as long as it takes.
    `remember_for`: how long the request's id is remembered; None: as long as Slack may deliver again.
    """

    incident: IncidentId
    expected: Version
    request: RequestId
    events: Sequence[Event]
    listing: Listing
    effects: Sequence[Effect] = ()
    timers: Mapping[TimerName, datetime] = field(default_factory=dict)
    followups: Sequence[Reindexed] = ()
    factors: Sequence[ReindexedFactor] = ()
    completes: Lease | None = None
    valid_until: float | None = None
    gist: Gist | None = None
    routes: Rerouted = NOT_REROUTED
    settles: Settled = NOTHING_SETTLED
    tallies: Sequence[Tally] = ()
    remember_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """`more`: the lane whose effect this append completed holds another."""

    version: Version
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Somebody else was faster (or took the number): read again, decide again.

    `diverged`: the log is no longer the one that was read, such as after a restore; read all of it again.
    """

    diverged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyHandled:
    """This request was answered before, by this incident at this version."""

    incident: IncidentId
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Another process has decided about these alerts, or declared where they belong: look again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseLost:
    """The effect is no longer ours to complete: somebody else leased or finished it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLate:
    """The store came to it after `valid_until`: nothing was written, and nothing will be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTimer:
    """A timer that is due, ours for the lease's time; it stays until an append moves or removes it."""

    incident: IncidentId
    name: TimerName
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """The heads of all logs on one day, as one digest. It tells nothing of any incident.

    `shorter`: how many logs have fewer or other entries than at the head before. `uncertain`: it may stand in Slack.
    """

    number: int
    at: datetime
    incidents: int
    entries: int
    digest: str
    shorter: int = 0
    uncertain: bool = False


AppendResult = Appended | Conflict | AlreadyHandled | LeaseLost | TooLate | Taken


class Completion(IntEnum):
    """What became of an effect that is done, and of its lane. LOST, which alone is false, changes nothing."""

    LOST = 0
    LANE_EMPTY = 1
    LANE_HOLDS_MORE = 2


class Log(Protocol):
    """The log of every incident and the indexes made from it. Each method raises Unavailable."""

    async def read(self, incident: IncidentId, after: Version) -> Sequence[Event]:
        """The events later than `after`, oldest first; empty for an unknown incident."""

    async def append(self, append: Append) -> AppendResult:
        """Writes everything or nothing. A reply lost on the way raises Unavailable(unknown=True)."""

    async def handled(self, request: RequestId) -> AlreadyHandled | None:
        """Whether this request was handled before (remembered for at least an hour)."""

    async def next_number(self) -> IncidentId: ...

    async def incident_of(self, channel: ChannelId) -> IncidentId | None: ...

    async def listings(self, *, active: bool, most: int | None = None) -> Sequence[Listing]:
        """The open incidents, or all of them; newest first. `most`: only so many of the open ones are read."""

    async def listings_before(self, incident: IncidentId, most: int) -> Sequence[Listing]:
        """Of the `most` numbers before this one those that are incidents, newest first; open or not."""


class Outbox(Protocol):
    """The effects that wait, lane by lane. Each method raises Unavailable."""

    async def lease(self, most: int) -> Sequence[Lease]:
        """Up to `most` heads of lanes that are ready now; each is ours for the lease's time (20 s)."""

    async def complete(self, lease: Lease, ready_in: timedelta) -> Completion:
        """The effect is done and leaves its lane; the lane may be served again after `ready_in`."""

    async def retry(
        self, lease: Lease, after: timedelta, *, reason: str, uncertain: bool, counts: bool = True, limit: str = ""
    ) -> bool:
        """The effect stays at the head, and the lane waits for `after`.

        `counts`: it failed by its own fault. `limit`: a rate limit that all processes are to heed for so long.
        """

    async def bury(self, lease: Lease, reason: str) -> bool:
        """The effect goes to the dead letters, and its lane goes on."""

    async def next_ready_in(self) -> timedelta | None:
        """How long until some lane may be ready, None when nothing waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """What was to happen in Slack and was given up: how much, and of which incident the newest was, and when.

    `drill`: whether that one is a drill.
    """

    count: int
    newest_of: IncidentId
    newest_at: datetime
    drill: bool = False


class DeadLetterBox(Protocol):
    async def given_up(self) -> GivenUp | None:
        """None: nothing. Raises Unavailable."""


class Timers(Protocol):
    """The timers that appends set. Each method raises Unavailable."""

    async def claim_due(self, most: int) -> Sequence[DueTimer]:
        """Up to `most` timers due by the store's own clock; each is hidden from others for the lease's time."""

    async def restore(self, incident: IncidentId, timers: Mapping[TimerName, datetime]) -> None:
        """Sets the incident's timers to these and removes all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An invitation as a letter to one person. `id`: the same in each repetition, and another in each other letter.

    `subject` and `text` are as people wrote them. `calendar`: the iCalendar object, which does `method`.
    """

    id: str
    to: Mailbox
    subject: str
    text: str
    calendar: bytes
    method: Method
    written_at: datetime


class Mail(Protocol):
    """Letters to people. A letter that was sent twice is one, to calendars: their UID and SEQUENCE are the same."""

    @property
    def sender(self) -> Mailbox:
        """Whom they come from."""

    async def send(self, letter: Letter) -> None:
        """Raises Unavailable (of `MAIL`), and Refused where this letter will never be taken."""


MAIL: Final = "the mail server"


class WallClock(Protocol):
    def now(self) -> datetime: ...
