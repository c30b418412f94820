"""What a channel and a person hear of an event."""

from datetime import timedelta
from typing import Any

import pytest

from bot.incident import events as happened
from bot.incident.policy import RoleRule
from bot.incident.state import Missed
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_CHANNEL,
    INCIDENT_COMMANDER,
    MUSTER,
    OPENING,
    Severity,
    Status,
)
from bot.slack import action_ids
from bot.slack.blocks.notices import notice
from bot.slack.blocks.personal import personal_notice
from tests.slack.blocks import given
from tests.slack.blocks.given import ADA, AT, BEN, POLICY, clock_time, incident
from tests.slack.blocks.rules import buttons, readable, words

BY_BEN: dict[str, Any] = {"at": clock_time(14, 34), "by": BEN}
BY_MUSTER: dict[str, Any] = {"at": AT, "by": MUSTER}


def told(event: happened.Event) -> str:
    return words(notice(event, incident(), POLICY, AT))


def status(before: Status, after: Status, note: str = "") -> happened.StatusChanged:
    return happened.StatusChanged(**BY_BEN, before=before, after=after, note=note)


def test_an_update_has_what_is_known_the_impact_the_work_and_the_promise() -> None:
    event = happened.UpdatePosted(
        **BY_BEN,
        number=3,
        known="2 of 4 clusters are back.",
        impact="18 % fail (was 52 %).",
        next_at=clock_time(14, 50),
    )
    assert told(event) == (
        "*Update 3 by @UBEN · 14:34*\n"
        "Known: 2 of 4 clusters are back.\n"
        "Impact: 18 % fail (was 52 %).\n"
        "Next update by 14:50."
    )


def test_an_updates_notification_starts_with_the_incident_and_what_is_known() -> None:
    event = happened.UpdatePosted(**BY_BEN, number=3, known="All back.")
    assert notice(event, incident(), POLICY, AT).text == "INC-42 update 3: All back."


def test_an_update_that_promises_no_other_says_so() -> None:
    assert told(happened.UpdatePosted(**BY_BEN, number=3, known="Done.")).endswith("No further update is planned.")


def test_a_role_that_changes_hands_names_both() -> None:
    assigned = happened.RoleAssigned(**BY_BEN, role=COMMUNICATIONS_LEAD, holder=BEN)
    assert told(assigned) == "@UBEN is communications lead (was nobody)."
    handed = happened.RoleAssigned(**BY_BEN, role=COMMUNICATIONS_LEAD, holder=BEN, before=ADA)
    assert told(handed) == "@UBEN is communications lead (was @UADA)."


def test_a_released_role_is_nobodys() -> None:
    released = happened.RoleReleased(**BY_BEN, role=COMMUNICATIONS_LEAD, before=BEN)
    assert told(released) == "Nobody is communications lead now (was @UBEN)."


def test_a_severity_says_what_it_was() -> None:
    event = happened.SeverityChanged(
        **BY_BEN, before=Severity.SEV1, after=Severity.SEV2, update_every=None, why="EU only"
    )
    assert told(event) == "INC-42 is SEV2 now (was SEV1): EU only."


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (status(Status.TRIAGE, Status.IDENTIFIED), "INC-42 is identified now (was triage)."),
        (status(Status.MITIGATED, Status.RESOLVED, "Rolled back."), "INC-42 is resolved: Rolled back."),
        (status(Status.TRIAGE, Status.CANCELLED), "INC-42 is cancelled, no response is needed."),
        (status(Status.RESOLVED, Status.CLOSED), "INC-42 is closed, nothing more is expected here."),
        (
            status(Status.RESOLVED, Status.INVESTIGATING, "errors again"),
            "INC-42 is reopened and investigating again: errors again.",
        ),
    ],
)
def test_each_status_has_words_of_its_own(event: happened.Event, sentence: str) -> None:
    assert told(event) == sentence


def test_a_scheduled_summary_says_where_the_incident_stands() -> None:
    assert told(happened.SummaryScheduled(**BY_MUSTER, number=1)) == (
        "*SEV1 · Investigating · INC-42 · Checkout returns 500 for about half of EU customers*\n"
        "Known: We are rolling back release 1.84.\n"
        "Impact: EU customers cannot pay\n"
        "@UADA leads in #C42 · declared 14:04, 31 min ago\n"
        "Next update by 14:50."
    )


def test_an_unanswered_reminder_names_the_incident_and_how_late_it_is() -> None:
    event = happened.UpdateReminded(**BY_MUSTER, due_at=AT - timedelta(minutes=15), stage=3, asked=ADA)
    assert told(event) == (
        "INC-42 (Checkout returns 500 for about half of EU customers) owes a status update: "
        "15 min overdue in #C42. Last heard 14:05.\n[Post update]"
    )


