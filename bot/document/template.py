"""The organisation's template of a postmortem: Jinja, in a sandbox, with little allowed. Pure; it reads no file.

Only Markdown goes into a document as it stands. Whatever else an expression gives, and be it Markdown that a filter
has touched, is escaped: at worst it shows a backslash too many, never a link or a heading that nobody meant.
"""

import traceback
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.document.markdown import NOTHING, Markdown, escape
from bot.incident.review_sections import ReviewSection

LARGEST_TEMPLATE: Final = 64 * 1024
"""Characters; the shipped one has two thousand."""

Values = Mapping[str, object]
"""What a template may name: Markdown, truth values, and `sections` by section."""

BLOCKS: Final = (
    *("reference", "title", "severity", "status", "head", "summary", "picture", "impact", "response_times"),
    *("timeline", "factors", "hypotheses", "decisions", "went_well", "hindered", "playbooks", "promises", "evidence"),
    *("people", "action_items", "feedback", "review"),
)
"""The names of what the log knows."""
FLAGS: Final = ("private", "drill", "active")
SECTIONS: Final = "sections"
REQUIRED: Final = "head"
"""It says when an incident is private, so no template may leave it out."""

_NOT_AVAILABLE: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter block",
    nodes.AssignBlock: "set block",
    nodes.Block: "block",
    nodes.Extends: "extends",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from … import",
    nodes.Call: "…()",
    nodes.Mul: "*",
    nodes.Pow: "**",
    nodes.Mod: "%",
}
"""What reads other files, escapes twice, or can fill the memory, as `'x' * 1000000000` and `title.ljust(…)` would."""

_FILTERS: Final = frozenset(
    {"capitalize", "default", "first", "join", "last", "length", "lower", "replace", "trim", "upper"}
)
"""What no document needs, may not be used: some of Jinja's filters make text as long as one likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMistake:
    """`line` counts from 1."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}: {self.sentence}"


class TemplateMistakes(Exception):  # noqa: N818 - it is a list of findings, named after what it holds
    """The template cannot be used. `mistakes` is never empty."""

    def __init__(self, mistakes: Collection[TemplateMistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


def fill_template(text: str, values: Values) -> Markdown:
    """The document. Raises TemplateMistakes, all of those that can be told without trying, else the first."""
    mistakes = tuple(_mistakes(text, {*values}))
    if mistakes:
        raise TemplateMistakes(mistakes)
    try:
        filled = _template(text).render(values)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise TemplateMistakes([TemplateMistake(line=_line_of(error), sentence=f"fails: {error}")]) from error
    return Markdown(filled.strip("\n") + "\n")


def check_template(text: str) -> tuple[TemplateMistake, ...]:
    """What is wrong with it, as far as one filling with sample values shows."""
    try:
        fill_template(text, sample_values())
    except TemplateMistakes as found:
        return found.mistakes
    return ()


def sample_values() -> dict[str, object]:
    """A value for everything that a template may name."""
    sections = dict.fromkeys(ReviewSection, Markdown("prompt"))
    return {**dict.fromkeys(BLOCKS, Markdown("text")), **dict.fromkeys(FLAGS, True), SECTIONS: sections}


def _escaped(value: object) -> str:
    """What becomes of every expression of a template."""
    if isinstance(value, Markdown):
        return value
    return NOTHING if value is None else escape(str(value))


def _environment() -> ImmutableSandboxedEnvironment:
    """Jinja's own escaping is HTML's, and would be wrong here; `finalize` stands in its place."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=_escaped, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    environment.filters = {name: each for name, each in environment.filters.items() if name in _FILTERS}
    return environment


def _template(text: str) -> Template:
    return _environment().from_string(text)


def _mistakes(text: str, known: Collection[str]) -> Iterator[TemplateMistake]:
    if len(text) > LARGEST_TEMPLATE:
        yield TemplateMistake(line=1, sentence=f"is longer than {LARGEST_TEMPLATE // 1024} KiB")
        return
    try:
        tree = _environment().parse(text)
        found = sorted({*_unknown(tree, known), *_unavailable(tree)}, key=lambda mistake: mistake.line)
        if not found:
            # Only now: to compile is to reckon out what is constant, and an unknown filter shows no sooner.
            _template(text)
    except TemplateSyntaxError as error:
        yield TemplateMistake(line=error.lineno, sentence=f"is no template: {error.message}")
        return
    yield from found
    if REQUIRED not in {name.name for name in tree.find_all(nodes.Name)}:
        yield TemplateMistake(line=1, sentence="does not show {{ head }}, which says when an incident is private")


def _unknown(tree: nodes.Template, known: Collection[str]) -> Iterator[TemplateMistake]:
    names = list(tree.find_all(nodes.Name))
    own = {name.name for name in names if name.ctx != "load"} | {"loop"}
    for name in names:
        if name.ctx == "load" and name.name not in {*known, *own}:
            yield _no_such(name.lineno, name.name, known)
    for attribute in tree.find_all(nodes.Getattr):
        if _is_sections(attribute.node) and attribute.attr not in {*ReviewSection}:
            yield _no_such(attribute.lineno, f"{SECTIONS}.{attribute.attr}", [f"{SECTIONS}.{s}" for s in ReviewSection])


def _is_sections(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == SECTIONS


def _no_such(line: int, name: str, known: Collection[str]) -> TemplateMistake:
    close = get_close_matches(name[:100], sorted(known), n=1)
    meant = f"; did you mean `{close[0]}`?" if close else ""
    return TemplateMistake(line=line, sentence=f"`{name}` is not known here{meant}")


def _unavailable(tree: nodes.Template) -> Iterator[TemplateMistake]:
    for node in tree.find_all(tuple(_NOT_AVAILABLE)):
        yield TemplateMistake(line=node.lineno, sentence=f"`{_NOT_AVAILABLE[type(node)]}` cannot be used here")


def _line_of(error: BaseException) -> int:
    """Jinja writes the template's own lines into the traceback, under this file name."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return (lines[-1] if lines else None) or 1
