"""What people would call an incident that an alert opens: the alert's own sentence, else its name made readable."""

import re
from typing import Final

from bot.incident.alert import Alert
from bot.incident.declaring import is_readable, one_line_title

LONGEST_TITLE: Final = 150

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.:-]+")


def title_of(alert: Alert, service: str, given: str = "") -> str:
    """`given`: the rule's own title. Never empty and never longer than a title may be."""
    title = _short(given) or _short(alert.summary) or _short(readable(alert.name))
    if not is_readable(title):
        return f"Alert from {alert.source}"
    if service and service.casefold() not in title.casefold():
        title = f"{title} ({service})"
    return title[:LONGEST_TITLE]


def readable(name: str) -> str:
    """HighErrorRate -> High error rate; a name of several words stays as it is."""
    if not _IDENTIFIER.fullmatch(name):
        return name
    words = re.split(r"[_.:\s-]+", _CAMEL.sub(" ", name))
    split = " ".join(words).split()
    first, *rest = split or [""]
    return " ".join([first[:1].upper() + first[1:], *(word if word.isupper() else word.lower() for word in rest)])


def _short(text: str) -> str:
    """Without a full stop at the end, which titles do not have; cut at a word."""
    title = one_line_title(text).rstrip(".")
    if len(title) <= LONGEST_TITLE - 30:
        return title
    return title[: LONGEST_TITLE - 30].rpartition(" ")[0] + " …"
