"""One counter that moves whenever anything in the workspace changes, and a way to wait for it without
polling.
"""

import asyncio


class Changes:
    def __init__(self) -> None:
        self.number = 0
        self._next = asyncio.Event()

    def happened(self) -> None:
        self.number += 1
        self._next.set()
        self._next = asyncio.Event()

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
