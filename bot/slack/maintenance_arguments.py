"""`/incident maintenance …` -> what is asked for. Pure. Raises Rejected with a sentence that says how to write it."""

import re
from typing import Final

from bot.incident.terms import Rejected
from bot.slack import moments
from bot.slack.asked import Asked, EndMaintenance, Look, Page, PlanMaintenance
from bot.slack.asking import Asking
from bot.slack.incoming_text import unquoted
from bot.slack.mrkdwn import plain

_WHEN: Final = rf"(?:(?:{moments.DAY})\s+(?:at\s+)?)?(?:{moments.TIME})(?:\s+(?:{moments.DAY})\b)?"
_PLANNED: Final = re.compile(
    rf"(?P<services>\S.*?)\s+(?:(?:at|from)\s+(?P<when>{_WHEN})\s+)?(?:for\s+)?(?P<length>{moments.SPAN_WITH_UNIT})\b"
    r"\s*[:,–-]?\s*(?P<why>.*)",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_END: Final = re.compile(r"(?:end|stop|over|cancel)\s+(?P<which>\S.*)", re.IGNORECASE | re.DOTALL)
_HOW: Final = "as in “maintenance checkout 2h new disks” or “maintenance checkout, search at 22:00 2h new disks”"


def maintenance(rest: str, asking: Asking) -> Asked:
    words = unquoted(plain(rest).strip())
    if words.casefold() in {"", "list", "all"}:
        return Look(page=Page.MAINTENANCE)
    if found := _END.fullmatch(words):
        return EndMaintenance(which=found["which"].strip())
    if words.casefold() in {"end", "stop"}:
        raise Rejected("Say which one, as in “maintenance end M3”.", verb="maintenance")
    planned = _PLANNED.fullmatch(words)
    if planned is None:
        raise Rejected(f"Say for which service, for how long and why, {_HOW}.", verb="maintenance")
    when = planned["when"]
    return PlanMaintenance(
        services=tuple(each.strip() for each in planned["services"].split(",") if each.strip()),
        begins_at=moments.coming(when, at=asking.at, time_zone=asking.by.time_zone) if when else None,
        length=moments.span(planned["length"]),
        why=planned["why"].strip(),
    )
