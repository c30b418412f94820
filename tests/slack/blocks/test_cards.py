"""The cards as people read them, at 14:35."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.incident.terms import Status, StepState, UserId
from bot.slack.action_ids import POST_UPDATE, SKIP_UPDATE, SNOOZE_UPDATE
from bot.slack.blocks import cards, channel_header, checklist
from tests.slack.blocks import given
from tests.slack.blocks.given import ADA, AT, BEN, POLICY, clock_time, incident
from tests.slack.blocks.rules import assert_sound, buttons, menus, readable, words


def test_the_summary_says_it_all_in_six_lines_and_a_row_of_buttons() -> None:
    book = given.with_playbook(incident(), given.checklist(), s1=StepState.DONE, s2=StepState.STARTED)
    assert words(cards.summary_card(book, POLICY, AT)) == (
        "SEV1 · Investigating · INC-42\n"
        "*Checkout returns 500 for about half of EU customers*\n"
        "Impact   EU customers cannot pay · since 14:02\n"
        "Commander @UADA · Communications @UBEN · Operations: nobody yet\n"
        "Now   Roll back the release 2 (@UCLEO, since 14:20)\n"
        "Next update by 14:50 · Playbook: Bad deploy, step 2 of 9\n"
        "[Post update] [Change status] [Roles] [More]"
    )


def test_the_summarys_notification_starts_with_severity_status_and_number() -> None:
    text = readable(cards.summary_card(incident(), POLICY, AT).text)
    assert text == "SEV1 · Investigating · INC-42 · Checkout returns 500 for about half of EU customers"


def test_unknown_impact_is_said_as_unknown() -> None:
    assert "Impact   not known yet" in words(cards.summary_card(incident(impact=""), POLICY, AT))


def test_an_overdue_update_is_said_as_such() -> None:
    late = incident(clock=replace(incident().clock, due_at=clock_time(14, 30)))
    assert "Update overdue since 14:30" in words(cards.summary_card(late, POLICY, AT))


def test_a_resolved_incident_promises_no_update_and_offers_to_reopen() -> None:
    over = incident(status=Status.RESOLVED, ended_at=clock_time(14, 33), last_status_note="Rolled back.")
    said = words(cards.summary_card(over, POLICY, AT))
    assert "since 14:02" not in said
    assert "14:02 to 14:33 (31 min)\n" in said
    assert said.endswith("Outcome   Rolled back.\n[Reopen incident] [Close incident] [More]")


def test_the_announcement_is_two_lines() -> None:
    assert words(cards.announcement_card(incident(), POLICY, AT)) == (
        "SEV1 · Investigating · INC-42 · *Checkout returns 500 for about half of EU customers*\n"
        "@UADA leads in #C42 · last update 14:05: “We are rolling back release 1.84.” · next by 14:50 [Join]"
    )


def test_a_private_incident_is_never_announced() -> None:
    with pytest.raises(ValueError, match="private"):
        cards.announcement_card(incident(private=True), POLICY, AT)


def asked(stage: int, *, number: int = 1, **changes: Any) -> str:
    """The first reminder, due at 14:35 and looked at at 14:41."""
    given_clock: dict[str, Any] = {
        "due_at": clock_time(14, 35),
        "stage": stage,
        "asked": BEN,
        "reminders": 1,
        **changes,
    }
    asking = incident(clock=replace(incident().clock, **given_clock))
    return words(cards.reminder_card(asking, number, POLICY, clock_time(14, 41)))


def test_a_reminder_names_who_is_asked_and_what_was_said_last() -> None:
    assert asked(1) == (
        "@UBEN, the next update is due now (promised by 14:35). "
        "Last, 36 min ago: “We are rolling back release 1.84.”\n"
        "[Post update] [Snooze 10 min] [Skip this one]"
    )


def test_a_climbed_reminder_says_how_late_it_is() -> None:
    assert asked(2).startswith("@UBEN, the update is 6 min overdue. Last")
    assert "The announcement channel has been told." in asked(3)


def test_a_snoozed_reminder_says_until_when() -> None:
    assert asked(0, snoozed_until=clock_time(14, 51)) == "The update is snoozed until 14:51.\n[Post update]"


def test_a_skipped_reminder_has_no_buttons() -> None:
    skipped = asked(0, since=clock_time(14, 36), due_at=clock_time(15, 5))
    assert skipped == "This reminder is over. Next update by 15:05."


def test_an_answered_reminder_says_so_without_buttons() -> None:
    assert asked(0, due_at=clock_time(15, 5)) == "Update 1 was posted. Next update by 15:05."


def test_a_reminder_whose_cadence_changed_is_over() -> None:
    assert asked(0, since=clock_time(14, 4), due_at=None) == "This reminder is over."


def test_only_the_newest_reminder_asks() -> None:
    assert asked(1, number=1, reminders=2) == "This reminder is over. Update overdue since 14:35."


def test_a_reminder_outlived_by_its_incident_says_so() -> None:
    over = incident(status=Status.RESOLVED)
    assert words(cards.reminder_card(over, 1, POLICY, AT)) == "No update is due: INC-42 is resolved."


def test_reminder_buttons_say_which_update_they_are_about() -> None:
    clock = replace(incident().clock, stage=1, due_at=AT, reminders=1)
    pressed = buttons(cards.reminder_card(incident(clock=clock), 1, POLICY, AT))
    due = f"42|{int(AT.timestamp())}"
    assert pressed == {POST_UPDATE: "42", SNOOZE_UPDATE: due, SKIP_UPDATE: due}


def test_a_topic_names_the_zone_since_it_cannot_localise() -> None:
    topic = channel_header.topic(incident(), {ADA: "Ada"})
    assert topic == "SEV1 · investigating · Ada leads · next update by 14:50 UTC"


def test_a_topic_leaves_out_a_name_that_is_not_known() -> None:
    assert channel_header.topic(incident(), {}) == "SEV1 · investigating · next update by 14:50 UTC"


def test_a_checklist_shows_the_steps_in_hand_in_full_and_the_others_in_a_line() -> None:
    book = given.with_playbook(incident(), given.checklist(5), s1=StepState.DONE, s2=StepState.STARTED)
    said = words(checklist.playbook_card(book, "bad-deploy", POLICY, AT))
    assert said.startswith("*Playbook: Bad deploy · 1 of 5 steps settled*\nRoll back first.\n")
    assert "✓ 1. Roll back the release 1 · done @UCLEO 14:20 [⋮]\n*◐ 2. Roll back the release 2*\n" in said
    assert "Contain · operations lead · about 5 min · started @UCLEO 14:20\n" in said
    assert "```\nkubectl rollout undo deployment/Roll back the release\n```\nVerify: Roll back" in said
    assert said.endswith("[Start] [Done] [Skip]\n○ 4. Roll back the release 4 [⋮]\n○ 5. Roll back the release 5 [⋮]")


def test_any_step_can_be_changed_out_of_its_order_and_a_done_one_opened_again() -> None:
    book = given.with_playbook(incident(), given.checklist(3), s1=StepState.DONE)
    offered = menus(checklist.playbook_card(book, "bad-deploy", POLICY, AT))
    assert offered["step:1:menu"] == ["42|bad-deploy|1|open|done"]
    assert offered["step:3:menu"] == [f"42|bad-deploy|3|{wanted}|open" for wanted in ("started", "done", "skipped")]


def test_a_menu_whose_values_slack_would_refuse_is_left_out() -> None:
    long = replace(given.checklist(3), playbook="p" * 150)
    card = checklist.playbook_card(given.with_playbook(incident(), long), long.playbook, POLICY, AT)
    assert menus(card) == {}
    assert_sound(card)


def test_a_step_button_says_what_it_saw() -> None:
    book = given.with_playbook(incident(), given.checklist(2), s1=StepState.STARTED)
    pressed = buttons(checklist.playbook_card(book, "bad-deploy", POLICY, AT))
    assert pressed["step:1:done"] == "42|bad-deploy|1|done|started"
    assert pressed["step:2:started"] == "42|bad-deploy|2|started|open"


def test_a_failed_step_can_be_started_again() -> None:
    book = given.with_playbook(incident(), given.checklist(1), s1=StepState.FAILED)
    assert set(buttons(checklist.playbook_card(book, "bad-deploy", POLICY, AT))) == {"step:1:started", "step:1:skipped"}


def test_a_settled_playbook_is_only_lines() -> None:
    book = given.with_playbook(incident(), given.checklist(2), s1=StepState.DONE, s2=StepState.SKIPPED)
    assert buttons(checklist.playbook_card(book, "bad-deploy", POLICY, AT)) == {}


def test_a_checklist_keeps_its_buttons_until_the_incident_is_closed() -> None:
    resolved = given.with_playbook(incident(status=Status.RESOLVED), given.checklist())
    closed = given.with_playbook(incident(status=Status.CLOSED), given.checklist())
    assert buttons(checklist.playbook_card(resolved, "bad-deploy", POLICY, AT))
    assert buttons(checklist.playbook_card(closed, "bad-deploy", POLICY, AT)) == {}


@pytest.mark.parametrize("steps", [0, 1, 4, 39, 42, 43, 100])
@pytest.mark.parametrize("settled", [1, 2, 3])
def test_a_playbook_of_any_length_fits_in_one_message_with_each_step_in_it(steps: int, settled: int) -> None:
    done = {f"s{number}": StepState.DONE for number in range(1, steps + 1, settled)}
    book = given.with_playbook(incident(), given.checklist(steps), **done)
    card = checklist.playbook_card(book, "bad-deploy", POLICY, AT)
    assert_sound(card)
    assert all(f"{number}. Roll back the release {number}" in words(card) for number in range(1, steps + 1))
    assert_sound(cards.summary_card(book, POLICY, AT))


def test_nobody_leading_is_said() -> None:
    assert "nobody leads yet in #C42" in words(cards.announcement_card(incident(roles={}), POLICY, AT))


def test_a_reminder_without_anybody_to_ask_calls_for_a_leader() -> None:
    clock = replace(incident().clock, stage=1, asked=None, reminders=1)
    said = words(cards.reminder_card(incident(roles={}, clock=clock), 1, POLICY, AT + timedelta(minutes=20)))
    assert said.startswith("Nobody leads, and the next update is due now")


def test_an_id_that_is_none_is_shown_as_text() -> None:
    strange = incident(reporter=UserId("<!here>"), roles={})
    assert_sound(cards.summary_card(strange, POLICY, AT))


def test_a_card_of_an_ended_incident_names_no_empty_role_and_no_unknown_that_may_still_be_found() -> None:
    said = words(cards.summary_card(incident(status=Status.RESOLVED, update=None, impact=""), POLICY, AT))
    assert "nobody yet" not in said
    assert "not known yet" not in said
