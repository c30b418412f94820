"""One Markdown file -> Playbook. Pure: it is given the text and reads nothing.

The file: optional YAML front matter, a title, an introduction, sections and task items (docs/playbooks.md).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from bot.incident.policy import DEFAULT_ROLES, RoleRule
from bot.incident.terms import Role, Severity, Step
from bot.playbook import fields
from bot.playbook.outline import outline
from bot.playbook.problems import Findings, did_you_mean
from bot.playbook.steps import Content, content
from bot.playbook.yaml_lines import Located, read_yaml

LARGEST_FILE: Final = 256 * 1024
"""Bytes; far beyond what anybody reads in an incident."""
LARGEST_FRONT_MATTER: Final = 16 * 1024
LONGEST_TITLE: Final = 75
"""Slack's limit for the text of a menu entry and of a button."""
LONGEST_SUMMARY: Final = 1500
FIRST_STEPS: Final = 3


class Kind(StrEnum):
    PLAYBOOK = "playbook"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """For which incidents a playbook is meant; matching.py says how these weigh. All empty: only by name."""

    severities: tuple[Severity, ...] = ()
    services: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """What one file says. `role` is set for guides only; `revision` changes whenever the file's text does."""

    id: str
    title: str
    steps: tuple[Step, ...]
    source: str
    revision: str
    kind: Kind = Kind.PLAYBOOK
    summary: str = ""
    match: Match = Match()
    private: bool = False
    review_by: date | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What somebody sees who takes a role: why it exists, the first things to do, then everything else."""

    role: Role
    title: str
    purpose: str
    first_steps: tuple[Step, ...]
    more: str = ""
    rest: tuple[Step, ...] = ()


Title = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TITLE), BeforeValidator(fields.text)]


class FrontMatter(fields.Fields):
    id: fields.Slug | None = None
    title: Title | None = None
    severities: fields.SeverityNames = ()
    services: fields.Texts = ()
    words: fields.Texts = ()
    labels: dict[fields.Text, fields.Texts] = Field(default_factory=dict)
    private: bool = False
    review_by: fields.Day | None = None
    role: fields.Text | None = None


def parse(text: str, *, source: str, roles: Mapping[Role, RoleRule] = DEFAULT_ROLES) -> Playbook:
    """`source`: the file as its author knows it, 'playbooks/bad-deploy.md'. Raises LibraryProblems, nothing else."""
    findings = Findings(source)
    if len(text.encode(errors="replace")) > LARGEST_FILE:
        findings.add(f"is larger than {LARGEST_FILE // 1024} KiB; split it")
    findings.stop_if_any()
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    read = outline(plain)
    if plain.startswith("---") and read.front_matter is None:
        findings.add("the front matter is never closed; end it with a line of three hyphens", line=1)
    located = _located(read.front_matter or "", findings)
    front = _front_matter(located, findings)
    body = content(read.blocks, roles=roles, findings=findings)
    playbook = _playbook(front, body, text, source)
    _check(playbook, roles, located, findings)
    findings.stop_if_any()
    return playbook


def guide(playbook: Playbook) -> Guide:
    """A playbook of kind guide as the person who takes its role reads it."""
    if playbook.role is None:
        raise ValueError(f"{playbook.id} is no guide")
    purpose, _, more = playbook.summary.partition("\n\n")
    return Guide(
        role=playbook.role,
        title=playbook.title,
        purpose=" ".join(purpose.split()),
        more=more,
        first_steps=playbook.steps[:FIRST_STEPS],
        rest=playbook.steps[FIRST_STEPS:],
    )


def after_first_steps(read: Guide) -> str:
    """Everything of a guide but its purpose and first steps, as plain text: sections on lines of their own."""
    lines = [f"{read.more}\n"] if read.more else []
    section = read.first_steps[-1].section
    for step in read.rest:
        if step.section != section:
            section = step.section
            lines.append(f"\n{section}")
        lines.append(f"• {step.title}" + (f"\n{step.detail}" if step.detail else ""))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _located(front_matter: str, findings: Findings) -> Located:
    if len(front_matter) > LARGEST_FRONT_MATTER:
        findings.add(f"the front matter is longer than {LARGEST_FRONT_MATTER // 1024} KiB", line=1)
    findings.stop_if_any()
    return read_yaml(front_matter, file=findings.file, first_line=2)


def _front_matter(located: Located, findings: Findings) -> FrontMatter:
    try:
        return FrontMatter.model_validate(located.data)
    except ValidationError as error:
        fields.report(error, located, findings, FrontMatter.model_fields)
        return FrontMatter(id="unreadable", title="unreadable")


def _playbook(front: FrontMatter, body: Content, text: str, source: str) -> Playbook:
    match = Match(severities=front.severities, services=front.services, words=front.words, labels=front.labels)
    return Playbook(
        id=front.id or PurePosixPath(source).stem,
        title=front.title or body.title,
        steps=body.steps,
        source=source,
        revision=hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12],
        kind=Kind.GUIDE if front.role else Kind.PLAYBOOK,
        summary=body.summary,
        match=match,
        private=front.private,
        review_by=front.review_by,
        role=Role(front.role) if front.role else None,
    )


def _check(playbook: Playbook, roles: Mapping[Role, RoleRule], located: Located, findings: Findings) -> None:
    if not fields.is_slug(playbook.id):
        findings.add("the file's name is no id; rename it in small letters and hyphens, or give an id", field="id")
    if not playbook.title or len(playbook.title) > LONGEST_TITLE:
        sentence = f"give one of 1 to {LONGEST_TITLE} characters, or begin the text with `# Title`"
        findings.add(sentence, line=located.lines.get(("title",), 1), field="title")
    if len(playbook.summary) > LONGEST_SUMMARY:
        findings.add(f"the introduction is longer than {LONGEST_SUMMARY} characters; move some of it into sections")
    if not playbook.steps:
        findings.add("holds no step; write task items such as `- [ ] Stop the rollout`")
    if playbook.role is not None:
        _check_guide(playbook, playbook.role, roles, located, findings)


def _check_guide(
    playbook: Playbook, role: Role, roles: Mapping[Role, RoleRule], located: Located, findings: Findings
) -> None:
    line = located.line_of(("role",))
    if role not in roles:
        findings.add(f"{role[:60]} is no role of policy.yaml{did_you_mean(role, roles)}", line=line, field="role")
    if not playbook.summary:
        findings.add("a guide begins with the role's purpose, in a paragraph of its own", line=line)
    if len(playbook.steps) < FIRST_STEPS:
        findings.add("a guide wants at least three steps: the first things to do", line=line)
