"""`muster alerts why ID`: what was decided about an alert, and why, from the alert log. It changes nothing."""

import sys
from collections.abc import Iterable
from typing import Final

from bot.checkup.the_record import the_record
from bot.custody.alert_words import decision_line, plain
from bot.incident.alert import AlertDecision
from bot.settings import Settings
from bot.store.redis_alerts import RedisAlerts
from bot.telemetry import configure_logs

MOST_SHOWN: Final = 50
ALL_KEPT: Final = 25_000
"""The log is cut to about 20,000 lines, roughly."""
SHORTEST: Final = 4


async def main(settings: Settings, wanted: str, team: str) -> int:
    """The exit code: 1 where nothing is known of it. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    async with the_record(settings, team) as record:
        alerts = RedisAlerts(record.client, record.keys)
        found = about(await alerts.decisions(ALL_KEPT), wanted)
        waiting = await alerts.count()
    sys.stdout.write(told(found, wanted, waiting))
    return 0 if found else 1


def about(decisions: Iterable[AlertDecision], wanted: str) -> list[AlertDecision]:
    """By the digits that name an alert, four of them or more, or by its name; newest first, as they come."""
    sought = wanted.strip().casefold()
    return [
        each
        for each in decisions
        if each.name.casefold() == sought or (len(sought) >= SHORTEST and each.key.startswith(sought))
    ]


def told(found: list[AlertDecision], wanted: str, waiting: int) -> str:
    """The newest ones, oldest first."""
    undecided = f"{waiting} alerts wait to be decided about.\n" if waiting else ""
    if not found:
        advice = "Write the 12 digits that /incident alerts shows, or the alert's whole name."
        return f"Nothing was decided about “{plain(wanted, 60)}” lately. {advice}\n{undecided}"
    newest = found[0]
    service = f", {plain(newest.service, 60)}" if newest.service else ""
    head = f"{plain(newest.name, 120)} ({plain(newest.source, 60)}{service})"
    lines = [f"{each.at:%Y-%m-%d %H:%M:%S} UTC  {decision_line(each)}" for each in reversed(found[:MOST_SHOWN])]
    rest = len(found) - MOST_SHOWN
    earlier = [f"{rest} earlier ones are not shown."] if rest > 0 else []
    return "\n".join([head, plain(newest.summary, 300), *earlier, *lines, ""]) + undecided
