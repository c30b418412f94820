"""A small language for the shape of JSON: each rule says what is wrong with a value, by JSON pointer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Problem = tuple[str, str]  # JSON pointer, sentence
Rule = Callable[[Any, str], Iterator[Problem]]


def anything(_value: Any, _at: str) -> Iterator[Problem]:
    yield from ()


def kind(wanted: type | tuple[type, ...], called: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            yield at, f"must provide {called}"

    return rule


flag = kind(bool, "a boolean")
number = kind((int, float), "a number")
mapping = kind(dict, "an object")


def string(longest: int, shortest: int = 0) -> Rule:
    """Lengths in characters, as Slack counts them."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield at, "must provide a string"
        elif len(value) > longest:
            yield at, f"must be less than {longest + 1} characters"
        elif len(value) < shortest:
            yield at, f"must be more than {shortest - 1} characters"

    return rule


def one_of(*values: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[Problem]:
        if value not in values:
            yield at, f"must be one of {', '.join(values)}"

    return rule


def items(rule_of_each: Rule, most: int, least: int = 1) -> Rule:
    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield at, "must provide an array"
            return
        if len(value) > most:
            yield at, f"no more than {most} items allowed"
        if len(value) < least:
            yield at, f"must have at least {least} items"
        for index, each in enumerate(value):
            yield from rule_of_each(each, f"{at}/{index}")

    return rule


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Rule:
    """An object with these fields and no others; null counts as absent."""
    known = {**required, **optional}

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield at, "must provide an object"
            return
        for name in required:
            if value.get(name) is None:
                yield at, f"missing required field: {name}"
        for name, each in value.items():
            if name not in known:
                yield at, f"invalid additional property: {name}"
            elif each is not None:
                yield from known[name](each, f"{at}/{name}")

    return rule


def by_type(shapes: Mapping[str, Rule], called: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[Problem]:
        found = value.get("type") if isinstance(value, dict) else None
        if not isinstance(found, str) or found not in shapes:
            yield f"{at}/type", f"unsupported type: {found} is no {called} allowed here"
        else:
            yield from shapes[found](value, at)

    return rule


def both(*rules: Rule) -> Rule:
    def rule(value: Any, at: str) -> Iterator[Problem]:
        for each in rules:
            yield from each(value, at)

    return rule


def some_of(*names: str) -> Rule:
    """At least one of these fields; the section's `text` or `fields`."""

    def rule(value: Any, at: str) -> Iterator[Problem]:
        if isinstance(value, dict) and not any(value.get(name) for name in names):
            yield at, f"must define either {' or '.join(f'`{name}`' for name in names)}"

    return rule
