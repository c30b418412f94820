"""Does the work go on? Lanes, leases and timers, and what each means for incidents. Pure; it names numbers only."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.checkup.finding import Finding, bad, counted, ok, warn
from bot.store.survey import Lane, ServerHealth, Survey

OUTBOX: Final = "outbox"
TIMERS: Final = "timers"
STORE: Final = "store"
LATE: Final = timedelta(seconds=60)
"""A running Muster looks every second, and a lease lasts 20 s: what waits longer waits for nobody."""
MOST_RETRIES: Final = 5
FULL, NEARLY_FULL = 0.9, 0.75

_RUN: Final = "See that a Muster runs (muster run), and what it logs."


def judge_survey(found: Survey) -> list[Finding]:
    return [*_outbox(found), *_retries(found), *_timers(found)]


def _outbox(found: Survey) -> Iterator[Finding]:
    now = found.now
    held = [lane for lane in found.seen if lane.leased and lane.ready_at > now]
    lapsed = [lane for lane in found.seen if lane.leased and lane.ready_at <= now]
    late = [lane for lane in found.seen if now - lane.ready_at > LATE]
    if late:
        oldest = min(late, key=lambda lane: lane.ready_at)
        waits = f"the first, of {oldest.incident}, for {_span(now - oldest.ready_at)}"
        yield bad(OUTBOX, f"{_lanes(len(late))} of work for Slack waiting, and nobody does it, {waits}.", _RUN)
    elif not found.lanes:
        yield ok(OUTBOX, "Nothing waits for Slack.")
    else:
        at_work = f", {len(held)} at work" if held else ""
        at_work += f", {len(lapsed)} whose holder died, to be taken up next" if lapsed else ""
        yield ok(OUTBOX, f"{_lanes(found.lanes)} of work for Slack{at_work}{_oldest(found)}.")


def _oldest(found: Survey) -> str:
    begun = [(lane.begun_at, lane) for lane in found.seen if lane.begun_at]
    if not begun:
        return ""
    at, lane = min(begun, key=lambda each: each[0])
    return f"; the oldest was begun {_span(found.now - at)} ago, for {lane.incident}"


def _retries(found: Survey) -> Iterator[Finding]:
    failed = sorted((lane for lane in found.seen if lane.reason), key=lambda lane: -lane.attempt)
    for lane in failed[:MOST_RETRIES]:
        yield warn(OUTBOX, _retry(lane, found), "Mend what the reason names; it is tried again by itself.")
    if len(failed) > MOST_RETRIES:
        yield warn(OUTBOX, f"And {len(failed) - MOST_RETRIES} lanes more are tried again.", "As above.")


def _retry(lane: Lane, found: Survey) -> str:
    wait = lane.ready_at - found.now
    again = "now" if lane.leased or wait <= timedelta() else f"in {_span(wait)}"
    behind = f", {lane.length - 1} behind it" if lane.length > 1 else ""
    return f"{lane.incident}: attempt {lane.attempt} failed ({lane.reason.rstrip('.')}), again {again}{behind}."


def _timers(found: Survey) -> Iterator[Finding]:
    if found.oldest_timer and found.now - found.oldest_timer[1] > LATE:
        incident, due_at = found.oldest_timer
        sentence = f"{found.overdue} reminders or summaries are overdue, the first, of {incident}, by "
        yield bad(TIMERS, f"{sentence}{_span(found.now - due_at)}.", _RUN)
    else:
        yield ok(TIMERS, "No reminder is overdue.")


def judge_server(health: ServerHealth) -> list[Finding]:
    return [_memory(health), *_disk(health)]


def _memory(health: ServerHealth) -> Finding:
    if health.memory is None:
        return ok(STORE, "The server does not say how much memory it uses.")
    used = f"It uses {_mebibytes(health.memory)} of memory"
    if not health.most_memory:
        return ok(STORE, f"{used}, and has no bound of its own.")
    part = health.memory / health.most_memory
    sentence = f"{used}, {part:.0%} of its {_mebibytes(health.most_memory)}."
    advice = "Give it more: CONFIG SET maxmemory, and the same in its configuration."
    if part >= FULL:
        return bad(STORE, sentence, advice)
    return warn(STORE, sentence, advice) if part >= NEARLY_FULL else ok(STORE, sentence)


def _disk(health: ServerHealth) -> Iterator[Finding]:
    if health.log_writes not in {None, "ok"}:
        yield bad(STORE, "Its last write to disk failed, so it takes no more.", "Free space on its disk.")
    if health.snapshots not in {None, "ok"}:
        yield warn(STORE, "Its last snapshot (RDB) failed.", "Look at its own log; often the disk is full.")


def _lanes(count: int) -> str:
    return counted(count, "lane")


def _mebibytes(count: int) -> str:
    return f"{count / 2**20:.0f} MiB"


def _span(span: timedelta) -> str:
    """'40 s', '12 min', '3 h', '2 days'."""
    seconds = max(int(span.total_seconds()), 0)
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
