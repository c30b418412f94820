"""The playbook folder on disk: read at start, read again when it changes. The only file I/O of this package.

A broken folder stops the start; later, a broken change leaves the old one in use. Blocking: call it in a thread.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.incident.maintenance import Planned
from bot.incident.policy import Policy, RoleRule
from bot.incident.terms import Checklist, Role, Severity
from bot.playbook.document import LARGEST_FILE, Playbook, after_first_steps, guide
from bot.playbook.drill import Drill
from bot.playbook.holdings import DRILLS, Holdings, is_drill, is_read, read_drills, read_holdings
from bot.playbook.maintenance_calendar import MaintenanceCalendar
from bot.playbook.matching import best, find, suggestions
from bot.playbook.problems import LibraryProblems, Problem

MOST_FILES: Final = 500
_WORKED_OUT: Final = timedelta(days=16)
"""How far ahead a calendar's windows are known."""

Snapshot = Mapping[str, tuple[int, int]]
"""Modification time in nanoseconds and size, by path inside the folder."""


class Library:
    """What is in use, and where it comes from. Ask anew at each use: a reload replaces everything."""

    def __init__(self, folder: Path, holdings: Holdings, seen: Snapshot) -> None:
        self.folder = folder
        self._holdings = holdings
        self._seen = seen
        self._problems: tuple[Problem, ...] = ()
        self._worked_out: tuple[date, Holdings, tuple[Planned, ...]] | None = None

    @property
    def policy(self) -> Policy:
        return self._holdings.policy

    @property
    def playbooks(self) -> tuple[Playbook, ...]:
        return self._holdings.playbooks

    @property
    def calendar(self) -> MaintenanceCalendar:
        return self._holdings.calendar

    def wishes(self, first: datetime, last: datetime) -> Sequence[Planned]:
        """The maintenance that the files plan and that touches this while. A calendar is worked out once a day."""
        day = first.astimezone(UTC).date()
        if self._worked_out is None or self._worked_out[0] != day or self._worked_out[1] is not self._holdings:
            start = datetime.combine(day, time(), tzinfo=UTC)
            every = (*self._holdings.planned, *self.calendar.between(start, start + _WORKED_OUT))
            self._worked_out = (day, self._holdings, every)
        return [each for each in self._worked_out[2] if each.begins_at <= last and each.ends_at > first]

    @property
    def guides(self) -> Mapping[Role, Playbook]:
        return self._holdings.guides

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What kept the newest files from being used; empty when they are in use."""
        return self._problems

    def titles(self) -> tuple[tuple[str, str, str], ...]:
        """(id, title, summary) of each playbook."""
        return tuple((playbook.id, playbook.title, playbook.summary) for playbook in self.playbooks)

    def named(self, name: str) -> Checklist | None:
        """By id, title or an unmistakable beginning of either; private playbooks too, since somebody asked."""
        found = find(self.playbooks, name)
        return None if found is None else checklist(found, "was asked for by name")

    def near(self, name: str) -> tuple[str, ...]:
        """Titles that may have been meant."""
        return tuple(playbook.title for playbook in suggestions(self.playbooks, name))

    def for_service(self, names: Sequence[str], severity: Severity) -> tuple[str, str] | None:
        """Title and reason of the playbook that fits a service, called by any of its names; never a private one."""
        open_ones = [playbook for playbook in self.playbooks if not playbook.private]
        found = (best(open_ones, severity=severity, title="", service=name) for name in names)
        fitting = next((each for each in found if each is not None), None)
        return None if fitting is None else (fitting[0].title, fitting[1])

    def guide(self, role: Role) -> tuple[RoleRule, str] | None:
        """Purpose and first steps of a role that has a guide, and the rest of the guide as plain text."""
        written = self.guides.get(role)
        return None if written is None else (self.policy.roles[role], after_first_steps(guide(written)))

    def changed(self) -> bool:
        """Whether a file was added, removed or written since the last reading, good or bad. Reads no file."""
        return _look(self.folder) != self._seen

    def reload(self) -> tuple[Problem, ...]:
        """Reads the folder again; with problems, which it returns, all that was in use stays in use."""
        self._seen = _look(self.folder)
        try:
            self._holdings = read_folder(self.folder)
        except LibraryProblems as error:
            self._problems = error.problems
        else:
            self._problems = ()
        return self._problems


def load(folder: Path) -> Library:
    """Raises LibraryProblems."""
    seen = _look(folder)
    return Library(folder, read_folder(folder), seen)


def read_folder(folder: Path) -> Holdings:
    """Raises LibraryProblems, also for a folder or file that cannot be read."""
    if not folder.is_dir():
        raise _refused(folder.resolve().name, "is no folder; set PLAYBOOKS_DIR to the one that holds your playbooks")
    paths = sorted(_look(folder))
    if len(paths) > MOST_FILES:
        raise _refused(folder.resolve().name, f"holds {len(paths)} files, at most {MOST_FILES} are read")
    return _holdings(tuple((path, _read(folder, path)) for path in paths), folder.resolve().name)


@lru_cache(maxsize=4)
def _holdings(files: tuple[tuple[str, str], ...], folder: str) -> Holdings:
    """What reads the same is not parsed again, some 60 ms: files that were only touched, a second bot in here."""
    return read_holdings(dict(files), folder=folder)


def load_drills(folder: Path, playbooks: Iterable[Playbook]) -> tuple[Drill, ...]:
    """The practice scenarios of a playbook folder; none where it has no folder of them. Raises LibraryProblems."""
    texts = {path: _read(folder, path) for path in sorted(stamps_of_drills(folder))[:MOST_FILES]}
    return read_drills(texts, folder=folder.resolve().name, playbooks=playbooks)


def stamps_of_drills(folder: Path) -> Snapshot:
    """By which is told whether one was added, removed or written."""
    return dict(_stamp(folder, path) for path in _files(folder, folder / DRILLS, is_drill))


def checklist(playbook: Playbook, why: str) -> Checklist:
    """What an incident keeps of a playbook. `why` as `best` says it, or 'was asked for by name'."""
    return Checklist(
        playbook=playbook.id,
        title=playbook.title,
        steps=playbook.steps,
        summary=playbook.summary,
        revision=playbook.revision,
        why=why,
    )


def best_checklist(
    library: Library,
    *,
    severity: Severity,
    title: str,
    service: str = "",
    labels: Mapping[str, str] | None = None,
    private: bool = False,
) -> Checklist | None:
    """The playbook to attach by itself. A private playbook is attached so to private incidents only."""
    allowed = [playbook for playbook in library.playbooks if private or not playbook.private]
    found = best(allowed, severity=severity, title=title, service=service, labels=labels)
    return None if found is None else checklist(*found)


def proposes_private(library: Library, *, severity: Severity, title: str, service: str = "") -> Playbook | None:
    """The private playbook that fits best, a reason to ask the reporter whether the incident should be private."""
    found = best(library.playbooks, severity=severity, title=title, service=service)
    return found[0] if found is not None and found[0].private else None


def _look(folder: Path) -> Snapshot:
    return dict(_stamp(folder, path) for path in _paths(folder))


def _paths(folder: Path) -> list[str]:
    return _files(folder, folder, is_read)


def _files(folder: Path, inside: Path, wanted: Callable[[str], bool]) -> list[str]:
    found = (path for path in inside.rglob("*") if path.is_file())
    return [path for path in (file.relative_to(folder).as_posix() for file in found) if wanted(path)]


def _stamp(folder: Path, path: str) -> tuple[str, tuple[int, int]]:
    try:
        stat = (folder / path).stat()
    except OSError:  # removed since it was listed: a change in any case
        return path, (0, -1)
    return path, (stat.st_mtime_ns, stat.st_size)


def _read(folder: Path, path: str) -> str:
    name = f"{folder.resolve().name}/{path}"
    try:
        with (folder / path).open("rb") as file:
            return file.read(LARGEST_FILE + 1).decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= LARGEST_FILE - 3:
            raise _refused(name, f"is larger than {LARGEST_FILE // 1024} KiB; split it") from None
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _refused(name, "is not UTF-8 text; save it as UTF-8", line) from None
    except OSError as error:
        raise _refused(name, f"cannot be read: {error.strerror}") from None


def _refused(file: str, sentence: str, line: int | None = None) -> LibraryProblems:
    return LibraryProblems([Problem(file=file, line=line, field="", sentence=sentence)])
