"""Markdown becomes a drill, and every mistake becomes a sentence with a line."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.incident.terms import Severity
from bot.playbook.drill import Drill, parse_drill
from bot.playbook.drill_script import Commander, Line, LineBefore, Moment, React, Reply, Say, Start, WarRoom
from bot.playbook.holdings import is_drill, is_read, read_drills
from bot.playbook.problems import LibraryProblems

FILE = "playbooks/drills/it.md"
FRONT = "---\nminutes: 10\nseverity: SEV2\n---\n\n# It hangs\n\nA brief.\n\n## Script\n\n"
FIRST = FRONT.count("\n") + 1
"""The file's line on which the script begins."""


def drill(*lines: str) -> Drill:
    return parse_drill(FRONT + "\n".join(lines), source=FILE)


def only_line(text: str) -> Line:
    return drill(text).lines[-1]


def problems_of(text: str) -> list[str]:
    with pytest.raises(LibraryProblems) as caught:
        parse_drill(text, source=FILE)
    return [str(problem) for problem in caught.value.problems]


def test_front_matter_and_brief_say_what_the_players_are_told() -> None:
    text = FRONT.replace("severity: SEV2", "severity: sev1\nplaybook: bad-deploy\nplayers: ada\ngoals: [Go back first]")
    read = parse_drill(f"{text}- at 0 min, Grace in #support: Hm\n\n## Debrief\n\n- Why?", source=FILE)
    assert (read.name, read.title, read.minutes, read.severity) == ("it", "It hangs", 10, Severity.SEV1)
    assert (read.brief, read.debrief) == ("A brief.", "- Why?")
    assert (read.playbook, read.players, read.goals) == ("bad-deploy", ("ada",), ("Go back first",))


def test_a_brief_flows_whatever_the_line_breaks_of_the_file() -> None:
    text = FRONT.replace("A brief.", "One\ntwo.\n\nThree.") + "- at 0 min, Grace in #support: Hm"
    assert parse_drill(text, source=FILE).brief == "One two.\n\nThree."


@pytest.mark.parametrize(
    ("written", "after", "since"),
    [
        ("at 2 min", timedelta(minutes=2), Start()),
        ("at 1:30", timedelta(seconds=90), Start()),
        ("at 1 min 30 s", timedelta(seconds=90), Start()),
        ("At 45 seconds", timedelta(seconds=45), Start()),
        ("once declared", timedelta(), Moment.DECLARED),
        ("2 min after mitigated", timedelta(minutes=2), Moment.MITIGATED),
        ("1:10 after declared", timedelta(seconds=70), Moment.DECLARED),
        ("20 s later", timedelta(seconds=20), LineBefore()),
    ],
)
def test_a_time_is_written_as_people_say_it(written: str, after: timedelta, since: object) -> None:
    read = drill("- at 0 min, Grace in #support: Hm", f"- {written}, Cleo in #support: Yes?").lines[-1]
    assert (read.when.after, read.when.since) == (after, since)


@pytest.mark.parametrize("comma", [", ", " "])
def test_a_line_can_be_left_out_where_things_have_gone_well(comma: str) -> None:
    when = only_line(f"- at 5 min{comma}unless declared{comma}if private, Grace in #support: Anybody?").when
    assert when.unless == frozenset({Moment.DECLARED})
    assert when.only_if == frozenset({Moment.PRIVATE})


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("in #support", "support"),
        ("in support", "support"),
        ("in the war room", WarRoom()),
        ("to the commander", Commander()),
        ("to Ada", "ada"),
        ("in #support writes", "support"),
    ],
)
def test_people_write_in_channels_in_the_war_room_and_to_one_another(written: str, place: object) -> None:
    deed = only_line(f"- at 0 min, Cleo {written}: Hello").deed
    assert deed == Say(place=place, text="Hello")  # type: ignore[arg-type]  # of several kinds


def test_replies_and_reactions_stand_under_their_message() -> None:
    said, reply, reaction = drill(
        "- at 0 min, Grace in #support: It hangs",
        "  - 20 s later, Cleo replies: Which browser?",
        "  - Finn reacts with :eyes:",
    ).lines
    assert (reply.deed, reaction.deed) == (Reply(to=0, text="Which browser?"), React(to=0, emoji="eyes"))
    assert (reply.when.after, reaction.when.after) == (timedelta(seconds=20), timedelta(seconds=5))
    assert [said.line, reply.line, reaction.line] == [FIRST, FIRST + 1, FIRST + 2]


