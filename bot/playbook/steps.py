"""From an outline to steps: which block belongs to which step, who does it, how long, how to verify, how to go back.

A section with task items gives them its name; a section without is one step itself. Nothing written is lost.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.incident.policy import RoleRule
from bot.incident.terms import Role, Step
from bot.playbook.durations import duration
from bot.playbook.outline import Block, BlockKind
from bot.playbook.problems import Findings, did_you_mean

MOST_STEPS: Final = 100
MITIGATES: Final = "mitigates"
"""The word in a step's brackets by which it may stop the harm."""
LONGEST_TITLE: Final = 150
"""Fits a modal's header and leaves a button's confirmation readable."""
LONGEST_NOTE: Final = 600
LONGEST_DETAIL: Final = 1500
LONGEST_COMMANDS: Final = 1500
"""Detail, commands, verify and rollback together stay two Slack sections of 3,000 characters."""

_NOTE = re.compile(r"[*_]{0,2}(verify|rollback)[*_]{0,2}:[*_]{0,2}\s*", re.IGNORECASE)
_ANNOTATION = re.compile(r"[*_]\(([^()]*)\)[*_]")
_STEP_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A step while it is read: its heading line and the blocks that belong to it."""

    line: int
    head: str
    section: str
    body: list[Block] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Body:
    """`into` says where the next code or list goes: after `Rollback:` it is part of that note, never of the step."""

    detail: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    verify: list[str] = field(default_factory=list)
    rollback: list[str] = field(default_factory=list)
    into: str = "detail"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Annotation:
    """What `*(operations lead, 5 min, mitigates, id: stop-rollout)*` says."""

    id: str = ""
    role: Role | None = None
    expected: timedelta | None = None
    mitigates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The body of a playbook: the first heading, the text before the first section or step, the steps."""

    title: str
    summary: str
    steps: tuple[Step, ...]


def content(blocks: Sequence[Block], *, roles: Mapping[Role, RoleRule], findings: Findings) -> Content:
    """Problems go to `findings`; the content is what could be read all the same."""
    title = next((block.text for block in blocks if block.kind is BlockKind.HEADING and block.level == 1), "")
    summary, drafts = _drafts(blocks)
    if len(drafts) > MOST_STEPS:
        findings.add(f"holds {len(drafts)} steps, at most {MOST_STEPS} fit; split it", line=drafts[MOST_STEPS].line)
    reader = _StepReader(roles, findings)
    steps = tuple(reader.step(draft, number) for number, draft in enumerate(drafts[:MOST_STEPS], start=1))
    reader.refuse_repeated_ids(steps, drafts)
    return Content(title=title, summary=summary, steps=steps)


def _drafts(blocks: Sequence[Block]) -> tuple[str, list[_Draft]]:
    summary: list[str] = []
    drafts: list[_Draft] = []
    for heading, section in _sections(blocks):
        found, before = _section_drafts(heading.text if heading else "", section)
        if heading is None:
            summary += [_as_text(block) for block in before]
        elif found:
            found[0].body = [*before, *found[0].body]
        elif before:
            found = [_Draft(line=heading.line, head=heading.text, section="", body=before)]
        drafts += found
    return "\n\n".join(summary), drafts


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[Block | None, list[Block]]]:
    """Each section with its heading; what stands before the first has None. The document's title is no section."""
    heading: Block | None = None
    section: list[Block] = []
    titled = False
    for block in blocks:
        if block.kind is BlockKind.HEADING and block.level == 1 and not titled:
            titled = True
        elif block.kind is BlockKind.HEADING and block.level <= 2:
            yield heading, section
            heading, section = block, []
        else:
            section.append(block)
    yield heading, section


def _section_drafts(title: str, blocks: Sequence[Block]) -> tuple[list[_Draft], list[Block]]:
    """The steps of a section, and the blocks before the first of them."""
    drafts: list[_Draft] = []
    before: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.TASK:
            drafts.append(_Draft(line=block.line, head=block.text, section=title, body=list(block.blocks)))
        elif drafts:
            drafts[-1].body.append(block)
        else:
            before.append(block)
    return drafts, before


def _as_text(block: Block) -> str:
    match block.kind:
        case BlockKind.CODE:
            return f"```\n{block.text}\n```"
        case BlockKind.PARAGRAPH:
            return _unwrapped(block.text.split("\n"))
        case _:
            return block.text


def _unwrapped(lines: Sequence[str]) -> str:
    """A paragraph as one line, as Markdown means it: Slack would break it where its author's editor did."""
    text = "".join(line[:-1].rstrip() + "\n" if line.endswith("\\") else line.strip() + " " for line in lines)
    return text.strip()


