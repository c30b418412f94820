"""The picture of an incident as SVG: bands of status and severity, and marks for what happened. Pure.

Meaning is never in colour alone: bands have words where there is room, each lane of marks has its own shape, and the
description says it all in a sentence. Near marks are drawn as one with their number, so any incident stays readable.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape as html_escape
from typing import Final

from bot.document.axis import Axis, axis
from bot.document.entry_words import MILESTONE_WORDS
from bot.document.markdown import one_line
from bot.document.utc import date_time, span
from bot.incident.bands import Band
from bot.incident.entry import Entry, EntryLabel
from bot.incident.postmortem import Postmortem
from bot.incident.terms import Milestone

WIDTH: Final = 960
_LEFT: Final = 122
_RIGHT: Final = 20
_BAND: Final = 30
_TOP: Final = 58
_LANES_TOP: Final = 170
_LANE: Final = 30
_NEAR: Final = 22
"""Marks closer than this, in units of the drawing, are drawn as one."""
_LETTER: Final = 7.6
"""About how wide a letter of 13 units is."""

_LIGHT: Final = """--ink: #1d2733; --quiet: #526072; --line: #c9d1da; --ground: #ffffff;
  --worst: #b3261e; --bad: #ad5000; --mild: #806200; --good: #1a6b3c; --calm: #3d5a80; --rest: #5d6977;"""
_DARK: Final = """--ink: #e7ecf2; --quiet: #a9b5c3; --line: #3c4856; --ground: #14191f;
    --worst: #c4433a; --bad: #ad5a12; --mild: #80650c; --good: #247845; --calm: #4a72a3; --rest: #5d6977;"""
_PRINTED: Final = "--ink: #000000; --quiet: #333333; --line: #999999; --ground: #ffffff;"

_RULES: Final = """
.muster-picture .ground { fill: var(--ground); }
.muster-picture text { fill: var(--ink); }
.muster-picture .quiet { fill: var(--quiet); }
.muster-picture .small { font-size: 11px; }
.muster-picture .on-band { fill: #ffffff; font-weight: 600; }
.muster-picture .line { stroke: var(--line); stroke-width: 1; }
.muster-picture .moment { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
.muster-picture .mark { fill: var(--calm); stroke: var(--ground); stroke-width: 1.5; }
.muster-picture .band { stroke: var(--ground); stroke-width: 1; }
.muster-picture .SEV1, .muster-picture .triage { fill: var(--worst); }
.muster-picture .SEV2, .muster-picture .investigating { fill: var(--bad); }
.muster-picture .SEV3, .muster-picture .identified { fill: var(--mild); }
.muster-picture .SEV4, .muster-picture .mitigated { fill: var(--calm); }
.muster-picture .resolved { fill: var(--good); }
.muster-picture .SEV5, .muster-picture .closed, .muster-picture .cancelled { fill: var(--rest); }
""".strip()


STYLE: Final = f"""
.muster-picture {{ {_LIGHT}
  font: 13px system-ui, sans-serif; }}
@media (prefers-color-scheme: dark) {{
  .muster-picture {{ {_DARK} }} }}
@media print {{
  .muster-picture {{ {_PRINTED} }} }}
{_RULES}
""".strip()

_VALUES: Final = dict(re.findall(r"--(\w+): (#\w+);", _LIGHT))
_STILL: Final = (
    ".muster-picture { font-size: 13px; font-family: 'DejaVu Sans', 'Liberation Sans', 'Noto Sans', 'Helvetica Neue',"
    " Arial, 'Segoe UI', Roboto, sans-serif; }\n"
) + re.sub(r"var\(--(\w+)\)", lambda found: _VALUES[found[1]], _RULES)
"""For what knows no variables and no reader, as whoever turns it into pixels: always light, with families by name."""

