"""Python imports this before anything else where its folder is on the path: the process's wall clock can then be set.

Nobody may set a machine's clock for a test. What is shifted here is what every part of the process reads, libraries
included: time.time and datetime.now. The monotonic clock stays as it is, as it does when a machine's clock jumps.
"""

import datetime
import os
import time
from pathlib import Path
from typing import Any

FILE = Path(os.environ["TEST_WALL_CLOCK"])
_true_time = time.time
_true_datetime = datetime.datetime


def _shift() -> float:
    return float(FILE.read_text())


def shifted_time() -> float:
    return _true_time() + _shift()


class _AnyDatetime(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _true_datetime)


class ShiftedDatetime(_true_datetime, metaclass=_AnyDatetime):
    """What was made elsewhere, by a C library say, counts as one, too."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return _true_datetime.fromtimestamp(shifted_time(), tz)

    @classmethod
    def utcnow(cls) -> Any:
        return _true_datetime.fromtimestamp(shifted_time(), datetime.UTC).replace(tzinfo=None)


time.time = shifted_time
datetime.datetime = ShiftedDatetime  # type: ignore[misc]