class _StepReader:
    """Makes steps of drafts, checking names and lengths as it goes."""

    def __init__(self, roles: Mapping[Role, RoleRule], findings: Findings) -> None:
        self.roles = _names(roles)
        self.findings = findings

    def step(self, draft: _Draft, number: int) -> Step:
        head, *notes = _pieces(draft.head)
        title, annotation, rest = self._heading(head[1], draft.line)
        body = _body([("detail", rest), *notes], draft.body)
        step = Step(
            id=annotation.id or str(number),
            title=title,
            section=draft.section,
            detail="\n\n".join(body.detail),
            role=annotation.role,
            expected=annotation.expected,
            commands=tuple(body.commands),
            verify="\n".join(body.verify),
            rollback="\n".join(body.rollback),
            mitigates=annotation.mitigates,
        )
        self._check_lengths(step, draft.line)
        return step

    def refuse_repeated_ids(self, steps: Sequence[Step], drafts: Sequence[_Draft]) -> None:
        count: Counter[str] = Counter()
        for step, draft in zip(steps, drafts, strict=False):
            count[step.id] += 1
            if count[step.id] == 2:
                self.findings.add(f"`{step.id}` is the id of an earlier step", line=draft.line, field="id")

    def _heading(self, head: str, line: int) -> tuple[str, _Annotation, str]:
        """The title, what the annotation says, and the text after it."""
        flat = " ".join(head.split())
        found = _ANNOTATION.search(flat)
        if found is None:
            return flat, _Annotation(), ""
        annotation = self._annotation(found[1], line)
        return flat[: found.start()].strip(), annotation, flat[found.end() :].strip()

    def _annotation(self, text: str, line: int) -> _Annotation:
        identity, role, expected, mitigates = "", None, None, False
        for part in filter(None, (part.strip() for part in text.split(","))):
            span = duration(part)
            if span is not None:
                expected = span
            elif part.casefold() == MITIGATES:
                mitigates = True
            elif part.casefold().startswith("id:"):
                identity = self._id(part[3:].strip(), line)
            else:
                role = self._role(part, line)
        return _Annotation(id=identity, role=role, expected=expected, mitigates=mitigates)

    def _id(self, text: str, line: int) -> str:
        if _STEP_ID.fullmatch(text) is None:
            sentence = f"{text[:60]} is no step id; begin with a small letter, then letters, digits and hyphens"
            self.findings.add(sentence, line=line, field="id")
            return ""
        return text

    def _role(self, text: str, line: int) -> Role | None:
        role = self.roles.get(_spoken(text))
        if role is None:
            hint = did_you_mean(text, (*self.roles, MITIGATES))
            self.findings.add(f"`{text[:60]}` is neither a role nor a time such as 5 min{hint}", line=line)
        return role

    def _check_lengths(self, step: Step, line: int) -> None:
        commands = "\n".join(step.commands)
        if not step.title:
            self.findings.add("a step wants a title", line=line)
        self._at_most(LONGEST_TITLE, step.title, "a step's title", line)
        self._at_most(LONGEST_TITLE, step.section, "a section's title", line)
        self._at_most(LONGEST_DETAIL, step.detail, "a step's text", line)
        self._at_most(LONGEST_COMMANDS, commands, "a step's commands together", line)
        self._at_most(LONGEST_NOTE, step.verify, "a verify note", line)
        self._at_most(LONGEST_NOTE, step.rollback, "a rollback note", line)

    def _at_most(self, most: int, text: str, what: str, line: int) -> None:
        if len(text) > most:
            self.findings.add(f"{what} may be {most} characters long and this has {len(text)}", line=line)


def _names(roles: Mapping[Role, RoleRule]) -> dict[str, Role]:
    """Every way of writing a role: its key, its title, its aliases."""
    names: dict[str, Role] = {}
    for role, rule in roles.items():
        names |= {_spoken(name): role for name in (role, rule.title, *rule.aliases)}
    return names


def _spoken(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").split())


def _pieces(text: str) -> list[tuple[str, str]]:
    """A paragraph cut at `Verify:` and `Rollback:`: which note it is, or 'detail', and the text. Never empty."""
    pieces: list[tuple[str, list[str]]] = [("detail", [])]
    for line in text.split("\n"):
        found = _NOTE.match(line)
        if found is None:
            pieces[-1][1].append(line)
        else:
            pieces.append((found[1].casefold(), [line[found.end() :]]))
    return [(kind, _unwrapped(lines)) for kind, lines in pieces]


def _body(pieces: Sequence[tuple[str, str]], blocks: Sequence[Block]) -> _Body:
    body = _Body()
    _put(body, pieces)
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH:
            _put(body, _pieces(block.text))
        elif block.kind is not BlockKind.CODE:
            _put(body, [(body.into, block.text)])
        elif body.into == "detail":
            body.commands.append(block.text)
        else:
            getattr(body, body.into).append(_as_text(block))
    return body


def _put(body: _Body, pieces: Sequence[tuple[str, str]]) -> None:
    for kind, text in pieces:
        if text or kind != "detail":
            getattr(body, kind).extend(filter(None, [text]))
            body.into = kind
