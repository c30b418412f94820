"""Faults that a test asks for: slow, lost or broken answers of the Web API, late or repeated deliveries."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ApiFault(StrEnum):
    HOLD = "hold"
    LOSE_REPLY = "lose_reply"
    INTERNAL_ERROR = "internal_error"
    BAD_GATEWAY = "bad_gateway"
    HTML_BODY = "html_body"
    EMPTY_BODY = "empty_body"
    RATELIMITED = "ratelimited"
    REFUSE = "refuse"


class DeliveryFault(StrEnum):
    DELAY = "delay"
    REPEAT = "repeat"


@dataclass(slots=True, kw_only=True)
class Fault:
    """`count` None = until cleared. `seconds` are real ones for HOLD and DELAY, Retry-After for
    RATELIMITED. `where`: only calls whose arguments hold these texts, by the argument's name. `chance`: the share
    of these that it strikes, drawn from `dice`.
    """

    kind: ApiFault | DeliveryFault
    method: str = "*"
    count: int | None = None
    seconds: float = 0.0
    times: int = 1
    error: str = "fatal_error"
    after: bool = False  # the fault strikes once the call has had its effect
    where: Mapping[str, str] = field(default_factory=dict)
    chance: float = 1.0
    dice: random.Random = field(default_factory=random.Random)

    def is_meant(self, method: str, args: Mapping[str, Any]) -> bool:
        if self.method not in {"*", method}:
            return False
        return all(text in str(args.get(name, "")) for name, text in self.where.items())

    def use(self) -> bool:
        """Whether it strikes; each use counts."""
        if self.chance < 1 and self.dice.random() >= self.chance:
            return False
        if self.count is None:
            return True
        self.count -= 1
        return self.count >= 0


class Faults:
    def __init__(self) -> None:
        self._api: list[Fault] = []
        self._delivery: list[Fault] = []

    def add(self, fault: Fault) -> None:
        (self._api if isinstance(fault.kind, ApiFault) else self._delivery).append(fault)

    def clear(self) -> None:
        self._api.clear()
        self._delivery.clear()

    def of_call(self, method: str, args: Mapping[str, Any]) -> list[Fault]:
        """The faults that strike this call: every hold, and at most one other."""
        meant = [fault for fault in self._api if fault.is_meant(method, args)]
        holds = [fault for fault in meant if fault.kind is ApiFault.HOLD and fault.use()]
        others = (fault for fault in meant if fault.kind is not ApiFault.HOLD)
        return holds + [fault for fault in [next((each for each in others if each.use()), None)] if fault]

    def of_delivery(self) -> list[Fault]:
        return [fault for fault in self._delivery if fault.use()]
