"""What is wrong with a file of the playbook folder: where, which field, and one sentence for whoever wrote it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake. `line` counts from 1; None is the file as a whole. `field` may be empty."""

    file: str
    line: int | None
    field: str
    sentence: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.field, self.sentence) if part)


class LibraryProblems(Exception):  # noqa: N818 - it is a list of findings, named after what it holds
    """The files cannot be used as they are. `problems` is never empty."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Findings:
    """Collects the problems of one file, so that its author sees all of them at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, sentence: str, *, line: int | None = None, field: str = "") -> None:
        self.problems.append(Problem(file=self.file, line=line, field=field, sentence=sentence))

    def stop_if_any(self) -> None:
        """Raises LibraryProblems when something was found."""
        if self.problems:
            raise self.as_error()

    def as_error(self) -> LibraryProblems:
        return LibraryProblems(self.problems)


def did_you_mean(word: str, known: Collection[str]) -> str:
    """'; did you mean `severities`?' or nothing."""
    close = get_close_matches(word[:100].casefold(), sorted(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
