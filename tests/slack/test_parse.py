"""The slash command's text, read: tables of what people type and what it asks for."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incident import commands as ask
from bot.incident.closing_commands import CloseIncident, ExtendWorkaround, RemoveWorkaround, StateNoWorkarounds
from bot.incident.policy import Policy
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    OPERATIONS_LEAD,
    SCRIBE,
    Milestone,
    Person,
    Rejected,
    Role,
    Severity,
    Status,
    UserId,
)
from bot.slack import action_ids as ids
from bot.slack.asked import Asked, AssignTo, AttachNamed, ListWorkaround, Look, OpenForm, Page, Request, UnknownVerb
from bot.slack.parse import parse
from bot.slack.verbs import VERBS

ADA = Person(id=UserId("U0ADA"), name="Ada", time_zone="Europe/Berlin")
NOW = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)  # 14:30 in Berlin


def read(text: str) -> Request:
    return parse(text, by=ADA, at=NOW, policy=Policy())


def asked(text: str) -> Asked:
    return read(text).asked


def refusal(text: str) -> Rejected:
    with pytest.raises(Rejected) as refused:
        read(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Look(page=Page.PANEL)),
        ("  \n ", Look(page=Page.PANEL)),
        ("declare", OpenForm(modal=ids.DECLARE_MODAL)),
        ("declare sev1", OpenForm(modal=ids.DECLARE_MODAL)),
        ("declare Checkout down", ask.DeclareIncident(by=ADA, title="Checkout down")),
        ("declare SEV1 Checkout down", ask.DeclareIncident(by=ADA, title="Checkout down", severity=Severity.SEV1)),
        ("DECLARE sev 2  Slow", ask.DeclareIncident(by=ADA, title="Slow", severity=Severity.SEV2)),
        ("declare sev-3: Slow", ask.DeclareIncident(by=ADA, title="Slow", severity=Severity.SEV3)),
        ("declare 500 errors", ask.DeclareIncident(by=ADA, title="500 errors")),
        ("declare several nodes", ask.DeclareIncident(by=ADA, title="several nodes")),
        ("declare “Checkout down”", ask.DeclareIncident(by=ADA, title="Checkout down")),
        ("declare don’t “stop”", ask.DeclareIncident(by=ADA, title="don’t “stop”")),
        ("declare a &lt;b&gt; &amp; c", ask.DeclareIncident(by=ADA, title="a <b> & c")),
        ("new INC-7 is back", ask.DeclareIncident(by=ADA, title="INC-7 is back")),
    ],
)
def test_declare_is_read_as_it_is_typed(text: str, expected: Asked) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize("text", ["severity sev1", "severity SEV 1", "severity 1", "sev “sev1”", "Severity sev-1"])
def test_a_severity_is_read_however_it_is_written(text: str) -> None:
    assert asked(text) == ask.ChangeSeverity(by=ADA, severity=Severity.SEV1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("severity sev2 half of the EU", ask.ChangeSeverity(by=ADA, severity=Severity.SEV2, why="half of the EU")),
        ("severity", OpenForm(modal=ids.SEVERITY_MODAL)),
        ("status", OpenForm(modal=ids.STATUS_MODAL)),
        ("status mitigated rolled back", ask.ChangeStatus(by=ADA, status=Status.MITIGATED, note="rolled back")),
        ("status Invest", ask.ChangeStatus(by=ADA, status=Status.INVESTIGATING)),
        ("status resolve all well", ask.ResolveIncident(by=ADA, summary="all well")),
        ("status resolved", ask.ResolveIncident(by=ADA)),
        ("status reopen it is back", ask.ReopenIncident(by=ADA, why="it is back")),
        ("status cancelled", ask.CancelIncident(by=ADA)),
        ("status closed", CloseIncident(by=ADA)),
        ("resolve  all well", ask.ResolveIncident(by=ADA, summary="all well")),
        ("reopen", ask.ReopenIncident(by=ADA)),
        ("cancel false alarm", ask.CancelIncident(by=ADA, why="false alarm")),
        ("close", CloseIncident(by=ADA)),
        ("close Reviewed.", CloseIncident(by=ADA, note="Reviewed.")),
        ("close because it was a load test", CloseIncident(by=ADA, because="it was a load test")),
        ("close Because: it was small", CloseIncident(by=ADA, because="it was small")),
        ("status closed because it was small", CloseIncident(by=ADA, because="it was small")),
        ("close becausehave", CloseIncident(by=ADA, note="becausehave")),
        ("ack", ask.Acknowledge(by=ADA)),
    ],
)
def test_severity_and_status_are_read(text: str, expected: Asked) -> None:
    assert asked(text) == expected


BEN = UserId("U0BEN")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("assign commander <@U0BEN|ben>", AssignTo(role=INCIDENT_COMMANDER, user=BEN)),
        ("assign Incident Commander <@U0BEN>", AssignTo(role=INCIDENT_COMMANDER, user=BEN)),
        ("assign <@U0BEN|ben> as communications lead", AssignTo(role=COMMUNICATIONS_LEAD, user=BEN)),
        ("assign ops to <@U0BEN|ben>", AssignTo(role=OPERATIONS_LEAD, user=BEN)),
        ("assign communi <@U0BEN|ben>", AssignTo(role=COMMUNICATIONS_LEAD, user=BEN)),
        ("assign scribe me", AssignTo(role=SCRIBE, user=ADA.id)),
        ("assign", OpenForm(modal=ids.ROLES_MODAL)),
        ("claim scribe", ask.ClaimRole(by=ADA, role=SCRIBE)),
        ("claim operations_lead", ask.ClaimRole(by=ADA, role=OPERATIONS_LEAD)),
        ("claim", OpenForm(modal=ids.ROLES_MODAL)),
        ("release", ask.ReleaseRole(by=ADA)),
        ("release IC", ask.ReleaseRole(by=ADA, role=Role("incident_commander"))),
    ],
)
def test_roles_are_read_by_title_alias_and_beginning(text: str, expected: Asked) -> None:
    assert asked(text) == expected


def test_a_name_that_slack_did_not_resolve_is_asked_for_again() -> None:
    assert "pick the name from the list" in refusal("assign commander @ada").sentence


def test_an_unknown_role_is_answered_with_those_there_are() -> None:
    refused = refusal("claim pilot")
    assert refused.sentence == (
        "“pilot” is no role here: use incident commander, communications lead, operations lead or scribe."
    )
    assert refused.field == "role"


DAY = date(2026, 12, 1)


def workaround(owner: UserId = ADA.id, on: date = DAY) -> ListWorkaround:
    return ListWorkaround(what="The flag is off", owner=owner, expires_on=on)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("workaround", OpenForm(modal=ids.WORKAROUND_MODAL)),
        ("workarounds none", StateNoWorkarounds(by=ADA)),
        ("workaround The flag is off until 2026-12-01", workaround()),
        ("workaround The flag is off <@U0BEN|ben> until 2026-12-01", workaround(BEN)),
        ("workaround <@U0BEN|ben> The flag is off till 10 days", workaround(BEN)),
        ("workaround The flag is off until in 1 week", workaround(on=date(2026, 11, 28))),
        ("workaround The flag is off until tomorrow", workaround(on=date(2026, 11, 22))),
        ("workaround keep 2 until 2026-12-01", ExtendWorkaround(by=ADA, number=2, expires_on=DAY)),
        ("workaround extend W2 until 10d", ExtendWorkaround(by=ADA, number=2, expires_on=DAY)),
        ("workaround remove 2", RemoveWorkaround(by=ADA, number=2)),
        ("workaround removed W2 It is on &amp; well", RemoveWorkaround(by=ADA, number=2, note="It is on & well")),
    ],
)
def test_workarounds_are_read_with_their_owner_and_their_last_day(text: str, expected: Asked) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("workaround The flag is off", "Say until when it may stay"),
        ("workaround The flag is off until the cows come home", "is no day I can read: write it like 2026-12-01"),
        ("workaround The flag is off until 2026-02-30", "is no day of the calendar"),
        ("close because", "Say why, too"),
    ],
)
def test_what_is_missing_from_the_words_is_asked_for(text: str, said: str) -> None:
    assert said in refusal(text).sentence


@pytest.mark.parametrize(
    ("text", "happened"),
    [
        ("note at 14:05 Rollback began", datetime(2026, 11, 21, 13, 5, tzinfo=UTC)),
        ("note at 2pm Rollback began", datetime(2026, 11, 21, 13, 0, tzinfo=UTC)),
        ("note at 2:05 PM: Rollback began", datetime(2026, 11, 21, 13, 5, tzinfo=UTC)),
        ("note at 23:50 Rollback began", datetime(2026, 11, 20, 22, 50, tzinfo=UTC)),
        ("note at 14:05 yesterday Rollback began", datetime(2026, 11, 20, 13, 5, tzinfo=UTC)),
        ("note at yesterday 14:05 Rollback began", datetime(2026, 11, 20, 13, 5, tzinfo=UTC)),
        ("note at 2026-11-19 14:05 Rollback began", datetime(2026, 11, 19, 13, 5, tzinfo=UTC)),
        ("note Rollback began", None),
    ],
)
def test_a_note_may_be_back_dated_in_the_zone_of_its_author(text: str, happened: datetime | None) -> None:
    assert asked(text) == ask.AddNote(by=ADA, text="Rollback began", happened_at=happened)


@pytest.mark.parametrize("text", ["at 3 nodes failing", "at the start", "at 10% errors began", "INC-7 looks the same"])
def test_a_note_that_only_looks_dated_is_kept_whole(text: str) -> None:
    assert asked(f"note {text}") == ask.AddNote(by=ADA, text=text)


@pytest.mark.parametrize("time", ["25:99", "14:61", "24:00", "13pm", "0am", "14:5pm"])
def test_a_time_that_no_clock_shows_is_refused(time: str) -> None:
    assert refusal(f"note at {time} x").sentence.endswith("is no time of day I can read: write it like 14:05 or 2pm.")


def test_a_note_with_a_time_and_nothing_else_is_asked_for_its_text() -> None:
    assert refusal("note at 14:05").sentence.startswith("Write what happened")


@pytest.mark.parametrize(
    ("text", "known", "minutes"),
    [
        ("update Rolling back", "Rolling back", None),
        ("update Rolling back next 30m", "Rolling back", 30),
        ("update Rolling back next in 1h30m", "Rolling back", 90),
        ("update Rolling back next 90 min", "Rolling back", 90),
        ("update Rolling back --next 20", "Rolling back", 20),
        ("update Rolling back —next 20m", "Rolling back", 20),
        ("update we restart the next", "we restart the next", None),
        ("update shard 7, then next 8", "shard 7, then next 8", None),
        ("update next 30m we know more", "next 30m we know more", None),
    ],
)
def test_an_update_may_promise_the_next_one_at_its_end(text: str, known: str, minutes: int | None) -> None:
    next_in = None if minutes is None else timedelta(minutes=minutes)
    assert asked(text) == ask.PostUpdate(by=ADA, known=known, next_in=next_in)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("update", OpenForm(modal=ids.UPDATE_MODAL)),
        ("update next 30m", OpenForm(modal=ids.UPDATE_MODAL)),
        ("remind", OpenForm(modal=ids.CADENCE_MODAL)),
        ("remind every 20m", ask.SetCadence(by=ADA, every=timedelta(minutes=20))),
        ("remind 1 hour", ask.SetCadence(by=ADA, every=timedelta(hours=1))),
        ("remind every 20", ask.SetCadence(by=ADA, every=timedelta(minutes=20))),
        ("remind OFF", ask.SetCadence(by=ADA, every=None)),
        ("remind snooze 10m", ask.SnoozeUpdate(by=ADA, span=timedelta(minutes=10))),
        ("remind snooze for 1 h 30 min", ask.SnoozeUpdate(by=ADA, span=timedelta(minutes=90))),
        ("remind snooze", ask.SnoozeUpdate(by=ADA)),
        ("remind skip", ask.SkipUpdate(by=ADA)),
    ],
)
def test_reminders_are_read(text: str, expected: Asked) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize("span", ["0", "8d", "soon", "-5m", "every 99999h", "1m1m1m"])
def test_a_length_of_time_that_makes_no_sense_is_refused(span: str) -> None:
    assert "ength of time" in refusal(f"remind {span}").sentence


@pytest.mark.parametrize(
    ("text", "milestone", "at"),
    [
        ("correct impact started 14:05", Milestone.IMPACT_STARTED, datetime(2026, 11, 21, 13, 5, tzinfo=UTC)),
        ("correct impact at 14:05 yesterday", Milestone.IMPACT_STARTED, datetime(2026, 11, 20, 13, 5, tzinfo=UTC)),
        ("correct detected to 2pm", Milestone.DETECTED, datetime(2026, 11, 21, 13, 0, tzinfo=UTC)),
    ],
)
def test_a_milestone_can_be_corrected(text: str, milestone: Milestone, at: datetime) -> None:
    assert asked(text) == ask.CorrectMilestone(by=ADA, milestone=milestone, at=at)


@pytest.mark.parametrize("text", ["correct impact", "correct de 14:05", "correct lunch 14:05", "correct 14:05"])
def test_a_correction_that_names_no_time_or_milestone_is_refused(text: str) -> None:
    assert refusal(text).sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("timeline", Request(asked=Look(page=Page.TIMELINE))),
        ("timeline 2", Request(asked=Look(page=Page.TIMELINE, number=2))),
        ("timeline INC-42 page 2", Request(asked=Look(page=Page.TIMELINE, number=2), incident=42)),  # type: ignore[arg-type]
        ("show INC-42", Request(asked=Look(page=Page.INCIDENT), incident=42)),  # type: ignore[arg-type]
        ("show #42", Request(asked=Look(page=Page.INCIDENT), incident=42)),  # type: ignore[arg-type]
        ("join inc 42", Request(asked=ask.JoinIncident(by=ADA), incident=42)),  # type: ignore[arg-type]
        ("inc-42 ack", Request(asked=ask.Acknowledge(by=ADA), incident=42)),  # type: ignore[arg-type]
        ("INC-42", Request(asked=Look(page=Page.PANEL), incident=42)),  # type: ignore[arg-type]
        ("list", Request(asked=Look(page=Page.LIST))),
        ("list all 3", Request(asked=Look(page=Page.LIST, number=3, ended=True))),
        ("playbook", Request(asked=Look(page=Page.PLAYBOOKS))),
        ("playbook “Bad deploy”", Request(asked=AttachNamed(name="Bad deploy"))),
        ("help", Request(asked=Look(page=Page.HELP))),
        ("?", Request(asked=Look(page=Page.HELP))),
        ("help `Freeze`", Request(asked=Look(page=Page.HELP, words="freeze"))),
    ],
)
def test_what_is_only_looked_at_is_read(text: str, expected: Request) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", ["show nonsense", "join #general", "timeline two", "list 0", "INC-0 show"])
def test_a_number_that_is_none_is_refused(text: str) -> None:
    assert refusal(text).sentence


@pytest.mark.parametrize(
    ("word", "guess"), [("servity", "severity"), ("Resovle", "resolve"), ("xyzzy", ""), ("assing,", "assign")]
)
def test_a_wrong_verb_is_answered_with_the_nearest(word: str, guess: str) -> None:
    found = asked(f"{word} something")
    assert isinstance(found, UnknownVerb)
    assert found.guess == guess


def test_a_title_of_300_characters_is_kept_and_a_longer_one_refused() -> None:
    assert asked("declare " + "ä" * 300) == ask.DeclareIncident(by=ADA, title="ä" * 300)
    assert refusal("declare " + "ä" * 301).field == "title"


def test_a_severity_that_the_policy_lacks_is_answered_with_those_it_has() -> None:
    assert refusal("severity sev9").sentence == "“SEV9” is no severity here: use SEV1, SEV2 or SEV3."


def test_slack_tokens_in_free_text_become_what_people_see() -> None:
    text = "note <@U0BEN|ben> in <#C01|general> says <https://example.com/a?b&amp;c|example> &lt;!channel&gt;"
    assert asked(text) == ask.AddNote(
        by=ADA, text="@ben in #general says example (https://example.com/a?b&c) <!channel>"
    )


NAMES = [name for verb in VERBS for name in (verb.name, *verb.aliases)]


@given(verb=st.sampled_from(["", *NAMES]), rest=st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(verb: str, rest: str) -> None:
    with suppress(Rejected):
        assert isinstance(read(f"{verb} {rest}"), Request)


@given(st.text(alphabet="0123456789:.apmhdsin -—yesterdayat<>@|#&;INC", max_size=40))
def test_whatever_looks_like_a_time_or_token_is_read_or_refused(rest: str) -> None:
    for verb in ("note at", "remind", "correct impact", "update x next", "assign", "show", "timeline"):
        with suppress(Rejected):
            assert isinstance(read(f"{verb} {rest}"), Request)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("assign <@U0BEN|ben>", "Say which role, too: "),
        ("remind every", "Say how long, too: write it like 30m or 1h30m."),
        ("note yesterday", "Write what happened, too, as in "),
        ("note 14:05", "Write what happened, too, as in "),
        ("note at 23:59 tomorrow x", "That time is still to come"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_quoted_that_was_not_written(text: str, sentence: str) -> None:
    assert refusal(text).sentence.startswith(sentence)


@pytest.mark.parametrize(("text", "meant"), [("status mitgated", "mitigated"), ("claim scrbe", "scribe")])
def test_a_slip_of_the_keyboard_is_answered_with_the_word_that_was_meant(text: str, meant: str) -> None:
    assert refusal(text).sentence.endswith(f"Did you mean “{meant}”?")


@pytest.mark.parametrize("text", ["assign ben commander", "note at 14:05", "correct impact started"])
def test_an_example_stands_in_quotation_marks_that_can_be_shown_as_they_are(text: str) -> None:
    assert "`" not in refusal(text).sentence


@pytest.mark.parametrize("text", ["-h", "--help", "?"])
def test_help_is_found_by_the_habits_of_the_command_line(text: str) -> None:
    assert asked(text) == Look(page=Page.HELP)