def test_a_failed_step_says_that_the_incident_is_not_affected() -> None:
    event = happened.StepFailed(**BY_MUSTER, step="topic", reason="the app lacks channels:manage")
    assert told(event) == (
        "INC-42 is open, but the topic could not be set: the app lacks channels:manage. "
        "The incident is not affected; `muster check` says what is missing."
    )


def test_a_lost_channel_is_told_with_what_to_do_and_how_to_go_on_without_it() -> None:
    reason = "the channel is archived; unarchive it to go on (is_archived)"
    assert told(happened.StepFailed(**BY_MUSTER, step=INCIDENT_CHANNEL, reason=reason)) == (
        f"INC-42 is open, but Muster can do nothing in its channel: {reason}. The record is kept: "
        "work on it from any channel by beginning with its number, as in `INC-42 status mitigated`."
    )


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 earlier reminder could not be posted here"), (3, "3 earlier reminders could not be posted here")],
)
def test_the_first_reminder_after_an_outage_says_how_many_were_missed(count: int, words: str) -> None:
    event = happened.UpdateReminded(**BY_MUSTER, due_at=AT - timedelta(minutes=15), stage=3, asked=ADA, number=5)
    missed = incident(missed={"reminder:3": Missed(number=4, count=count)})
    assert words in notice(event, missed, POLICY, AT).text


def test_the_first_summary_after_an_outage_says_how_many_were_missed() -> None:
    missed = incident(missed={"summary": Missed(number=2, count=2)})
    summary = notice(happened.SummaryScheduled(**BY_MUSTER, number=3), missed, POLICY, AT)
    assert "2 earlier summaries could not be posted here while Slack was out of reach." in str(summary.blocks)


def test_an_attached_playbook_says_how_long_it_is() -> None:
    event = happened.PlaybookAttached(**BY_MUSTER, checklist=given.checklist())
    assert told(event) == "Playbook *Bad deploy* is attached: 9 steps."


def test_an_event_that_no_channel_hears_of_is_refused() -> None:
    with pytest.raises(ValueError, match="ResponderJoined is told to no channel"):
        notice(happened.ResponderJoined(**BY_BEN, user=ADA), incident(), POLICY, AT)


GUIDE = RoleRule(title="communications lead", purpose="Keep everyone informed.", first_steps=("a", "b", "c", "d"))


def test_whoever_takes_a_role_hears_its_purpose_and_the_first_three_things_to_do() -> None:
    event = happened.RoleAssigned(**BY_BEN, role=COMMUNICATIONS_LEAD, holder=BEN)
    assert words(personal_notice(event, incident(), POLICY, GUIDE, AT)) == (
        "You are communications lead of INC-42 in #C42 now.\n"
        "SEV1 · Investigating · INC-42 · Checkout returns 500 for about half of EU customers · Next update by 14:50\n"
        "Keep everyone informed.\n1. a\n2. b\n3. c\n"
        "[Post update] [Change cadence] [Read the guide] [Release this role]"
    )


def test_without_a_guide_the_policy_says_the_purpose() -> None:
    event = happened.RoleAssigned(**BY_BEN, role=INCIDENT_COMMANDER, holder=ADA, by_default=True)
    said = words(personal_notice(event, incident(), POLICY, None, AT))
    assert said.startswith("You are incident commander of INC-42 in #C42 until somebody else takes it.")
    assert "Leads the response and decides." in said


def test_a_role_given_before_the_channel_exists_says_so_in_a_whole_sentence() -> None:
    event = happened.RoleAssigned(**BY_BEN, role=INCIDENT_COMMANDER, holder=ADA)
    said = words(personal_notice(event, incident(channel=None), POLICY, None, AT))
    assert said.startswith(
        "You are incident commander of INC-42; its channel is being opened and you are invited to it.\n"
    )


def test_a_reminder_that_climbed_can_be_answered_where_it_is_read() -> None:
    event = happened.UpdateReminded(**BY_MUSTER, due_at=clock_time(14, 30), stage=2, asked=ADA)
    message = personal_notice(event, incident(), POLICY, None, AT)
    assert readable(message.text).startswith("INC-42 (Checkout")
    due = f"42|{int(clock_time(14, 30).timestamp())}"
    assert buttons(message)[action_ids.SKIP_UPDATE] == due


def test_an_event_that_concerns_nobody_in_person_is_refused() -> None:
    with pytest.raises(ValueError, match="told to nobody in person"):
        personal_notice(happened.UpdateSkipped(**BY_BEN, next_at=None), incident(), POLICY, None, AT)


def test_whoever_hears_that_the_channel_could_not_be_opened_can_try_again() -> None:
    event = happened.StepFailed(**BY_MUSTER, step=OPENING, reason="a workspace setting forbids it")
    message = personal_notice(event, incident(channel=None), POLICY, None, AT)
    assert list(buttons(message)) == [action_ids.RETRY_CHANNEL]
