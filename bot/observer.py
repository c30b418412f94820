"""Who counts what became of commands and appends."""

from datetime import timedelta
from typing import Protocol


class Observer(Protocol):
    """Counts what became of commands; outcomes are a small set of words. `drill`: it is counted apart."""

    def command_handled(self, command: object, outcome: str, took: timedelta, *, drill: bool) -> None: ...

    def appended(self, outcome: str, took: timedelta) -> None: ...


class Unobserved:
    def command_handled(self, command: object, outcome: str, took: timedelta, *, drill: bool) -> None:
        """Nobody counts."""

    def appended(self, outcome: str, took: timedelta) -> None:
        """Nobody counts."""
