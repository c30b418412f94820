"""The file of a backup: JSON lines, a header first and a digest of all before it last. Written whole or not at all.

    {"muster_backup": 1, "team": "T0123", "made_at": "…", "muster": "0.1.0", "incidents": 12, "entries": 340,
     "last": 12, "skipped": []}
    {"incident": 1, "version": 1, "type": "IncidentDeclared", "data": "{…}", "seal": "…"}     one a log entry
    {"checkpoint": 1, "data": "{…}", "seal": "…"}                                             one a checkpoint
    {"lines": 343, "sha256": "…"}                                                             of all lines before it

What stands in it is what stood in the store, byte by byte, so that seals hold. Later versions of Muster read it.
"""

import errno
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from bot.incident.terms import IncidentId, Version
from bot.ports import Unavailable
from bot.store.ledger import StoredEntry

FORMAT: Final = 1
WHAT: Final = "the backup"

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`muster`: the version that wrote it. `incidents`, `entries`: how many it was to hold.

    `last`: the number that was given last; `skipped`: numbers up to it that no incident has.
    """

    team: str
    made_at: datetime
    muster: str
    incidents: int
    entries: int
    last: int
    skipped: Sequence[range] = ()


class BackupWriter:
    """`with BackupWriter(path) as file:`, then `finish`. Without it, or after a failure, nothing is left behind.

    An existing file is never overwritten. Raises Unavailable.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        self._digest = hashlib.sha256()
        self._lines = 0

    def __enter__(self) -> Self:
        if self._path.exists():
            raise Unavailable(WHAT, f"{self._path} exists already; choose another name", retryable=False)
        try:
            descriptor = os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise self._failed(error) from error
        self._file = os.fdopen(descriptor, "wb")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # told by whoever wrote; the file goes anyway
            self._file.close()
        self._unfinished.unlink(missing_ok=True)

    def header(self, header: Header) -> None:
        self._write(
            {
                "muster_backup": FORMAT,
                "team": header.team,
                "made_at": header.made_at.isoformat(),
                "muster": header.muster,
                "incidents": header.incidents,
                "entries": header.entries,
                "last": header.last,
                "skipped": [[gap[0], gap[-1]] for gap in header.skipped],
            }
        )

    def entry(self, incident: IncidentId, entry: StoredEntry) -> None:
        place = {"incident": incident, "version": entry.version}
        self._write({**place, "type": entry.stored, "data": entry.data, "seal": entry.seal})

    def checkpoint(self, number: int, data: str, seal: str) -> None:
        self._write({"checkpoint": number, "data": data, "seal": seal})

    def finish(self) -> str:
        """Puts the file in its place, on disk, and answers its digest."""
        digest = self._digest.hexdigest()
        self._write({"lines": self._lines, "sha256": digest})
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._take_name()
            _sync_folder(self._path.absolute().parent)
        except OSError as error:
            raise self._failed(error) from error
        return digest

    def _take_name(self) -> None:
        """By a link, which unlike a renaming refuses a name that was taken meanwhile; not every disk knows links."""
        try:
            os.link(self._unfinished, self._path)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS}:
                raise
            self._unfinished.rename(self._path)

    def _write(self, fields: Fields) -> None:
        line = f"{json.dumps(fields, ensure_ascii=False)}\n".encode()
        self._digest.update(line)
        self._lines += 1
        try:
            self._file.write(line)
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> Unavailable:
        return Unavailable(WHAT, f"{self._path} cannot be written ({error.strerror})", retryable=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFile:
    """A backup whose digest was verified; it is read from disk anew each time, one incident in memory at once."""

    path: Path
    header: Header
    digest: str

    def logs(self) -> Iterator[tuple[IncidentId, list[StoredEntry]]]:
        """Every log, by number. Raises Unavailable for a line that no Muster wrote."""
        entries = (fields for fields in self._fields() if "incident" in fields)
        for incident, group in groupby(entries, key=lambda fields: fields["incident"]):
            yield IncidentId(int(incident)), [_entry(fields) for fields in group]

    def checkpoints(self) -> Iterator[tuple[int, str, str]]:
        """(number, data, seal) of each."""
        for fields in self._fields():
            if "checkpoint" in fields:
                yield int(fields["checkpoint"]), str(fields["data"]), str(fields["seal"])

    def _fields(self) -> Iterator[Fields]:
        with self.path.open("rb") as file:
            for line in file:
                yield json.loads(line)


def open_backup(path: Path) -> BackupFile:
    """Reads all of it once. Raises Unavailable for what is no backup, is cut short or was changed."""
    try:
        return _verified(path)
    except OSError as error:
        raise Unavailable(WHAT, f"{path} cannot be read ({error.strerror})", retryable=False) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _unusable(path, "it is no backup of Muster") from error


def _verified(path: Path) -> BackupFile:
    digest, before, last, count = hashlib.sha256(), b"", b"", 0
    with path.open("rb") as file:
        header = _header(path, json.loads(file.readline()))
        file.seek(0)
        for line in file:
            digest.update(before)
            before, last, count = line, line, count + 1
    end = _end(last)
    if end is None:
        raise _unusable(path, "its end is missing")
    if end != {"lines": count - 1, "sha256": digest.hexdigest()}:
        raise _unusable(path, "it was changed or damaged since it was written")
    return BackupFile(path=path, header=header, digest=digest.hexdigest())


def _end(line: bytes) -> Fields | None:
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) and set(fields) == {"lines", "sha256"} else None


def _header(path: Path, fields: Any) -> Header:
    if fields["muster_backup"] != FORMAT:
        raise _unusable(path, f"a newer Muster ({fields.get('muster')}) wrote it; restore with that one")
    return Header(
        team=str(fields["team"]),
        made_at=datetime.fromisoformat(fields["made_at"]),
        muster=str(fields["muster"]),
        incidents=int(fields["incidents"]),
        entries=int(fields["entries"]),
        last=int(fields["last"]),
        skipped=[range(int(first), int(last) + 1) for first, last in fields["skipped"]],
    )


def _entry(fields: Fields) -> StoredEntry:
    return StoredEntry(
        version=Version(int(fields["version"])),
        stored=str(fields["type"]),
        data=str(fields["data"]),
        seal=str(fields["seal"]),
    )


def _unusable(path: Path, why: str) -> Unavailable:
    return Unavailable(WHAT, f"{path} cannot be used: {why}", retryable=False)


def _sync_folder(folder: Path) -> None:
    """So that the file's name, too, survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
