"""What a document says of each kind of entry, of what went well, of people and of playbooks; a sentence for each."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.document.entry_words import entry_words
from bot.document.evidence_words import evidence, recorded_digest
from bot.document.figures import impact, promises, response_times
from bot.document.narrative import action_items, decisions, people, playbooks, summary
from bot.document.slack_text import read_message
from bot.document.utc import date_time, exact, span, time_on
from bot.document.wording import Names, Wording, named_in
from bot.incident import commands as ask
from bot.incident.chasing import CLOSING_TIMER, WORKAROUND_TIMER
from bot.incident.closing_commands import (
    AddWorkaround,
    CloseIncident,
    ExtendWorkaround,
    PutOffClosing,
    RemoveWorkaround,
)
from bot.incident.closure import Review, ReviewState
from bot.incident.commands import Command
from bot.incident.entry import EntryLabel
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, MoveFollowup
from bot.incident.postmortem import Postmortem, postmortem
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    MUSTER,
    MUSTER_ITSELF,
    EntryKind,
    File,
    FileId,
    Milestone,
    Role,
    Severity,
    Status,
    StepState,
    UserId,
)
from tests.incident.given import ADA, BEN, NOON, POLICY, ROLLBACK, ROOM, Story, after, checkout, led, minutes, ts

WORDING = Wording(names=Names(known={ADA.id: "Ada", BEN.id: "Ben"}), policy=POLICY)


def draft(story: Story) -> Postmortem:
    return postmortem(story.log, story.policy)


def newest(story: Story) -> str:
    return entry_words(max(draft(story).entries, key=lambda entry: entry.recorded_at), WORDING)


def test_follow_ups_stand_in_the_document_with_owner_deadline_and_measure() -> None:
    story = checkout()
    alert = FollowupContent(what="Alert earlier.", owner=BEN.id, due_on=date(2026, 3, 31), metric="none under 30 days")
    story.do(AddFollowup(by=ADA, content=alert, people=(BEN,)), after(5))
    assert newest(story) == "**Follow-up F1** by Ada, owned by Ben: Alert earlier."
    story.do(MoveFollowup(by=BEN, number=1, state=FollowupState.DONE, note="seen"), after(6))
    assert newest(story) == "Follow-up F1 open → done by Ben: seen"
    assert "[x] F1: Alert earlier. Owner: Ben Due: 2026-03-31 We shall know by: none under 30 days Done (seen)" in (
        action_items(draft(story), WORDING)
    )
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Write it down.")), after(7))
    assert "[ ] F2: Write it down. Owner: … Due: …" in action_items(draft(story), WORDING)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            ask.ChangeSeverity(by=BEN, severity=Severity.SEV2, why="A part."),
            "**Severity** SEV1 → SEV2, by Ben: A part.",
        ),
        (ask.ChangeStatus(by=BEN, status=Status.IDENTIFIED), "**Status** triage → identified, by Ben"),
        (ask.ClaimRole(by=BEN, role=COMMUNICATIONS_LEAD), "Ben is communications lead (was nobody)"),
        (ask.ReleaseRole(by=ADA, role=INCIDENT_COMMANDER), "Nobody is incident commander (was Ada)"),
        (ask.Acknowledge(by=BEN), "**Acknowledged**"),
        (ask.AddNote(by=BEN, text="Look."), "**Note** · Ben: Look."),
        (ask.AddNote(by=BEN, text="Look.", kind=EntryKind.HYPOTHESIS), "**Hypothesis** · Ben: Look."),
        (ask.AddNote(by=BEN, text="Old.", happened_at=after(1)), "**Note** · Ben: Old. (recorded at 12:05)"),
        (ask.PostUpdate(by=BEN, known="Known."), "**Update 1** by Ben: Known. (Next by 12:35.)"),
        (ask.SetCadence(by=BEN, every=minutes(20)), "Updates every 20 min, by Ben"),
        (ask.SetCadence(by=BEN, every=None), "Reminders of updates switched off by Ben"),
        (ask.SnoozeUpdate(by=BEN, span=minutes(45)), "Update snoozed until 12:50 by Ben"),
        (ask.SkipUpdate(by=BEN), "Update skipped by Ben"),
        (ask.AttachPlaybook(by=ADA, checklist=ROLLBACK), "Playbook “Bad deploy” attached"),
        (
            ask.CorrectMilestone(by=BEN, milestone=Milestone.IMPACT_STARTED, at=after(-3)),
            "**Impact started** (added by Ben at 12:05)",
        ),
        (
            ask.CorrectMilestone(by=BEN, milestone=Milestone.DETECTED, at=after(-1500)),
            "**Detected** (corrected by Ben at 2026-03-02 12:05, was 2026-03-02 12:00)",
        ),
    ],
)
def test_each_kind_of_entry_is_a_sentence(command: Command, words: str) -> None:
    story = checkout(Severity.SEV1)
    story.do(command, after(5))
    assert words in [entry_words(entry, WORDING) for entry in draft(story).entries]


def test_a_reminder_says_of_whom_it_asked() -> None:
    story = led(Severity.SEV1)
    story.fire(after(30))
    assert newest(story) == "Update asked of Ben, due 12:30"


def test_a_step_says_what_became_of_it() -> None:
    story = checkout()
    story.do(ask.AttachPlaybook(by=ADA, checklist=ROLLBACK), after(1))
    story.do(ask.ChangeStep(by=BEN, playbook="bad-deploy", step="1", state=StepState.FAILED, note="No."), after(2))
    assert newest(story) == "Step “Stop the rollout” failed by Ben: No."
    story.do(ask.ChangeStep(by=BEN, playbook="bad-deploy", step="1", state=StepState.OPEN), after(3))
    assert newest(story) == "Step “Stop the rollout” opened again by Ben"


def flagged(text: str = "It is <@U0BEN>’s release: <https://a.example/1|here>", **read: object) -> Story:
    story = checkout()
    story.do(ask.FlagMessage(by=BEN, channel=ROOM, ts=ts(60), emoji="mag", flagged_ts="1.0"), after(2))
    message = ask.RecordMessageText(by=MUSTER_ITSELF, ts=ts(60), author=ADA.id, text=text, **read)  # type: ignore[arg-type]
    story.do(message, after(2))
    return story


def test_a_message_names_people_shows_where_links_lead_and_who_flagged_it() -> None:
    shown = "“It is Ben’s release: here ([https://a.example/1](https://a.example/1))”"
    assert newest(flagged()) == f"**Evidence** · Ada: {shown} (flagged by Ben)"


def test_files_lead_to_where_they_can_be_read() -> None:
    story = flagged("See.", files=(File(name="a_b.png", link="https://f.example/a"), File(name="c.txt")))
    assert newest(story) == "**Evidence** · Ada: “See.” [[a_b.png](https://f.example/a), c.txt] (flagged by Ben)"


def test_evidence_has_a_checksum_of_its_words_and_the_ids_of_its_files() -> None:
    story = flagged("See <@U0ADA>.", files=(File(name="a.png", link="https://f.example/a", id=FileId("F01")),))
    digest = hashlib.sha256(b"See <@U0ADA>.").hexdigest()
    told = evidence(draft(story), WORDING)
    assert "[[a.png](https://f.example/a) (file F01)]" in told
    assert f" SHA-256 of its words: `{digest}`." in told
    assert "no checksum vouches for what is in them" in told


def test_what_is_not_known_has_no_checksum() -> None:
    story = flagged("See.")
    unread = replace(draft(story).evidence[0], text="", read=False)
    assert recorded_digest(unread) is None


def test_an_edited_message_shows_its_first_words_and_a_deleted_one_says_so() -> None:
    story = flagged("First.")
    story.do(ask.RecordMessageEdit(by=MUSTER_ITSELF, ts=ts(60), text="Second.", edited_ts="9.0"), after(3))
    story.do(ask.RecordMessageDeletion(by=MUSTER_ITSELF, ts=ts(60)), after(4))
    assert evidence(draft(story), WORDING).startswith("- 12:01, Ada: “Second.”")
    (entry,) = draft(story).evidence
    assert entry_words(entry, WORDING).endswith("(flagged by Ben) (edited; first “First.”) (deleted in Slack)")


def test_each_entry_leads_to_its_message_else_to_its_card_else_to_the_channel() -> None:
    story = flagged("See.", permalink="https://acme.slack.com/archives/C0ROOM/p1")
    found, known = draft(story), Wording(workspace="https://acme.slack.com/")
    message, declared = found.evidence[0], found.entries[0]
    assert WORDING.address(message, found.heading) == "https://acme.slack.com/archives/C0ROOM/p1"
    assert WORDING.address(declared, found.heading) == "https://slack.com/app_redirect?channel=C0ROOM"
    assert known.address(declared, found.heading) == "https://acme.slack.com/archives/C0ROOM/p1772452807000000"
    led_by = next(entry for entry in found.entries if entry.label is EntryLabel.ROLE)
    assert known.address(led_by, found.heading) == "https://acme.slack.com/archives/C0ROOM"


def test_a_step_leads_to_its_checklist_and_a_follow_up_to_its_card() -> None:
    story, known = led(), Wording(workspace="https://acme.slack.com/")
    story.do(ask.AttachPlaybook(by=ADA, checklist=ROLLBACK), after(1))
    story.do(ask.ChangeStep(by=ADA, playbook="bad-deploy", step="1", state=StepState.DONE), after(2))
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Alert earlier.")), after(3))
    for number, card in enumerate(("playbook:bad-deploy", "followup:1"), start=71):
        posted = ask.RecordMessage(
            by=MUSTER_ITSELF, card=card, channel=ROOM, ts=ts(number), rendered=story.state.version
        )
        story.do(posted, after(4))
    found = draft(story)
    shown = {entry.label: known.address(entry, found.heading).rpartition("/")[2] for entry in found.entries}
    checklist, followup = (f"p{ts(number).replace('.', '')}" for number in (71, 72))
    assert (shown[EntryLabel.PLAYBOOK], shown[EntryLabel.STEP]) == (checklist, checklist)
    assert shown[EntryLabel.FOLLOWUP] == followup


def test_a_card_in_another_channel_is_no_place_of_the_incidents() -> None:
    story = led()
    assert story.state.cards["announcement"].channel != story.state.channel
    assert "announcement" not in draft(story).heading.cards


def test_before_there_is_a_channel_an_entry_leads_nowhere() -> None:
    story = Story().declare(ask.DeclareIncident(by=ADA, title="Checkout returns 500"))
    found = draft(story)
    assert WORDING.address(found.entries[0], found.heading) == ""


def test_a_summary_tells_the_incident_in_a_few_sentences() -> None:
    story = checkout(Severity.SEV1)
    story.do(ask.ClaimRole(by=BEN, role=INCIDENT_COMMANDER), after(3))
    assert summary(draft(story), WORDING) == (
        "“Checkout returns 500” was declared as SEV1 by Ada on 2026-03-02 12:00 UTC."
        " It was led by Ada by default, then Ben. Its status is triage."
    )
    story.do(ask.ResolveIncident(by=BEN, summary="Rolled back."), after(40))
    assert summary(draft(story), WORDING).endswith(
        "It was resolved on 2026-03-02 12:40 UTC, 40 min after it was declared.\n\n"
        "At its end was written: “Rolled back.”"
    )


def test_a_cancelled_incident_is_called_so() -> None:
    story = checkout()
    story.do(ask.CancelIncident(by=ADA, why="Twice."), after(5))
    assert "It was cancelled" in summary(draft(story), WORDING)


def test_a_change_of_severity_is_a_decision_with_its_why_or_says_that_none_was_given() -> None:
    story = checkout(Severity.SEV1)
    story.do(ask.ChangeSeverity(by=BEN, severity=Severity.SEV2, why="A part only."), after(5))
    story.do(ask.ChangeSeverity(by=BEN, severity=Severity.SEV3), after(6))
    first, second = decisions(draft(story), WORDING).splitlines()
    assert first.startswith("- 12:05: **Severity** SEV1 → SEV2, by Ben: A part only. [↗]")
    assert second.startswith("- 12:06: **Severity** SEV2 → SEV3, by Ben (no reason was recorded) [↗]")


def test_broken_promises_are_listed_with_how_late_they_were() -> None:
    story = led(Severity.SEV1)
    story.do(ask.PostUpdate(by=BEN, known="Known."), after(42))
    assert promises(draft(story)) == (
        "Kept 0 of 1 promises of a next update.\n\n- Due 2026-03-02 12:30: the update came late, by 12 min."
    )
    assert promises(draft(checkout())) == "No update fell due."


def test_what_is_not_known_is_asked_for() -> None:
    told = impact(draft(checkout()), WORDING)
    assert told.startswith("- **Who was affected** (*not recorded*): Say who could not do what.\n")
    assert "`correct impact 14:02`" in told


def test_figures_say_what_they_rest_on() -> None:
    story = checkout()
    story.do(ask.ChangeStatus(by=BEN, status=Status.MITIGATED), after(20))
    told = response_times(draft(story), WORDING).splitlines()
    why = "taken to be the declaration, since nobody recorded an earlier sign"
    assert f"| Detected | 2026-03-02 12:00 | *estimated*: {why} |" in told
    assert "| Mitigation | at least 20 min | Declared → mitigated | *estimated* |" in told


def test_people_have_their_roles_their_time_and_what_they_contributed() -> None:
    told = people(draft(led()), WORDING).splitlines()
    assert told[2:] == [
        "| Ada | incident commander (by default) 12:00 to the end | since 12:00 | 2 |",
        "| Ben | communications lead 12:00 to the end | since 12:00 | 1 |",
    ]


def test_a_playbook_says_how_far_it_was_used() -> None:
    story = checkout()
    story.do(ask.AttachPlaybook(by=ADA, checklist=ROLLBACK), after(1))
    story.do(ask.ChangeStep(by=BEN, playbook="bad-deploy", step="1", state=StepState.SKIPPED, note="Old."), after(2))
    assert playbooks(draft(story), WORDING).splitlines() == [
        "“Bad deploy”, 2 steps: 0 done, 1 skipped, 0 failed, 0 begun and not finished, 1 not used.",
        "",
        "| Step | State | By | When (UTC) | Note |",
        "|---|---|---|---|---|",
        "| Stop the rollout | skipped | Ben | 12:02 | Old. |",
        "",
        "Not used: Roll back.",
    ]


def test_everybody_whose_name_is_needed_is_asked_for_once() -> None:
    story = flagged("<@U0ZOE> and <@U0BEN> look")
    assert set(named_in(draft(story))) == {ADA.id, BEN.id, UserId("U0ZOE")}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<!channel> look", "channel look"),
        ("<!subteam^S1|@team>", "@team"),
        ("<#C1|general> &amp; &lt;b&gt;", "#general & <b>"),
        ("<@U0ADA>", "<Ada>"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<https://evil.example|bank>", "bank (https://evil.example)"),
    ],
)
def test_slack_s_own_form_is_read_as_a_person_would(written: str, read: str) -> None:
    assert read_message(written, lambda _: "<Ada>") == read


def test_a_role_that_left_the_policy_keeps_the_words_of_its_key() -> None:
    assert WORDING.role(Role("night_watch")) == "night watch"
    assert WORDING.person(MUSTER) == "Muster"


SPANS: list[tuple[timedelta, str]] = [
    (timedelta(seconds=-5), "0 s"),
    (timedelta(seconds=59.9), "59 s"),
    (minutes(33), "33 min"),
    (minutes(120), "2 h"),
    (minutes(125), "2 h 5 min"),
    (timedelta(hours=30), "30 h"),
    (timedelta(days=3, hours=4), "3 days 4 h"),
    (timedelta(days=9), "9 days"),
]


@pytest.mark.parametrize(("length", "words"), SPANS)
def test_spans_are_as_exact_as_anybody_needs(length: timedelta, words: str) -> None:
    assert span(length) == words


def test_times_are_utc_and_dates_stand_where_the_day_is_another() -> None:
    assert (date_time(NOON), time_on(after(5), NOON)) == ("2026-03-02 12:00", "12:05")
    assert time_on(after(1440), NOON) == "2026-03-03 12:00"
    assert exact(NOON + timedelta(microseconds=1)) == "2026-03-02T12:00:00.000001Z"


CLOSING = CloseIncident(
    by=ADA,
    evidence="99.9 %",
    release_roles=True,
    workaround=AddWorkaround(by=ADA, what="The flag is off.", owner=BEN, expires_on=NOON.date()),
    review=Review(state=ReviewState.HELD, on=NOON.date(), facilitator=BEN.id),
)


def closed(command: Command) -> list[str]:
    """All that the document says of a closing, and of what it left behind."""
    story = checkout(Severity.SEV3)
    story.do(ask.ResolveIncident(by=ADA), after(30))
    story.fire(after(4 * 24 * 60), CLOSING_TIMER)
    story.do(PutOffClosing(by=ADA), after(4 * 24 * 60))
    story.do(command, after(40))
    if story.state.closure.standing:
        story.fire(after(4 * 24 * 60), WORKAROUND_TIMER)
        story.do(ExtendWorkaround(by=BEN, number=1), after(4 * 24 * 60))
        story.do(RemoveWorkaround(by=BEN, number=1, note="On again."), after(4 * 24 * 60))
    return [entry_words(entry, WORDING) for entry in draft(story).entries]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (CLOSING, "**Restored and verified** by Ada: 99.9 %"),
        (CLOSING, "**Workaround W1** “The flag is off.”, owned by Ben, may stay until 2026-03-02"),
        (CLOSING, "Workaround W1 expired on 2026-03-02: Ben asked"),
        (CLOSING, "Workaround W1 “The flag is off.” may stay until 2026-03-20, says Ben"),
        (CLOSING, "Workaround W1 “The flag is off.” removed by Ben: On again."),
        (CLOSING, "Review held on 2026-03-02, led by Ben, says Ada"),
        (CLOSING, "Asked whether to close it: Ada"),
        (CLOSING, "Closing put off by Ada"),
        (
            CloseIncident(by=ADA, no_workarounds=True, because="Small."),
            "**Closed without** proof that it is restored, roles released, a review, by Ada, because: Small.",
        ),
        (CloseIncident(by=ADA, no_workarounds=True, because="Small."), "No workaround is in place, says Ada"),
    ],
)
def test_the_close_gate_is_in_the_document(command: Command, words: str) -> None:
    assert words in closed(command)
