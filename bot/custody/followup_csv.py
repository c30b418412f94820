"""Follow-ups as CSV for spreadsheets, and back. Pure. No cell of it is ever a formula, whatever people wrote in it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from bot.incident.followup import Degree, Followup, FollowupClass, FollowupContent, FollowupState, followup_reference
from bot.incident.state import Incident
from bot.incident.terms import UserId

COLUMNS: Final = (
    "follow-up",
    "what",
    "class",
    "owner",
    "product sponsor",
    "reliability sponsor",
    "deadline",
    "how we shall know",
    "impact",
    "effort",
    "state",
    "note",
    "waits for",
)
"""Those that are read back; people by their Slack ids. An incident alone ('INC-42') stands for a new follow-up."""
_CAME_LATER: Final = frozenset({"waits for"})
"""What a file of an older version does not have; empty there."""
FOR_READING: Final = ("incident", "added on", "owner's name")

_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""Signs with which a spreadsheet takes a cell for a formula (OWASP, CSV injection), the full-width ones too."""
_MARK: Final = "'"
"""Before such a cell: a spreadsheet then shows it as text."""

Words = TypeVar("Words", bound=StrEnum)


class Mistake(ValueError):  # noqa: N818 - what is wrong with somebody's file
    """One line of the file cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line as it is meant. `number` None: a new follow-up. `line` counts from 1, the heading included."""

    line: int
    incident: int
    number: int | None
    content: FollowupContent
    state: FollowupState
    note: str
    waits_for: UserId | None = None

    @property
    def people(self) -> frozenset[UserId]:
        return self.content.people | ({self.waits_for} if self.waits_for else set())


def safe(cell: str) -> str:
    """The text so that no spreadsheet computes it. `unsafe` gives it back."""
    return _MARK + cell if cell.startswith(_MARK) or cell.lstrip(" ")[:1] in _FORMULA else cell


def unsafe(cell: str) -> str:
    rest = cell.removeprefix(_MARK)
    return rest if rest != cell and safe(rest) == cell else cell


def csv_of(incidents: Iterable[Incident], names: Mapping[UserId, str]) -> str:
    """Every follow-up of these, in their order."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *FOR_READING))
    for incident in incidents:
        writer.writerows([safe(cell) for cell in _cells(incident, item, names)] for item in incident.followups.values())
    return file.getvalue()


def _cells(incident: Incident, item: Followup, names: Mapping[UserId, str]) -> Sequence[str]:
    content = item.content
    return (
        followup_reference(incident.id, item.number),
        content.what,
        content.kind or "",
        content.owner or "",
        content.product_sponsor or "",
        content.reliability_sponsor or "",
        content.due_on.isoformat() if content.due_on else "",
        content.metric,
        content.impact or "",
        content.effort or "",
        item.state,
        item.note,
        item.waits_for or "",
        incident.title,
        item.added_at.date().isoformat(),
        names.get(content.owner, "") if content.owner else "",
    )


def rows_of(text: str) -> Iterator[Row | Mistake]:
    """Each line that is not empty; columns in any order, and others than COLUMNS are left alone."""
    lines = text.removeprefix("\ufeff")
    heading = lines.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in {*names, *_CAME_LATER}]
        if missing:
            yield Mistake(f"line 1: there is no column {missing[0]!r}; begin with what the export wrote")
            return
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(reader.line_num, dict(zip(names, cells, strict=False)))
    except csv.Error as error:
        yield Mistake(f"line {reader.line_num}: it is no CSV: {error}")


def _row(line: int, cells: Mapping[str, str]) -> Row | Mistake:
    read = {name: unsafe(cells.get(name, "")).strip() for name in COLUMNS}
    try:
        incident, number = _reference(read["follow-up"])
        return Row(
            line=line,
            incident=incident,
            number=number,
            content=_content(read),
            state=_word(FollowupState, read["state"]) or FollowupState.OPEN,
            note=read["note"],
            waits_for=_user(read["waits for"]),
        )
    except ValueError as error:
        return Mistake(f"line {line}: {error}")


def _reference(text: str) -> tuple[int, int | None]:
    incident, _, number = text.upper().removeprefix("INC-").partition(" F")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (incident, number or "1")):
        raise ValueError(f"{text[:40]!r} is no follow-up: write INC-42 F3, or INC-42 for a new one")
    return int(incident), int(number) if number else None


def _content(read: Mapping[str, str]) -> FollowupContent:
    return FollowupContent(
        what=read["what"],
        kind=_word(FollowupClass, read["class"]),
        owner=_user(read["owner"]),
        product_sponsor=_user(read["product sponsor"]),
        reliability_sponsor=_user(read["reliability sponsor"]),
        due_on=_day(read["deadline"]),
        metric=read["how we shall know"],
        impact=_word(Degree, read["impact"]),
        effort=_word(Degree, read["effort"]),
    )


def _word(words: type[Words], text: str) -> Words | None:
    if not text:
        return None
    try:
        return words(text.casefold())
    except ValueError:
        raise ValueError(f"{text[:40]!r} is none of {', '.join(words)}") from None


def _user(text: str) -> UserId | None:
    if text and not (text[0] in "UW" and text.isalnum() and text.isascii() and text == text.upper()):
        raise ValueError(
            f"{text[:40]!r} is no Slack user id; copy it from the person's profile (it begins with U or W)"
        )
    return UserId(text) if text else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no date: write it like 2027-03-31") from None
