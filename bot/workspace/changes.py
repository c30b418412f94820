"""What changed in the workspace, told to whoever watches; and one counter that moves with every change."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What one change touched. `messages` and `header` are of `channel`; `sidebar` concerns who sees that channel, or
    everybody where there is none. `only`: the one user whom all of it concerns; `also`: one whose sidebar changed
    though they may not see the channel any more.
    """

    channel: str = ""
    messages: tuple[str, ...] = ()
    header: bool = False
    sidebar: bool = False
    front: bool = False
    journal: bool = False
    drill: bool = False
    people: bool = False
    clock: bool = False
    only: str = ""
    also: str = ""


NOTHING_SHOWN = Touched()
"""A change that no page shows, such as a socket that opened."""

Listener = Callable[[Touched], None]


class Changes:
    """A listener must return at once and keep little: it is called within every change."""

    def __init__(self) -> None:
        self.number = 0
        self._next = asyncio.Event()
        self._listeners: dict[Listener, None] = {}

    def happened(self, what: Touched = NOTHING_SHOWN) -> None:
        self.number += 1
        self._next.set()
        self._next = asyncio.Event()
        for listener in self._listeners:
            listener(what)

    def listen(self, listener: Listener) -> None:
        self._listeners[listener] = None

    def forget(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)

    async def after(self, number: int, seconds: float) -> int:
        """The counter's value: at once if it is past `number`, else at the next change or after these
        real seconds.
        """
        if self.number <= number:
            try:
                async with asyncio.timeout(seconds):
                    await self._next.wait()
            except TimeoutError:
                pass
        return self.number
