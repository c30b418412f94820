"""Figures of alert quality in few words, the same in Slack and on a terminal; no foreign text is in them. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.incident.alert_quality import RuleQuality, in_all
from bot.incident.alert_tally import Figure

_SAID: Final = (
    ("opened", Figure.OPENED),
    ("joined", Figure.JOINED),
    ("recorded", Figure.RECORDED),
    ("proposed", Figure.PROPOSED),
    ("not taken up", Figure.TURNED_DOWN),
    ("froze deploys", Figure.FROZE),
    ("in maintenance", Figure.SUPPRESSED),
    ("answered before", Figure.ANSWERED),
    ("cancelled", Figure.CANCELLED),
    ("flapped", Figure.FLAPPED),
    ("without runbook", Figure.UNGUIDED),
)


def facts(rule: RuleQuality) -> str:
    """fired 41, opened 2, joined 5, flapped 12, 18 min to command; what never happened is left out."""
    counted = [f"{words} {count}" for words, figure in _SAID if (count := rule.count(figure))]
    took = [f"{minutes(rule.to_command)} min to command"] if rule.to_command is not None else []
    return ", ".join([f"fired {rule.fired}", *counted, *took])


def minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def summed(rules: Sequence[RuleQuality], rest: int = 0) -> str:
    """12 rules fired 312 times and opened 4 incidents"""
    fired, opened = in_all(rules, Figure.FIRED), in_all(rules, Figure.OPENED)
    others = f", others {many(rest, 'time')}" if rest else ""
    return f"{many(len(rules), 'rule')} fired {many(fired, 'time')}{others} and opened {many(opened, 'incident')}"


def compared(before: Sequence[RuleQuality]) -> str:
    """the week before: 280 times, 6 incidents"""
    fired, opened = in_all(before, Figure.FIRED), in_all(before, Figure.OPENED)
    return f"the week before: {many(fired, 'time')}, {many(opened, 'incident')}"


def many(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"
