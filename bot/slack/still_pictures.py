"""Pictures as PNG, which Slack shows: drawn by a program of their own (pixels.py), bounded in size and time.

It changes nothing of the picture. Where there can be none, it says why, and the SVG is what there is.
"""

import asyncio
import os
import sys
from datetime import timedelta
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import structlog

PROGRAM: Final = Path(__file__).with_name("pixels.py")
DRAWN_WITHIN: Final = timedelta(seconds=4)
"""A picture takes about 0.2 s, half of it for reading the fonts; an effect has 16 s for all of its work."""
LARGEST_DRAWING: Final = 512 * 1024
"""Characters; marks that stand near are one, so that a year with thousands of entries has about twelve thousand."""
LARGEST_PICTURE: Final = 8 * 1024 * 1024
_NO_LETTERS: Final = 3
"""As pixels.py ends; it is not imported, since its library may be missing."""
_LEFT_TO_IT: Final = frozenset({"HOME", "LANG", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV"})
"""Of our environment: it needs none of our secrets. Fonts may be named in FONTCONFIG_ and XDG_ variables."""

_log = structlog.get_logger(__name__)


class Lack(StrEnum):
    """Why there is no PNG."""

    NO_LIBRARY = "resvg-py is not installed"
    NO_FONT = "this machine has no font for its words"
    TOO_LARGE = "it is too large to be drawn"
    TOO_SLOW = "it took too long to draw"
    FAILED = "it could not be drawn"


class NoPixels(Exception):  # noqa: N818 - an answer, and no error: the SVG is there
    def __init__(self, lack: Lack) -> None:
        super().__init__(lack)
        self.lack = lack


class StillPictures:
    """One is drawn at a time: this is no work that anybody waits for."""

    def __init__(self, program: Path = PROGRAM, *, library: str = "resvg_py", within: timedelta = DRAWN_WITHIN) -> None:
        self._program = program
        self._library = library
        self._within = within
        self._turn = asyncio.Lock()

    async def png(self, drawing: str) -> bytes:
        """Raises NoPixels."""
        if find_spec(self._library) is None:
            raise NoPixels(Lack.NO_LIBRARY)
        if len(drawing) > LARGEST_DRAWING:
            raise NoPixels(Lack.TOO_LARGE)
        async with self._turn:
            return await self._drawn(drawing.encode())

    async def _drawn(self, drawing: bytes) -> bytes:
        process = await self._started()
        try:
            async with asyncio.timeout(self._within.total_seconds()):
                picture, _ = await process.communicate(drawing)
        except TimeoutError:
            raise NoPixels(Lack.TOO_SLOW) from None
        finally:
            await _ended(process)
        return _judged(process.returncode, picture)

    async def _started(self) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", str(self._program)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError as error:
            _log.warning("picture_not_begun", reason=error.strerror)
            raise NoPixels(Lack.FAILED) from None


def _judged(status: int | None, picture: bytes) -> bytes:
    if status == _NO_LETTERS:
        raise NoPixels(Lack.NO_FONT)
    if status != 0 or not picture or len(picture) > LARGEST_PICTURE:
        _log.warning("picture_not_drawn", status=status, size=len(picture))
        raise NoPixels(Lack.FAILED)
    return picture


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Whatever became of it, it does not go on by itself."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _LEFT_TO_IT or name.startswith(("FONTCONFIG_", "XDG_"))
    }