def test_a_text_flows_and_keeps_its_paragraphs_and_code() -> None:
    deed = only_line("- at 0 min, Cleo in #general: one\n  two: 3\n\n  *four*\n\n  ```sh\n  ls -l\n  ```").deed
    assert isinstance(deed, Say)
    assert deed.text == "one two: 3\n*four*\n```\nls -l\n```"


def test_headings_and_comments_in_the_script_are_for_its_authors() -> None:
    read = drill("### It begins", "", "- at 0 min, Grace in #support: Hm", "", "<!-- the turn -->", "")
    assert len(read.lines) == 1


MISTAKES = (
    ("- Grace in #support: Hm", "does not say when; write `at 2 min`"),
    ("- at 2, Grace in #support: Hm", "`at 2` is no time; write `at 2 min`"),
    ("- once mitigatd, Grace in #support: Hm", "mitigatd is no moment of a drill"),
    ("- at 0 min, Greace in #support: Hm", "Greace is nobody of the local workspace; did you mean `grace`?"),
    ("- at 0 min, Grace in #suport: Hm", "suport is no channel of the local workspace; did you mean `support`?"),
    ("- at 0 min, Grace: Hm", "is no line of the script; write `at 2 min, Grace in #support: …`"),
    ("- at 0 min, Grace in #support:", "wants a text of 1 to 2000 characters"),
    ("- at 11 min, Grace in #support: Hm", "comes after the 10 minutes that the drill has"),
    ("- at 0 min, Ada in #support: Hm", "Ada is a player, so nobody speaks for them"),
    ("- at 0 min, pagerbot in #support: Hm", "pagerbot writes in #alerts only"),
    ("- 20 s later, Grace in #support: Hm", "`later` counts from the line before, and this is the first"),
    ("at 0 min, Grace in #support: Hm", "stands in no list, so nobody says it"),
)


@pytest.mark.parametrize(("line", "sentence"), MISTAKES, ids=[line[:30] for line, _ in MISTAKES])
def test_a_mistake_in_the_script_is_told_with_its_line_and_the_way_out(line: str, sentence: str) -> None:
    assert any(told.startswith(f"{FILE}:{FIRST}: {sentence}") for told in problems_of(FRONT + line))


def test_under_a_message_stand_replies_and_reactions_only() -> None:
    said = "- at 0 min, Grace in #support: Hm\n  - a list of hers\n    - and one in it\n"
    assert f"{FILE}:{FIRST + 1}: under a message stand `Cleo replies: …` and `Cleo reacts :eyes:`" in problems_of(
        FRONT + said
    )


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("---\n", "", f"{FILE}:1: begins with front matter: `---`, then title, minutes and severity, then `---`"),
        ("minutes: 10", "minutes: ten", f"{FILE}:2: minutes: ten is no length; write whole minutes, 1 to 120"),
        ("minutes: 10", "minuts: 10", f"{FILE}:2: minuts: is no field known here; did you mean `minutes`?"),
        ("minutes: 10\n", "", f"{FILE}:2: minutes: is missing"),
        ("SEV2", "SEV9", f"{FILE}:3: severity: SEV9 is no severity; use SEV1 … SEV5"),
        ("SEV2", "SEV2\nplayers: [zoe]", f"{FILE}:4: players: zoe is nobody of the local workspace"),
        ("# It hangs", "", f"{FILE}:2: title: give one of 1 to 75 characters"),
        ("A brief.", "", f"{FILE}: wants a brief for the players before `## Script`"),
        ("## Script", "## Scrpt", f"{FILE}:10: `## Scrpt` is no section; there are `## Script` and `## Debrief`"),
    ],
)
def test_a_mistake_before_the_script_is_told_too(before: str, after: str, sentence: str) -> None:
    text = FRONT.replace(before, after, 1) + "- at 0 min, Grace in #support: Hm"
    assert any(told.startswith(sentence) for told in problems_of(text))


def test_a_drill_names_a_playbook_that_there_is() -> None:
    text = FRONT.replace("SEV2", "SEV2\nplaybook: bad-deploi") + "- at 0 min, Grace in #support: Hm"
    with pytest.raises(LibraryProblems, match="playbook: bad-deploi is no playbook of this folder"):
        read_drills({"drills/it.md": text})


def test_what_muster_reads_in_slack_and_what_is_practised_are_apart() -> None:
    assert is_drill("drills/it.md")
    assert not is_read("drills/it.md")
    assert not is_drill("drills/README.md")
    assert is_read("network/drills/it.md")


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("- at0123,:#minsGraceinuport reacts:eyes:\n  ")))
def test_any_text_is_a_drill_or_a_list_of_its_mistakes(text: str) -> None:
    with suppress(LibraryProblems):
        parse_drill(FRONT + text, source=FILE)
