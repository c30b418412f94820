"""Spans of time as people write them: `30m`, `1h30m`, `5 min`, `2 hours`. Minutes are the smallest unit."""

import re
from datetime import timedelta
from typing import Final

LONGEST: Final = timedelta(days=7)

_DURATION = re.compile(
    r"(?:(?P<hours>\d{1,4})\s*(?:h|hr|hrs|hour|hours))?\s*(?:(?P<minutes>\d{1,5})\s*(?:m|min|mins|minute|minutes))?",
    re.ASCII | re.IGNORECASE,
)


def duration(text: str) -> timedelta | None:
    """The span, or None where the text is none or is not within a minute and a week."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    span = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    return span if timedelta(0) < span <= LONGEST else None
