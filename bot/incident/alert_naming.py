"""What people would call an incident that an alert opens: the alert's own sentence without the noise of its source,
else its name made readable.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.incident.alert import Alert
from bot.incident.alert_policy import BUDGET_REMAINING, BURN_RATE, number_of
from bot.incident.alert_wording import without_noise
from bot.incident.catalogue import spoken
from bot.incident.declaring import is_readable, one_line_title

LONGEST_TITLE: Final = 150
_LONGEST_SENTENCE: Final = 100
"""What is longer is cut to its first sentence, which says what is wrong; the others say what to do."""
_MEASURED: Final = re.compile(r"\w+[._]\w+[._]\w+|\b(?:was|is) [<>]")
"""Names of metrics and thresholds: how a machine says it."""
_SENTENCE: Final = re.compile(r".{15,}?[.!?](?=\s)")


def title_of(alert: Alert, service: str, given: str = "") -> str:
    """`given`: the rule's own title. Never empty and never longer than a title may be."""
    title = next(filter(is_readable, _candidates(alert, service, given)), f"Alert from {alert.source}")
    if service and f" {spoken(service)} " not in f" {_words(title)} ":
        title = f"{title} ({_cut(service, LONGEST_TITLE // 3)})"
    return _cut(title, LONGEST_TITLE)


def burning(alert: Alert, service: str = "") -> str:
    """The error budget of checkout burns 14 times too fast; empty where the alert says nothing of the kind."""
    of = f" of {service}" if service else ""
    left, rate = number_of(alert, BUDGET_REMAINING), number_of(alert, BURN_RATE)
    if left is not None and left <= 0:
        return f"The error budget{of} is exhausted"
    if rate is not None and rate > 1:
        return f"The error budget{of} burns {_rounded(rate)} times too fast"
    return ""


def _rounded(number: float) -> str:
    """Nobody acts otherwise on 14.4 than on 14."""
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")


def _candidates(alert: Alert, service: str, given: str) -> Iterator[str]:
    """The best first. A name of several words was written for people, and goes before a summary that was not."""
    yield _short(one_line_title(given))
    summary, name = without_noise(alert.summary), without_noise(alert.name)
    if " " in alert.name and _MEASURED.search(summary):
        yield _short(name)
    yield _short(summary)
    yield _short(burning(alert, service))
    yield _short(name)


def _short(text: str) -> str:
    """Without a full stop at the end, which titles do not have; cut after its first sentence, or at a word."""
    title = one_line_title(text)
    if len(title) > _LONGEST_SENTENCE and (sentence := _SENTENCE.match(title)):
        title = sentence[0]
    return _cut(title.rstrip("."), LONGEST_TITLE - 30)


def _cut(title: str, most: int) -> str:
    """At a word; a word that fills it all is cut and not lost."""
    if len(title) <= most:
        return title
    whole = title[: most - 2].rpartition(" ")[0]
    return f"{whole or title[: most - 2]} …"


def _words(title: str) -> str:
    return spoken(re.sub(r"[^\w\s-]", " ", title))
