"""Where a dialogue is played: people act, and what they then see is printed. Nothing is printed that was not seen."""

import shutil
import textwrap
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from bot.clock import Clock
from bot.workspace.person import Person
from bot.workspace.seen import SeenMessage
from bot.workspace.server import Workspace

_PATIENCE: Final = 10.0
"""Seconds to wait for something to be seen before the dialogue has failed; a step usually takes a tenth of one."""


class Screen(Protocol):
    def __call__(self, text: str) -> None: ...


class NotSeen(Exception):  # noqa: N818 - what went wrong with the dialogue, as printed
    """Something that the dialogue promised did not happen."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """The workspace, its people, and the clock that the dialogue may move on."""

    workspace: Workspace
    clock: Clock
    show: Screen
    steps: int = 0
    channel: str = ""
    colour: bool = field(default=False)

    def person(self, name: str) -> Person:
        return self.workspace.person(name)

    def scene(self, title: str) -> None:
        self.steps += 1
        self.show("\n" + self._style(f"{self.steps}. {title}", "1"))

    def does(self, name: str, what: str) -> None:
        self.show(self._style(f"   {name.capitalize()}  ", "36") + what)

    def sees(self, text: str) -> None:
        """Prints what Muster said, indented and folded to the terminal."""
        width = max(min(shutil.get_terminal_size().columns, 110) - 8, 40)
        for line in text.strip().splitlines():
            for folded in textwrap.wrap(line, width) or [""]:
                self.show(self._style("      │ ", "2") + folded)

    async def until(self, what: str, check: Callable[[], Awaitable[object]]) -> object:
        """Waits until `check` answers with something true. Raises NotSeen."""
        anybody = self.workspace.person("ada")
        try:
            return await anybody.wait_until(check, timeout=_PATIENCE)
        except TimeoutError as late:
            raise NotSeen(f"{what} was not seen within {_PATIENCE:.0f} s") from late

    async def message(self, name: str, channel: str, *parts: str, thread_ts: str | None = None) -> SeenMessage:
        """The newest message in a channel that holds all of `parts`, as this person sees it. Raises NotSeen."""

        async def newest() -> SeenMessage | None:
            who = self.person(name)
            messages = await (who.thread(channel, thread_ts) if thread_ts else who.messages(channel))
            fitting = [seen for seen in messages if all(part in seen.rendered for part in parts)]
            return fitting[-1] if fitting else None

        found = await self.until(" … ".join(parts), newest)
        assert isinstance(found, SeenMessage)
        return found

    async def move_on(self, by: timedelta) -> None:
        self.clock.move_on(by)
        self.show(
            self._style(f"   … {int(by.total_seconds() // 60)} minutes later (the demo's clock is moved on)", "2")
        )

    def _style(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text
