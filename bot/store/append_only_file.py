"""The embedded server's log on disk: is it whole, torn at its end, or damaged within? It is only looked at after a
server refused to load it.

A server that is allowed to mend its log itself (aof-load-truncated) takes a wrong length in the middle for a torn end,
and drops all that follows without a word. So it is not allowed to; what a crash left half written is cut off here.
"""

import mmap
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.ports import Unavailable

ADVICE: Final = (
    "nothing was changed; keep a copy of that folder and restore the store from its backup. Without one, "
    "valkey-check-aof --fix saves what stands before the damage and drops all that follows"
)
_FOLDER: Final = "appendonlydir"
_NEXT_COMMAND: Final = re.compile(rb"\r\n\*\d+\r\n\$")
"""What we store is JSON, which holds no line breaks: this begins a command, and stands in none."""
_LONGEST_NUMBER: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """What was cut off: `size` bytes, kept in `kept`."""

    file: Path
    size: int
    kept: Path


class _AtEnd(Exception):  # noqa: N818 - where the reading stopped
    """The file ends within a command."""


class _Damaged(Exception):  # noqa: N818 - as above
    """Here stands what no command begins with."""


def mend(folder: Path) -> Torn | None:
    """Cuts a torn end off, back to the last whole transaction; None: there is none. Raises Unavailable for damage."""
    file = _newest(folder)
    if file is None or not file.stat().st_size:
        return None
    with file.open("r+b") as opened:
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[:5] == b"REDIS":
                return None  # a snapshot, which has a checksum of its own
            whole = _whole(data, file)
            rest = data[whole:]
        if not rest:
            return None
        kept = folder / f"torn-{time.time_ns()}.aof"
        kept.write_bytes(rest)
        opened.truncate(whole)
    return Torn(file=file, size=len(rest), kept=kept)


def _newest(folder: Path) -> Path | None:
    """The file that the server was writing. Before version 7 there is only one."""
    numbered = [(int(path.name.split(".")[-3]), path) for path in folder.glob(f"{_FOLDER}/*.[0-9]*.incr.aof")]
    if numbered:
        return max(numbered)[1]
    single = folder / "appendonly.aof"
    return single if single.exists() else None


def _whole(data: mmap.mmap, file: Path) -> int:
    """How many bytes hold whole transactions, where only the end is torn. Raises Unavailable where more is damaged."""
    size = len(data)
    while size and data[size - 1] == 0:  # a file system may leave zeros where a power cut met a write
        size -= 1
    whole = at = 0
    within = False
    try:
        while at < size:
            end, name = _command(data, at, size)
            within = name == b"MULTI" or (within and name != b"EXEC")
            at = end
            whole = whole if within else at
    except _AtEnd:
        if _NEXT_COMMAND.search(data[at:size]):
            raise _damaged(file, at, len(data)) from None
    except _Damaged:
        raise _damaged(file, at, len(data)) from None
    return whole


def _command(data: mmap.mmap, at: int, size: int) -> tuple[int, bytes]:
    """(where it ends, its name in capitals; '' for a remark). Raises _AtEnd and _Damaged."""
    if data[at : at + 1] == b"#":
        return _line(data, at, size)[0], b""
    at, count = _number(data, at, size, b"*")
    name = b""
    for place in range(count):
        at, length = _number(data, at, size, b"$")
        end = at + length + 2
        if end > size:
            raise _AtEnd
        if data[end - 2 : end] != b"\r\n":
            raise _Damaged
        name = data[at : end - 2].upper() if place == 0 else name
        at = end
    return at, name


def _number(data: mmap.mmap, at: int, size: int, mark: bytes) -> tuple[int, int]:
    if at >= size:
        raise _AtEnd
    end, line = _line(data, at, size)
    if line[:1] != mark or not line[1:].isdigit() or len(line) > _LONGEST_NUMBER:
        raise _Damaged
    return end, int(line[1:])


def _line(data: mmap.mmap, at: int, size: int) -> tuple[int, bytes]:
    found = data.find(b"\r\n", at, size)
    if found < 0:
        raise _AtEnd
    return found + 2, data[at:found]


def _damaged(file: Path, at: int, size: int) -> Unavailable:
    reason = f"its log {file} is damaged at byte {at:,} of {size:,}; {ADVICE}"
    return Unavailable("the store", reason, retryable=False)
