"""Alert quality for a terminal and as CSV. Pure. No cell of the CSV is ever a formula, whatever a source wrote."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.custody.alert_words import plain
from bot.custody.followup_csv import safe
from bot.incident.alert_quality import RuleQuality, ToFix, WeekQuality, monday, to_fix, together
from bot.incident.alert_quality_words import WORDS, facts, minutes, summed
from bot.incident.alert_tally import Sounding

COLUMNS: Final = (
    "week of",
    "source",
    "alert",
    "service",
    "policy rule",
    "ignored",
    *WORDS.values(),
    "minutes to command",
)
"""One line a rule and week. `ignored`: what was recorded and what was not taken up; the last column is the median,
empty where nobody took command of what it opened."""


def csv_of(weeks: Iterable[WeekQuality]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in _cells(week, rule)] for week in weeks for rule in together([week]))
    return file.getvalue()


def table_of(weeks: Sequence[WeekQuality]) -> str:
    """What to fix first, and below every rule with what it did. `weeks`: the newest first."""
    since = f"{monday(weeks[-1].week):%Y-%m-%d}"
    rules = together(weeks)
    if not rules:
        return f"No alert has fired since {since}.\n"
    head = f"Since {since} {summed(rules, sum(each.rest for each in weeks))}."
    fixing = [_fix(number, each) for number, each in enumerate(to_fix(rules), start=1)]
    first = ["To fix first:", *fixing] if fixing else ["Nothing is to be fixed."]
    return "\n".join([head, "", *first, "", "All rules:", *_lines(rules), ""])


def _fix(number: int, each: ToFix) -> str:
    advice = "; ".join(flaw.advice for flaw in each.flaws)
    return f"  {number:>2}. {_name(each.rule.sounding)}: {advice}."


def _lines(rules: Iterable[RuleQuality]) -> Iterator[str]:
    for each in rules:
        yield f"  {_name(each.sounding)}: {facts(each)}"


def _name(sounding: Sounding) -> str:
    """HighErrorRate (alertmanager, checkout)"""
    about = ", ".join(plain(each, 60) for each in (sounding.source, sounding.service) if each)
    return f"{plain(sounding.name, 80)} ({about})"


def _cells(week: WeekQuality, rule: RuleQuality) -> Sequence[str]:
    named, took = rule.sounding, rule.to_command
    about = (named.source, named.name, named.service, named.rule)
    counted = (str(rule.count(figure)) for figure in WORDS)
    return (
        monday(week.week).isoformat(),
        *about,
        str(rule.ignored),
        *counted,
        "" if took is None else str(minutes(took)),
    )
