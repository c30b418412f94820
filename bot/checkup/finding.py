"""What a check found, as a value, and how the findings read in a terminal without colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    BAD = "BAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`sentence` says what is so; `advice` what to do about it, empty when there is nothing to do."""

    part: str
    level: Level
    sentence: str
    advice: str = ""


def ok(part: str, sentence: str, advice: str = "") -> Finding:
    return Finding(part=part, level=Level.OK, sentence=sentence, advice=advice)


def warn(part: str, sentence: str, advice: str) -> Finding:
    return Finding(part=part, level=Level.WARN, sentence=sentence, advice=advice)


def bad(part: str, sentence: str, advice: str) -> Finding:
    return Finding(part=part, level=Level.BAD, sentence=sentence, advice=advice)


def counted(number: int, one: str, many: str = "") -> str:
    """'1 incident', '2 incidents'; `many` where the plural has no plain s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def report(findings: Sequence[Finding], closing: str = "") -> str:
    """One line a finding, its advice beneath, and at the end `closing`, else the sum of a check."""
    width = max((len(finding.part) for finding in findings), default=0)
    lines = [line for finding in findings for line in _lines(finding, width)]
    return "\n".join([*lines, "", closing or _sum(findings), ""])


def _lines(finding: Finding, width: int) -> list[str]:
    first = f"{finding.level:<4}  {finding.part:<{width}}  {finding.sentence}"
    return [first, f"{'':<{width + 8}}-> {finding.advice}"] if finding.advice else [first]


def _sum(findings: Sequence[Finding]) -> str:
    broken = sum(finding.level is Level.BAD for finding in findings)
    doubtful = sum(finding.level is Level.WARN for finding in findings)
    if broken:
        return f"{broken} to mend before Muster can run as it should, {doubtful} to look at."
    return f"Muster can run; {doubtful} to look at." if doubtful else "All is well: muster run"


def exit_code(findings: Sequence[Finding]) -> int:
    return int(any(finding.level is Level.BAD for finding in findings))
