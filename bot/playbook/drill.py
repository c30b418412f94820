"""One Markdown file of `drills/` -> Drill, a practice scenario. Pure: it is given the text and reads nothing.

The file: front matter, a brief for the players, `## Script` (drill_script.py), and if one likes `## Debrief`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from bot.incident.terms import Severity
from bot.playbook import fields
from bot.playbook.document import LARGEST_FILE, LONGEST_TITLE, Title
from bot.playbook.drill_script import BOT_PLACES, PEOPLE, Line, LineBefore, Say, Start, read_script
from bot.playbook.problems import Findings, did_you_mean
from bot.playbook.yaml_lines import Located, read_yaml

LONGEST_BRIEF: Final = 1500
LONGEST: Final = 120
MOST_GOALS: Final = 6

_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,2})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_FENCE = re.compile(r"^(?P<mark>```+|~~~+).*?^(?P=mark)[ \t]*$", re.DOTALL | re.MULTILINE)
_SECTIONS: Final = ("script", "debrief")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What one file says. `name` is the file's own; `players` are those for whom nobody speaks.

    `playbook`: the id of the one that should be found to fit. `debrief`: questions for afterwards.
    """

    name: str
    title: str
    minutes: int
    severity: Severity
    brief: str
    lines: tuple[Line, ...]
    source: str
    goals: tuple[str, ...] = ()
    players: tuple[str, ...] = ("ada", "ben")
    playbook: str = ""
    debrief: str = ""


def _minutes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST:
        raise ValueError(f"{value} is no length; write whole minutes, 1 to {LONGEST}")
    return value


def _player(value: object) -> str:
    name = str(value).strip().casefold()
    if name not in PEOPLE:
        known = ", ".join(PEOPLE)
        raise ValueError(f"{str(value)[:40]} is nobody of the local workspace; it has {known}")
    return name


Players = Annotated[
    tuple[Annotated[str, BeforeValidator(_player)], ...], Field(min_length=1), BeforeValidator(fields.listed)
]
Goal = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(fields.text)]


class DrillFields(fields.Fields):
    title: Title | None = None
    minutes: Annotated[int, BeforeValidator(_minutes)]
    severity: fields.SeverityName
    playbook: fields.Slug | None = None
    players: Players = ("ada", "ben")
    goals: Annotated[tuple[Goal, ...], Field(max_length=MOST_GOALS), BeforeValidator(fields.listed)] = ()


def parse_drill(text: str, *, source: str) -> Drill:
    """`source`: the file as its author knows it, 'playbooks/drills/bad-deploy.md'. Raises LibraryProblems only."""
    findings = Findings(source)
    if len(text.encode(errors="replace")) > LARGEST_FILE:
        findings.add(f"is larger than {LARGEST_FILE // 1024} KiB; split it")
    findings.stop_if_any()
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    located, body = _front_matter(plain, findings)
    front = _fields(located, findings)
    parts = _sections(body, findings)
    lines = read_script(parts.script, findings=findings, first_line=parts.script_line)
    drill = Drill(
        name=PurePosixPath(source).stem,
        title=front.title or parts.title,
        minutes=front.minutes,
        severity=front.severity,
        brief=_flowing(parts.brief),
        lines=lines,
        source=source,
        goals=front.goals,
        players=front.players,
        playbook=front.playbook or "",
        debrief=parts.debrief,
    )
    _check(drill, located, findings)
    findings.stop_if_any()
    return drill


def _front_matter(plain: str, findings: Findings) -> tuple[Located, str]:
    """And the text with its front matter blanked, so that lines keep their numbers."""
    found = _FRONT.match(plain)
    if found is None:
        findings.add("begins with front matter: `---`, then title, minutes and severity, then `---`", line=1)
        findings.stop_if_any()
    assert found is not None
    located = read_yaml(found[1], file=findings.file, first_line=2)
    return located, "\n" * plain.count("\n", 0, found.end()) + plain[found.end() :]


def _fields(located: Located, findings: Findings) -> DrillFields:
    try:
        return DrillFields.model_validate(located.data)
    except ValidationError as error:
        fields.report(error, located, findings, DrillFields.model_fields)
        return DrillFields(title="unreadable", minutes=LONGEST, severity=Severity.SEV1)


@dataclass(slots=True, kw_only=True)
class _Parts:
    title: str = ""
    brief: str = ""
    script: str = ""
    script_line: int = 1
    debrief: str = ""


def _sections(body: str, findings: Findings) -> _Parts:
    """Cut at the headings; what stands in a code block is none."""
    parts = _Parts()
    cuts = list(_HEADING.finditer(_FENCE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), body)))
    ends = [*(cut.start() for cut in cuts[1:]), len(body)]
    parts.brief = body[: cuts[0].start() if cuts else len(body)].strip()
    for cut, end in zip(cuts, ends, strict=True):
        line = body.count("\n", 0, cut.end()) + 1
        if not _take(parts, cut[1], cut[2], body[cut.end() : end], line):
            hint = did_you_mean(cut[2], _SECTIONS)
            findings.add(f"`## {cut[2]}` is no section; there are `## Script` and `## Debrief`{hint}", line=line)
    return parts


def _take(parts: _Parts, level: str, heading: str, text: str, line: int) -> bool:
    match level, heading.casefold():
        case "#", _:
            parts.title = parts.title or heading
            parts.brief = f"{parts.brief}\n\n{text}".strip()
        case _, "script":
            parts.script, parts.script_line = text, line
        case _, "debrief":
            parts.debrief = text.strip()
        case _:
            return False
    return True


def _flowing(text: str) -> str:
    """Paragraphs without the line breaks of the file."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


def _check(drill: Drill, located: Located, findings: Findings) -> None:
    if not fields.is_slug(drill.name):
        findings.add("the file's name is how the drill is named; use small letters, digits and hyphens")
    if not 0 < len(drill.title) <= LONGEST_TITLE:
        findings.add(f"give one of 1 to {LONGEST_TITLE} characters", line=located.line_of(("title",)), field="title")
    if not 0 < len(drill.brief) <= LONGEST_BRIEF:
        findings.add(f"wants a brief for the players before `## Script`, of 1 to {LONGEST_BRIEF} characters")
    if not drill.lines:
        findings.add("has no script; write `## Script` and lines such as `- at 2 min, Cleo in #support: It hangs`")
    _check_speakers(drill, findings)
    _check_times(drill, findings)


def _check_speakers(drill: Drill, findings: Findings) -> None:
    for each in drill.lines:
        if each.who in drill.players:
            sentence = f"{each.who.capitalize()} is a player, so nobody speaks for them; give the line to somebody else"
            findings.add(sentence, line=each.line)
        own = BOT_PLACES.get(each.who)
        if own and isinstance(each.deed, Say) and each.deed.place != own:
            findings.add(f"{each.who} writes in #{own} only", line=each.line)


def _check_times(drill: Drill, findings: Findings) -> None:
    """Of what has a time of its own; conditions come when they come."""
    _check_first(drill.lines, findings)
    for each in drill.lines:
        if isinstance(each.when.since, Start) and each.when.after > timedelta(minutes=drill.minutes):
            findings.add(f"comes after the {drill.minutes} minutes that the drill has", line=each.line)


def _check_first(lines: Sequence[Line], findings: Findings) -> None:
    if lines and isinstance(lines[0].when.since, LineBefore):
        findings.add("`later` counts from the line before, and this is the first; write `at 0 min`", line=lines[0].line)
