"""policy.yaml becomes a Policy, and every mistake becomes a sentence with a line."""

from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.incident.closure import ReviewDuty
from bot.incident.policy import Policy
from bot.incident.terms import INCIDENT_COMMANDER, SCRIBE, EntryKind, Role, Severity, UserId
from bot.incident.working_hours import WorkingHours
from bot.playbook.policy_file import parse_policy
from bot.playbook.problems import LibraryProblems

SEV1 = "severities:\n  SEV1: {rubric: Down}\n"


def problems_of(text: str) -> list[str]:
    with pytest.raises(LibraryProblems) as caught:
        parse_policy(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_is_the_default_policy(text: str) -> None:
    assert parse_policy(text) == Policy()


def test_severities_of_the_file_replace_the_default_ones() -> None:
    text = "severities:\n  sev2: {rubric: Slow, update_every: 1h30m, invite: [U024BE7LH]}\n"
    (rule,) = parse_policy(text).severities.values()
    assert (rule.rubric, rule.update_every, rule.invite) == ("Slow", timedelta(minutes=90), (UserId("U024BE7LH"),))


@pytest.mark.parametrize("word", ["never", "none", "off", "~", ""])
def test_a_severity_may_have_no_updates(word: str) -> None:
    text = SEV1.replace("Down", f"Down, update_every: {word}") + "default_severity: SEV1\n"
    assert parse_policy(text).severities[Severity.SEV1].update_every is None


def test_roles_of_the_file_are_added_to_the_four() -> None:
    policy = parse_policy("roles:\n  sector_lead: {aliases: [sector]}\n  scribe: {title: secretary}\n")
    assert INCIDENT_COMMANDER in policy.roles
    assert policy.roles[Role("sector_lead")].title == "sector lead"
    assert (policy.roles[SCRIBE].title, policy.roles[SCRIBE].purpose) == ("secretary", "Keeps the record.")


def test_emoji_may_be_written_with_or_without_colons() -> None:
    policy = parse_policy("emoji:\n  ':eyes:': evidence\n  no_entry_sign: hypothesis_ruled_out\n")
    assert policy.emoji == {"eyes": EntryKind.EVIDENCE, "no_entry_sign": EntryKind.RULED_OUT}


def test_the_rest_is_read_too() -> None:
    text = (
        "services: {checkout: [U024BE7LH], search: []}\nrights: {resolve: W12345678}\n"
        "escalation: {commander_after: 10m, announcement_after: 20m}\n"
        "reporter_commands: false\ntick: none\nsnooze: 15m\n"
    )
    policy = parse_policy(text)
    assert policy.services == {"checkout": ("U024BE7LH",), "search": ()}
    assert policy.rights.resolve == {"W12345678"}
    assert policy.escalation.announcement_after == timedelta(minutes=20)
    assert (policy.reporter_commands, policy.tick, policy.snooze) == (False, "", timedelta(minutes=15))


@pytest.mark.parametrize(
    ("word", "duty"),
    [
        ("required", ReviewDuty.REQUIRED),
        ("Waivable", ReviewDuty.WAIVABLE),
        ("none", ReviewDuty.NONE),
        ("", ReviewDuty.NONE),
    ],
)
def test_what_closing_asks_of_the_review_stands_with_each_severity(word: str, duty: ReviewDuty) -> None:
    text = SEV1.replace("Down", f"Down, review: {word}, review_within: 24h") + "default_severity: SEV1\n"
    rule = parse_policy(text).severities[Severity.SEV1]
    assert (rule.review, rule.review_within) == (duty, timedelta(hours=24))


def test_a_severity_that_does_not_say_may_have_its_review_waived() -> None:
    rule = parse_policy(SEV1 + "default_severity: SEV1\n").severities[Severity.SEV1]
    assert (rule.review, rule.review_within) == (ReviewDuty.WAIVABLE, timedelta(hours=72))


def test_when_people_are_asked_is_read_too() -> None:
    text = "closing:\n  ask_after: 5d\n  working_hours: {days: [sunday, Monday], begin: 08:30, until: 16:00}\n"
    closing = parse_policy(text).closing
    assert (closing.ask_after, closing.ask_again_after) == (timedelta(days=5), timedelta(days=7))
    assert closing.working_hours == WorkingHours(days=frozenset({6, 0}), begin=time(8, 30), until=time(16))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("snoze: 10m", ":1: snoze: is no field known here; did you mean `snooze`?"),
        (SEV1 + "    x: 1", ":3: cannot be read as YAML:"),
        ("severities:\n  SEV1: {rubic: Down}", ":2: severities.SEV1.rubic: is no field known here; did you mean"),
        ("severities:\n  SEV1: {}", ":2: severities.SEV1.rubric: is missing"),
        ("severities:\n  SEV8: {rubric: x}", ":2: severities.SEV8: SEV8 is no severity; use SEV1 … SEV5"),
        ("severities:\n  SEV2: {rubric: x}\n  sev2: {rubric: y}", ":1: severities: names one severity twice;"),
        (SEV1 + "  SEV1: {rubric: Up}", ":3: SEV1: is given twice; keep one of the two"),
        (SEV1, ":1: default_severity: SEV2 is not among the severities; use one of SEV1"),
        ("snooze: 10", ":1: snooze: 10 is no span of time; write 30m, 1h or 1h30m, a week at most"),
        ("snooze: 8h\nescalation:\n  commander_after: 10 s", ":3: escalation.commander_after: 10 s is no span of time"),
        ("escalation: {commander_after: 15m}", ":1: escalation.announcement_after: comes before commander_after"),
        (
            SEV1.replace("Down", "x, review: requird"),
            ":2: severities.SEV1.review: requird is nothing to ask of a review;",
        ),
        (SEV1.replace("Down", "x, review_within: 9d"), ":2: severities.SEV1.review_within: 9d is no span of time"),
        ("closing:\n  ask_after: soon", ":2: closing.ask_after: soon is no number of days; write 7d, 90d at most"),
        (
            "closing: {ask_again_after: 6d}",
            ":1: closing.ask_again_after: is shorter than 7d; nobody is asked more often",
        ),
        ("closing:\n  working_hours: {days: [mnday]}", ":2: closing.working_hours.days: mnday is no day of the week"),
        ("closing:\n  working_hours: {days: []}", ":2: closing.working_hours.days: must not be empty"),
        ("closing:\n  working_hours: {until: '25:00'}", ":2: closing.working_hours.until: 25:00 is no time of day;"),
        ("closing:\n  working_hours: {begin: 18:00}", ":2: closing.working_hours.until: comes before the hours begin"),
        (SEV1.replace("Down", "x, update_every: 1m"), ":2: severities.SEV1.update_every: is shorter than 5 m"),
        ("emoji:\n  eyes: evidense", ":2: emoji.eyes: evidense is no kind of entry; did you mean `evidence`?"),
        ("emoji:\n  eyes: evidence\n  ':eyes:': entry", ":3: emoji: :eyes: is given twice; keep one of the two"),
        ("emoji:\n  'two eyes': evidence", ":2: emoji: two eyes is no emoji name; write one such as pushpin"),
        ("rights:\n  resolve: ['@ada']", ":2: rights.resolve: @ada is no Slack user id;"),
        ("roles:\n  Sector Lead: {}", ":2: roles.Sector Lead: Sector Lead is no role key;"),
        ("roles:\n  sector:\n    aliases: [ops]", ":3: roles.sector: `ops` already names operations_lead"),
        ("reporter_commands: maybe", ":1: reporter_commands: wants true or false"),
        ("severities: {}", ":1: severities: must not be empty"),
        ("services: [checkout]", ":1: services: wants fields of its own, one a line"),
        ("a: b\n---\nc: d", ":2: cannot be read as YAML:"),
        ("a: " + "[" * 20, ":1: is nested too deeply"),
        ("a: b\n\x07", ":2: holds a control character, which YAML does not allow"),
        ("x" * 70_000, ": is larger than 64 KiB"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_field(text: str, said: str) -> None:
    assert any(problem.startswith("policy.yaml" + said) for problem in problems_of(text)), problems_of(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["", "roles:\n  ", "emoji: ", "severities:\n  SEV1: "]))
def test_any_text_is_a_policy_or_refused_with_problems(text: str, before: str) -> None:
    try:
        assert INCIDENT_COMMANDER in parse_policy(before + text).roles
    except LibraryProblems as error:
        assert error.problems  # noqa: PT017 - either outcome is right, nothing else is
