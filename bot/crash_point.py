"""Named moments at which a test may let this process die or freeze. Nothing happens at any of them unless armed.

Armed by the environment of `muster run`, which is read once and is no operator's setting: MUSTER_CRASH_AT=after_post
ends the process as `kill -9` does when that moment is reached, `after_post:2` when it is reached for the second time;
MUSTER_FREEZE_AT stops it there instead (SIGSTOP), until somebody continues it.
"""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CRASH_AT: Final = "MUSTER_CRASH_AT"
FREEZE_AT: Final = "MUSTER_FREEZE_AT"


class CrashPoint(StrEnum):
    """THE table of moments; the line below each says what is true then. Tests enumerate it."""

    BEFORE_APPEND = "before_append"
    """A command is decided, nothing of it is stored."""
    AFTER_APPEND = "after_append"
    """It is stored with its effects, timers and request; this process does not know yet."""
    BEFORE_ACKNOWLEDGEMENT = "before_acknowledgement"
    """All that a request asked for is stored, and Slack has not heard from us."""

    AFTER_LEASE = "after_lease"
    """An effect is ours, and nothing of it has been done."""
    AFTER_WORK = "after_work"
    """Slack has done what the effect asks for, and the store says that it is still to be done."""
    AFTER_RECORD = "after_record"
    """Its result is stored and the effect has left its lane."""
    BEFORE_RETRY = "before_retry"
    """An attempt failed, and the store does not know."""
    AFTER_RETRY = "after_retry"
    """An attempt failed, and the lane waits for the next one."""
    BEFORE_BURY = "before_bury"
    """An effect is to be given up, and is still at the head of its lane."""
    AFTER_BURY = "after_bury"
    """An effect lies among the dead letters, and its lane goes on."""

    BEFORE_CREATE = "before_create"
    """The channel is about to be asked for."""
    AFTER_CREATE = "after_create"
    """The channel exists, and no log names it."""
    BEFORE_INVITE = "before_invite"
    AFTER_INVITE = "after_invite"
    """The people are in the channel, and the log does not say so."""
    BEFORE_TOPIC = "before_topic"
    AFTER_TOPIC = "after_topic"
    """The topic is set."""
    BEFORE_POST = "before_post"
    AFTER_POST = "after_post"
    """The message can be read by people, and no log names it."""
    BEFORE_UPDATE = "before_update"
    AFTER_UPDATE = "after_update"
    """The card shows its newest state."""
    BEFORE_PIN = "before_pin"
    AFTER_PIN = "after_pin"
    """The summary is pinned."""
    BEFORE_BOOKMARK = "before_bookmark"
    AFTER_BOOKMARK = "after_bookmark"
    """The summary is bookmarked."""
    BEFORE_TICK = "before_tick"
    AFTER_TICK = "after_tick"
    """The reaction stands on the message, or is gone from it."""
    BEFORE_SHARE = "before_share"
    """The draft of the postmortem lies in Slack, where nobody sees it."""
    AFTER_SHARE = "after_share"
    """It stands in the channel as files, and no log names it."""
    BEFORE_CANVAS = "before_canvas"
    AFTER_CANVAS = "after_canvas"
    """It is the channel's canvas, and no log names it."""
    BEFORE_LETTER = "before_letter"
    """The mail server knows from whom to whom, and has no letter yet."""
    AFTER_LETTER = "after_letter"
    """The mail server has taken a letter, and the outbox says that it is still to be sent."""
    BEFORE_ANSWER = "before_answer"
    AFTER_ANSWER = "after_answer"
    """Whoever declared has read where the incident is."""

    BEFORE_FILE = "before_file"
    """A tracker is about to be given a new issue."""
    AFTER_FILE = "after_file"
    """An issue stands in the tracker, and no log names it."""
    AFTER_ISSUE_CHANGE = "after_issue_change"
    """An issue is closed, open or called as its follow-up is, and nobody there is told why."""
    AFTER_COMMENT = "after_comment"
    """An issue's comment tells what became of its follow-up, and the log does not say that it does."""

    AFTER_TURN = "after_turn"
    """Somebody's weekly message lies in the outbox and their next turn is planned; nobody has been woken to post it."""

    AFTER_INTAKE = "after_intake"
    """All alerts of a delivery lie in the inbox, and their source has not heard from us."""
    AFTER_TRIAGE = "after_triage"
    """What becomes of the alerts that wait is decided, and nothing of it is stored."""
    AFTER_QUIET = "after_quiet"
    """Alerts of a window of maintenance are kept for its end, and still lie in the inbox."""
    AFTER_SETTLE = "after_settle"
    """What calls nobody has left the inbox; what opens an incident or joins one still lies there."""
    AFTER_PROPOSAL = "after_proposal"
    """A proposal is made or changed, what is told of it lies in the outbox, and nobody was woken to post it."""
    AFTER_WINDOW = "after_window"
    """A maintenance window is planned, begun or ended, what is told of it lies in the outbox, and nobody was woken."""
    AFTER_WATCH = "after_watch"
    """A watchdog is raised or heard again, what is told of it lies in the outbox, and nobody was woken to post it."""
    AFTER_FREEZE = "after_freeze"
    """A deploy freeze has begun or ended, what is told of it lies in the outbox, and nobody was woken to post it."""

    AFTER_CLAIM = "after_claim"
    """A due timer is hidden from other processes, and nothing of it has been done."""
    AFTER_FIRE = "after_fire"
    """What a due timer asked for is stored."""


@dataclass(slots=True, kw_only=True)
class _Fuse:
    """`passes`: how often the moment is still passed unharmed. `sends`: the signal that this process sends itself."""

    at: CrashPoint
    passes: int
    sends: signal.Signals

    def reach(self, point: CrashPoint) -> None:
        if point is not self.at:
            return
        if self.passes == 0:
            os.kill(os.getpid(), self.sends)
        self.passes -= 1


_fuses: Final[list[_Fuse]] = []
"""Of this process; filled by arm and by nothing else."""


def arm(environment: Mapping[str, str]) -> None:
    """Raises ValueError for a moment that there is none of."""
    for variable, sends in ((CRASH_AT, signal.SIGKILL), (FREEZE_AT, signal.SIGSTOP)):
        if wish := environment.get(variable):
            _fuses.append(_read(variable, wish, sends))


def crash_point(point: CrashPoint | str | None) -> None:
    """This moment is reached. None: one that has no name. Raises ValueError for an unknown one, but only when armed."""
    if not _fuses or point is None:
        return
    for fuse in _fuses:
        fuse.reach(CrashPoint(point))


def _read(variable: str, wish: str, sends: signal.Signals) -> _Fuse:
    name, _, count = wish.partition(":")
    if name not in set(CrashPoint) or not (count or "1").isdecimal() or int(count or 1) < 1:
        known = ", ".join(CrashPoint)
        raise ValueError(f"{variable}={wish}: 'moment' or 'moment:2' is meant; the moments are {known}")
    return _Fuse(at=CrashPoint(name), passes=int(count or 1) - 1, sends=sends)