_LANES: Final = (
    ("Entries", "circle", frozenset({EntryLabel.NOTE, EntryLabel.MESSAGE})),
    ("Updates", "diamond", frozenset({EntryLabel.UPDATE})),
    ("Roles", "square", frozenset({EntryLabel.ROLE})),
    ("Playbook", "triangle", frozenset({EntryLabel.PLAYBOOK, EntryLabel.STEP})),
)
HEIGHT: Final = _LANES_TOP + _LANE * len(_LANES) + 44
_ATTRIBUTES: Final = (
    f'xmlns="http://www.w3.org/2000/svg" class="muster-picture" viewBox="0 0 {WIDTH} {HEIGHT}"'
    ' role="img" aria-labelledby="picture-title picture-description"'
)
_MOMENTS: Final = (Milestone.IMPACT_STARTED, Milestone.ACKNOWLEDGED, Milestone.MITIGATED, Milestone.RESOLVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One or more entries that stand at nearly the same place."""

    x: float
    entries: tuple[Entry, ...]


def picture(draft: Postmortem) -> str:
    """A whole SVG file, light or dark as its reader prefers."""
    return drawing(draft, f"<style>{STYLE}</style>")


def still_picture(draft: Postmortem) -> str:
    """The same to be made into pixels: light, and every word of it in ASCII, so that any font will do."""
    return drawing(draft, f"<style>{_STILL}</style>")


def drawing(draft: Postmortem, style: str = "") -> str:
    """The svg element; without a style of its own for a page that has STYLE."""
    line = _axis(draft)
    parts = [
        f"<svg {_ATTRIBUTES}>",
        f'<title id="picture-title">{_text(_title(draft))}</title>',
        f'<desc id="picture-description">{_text(describe(draft))}</desc>',
        style,
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>',
        *_ruler(line, _first(draft)),
        *_moments(draft, line),
        *_band_row("Severity", draft.severity_bands, _TOP + 10, line),
        *_band_row("Status", draft.status_bands, _TOP + 16 + _BAND, line),
        *_lanes(draft.entries, line),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def describe(draft: Postmortem) -> str:
    """The picture in words, for whoever cannot see it."""
    counts = [f"{name.lower()} {len(_of(draft.entries, labels))}" for name, _, labels in _LANES]
    severities = ", ".join(f"{band.value} for {span(band.length)}" for band in draft.severity_bands)
    statuses = ", ".join(f"{band.value} for {span(band.length)}" for band in draft.status_bands)
    first, last = draft.status_bands[0].since, draft.status_bands[-1].until
    return (
        f"From {date_time(first)} to {date_time(last)} UTC. Severity: {severities}. Status: {statuses}."
        f" Marks: {', '.join(counts)}."
    )


def marks(entries: Iterable[Entry], line: Axis) -> tuple[Mark, ...]:
    """From left to right; no two are nearer to each other than can be told apart."""
    found: list[Mark] = []
    for entry in sorted(entries, key=lambda each: each.at):
        x = line.place(entry.at)
        if found and x - found[-1].x < _NEAR:
            found[-1] = Mark(x=found[-1].x, entries=(*found[-1].entries, entry))
        else:
            found.append(Mark(x=x, entries=(entry,)))
    return tuple(found)


def _axis(draft: Postmortem) -> Axis:
    """Over all that is drawn, from the first of it to the end of the bands."""
    return axis(_first(draft), draft.status_bands[-1].until, left=_LEFT, width=WIDTH - _LEFT - _RIGHT)


def _first(draft: Postmortem) -> datetime:
    """What happened before the declaration belongs to it."""
    drawn = [entry.at for _, _, labels in _LANES for entry in _of(draft.entries, labels)]
    return min([draft.status_bands[0].since, *drawn, *(at for at, _ in _known(draft))])


def _of(entries: Sequence[Entry], labels: frozenset[EntryLabel]) -> list[Entry]:
    return [entry for entry in entries if entry.label in labels]


def _title(draft: Postmortem) -> str:
    return f"{draft.heading.reference}: {draft.heading.title}"


def _ruler(line: Axis, first: datetime) -> Iterator[str]:
    """Hours beneath, in UTC, a fine line up from each, and the day on which it began."""
    bottom = HEIGHT - 34
    for tick in line.ticks():
        x = line.place(tick)
        yield f'<line class="line" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}"/>'
        yield f'<text class="quiet small" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{line.label(tick)}</text>'
    day = f"{first.astimezone(UTC):%d %b %Y}, UTC"
    yield f'<text class="quiet small" x="{_LEFT - 10}" y="{bottom + 16}" text-anchor="end">{day}</text>'


def _band_row(name: str, bands: Sequence[Band], top: float, line: Axis) -> Iterator[str]:
    yield _lane_name(name, top + 20)
    for band in bands:
        x, end = line.place(band.since), line.place(band.until)
        width = max(end - x, 1.0)
        told = f"{band.value}, {date_time(band.since)} to {date_time(band.until)} UTC ({span(band.length)})"
        yield (
            f'<rect class="band {band.value}" x="{x:.1f}" y="{top}" width="{width:.1f}" height="{_BAND}" rx="3">'
            f"<title>{_text(told)}</title></rect>"
        )
        if len(band.value) * _LETTER + 12 <= width:
            yield f'<text class="on-band" x="{x + 7:.1f}" y="{top + 20}">{band.value}</text>'


def _lanes(entries: Sequence[Entry], line: Axis) -> Iterator[str]:
    for number, (name, shape, labels) in enumerate(_LANES):
        y = _LANES_TOP + _LANE * number
        yield _lane_name(name, y + 4)
        yield f'<line class="line" x1="{_LEFT}" y1="{y}" x2="{WIDTH - _RIGHT}" y2="{y}"/>'
        for mark in marks(_of(entries, labels), line):
            yield from _drawn(mark, shape, y)


def _drawn(mark: Mark, shape: str, y: float) -> Iterator[str]:
    count = len(mark.entries)
    yield f'<path class="mark" d="{_outline(shape, mark.x, y)}"><title>{_text(_told(mark))}</title></path>'
    if count > 1:
        yield f'<text class="quiet small" x="{mark.x:.1f}" y="{y - 9}" text-anchor="middle">{count}</text>'


def _told(mark: Mark) -> str:
    """When, and how many; never what: the picture may be shown where the words may not."""
    first, last = date_time(mark.entries[0].at), date_time(mark.entries[-1].at)
    if len(mark.entries) == 1:
        return f"{first} UTC"
    return f"{len(mark.entries)} from {first} to {last} UTC" if first != last else f"{len(mark.entries)} at {first} UTC"


def _outline(shape: str, x: float, y: float) -> str:
    match shape:
        case "circle":
            return f"M{x - 6:.1f} {y} a6 6 0 1 0 12 0 a6 6 0 1 0 -12 0 Z"
        case "diamond":
            return f"M{x:.1f} {y - 7} L{x + 7:.1f} {y} L{x:.1f} {y + 7} L{x - 7:.1f} {y} Z"
        case "triangle":
            return f"M{x - 7:.1f} {y + 6} L{x + 7:.1f} {y + 6} L{x:.1f} {y - 7} Z"
    return f"M{x - 5.5:.1f} {y - 5.5} h11 v11 h-11 Z"


def _moments(draft: Postmortem, line: Axis) -> Iterator[str]:
    """A dashed line for each moment that is known; its word stands on the first of three rows that has room."""
    free = [0.0, 0.0, 0.0]
    for at, word in _known(draft):
        x, width = line.place(at), len(word) * _LETTER
        left = min(x, WIDTH - width - 4)
        row = next((number for number, end in enumerate(free) if end <= left), 0)
        free[row] = left + width + 8
        y = 16 + 15 * row
        yield f'<line class="moment" x1="{x:.1f}" y1="{y + 4}" x2="{x:.1f}" y2="{HEIGHT - 34}"/>'
        yield f'<text x="{left:.1f}" y="{y}">{word}<title>{_text(_at(at))}</title></text>'


def _known(draft: Postmortem) -> list[tuple[datetime, str]]:
    """Those that were recorded, by time; a line for an assumption would look like knowledge."""
    found = (draft.moments[milestone] for milestone in _MOMENTS)
    return sorted((each.at, MILESTONE_WORDS[each.milestone]) for each in found if each.at and not each.assumption)


def _at(at: datetime) -> str:
    return f"{date_time(at)} UTC"


def _lane_name(name: str, y: float) -> str:
    return f'<text class="quiet" x="{_LEFT - 10}" y="{y}" text-anchor="end">{name}</text>'


def _text(text: str) -> str:
    """Foreign text as XML; what XML cannot hold at all is left out."""
    return html_escape("".join(sign for sign in one_line(text) if sign not in "\ufffe\uffff"))
