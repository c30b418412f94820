"""`muster doctor`: how the store, the work that waits and a running Muster are, and what to do.

With --retry it puts back what was given up, and changes nothing else.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.checkup.dead_letters import check_dead_letters
from bot.checkup.drill_names import with_drills_named
from bot.checkup.examination import judge_audit
from bot.checkup.finding import Finding, Level, bad, exit_code, ok, report
from bot.checkup.head_check import judge_head
from bot.checkup.process_check import check_process
from bot.checkup.slack_check import team_of
from bot.checkup.store_check import judge
from bot.checkup.the_record import Record, the_record
from bot.checkup.waiting_check import judge_server, judge_survey
from bot.clock import Clock
from bot.ports import Unavailable
from bot.settings import Settings
from bot.store.daily_checkpoint import newest_head
from bot.store.identity import StoreIdentity
from bot.store.inspection import inspect_store
from bot.store.redis_outbox import MOST_DEAD_LETTERS, RedisOutbox
from bot.store.survey import server_health, survey
from bot.telemetry import configure_logs, redacted

LETTERS: Final = 8
"""Told with their reasons; the rest is counted."""


async def main(settings: Settings, retry: str, retry_all: bool, team: str) -> int:
    """The exit code: 1 when something must be mended, or could not be revived. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    if retry or retry_all:
        async with the_record(settings, team) as record:
            status, said = await revive(RedisOutbox(record.client, record.keys), retry)
        sys.stdout.write(f"{said}\n")
        return status
    findings = await examine(settings, team)
    sys.stdout.write(report(findings, closing(findings)))
    return exit_code(findings)


async def examine(settings: Settings, team: str = "") -> list[Finding]:
    """The store is looked at even where Slack does not answer: then is when a doctor is asked."""
    found = await check_process(settings)
    told = await team_of(settings)
    if not told:
        found.append(bad("slack", "Slack does not answer, or refuses the token.", "muster check says which."))
    try:
        async with the_record(settings, team or told, ask_slack=False) as record:
            found += await _examine_store(record)
    except Unavailable as failure:
        found.append(bad("store", redacted(f"{failure}."), "See that it runs and that REDIS_URL or DATA_DIR is right."))
    return [*found, *judge_audit(settings)]


async def _examine_store(record: Record) -> list[Finding]:
    client, keys = record.client, record.keys
    facts = [finding for finding in judge(await inspect_store(client, keys)) if finding.level is not Level.OK]
    letters = await check_dead_letters(client, keys.team, LETTERS)
    return [
        await _identity(record),
        *facts,
        *judge_server(await server_health(client)),
        *await with_drills_named(client, keys, judge_survey(await survey(client, keys))),
        *(replace(finding, level=Level.BAD) if finding.level is Level.WARN else finding for finding in letters),
        *([judge_head(await newest_head(client, keys), Clock().now())] if record.seals else []),
    ]


async def _identity(record: Record) -> Finding:
    identity = StoreIdentity(record.client, record.keys)
    if await identity.recognise():
        return ok("store", f"It is {identity.known[:8]}, with the incidents of {record.keys.team}.")
    return ok("store", f"No Muster has begun it for {record.keys.team} yet: it is new, or was just restored.")


async def revive(outbox: RedisOutbox, only: str) -> tuple[int, str]:
    """`only`: the number of one; empty: all. The exit code and what to say. Raises Unavailable."""
    ids = [only] if only else [letter.id for letter in await outbox.dead_letters(MOST_DEAD_LETTERS)]
    revived = [id_ for id_ in reversed(ids) if await outbox.revive(id_)]
    if only and not revived:
        return 1, f"Nothing that was given up has the number {only}; muster doctor lists what there is."
    if not revived:
        return 0, "Nothing was given up, so there is nothing to try again."
    named = revived[0] if only else str(len(revived))
    return 0, f"To be tried again: {named}. Whatever may have reached Slack before is looked for first."


def closing(findings: Sequence[Finding]) -> str:
    broken = sum(finding.level is Level.BAD for finding in findings)
    doubtful = sum(finding.level is Level.WARN for finding in findings)
    if broken:
        return f"{broken} to mend, {doubtful} to look at."
    return f"Nothing to mend; {doubtful} to look at." if doubtful else "All is well."
