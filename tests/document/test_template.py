"""Templates: what may be named, what is refused and at which line, and that nothing gets round the escaping."""

import pytest

from bot.document.markdown import Markdown, escape
from bot.document.template import TemplateMistakes, check_template, fill_template, sample_values
from bot.playbook.templates import read_template
from tests.document.demo_incident import ROOT

HOSTILE = "[x](https://evil.example) # <b>"


def filled(template: str, **values: object) -> str:
    return fill_template(template + "{% if head %}{% endif %}", {**sample_values(), **values}).rstrip("\n")


def mistakes(template: str) -> list[str]:
    return [str(mistake) for mistake in check_template(template)]


def test_the_shipped_template_has_no_mistake() -> None:
    assert mistakes(read_template(ROOT / "playbooks").text) == []


def test_what_the_log_knows_stands_as_it_is() -> None:
    assert filled("{{ title }}", title=escape("a *b*")) == r"a \*b\*"


@pytest.mark.parametrize(
    "expression",
    ["title", "title ~ title", "title | lower", "[title, title] | join", "'' ~ title", "title[:99]"],
)
def test_plain_text_is_escaped_however_it_comes(expression: str) -> None:
    shown = filled(f"{{{{ {expression} }}}}", title=HOSTILE)
    assert "[x]" not in shown.replace(r"\[", "")
    assert "<b>" not in shown


@pytest.mark.parametrize("expression", ["title | replace('\\\\', '')", "title | replace('\\\\', '') | trim"])
def test_markdown_that_a_filter_has_touched_is_escaped_again(expression: str) -> None:
    assert filled(f"{{{{ {expression} }}}}", title=escape("[x]")) == r"\[x\]"


def test_nothing_is_shown_for_nothing() -> None:
    assert filled("a{{ none }}b") == "ab"


def test_a_name_that_is_not_known_is_named_with_its_line_and_what_was_meant() -> None:
    assert mistakes("{{ head }}\n\n{{ summry }}") == ["3: `summry` is not known here; did you mean `summary`?"]


def test_a_prompt_that_is_not_known_is_named_too() -> None:
    (mistake,) = mistakes("{{ head }}\n{{ sections.proces }}")
    assert mistake == "2: `sections.proces` is not known here; did you mean `sections.process`?"


def test_what_is_no_template_is_named_with_its_line() -> None:
    (mistake,) = mistakes("{{ head }}\n{% if private %}\n{{ title }")
    assert mistake.startswith("3: is no template: ")


def test_a_template_may_not_leave_out_that_an_incident_is_private() -> None:
    assert mistakes("# {{ title }}") == ["1: does not show {{ head }}, which says when an incident is private"]


@pytest.mark.parametrize(
    "attack",
    [
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ title.ljust(1000000000) }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ title | safe }}",
        "{{ range(10) }}",
        "{{ title.__class__ }}",
        "{{ title.__init__.__globals__ }}",
        "{{ title.format(x=1).__class__ }}",
        "{{ lipsum }}",
        "{{ self._TemplateReference__context }}",
        "{{ 1 / 0 }}",
        "{{ sections['x'] }}",
    ],
)
def test_what_could_do_harm_is_a_mistake_on_its_line(attack: str) -> None:
    (first, *_) = mistakes("{{ head }}\n" + attack)
    assert first.startswith("2: ")


def test_a_loop_and_a_condition_may_be_used() -> None:
    template = "{{ head }}{% for section in sections if private %}{{ loop.index }}{{ sections[section] }}{% endfor %}"
    assert mistakes(template) == []


def test_a_template_that_is_too_long_is_refused_unread() -> None:
    assert mistakes("{{ head }}" + "x" * 70_000) == ["1: is longer than 64 KiB"]


def test_all_mistakes_are_raised_at_once() -> None:
    with pytest.raises(TemplateMistakes) as raised:
        fill_template("{{ head }}\n{{ a }}\n{{ b }}", {"head": Markdown("")})
    assert [mistake.line for mistake in raised.value.mistakes] == [2, 3]
