"""Decisions about alerts as lines for a terminal. What a source wrote is foreign there, too: no control signs."""

from bot.incident.alert import AlertDecision
from bot.incident.terms import reference

_WIDTH = 24


def decision_line(decision: AlertDecision) -> str:
    """3f2a90b1c5d7  HighErrorRate  firing    ATTACHED_SAME_GROUP       INC-42: the same group"""
    where = f"{reference(decision.incident)}: " if decision.incident else ""
    name = plain(decision.name, 40)
    return (
        f"{decision.key}  {name}  {decision.state:<8}  {decision.reason:<{_WIDTH}}  {where}{plain(decision.why, 120)}"
    )


def plain(text: str, most: int) -> str:
    """One line of signs that can be seen, as long as may be."""
    seen = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return seen if len(seen) <= most else seen[: most - 1] + "…"
