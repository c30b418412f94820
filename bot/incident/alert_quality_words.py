"""Figures of alert quality in few words, the same in Slack and on a terminal; no foreign text is in them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot.incident.alert_quality import RuleQuality, in_all
from bot.incident.alert_tally import Figure

WORDS: Final[Mapping[Figure, str]] = {
    Figure.FIRED: "fired",
    Figure.OPENED: "opened",
    Figure.JOINED: "joined",
    Figure.RECORDED: "recorded",
    Figure.PROPOSED: "proposed",
    Figure.TURNED_DOWN: "not taken up",
    Figure.FROZE: "froze deploys",
    Figure.SUPPRESSED: "in maintenance",
    Figure.ANSWERED: "answered before",
    Figure.CANCELLED: "cancelled",
    Figure.FLAPPED: "flapped",
    Figure.UNGUIDED: "without runbook",
    Figure.COMMANDED: "commanded",
}
"""In the order in which they are told."""
_IGNORED: Final = (Figure.RECORDED, Figure.TURNED_DOWN)
_TOLD_OTHERWISE: Final = frozenset({Figure.FIRED, Figure.COMMANDED, *_IGNORED})


def facts(rule: RuleQuality) -> str:
    """fired 41, opened 2, joined 5, flapped 12, 18 min to command; what never happened is left out."""
    others = [figure for figure in WORDS if figure not in _TOLD_OTHERWISE and rule.count(figure)]
    counted = [f"{WORDS[figure]} {rule.count(figure)}" for figure in others]
    took = [f"{minutes(rule.to_command)} min to command"] if rule.to_command is not None else []
    return ", ".join([f"fired {rule.fired}", *_ignored(rule), *counted, *took])


def _ignored(rule: RuleQuality) -> list[str]:
    """ignored 12 (9 recorded, 3 not taken up)"""
    kinds = [f"{rule.count(figure)} {WORDS[figure]}" for figure in _IGNORED if rule.count(figure)]
    return [f"ignored {rule.ignored} ({', '.join(kinds)})"] if kinds else []


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
