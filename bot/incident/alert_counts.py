"""Many alerts in few words: how often each name occurs. Names are foreign text, escaped where they are shown."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from bot.incident.alert import AlertState, AttachedAlert, Reason

MOST_NAMES: Final = 4


def named(alerts: Iterable[AttachedAlert], state: AlertState, most: int = MOST_NAMES) -> str:
    return counted((each.name for each in alerts if each.state is state), most)


def counted(names: Iterable[str], most: int = MOST_NAMES) -> str:
    """HighErrorRate ×8, PodCrash ×4 and 3 more; empty where there is none."""
    often = Counter(names)
    told = [name if count == 1 else f"{name} ×{count}" for name, count in often.most_common(most)]
    rest = len(often) - most
    words = ", ".join(told)
    return f"{words} and {rest} more" if rest > 0 else words


def worth_telling(alerts: Iterable[AttachedAlert]) -> tuple[AttachedAlert, ...]:
    """Without what only flaps."""
    return tuple(each for each in alerts if each.reason is not Reason.DAMPED_FLAPPING)
