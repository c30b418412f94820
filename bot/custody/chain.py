"""Is a log what was written? Its entries without a gap, its seals, and what earlier checkpoints saw of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.incident.terms import IncidentId, Version
from bot.store.ledger import StoredEntry
from bot.store.seal import UNSEALED, Seals, Verdict

_NOTHING: Final = Version(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`incident` None: it concerns the checkpoints or the store as a whole."""

    incident: IncidentId | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a checkpoint saw at the end of a log, and when."""

    seal: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class LogAudit:
    """One log, fed entry by entry. `seals` None: no key is known, so only gaps are found.

    `must_be_sealed`: an incident declared before this one was sealed from its first entry, so this one was, too.
    """

    incident: IncidentId
    seals: Seals | None
    seen: Mapping[Version, Seen] = field(default_factory=dict)
    must_be_sealed: bool = False
    problems: list[Problem] = field(default_factory=list)
    last: Version = _NOTHING
    sealed: int = 0
    sealed_from_the_start: bool = False
    _before: str | None = UNSEALED
    """The seal that the next entry is chained to; None: its entry is missing, so nobody can say."""

    def take(self, entry: StoredEntry) -> None:
        if entry.version <= self.last:
            self._tell(f"an entry stands after entry {self.last} that Muster did not write.")
            return
        if entry.version != self.last + 1:
            self._tell(f"{_entries(self.last + 1, entry.version - 1)} missing in the middle.")
            self._before = None
        self._look_at_seal(entry)
        self._compare(entry)
        self._before = entry.seal
        self.last = entry.version

    def end(self) -> Sequence[Problem]:
        if self.last == 0:
            self._tell("its whole log is missing.")
            return self.problems
        cut = [(version, seen) for version, seen in self.seen.items() if version > self.last]
        if cut:
            version, seen = max(cut)
            told = f"on {_day(seen.at)} it had {version} entries, now it ends with entry {self.last}"
            self._tell(f"the end of its log was cut off: {told}.")
        return self.problems

    def _look_at_seal(self, entry: StoredEntry) -> None:
        if entry.seal == UNSEALED:
            if self.sealed or (self.must_be_sealed and entry.version == 1):
                self._tell(f"entry {entry.version} is unsealed, although Muster sealed before it.")
            return
        self.sealed += 1
        self.sealed_from_the_start |= entry.version == 1
        if self.seals is None or self._before is None:
            return
        content = (self.incident, entry.version, entry.stored, entry.data)
        match self.seals.verify(entry.seal, *content, before=self._before):
            case Verdict.CHANGED:
                self._tell(f"entry {entry.version} was changed, or is not the one that was written there.")
            case Verdict.UNKNOWN_KEY:
                self._tell(f"entry {entry.version} is sealed with a key that is not set ({_key(entry.seal)}).")

    def _compare(self, entry: StoredEntry) -> None:
        seen = self.seen.get(entry.version)
        if seen and seen.seal != entry.seal:
            self._tell(f"entry {entry.version} is not the one that stood there on {_day(seen.at)}.")

    def _tell(self, what: str) -> None:
        self.problems.append(Problem(incident=self.incident, sentence=f"{what[0].upper()}{what[1:]}"))


def _entries(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def _key(seal: str) -> str:
    return f"its name is {seal.partition('.')[0][:8]}"


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
