"""YAML read safely, with the line of every field, so that a mistake can be pointed at.

No tags, no anchors, no aliases, no deep nesting, no key twice: what remains cannot surprise. Touches no file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import yaml

from bot.playbook.problems import Findings

FieldPath = tuple[str | int, ...]

DEEPEST: Final = 10
"""Levels of nesting; policy.yaml needs three."""

_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The mapping that a YAML text holds, and the line (from 1) of each of its fields."""

    data: dict[str, object]
    lines: Mapping[FieldPath, int]
    first_line: int

    def line_of(self, path: FieldPath) -> int:
        """The line of the field, or of the nearest field around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, self.first_line)


def read_yaml(text: str, *, file: str, first_line: int = 1) -> Located:
    """`first_line` is where in the file the text begins. Raises LibraryProblems."""
    findings = Findings(file)
    reader = _Reader(findings, first_line)
    try:
        reader.refuse_surprises(text)
        data = reader.read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        findings.add(f"cannot be read as YAML: {error.problem}", line=first_line + (mark.line if mark else 0))
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, max(error.position, 0))
        findings.add("holds a control character, which YAML does not allow", line=line)
    findings.stop_if_any()
    return Located(data=data, lines=reader.lines, first_line=first_line)


class _Reader:
    """Walks YAML nodes once, building plain data and the line of each field."""

    def __init__(self, findings: Findings, first_line: int) -> None:
        self.findings = findings
        self.first_line = first_line
        self.lines: dict[FieldPath, int] = {}

    def refuse_surprises(self, text: str) -> None:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            line = self.first_line + (event.start_mark.line if event.start_mark else 0)
            depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
            if depth > DEEPEST:
                self.findings.add("is nested too deeply", line=line)
                break
            self._refuse_sigils(event, line)
        self.findings.stop_if_any()

    def _refuse_sigils(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.findings.add("anchors and aliases (& and *) are not read here; write the value out", line=line)
        elif getattr(event, "tag", None):
            self.findings.add("tags (!) are not read here; write plain text, in quotes if need be", line=line)

    def read(self, text: str) -> dict[str, object]:
        loader = yaml.SafeLoader(text)
        try:
            root = loader.get_single_node()
            if root is None or (isinstance(root, yaml.ScalarNode) and not root.value):
                return {}
            if isinstance(root, yaml.MappingNode):
                return self._mapping(loader, root, ())
            self.findings.add("wants fields, one a line, such as `title: Bad deploy`", line=self._line(root))
            return {}
        finally:
            loader.dispose()

    def _line(self, node: yaml.Node) -> int:
        return self.first_line + int(node.start_mark.line)

    def _value(self, loader: yaml.SafeLoader, node: yaml.Node, path: FieldPath) -> object:
        self.lines.setdefault(path, self._line(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(loader, node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(loader, item, (*path, at)) for at, item in enumerate(node.value)]
        return self._scalar(loader, node)

    def _mapping(self, loader: yaml.SafeLoader, node: yaml.MappingNode, path: FieldPath) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.findings.add("a field's name must be plain text", line=self._line(key))
                continue
            name = str(key.value)
            if name in data:
                self.findings.add("is given twice; keep one of the two", line=self._line(key), field=name)
            self.lines[*path, name] = self._line(key)
            data[name] = self._value(loader, value, (*path, name))
        return data

    def _scalar(self, loader: yaml.SafeLoader, node: yaml.Node) -> object:
        try:
            return loader.construct_object(node)
        except (ValueError, OverflowError, yaml.constructor.ConstructorError):
            self.findings.add(f"{node.value[:40]} is no date or number; put it in quotes", line=self._line(node))
            return ""
