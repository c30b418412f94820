"""Markdown becomes a playbook, and every mistake becomes a sentence with a line."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.incident.terms import OPERATIONS_LEAD, SCRIBE, Severity
from bot.playbook.document import Kind, guide, parse
from bot.playbook.problems import LibraryProblems
from tests.playbook.library_texts import GUIDE, PLAYBOOK, STEP, one_step

FILE = "playbooks/it.md"


def problems_of(text: str) -> list[str]:
    with pytest.raises(LibraryProblems) as caught:
        parse(text, source=FILE)
    return [str(problem) for problem in caught.value.problems]


def front(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "# Title", STEP])


def test_front_matter_says_when_a_playbook_applies() -> None:
    read = parse(PLAYBOOK, source=FILE)
    assert (read.id, read.title, read.kind, read.review_by) == (
        "bad-deploy",
        "Bad deploy",
        Kind.PLAYBOOK,
        date(2027, 5, 1),
    )
    assert read.match.severities == (Severity.SEV1, Severity.SEV2)
    assert read.match.words == ("deploy",)


def test_text_before_the_first_section_is_the_summary() -> None:
    assert parse(PLAYBOOK, source=FILE).summary == "Roll back first."


def test_a_task_item_carries_role_time_commands_verify_and_rollback() -> None:
    step = parse(PLAYBOOK, source=FILE).steps[0]
    assert (step.id, step.title, step.section) == ("stop", "Stop the rollout", "Stop")
    assert (step.role, step.expected) == (OPERATIONS_LEAD, timedelta(minutes=5))
    assert step.commands == ("kubectl rollout pause deployment/<service>",)
    assert (step.detail, step.verify, step.rollback) == ("Pause the pipeline too.", "nothing moves.", "resume it.")


def test_a_step_may_say_that_it_mitigates() -> None:
    marked, plain = parse("# Title\n- [ ] Roll back *(5 min, Mitigates)*\n- [ ] Look", source=FILE).steps
    assert (marked.mitigates, plain.mitigates) == (True, False)


def test_a_step_without_an_explicit_id_is_named_by_its_place() -> None:
    assert parse(PLAYBOOK, source=FILE).steps[1].id == "2"


def test_the_revision_follows_the_text() -> None:
    assert parse(PLAYBOOK, source=FILE).revision == parse(PLAYBOOK, source="elsewhere.md").revision
    assert parse(PLAYBOOK, source=FILE).revision != parse(PLAYBOOK + " ", source=FILE).revision


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_newlines_of_other_systems_change_nothing(newline: str) -> None:
    assert parse(PLAYBOOK.replace("\n", newline), source=FILE).steps == parse(PLAYBOOK, source=FILE).steps


def test_a_byte_order_mark_changes_nothing() -> None:
    assert parse("\ufeff" + PLAYBOOK, source=FILE).id == "bad-deploy"


def test_tabs_may_indent_a_step() -> None:
    step = one_step("- [ ] Stop\n\n\tPause it.\n\n\tVerify: it stands.\n")
    assert (step.detail, step.verify) == ("Pause it.", "it stands.")


def test_without_front_matter_the_file_name_is_the_id_and_the_heading_the_title() -> None:
    read = parse("# Slow search\n" + STEP, source="playbooks/slow-search.md")
    assert (read.id, read.title) == ("slow-search", "Slow search")


def test_a_section_without_task_items_is_one_step() -> None:
    step = one_step(
        "## Fail over *(operations lead, 5 min)*\n\nAsk first.\n\n```sh\nfail\n```\n\nVerify: it is over.\n"
    )
    assert (step.title, step.role, step.detail) == ("Fail over", OPERATIONS_LEAD, "Ask first.")
    assert (step.commands, step.verify) == (("fail",), "it is over.")


def test_text_of_a_section_belongs_to_the_step_beside_it() -> None:
    step = one_step("## Stop\n\nAbove 5 %: go on.\n\n- [ ] Stop it\n\nThen wait.\n")
    assert step.detail == "Above 5 %: go on.\n\nThen wait."


def test_a_list_inside_a_step_is_its_text() -> None:
    step = one_step("- [ ] Decide\n  - wait\n    - long\n  - [ ] switch\n")
    assert step.detail == "- wait\n  - long\n- [ ] switch"


def test_a_wrapped_paragraph_is_one_line_unless_its_author_breaks_it() -> None:
    step = one_step("- [ ] Stop\n\n  First\n  and second\\\n  third\n\n  Verify: it\n  stands\n")
    assert (step.detail, step.verify) == ("First and second\nthird", "it stands")


def test_a_quote_a_table_and_raw_html_are_kept_as_typed() -> None:
    step = one_step("- [ ] Stop\n\n  > Ada said\n  > so\n\n  <details>\n  x\n  </details>\n")
    assert step.detail == "> Ada said\n> so\n\n<details>\nx\n</details>"


@pytest.mark.parametrize("line", ["1. [ ] Stop", "* [x] Stop", "+ [X] Stop"])
def test_any_list_may_hold_the_tasks(line: str) -> None:
    assert one_step(line).title == "Stop"


def test_verify_may_follow_the_title_at_once() -> None:
    step = one_step("- [ ] Stop *(5 min)*\n  and wait\n  **Verify:** it stands\n  Rollback: go\n")
    assert (step.title, step.detail, step.verify, step.rollback) == ("Stop", "and wait", "it stands", "go")


def test_code_after_rollback_is_never_a_command_of_the_step() -> None:
    step = one_step("- [ ] Stop\n\n  Rollback: as before\n\n  ```sh\n  undo\n  ```\n")
    assert (step.commands, step.rollback) == ((), "as before\n```\nundo\n```")


def test_a_list_after_rollback_is_part_of_it() -> None:
    step = one_step("- [ ] Stop\n\n  Rollback:\n\n  1. resume\n  2. look\n\n  ```sh\n  undo\n  ```\n")
    assert (step.detail, step.commands) == ("", ())
    assert step.rollback == "1. resume\n2. look\n```\nundo\n```"


def test_hostile_text_is_kept_as_it_was_typed() -> None:
    hostile = "Stop <!channel> <https://evil|bank> *b* {{7*7}} &amp; \u202e[x](javascript:1)"
    step = one_step(f"- [ ] {hostile}\n\n  {hostile}\n\n  Verify: {hostile}\n")
    assert (step.title, step.detail, step.verify) == (hostile, hostile, hostile)


def test_a_comment_is_for_the_next_author_and_not_for_responders() -> None:
    assert one_step("<!-- why this is so -->\n\n- [ ] Stop\n\n  <!-- ask Ada -->\n").detail == ""


def test_a_guide_has_a_purpose_and_three_first_steps() -> None:
    read = guide(parse(GUIDE, source=FILE))
    assert (read.role, read.purpose, read.more) == (SCRIBE, "You keep the record.", "Add what Slack does not see.")
    assert [step.title for step in read.first_steps] == ["Read the channel", "Mark decisions", "Ask when it began"]
    assert [step.title for step in read.rest] == ["Fill the gaps"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (front("severities: [SEV1, SEV9]"), ":2: severities: SEV9 is no severity; use SEV1 … SEV5"),
        (front("id: it", "severties: [SEV1]"), ":3: severties: is no field known here; did you mean `severities`?"),
        (front("words: [on]"), ":2: words: wants text; put it in quotes"),
        (front("words:", "  - a", "  - b: c"), ":4: words: wants text; put it in quotes"),
        (front("review_by: soon"), ":2: review_by: soon is no date; write one such as 2027-03-31"),
        (front("review_by: 2027-02-30"), ":2: 2027-02-30 is no date or number; put it in quotes"),
        (front("private: perhaps"), ":2: private: wants true or false"),
        (front("labels: [a]"), ":2: labels: wants fields of its own, one a line"),
        (front("title: ''"), ":2: title: must not be empty"),
        (front("title: " + "x" * 76), ":2: title: is longer than 75 characters"),
        (front("words: [" + "a, " * 51 + "]"), ":2: words: holds more than 50 entries"),
        (front("id: Bad Deploy"), ":2: id: Bad Deploy is no id; use small letters, digits and hyphens, 60 at most"),
        (front("id: a", "id: b"), ":3: id: is given twice; keep one of the two"),
        (front("role: scrib"), ":2: role: scrib is no role of policy.yaml; did you mean `scribe`?"),
        (front("title: &t x"), ":2: anchors and aliases (& and *) are not read here; write the value out"),
        (front("title: !!python/name:os.system x"), ":2: tags (!) are not read here;"),
        (front("title: [a"), ":2: cannot be read as YAML:"),
        (front("just text"), ":2: wants fields, one a line, such as `title: Bad deploy`"),
        ("---\nid: it\n# Title\n" + STEP, ":1: the front matter is never closed;"),
        ("# Title\n- [ ] Stop *(mitigate)*", ":2: `mitigate` is neither a role nor a time such as 5 min; did"),
        ("# Title\n- [ ] Stop *(opertions lead)*", ":2: `opertions lead` is neither a role nor a time such as 5 min;"),
        ("# Title\n- [ ] Stop *(id: 9)*", ":2: id: 9 is no step id;"),
        ("# Title\n- [ ] A *(id: a)*\n- [ ] B *(id: a)*", ":3: id: `a` is the id of an earlier step"),
        ("# Title\n- [ ] " + "x" * 151, ":2: a step's title may be 150 characters long and this has 151"),
        ("# Title\n- [ ]\n- [ ] Stop", ":2: a step wants a title"),
        ("# Title\n\nOnly text.\n", ": holds no step;"),
        (STEP, ":1: title: give one of 1 to 75 characters"),
        ("# Title\n" + STEP * 101, ":102: holds 101 steps, at most 100 fit; split it"),
        ("x" * (256 * 1024 + 1), ": is larger than 256 KiB; split it"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_field(text: str, said: str) -> None:
    assert any(problem.startswith(FILE + said) for problem in problems_of(text)), problems_of(text)


def test_all_mistakes_of_a_file_are_named_at_once() -> None:
    assert len(problems_of("---\nid: A\nprivate: 7\n---\n# Title\n- [ ] Stop *(nobody)*\n")) == 3


def test_a_guide_with_two_steps_is_refused() -> None:
    text = "---\ntitle: T\nrole: scribe\n---\nPurpose.\n" + STEP * 2
    assert problems_of(text) == [f"{FILE}:3: a guide wants at least three steps: the first things to do"]


def test_the_largest_file_of_tasks_is_refused_within_seconds() -> None:
    started = time.monotonic()
    problems_of("- [ ] a\n" * (32 * 1024))
    assert time.monotonic() - started < 20


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("-[]x #`*_():>!&|<\n\t\rab0:'\"{},.\x00\ufeff\u2028é"), max_size=200))
def test_any_text_is_read_or_refused_with_problems(text: str) -> None:
    for given_text in (text, "---\n" + text + "\n---\n# T\n- [ ] a\n", "# T\n- [ ] " + text):
        try:
            assert parse(given_text, source=FILE).steps
        except LibraryProblems as error:
            assert error.problems  # noqa: PT017 - either outcome is right, nothing else is
