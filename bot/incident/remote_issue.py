"""An issue as a tracker has it, and as it is given to one. Values of plain text; whoever sends them escapes them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIssue:
    """`lines`: paragraphs. `marker`: one word, never used twice, by which it is found again."""

    title: str
    lines: tuple[str, ...]
    marker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteIssue:
    """`key`: whole, so that it names no other one elsewhere. `done`: as far as it is closed: because it is done.

    `changed_at`: by the tracker's clock; None where it did not say.
    """

    key: str
    url: str
    closed: bool
    changed_at: datetime | None
    done: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePage:
    """`next`: the page that follows; empty: this was the last."""

    issues: tuple[RemoteIssue, ...]
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Whether a tracker can be used, in a sentence, and what to do where it cannot."""

    works: bool
    sentence: str
    advice: str = ""
