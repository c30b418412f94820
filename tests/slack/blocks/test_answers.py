"""What one person hears in answer."""

from datetime import timedelta
from typing import Any

import pytest

from bot.incident import events as happened
from bot.incident import timeline
from bot.incident.alert_board import AlertBoard
from bot.incident.terms import (
    INCIDENT_COMMANDER,
    ChannelId,
    EntryKind,
    File,
    IncidentId,
    MessageTs,
    Milestone,
    Rejected,
    Severity,
    Status,
    StepState,
)
from bot.slack import action_ids
from bot.slack.blocks import answers, home
from tests.slack.blocks import given
from tests.slack.blocks.given import ADA, AT, BEN, CLEO, POLICY, clock_time, incident
from tests.slack.blocks.rules import buttons, words

BY_ADA: dict[str, Any] = {"at": AT, "by": ADA}


def test_whoever_declared_hears_where_it_is_and_that_they_have_command() -> None:
    assert words(answers.declared(incident(), POLICY, AT)) == (
        "INC-42 is open in #C42. You have command until someone else takes it. Next update by 14:50."
    )


def test_a_reporter_who_does_not_command_hears_who_does() -> None:
    assert words(answers.declared(incident(reporter=CLEO), POLICY, AT)).startswith(
        "INC-42 is open in #C42. @UADA leads."
    )


def test_while_the_channel_opens_the_number_is_known_already() -> None:
    assert words(answers.declaring(incident())) == "INC-42 is declared as SEV1; its channel is being opened."


def test_a_refusal_has_the_button_of_the_verb_that_would_work() -> None:
    refusal = Rejected("INC-42 is already resolved. To work on it again: /incident reopen", verb="reopen")
    message = answers.rejected(refusal, incident())
    assert words(message) == "INC-42 is already resolved. To work on it again: /incident reopen.\n[Reopen incident]"
    assert buttons(message) == {action_ids.REOPEN: "42"}


def test_a_refusal_without_an_incident_offers_no_button_that_needs_one() -> None:
    assert buttons(answers.rejected(Rejected("No.", verb="reopen"))) == {}
    assert buttons(answers.rejected(Rejected("No.", verb="/incident declare"))) == {action_ids.DECLARE: "0"}


def test_a_refusal_names_whom_it_is_about() -> None:
    refusal = Rejected("{who} is scribe already, not {who}.", who=BEN)
    assert words(answers.rejected(refusal)) == "@UBEN is scribe already, not {who}."


def test_a_refusal_about_nobody_shows_braces_as_written() -> None:
    assert words(answers.rejected(Rejected("The playbook '{who}' is attached already."))) == (
        "The playbook '{who}' is attached already."
    )


def test_a_wrong_verb_gets_a_guess_and_its_button() -> None:
    message = answers.did_you_mean("servity", "severity", incident())
    assert words(message) == "`servity` is no verb I know. Did you mean `severity`?\n[Change severity]"


def test_a_wrong_verb_without_a_guess_leads_to_help() -> None:
    assert words(answers.did_you_mean("xyzzy", "")) == (
        "`xyzzy` is no verb I know. To declare an incident: `declare` and what is wrong.\n"
        "[Declare incident] [Show help]"
    )
    assert words(answers.did_you_mean("xyzzy", "", incident())) == (
        "`xyzzy` is no verb I know. `help` lists them all.\n[Show help]"
    )


@pytest.mark.parametrize("reason", ["it cannot be reached", "it cannot be reached: no connection in time"])
def test_not_saved_says_that_nothing_has_changed(reason: str) -> None:
    assert words(answers.not_saved(reason, "7f3a")) == (
        "Not saved: the store cannot be reached, nothing has changed. Try again in a moment. (ref 7f3a)"
    )


def test_a_store_that_can_be_reached_and_saves_nothing_says_why() -> None:
    assert words(answers.not_saved("its memory is full, it takes no more writes", "7f3a")) == (
        "Not saved: the store saves nothing now (its memory is full, it takes no more writes), nothing has changed. "
        "Try again in a moment. (ref 7f3a)"
    )


def test_what_time_does_not_mend_is_told_with_what_to_do() -> None:
    assert words(answers.not_saved_at_all("it was emptied", "7f3a")) == (
        "Not saved, and trying again will not help: the store cannot be used. "
        "Tell whoever runs Muster: it was emptied. (ref 7f3a)"
    )


def test_a_bug_has_the_reference_that_the_log_has() -> None:
    assert "(ref 7f3a)" in words(answers.bug("7f3a"))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            happened.SeverityChanged(**BY_ADA, before=Severity.SEV1, after=Severity.SEV2, update_every=None),
            "INC-42 is SEV2 now (was SEV1).",
        ),
        (happened.RoleReleased(**BY_ADA, role=INCIDENT_COMMANDER, before=ADA), "Nobody is incident commander now."),
        (happened.NoteAdded(**BY_ADA, text="Paged.", happened_at=AT), "In the timeline: Paged."),
        (
            happened.NoteAdded(**BY_ADA, text="Paged.", happened_at=clock_time(14, 5)),
            "In the timeline at 14:05 (30 min ago): Paged.",
        ),
        (happened.UpdateSnoozed(**BY_ADA, until=clock_time(14, 45)), "Snoozed until 14:45."),
        (
            happened.CadenceSet(**BY_ADA, every=timedelta(minutes=20), next_at=clock_time(14, 55)),
            "Updates are due every 20 min now. Next update by 14:55.",
        ),
        (happened.CadenceSet(**BY_ADA, every=None, next_at=None), "No more updates are asked for in this incident."),
        (
            happened.MilestoneCorrected(
                **BY_ADA, milestone=Milestone.IMPACT_STARTED, before=clock_time(14, 5), happened_at=clock_time(14, 2)
            ),
            "Impact started: 14:02 (was 14:05).",
        ),
        (
            happened.StepChanged(
                **BY_ADA, playbook="p", step="1", title="Stop", before=StepState.OPEN, after=StepState.DONE
            ),
            "Done: Stop",
        ),
    ],
)
def test_a_confirmation_says_what_is_different_now(event: happened.Event, line: str) -> None:
    assert words(answers.confirmation([event], incident(), POLICY)) == line


def test_a_command_that_changed_nothing_says_so() -> None:
    assert words(answers.confirmation([], incident(), POLICY)) == "INC-42: it is so already; nothing changed."


def test_a_milestone_that_came_along_needs_no_line_of_its_own() -> None:
    mitigated = happened.StatusChanged(**BY_ADA, before=Status.TRIAGE, after=Status.MITIGATED)
    reached = happened.MilestoneReached(**BY_ADA, milestone=Milestone.MITIGATED, happened_at=AT)
    said = words(answers.confirmation([mitigated, reached], incident(), POLICY))
    assert said == "INC-42 is mitigated now (was triage)."
    assert words(answers.confirmation([reached], incident(), POLICY)) == "Mitigated: 14:35."


def test_the_control_panel_offers_command_only_to_who_has_it_not() -> None:
    assert action_ids.TAKE_COMMAND in buttons(answers.control_panel(incident(), POLICY, BEN, AT))
    assert action_ids.TAKE_COMMAND not in buttons(answers.control_panel(incident(), POLICY, ADA, AT))


def test_the_control_panel_leads_to_the_alerts_where_there_are_any() -> None:
    panels = [
        answers.control_panel(incident(alerts=each), POLICY, ADA, AT) for each in (AlertBoard(), given.alerted("x"))
    ]
    assert [action_ids.SHOW_ALERTS in buttons(panel) for panel in panels] == [False, True]


def test_the_control_panel_of_an_ended_incident_reopens() -> None:
    panel = answers.control_panel(incident(status=Status.CANCELLED), POLICY, ADA, AT)
    assert action_ids.REOPEN in buttons(panel)
    assert action_ids.POST_UPDATE not in buttons(panel)


def test_the_front_door_declares_and_lists_what_is_open_and_mine() -> None:
    assert words(answers.front_door(given.listings(), ADA, POLICY, AT)) == (
        "1 incident is open.\n"
        "[Declare incident] [Show all] [Search] [Show help]\n"
        "*My roles*\nincident commander of INC-1 in #C42\n"
        "SEV1 · Investigating · INC-1 · *Checkout returns 500 for about half of EU customers*\n"
        "#C42 · @UADA leads · declared 14:04 · next update by 14:50"
    )


def test_the_front_door_shows_a_private_incident_only_to_who_is_in_it() -> None:
    private = given.listings(private=True)
    assert "INC-1" in words(answers.front_door(private, ADA, POLICY, AT))
    assert "INC-1" not in words(answers.front_door(private, CLEO, POLICY, AT))
    assert "INC-1" not in str(home.home(private, CLEO, POLICY, AT))


def test_whoever_is_not_in_the_channel_can_join() -> None:
    assert "join:1" in buttons(answers.front_door(given.listings(), CLEO, POLICY, AT))
    assert "join:1" not in buttons(answers.front_door(given.listings(), ADA, POLICY, AT))


def test_a_list_is_paged_and_a_page_that_does_not_exist_is_the_nearest() -> None:
    message = answers.incident_list(given.listings(25), 9, AT)
    assert words(message).startswith("Incidents: 25, page 3 of 3")
    assert buttons(message) == {"show_list:2": "0|2"}


def test_an_empty_list_says_so() -> None:
    assert words(answers.incident_list([], 1, AT)) == "There is no incident to list."


def test_playbooks_are_attached_by_a_button_unless_they_are_already() -> None:
    book = given.with_playbook(incident(), given.checklist())
    message = answers.playbook_list([("bad-deploy", "Bad deploy", "Back."), ("ddos", "Spike", "Up.")], book)
    assert "Attached." in words(message)
    assert buttons(message) == {"attach_playbook:ddos": "42|ddos"}


def test_help_begins_with_the_way_in_and_groups_the_rest() -> None:
    said = words(answers.help_text("/incident", {"Begin": [("declare [sev1] [title]", "open one")], "End": []}))
    assert said.startswith("Something is broken? `/incident declare sev1 what is wrong` or the button.")
    assert "*Begin*\n`declare [sev1] [title]`  open one\n*End*\n[Declare incident]" in said


def test_help_of_one_verb_is_a_line_and_its_button() -> None:
    said = words(answers.help_of("/incident", "freeze [checkout]", "when nothing is to be deployed", ("freezes",)))
    assert said.startswith("`/incident freeze [checkout]`: when nothing is to be deployed. Also written `freezes`.")
    assert "[Show freezes]" in said


def test_a_time_that_was_typed_without_a_day_is_confirmed_with_its_day_where_it_is_far() -> None:
    near, far = clock_time(14, 5), clock_time(2, 5)
    notes = [happened.NoteAdded(**BY_ADA, text="x", happened_at=then, kind=EntryKind.ENTRY) for then in (near, far)]
    said = [str(answers.confirmation([note], incident(), POLICY).text) for note in notes]
    assert ["date_short" in each for each in said] == [False, True]


TS = MessageTs(f"{int(clock_time(14, 8).timestamp())}.000100")
FLAG: dict[str, Any] = {"ts": TS, "emoji": "scales", "flagged_ts": "1"}
LOG: list[happened.Event] = [
    happened.IncidentDeclared(
        at=clock_time(14, 6), by=CLEO, incident=IncidentId(42), title="T", severity=Severity.SEV1, update_every=None
    ),
    happened.MilestoneReached(
        at=clock_time(14, 6), by=CLEO, milestone=Milestone.IMPACT_STARTED, happened_at=clock_time(14, 5)
    ),
    happened.MessageFlagged(at=clock_time(14, 9), by=BEN, channel=ChannelId("C42"), kind=EntryKind.DECISION, **FLAG),
    happened.MessageRead(
        at=clock_time(14, 9),
        by=ADA,
        ts=TS,
        author=ADA,
        text="Roll back first.",
        files=(File(name="graph.png", link="https://files.example/1"),),
        permalink="https://x.example/p1",
    ),
    happened.MilestoneCorrected(
        at=clock_time(14, 12),
        by=ADA,
        milestone=Milestone.IMPACT_STARTED,
        before=clock_time(14, 5),
        happened_at=clock_time(14, 2),
    ),
    happened.StepChanged(
        at=clock_time(14, 20),
        by=CLEO,
        playbook="p",
        step="1",
        title="Rollback",
        before=StepState.OPEN,
        after=StepState.STARTED,
    ),
]


def test_the_timeline_reads_in_the_order_in_which_things_happened() -> None:
    assert words(answers.timeline(timeline.entries(LOG), None, incident())) == (
        "Timeline of INC-42: 4 entries\n"
        "14:02  Impact started (corrected by @UADA from 14:05)\n"
        "14:06  INC-42 declared by @UCLEO, SEV1: T\n"
        "14:08  :scales: Decision · @UADA: “Roll back first.” [graph.png] flagged by @UBEN ↗\n"
        "14:20  Step Rollback: started by @UCLEO"
    )


def test_what_was_retracted_shows_in_the_full_timeline_only() -> None:
    taken_off = happened.MessageUnflagged(
        at=clock_time(14, 10), by=BEN, kind=EntryKind.DECISION, **{**FLAG, "flagged_ts": "2"}
    )
    told = timeline.entries([*LOG, taken_off])
    assert "Roll back first" not in words(answers.timeline(told, None, incident()))
    assert "(retracted by @UBEN 14:10)" in words(answers.timeline(told, None, incident(), full=True))


def test_both_versions_of_an_edited_message_show_in_the_full_timeline() -> None:
    edited = happened.MessageEdited(at=clock_time(14, 10), by=ADA, ts=TS, text="Roll back now.", edited_ts="2")
    told = timeline.entries([*LOG, edited])
    assert "“Roll back now.” [graph.png] flagged by @UBEN (edited)" in words(answers.timeline(told, None, incident()))
    assert "before the edit: “Roll back first.”" in words(answers.timeline(told, None, incident(), full=True))


def test_the_last_page_comes_first_and_the_others_are_a_button_away() -> None:
    notes = [happened.NoteAdded(**BY_ADA, text=f"note {n}.", happened_at=AT) for n in range(1, 46)]
    told = timeline.entries(notes)
    last = answers.timeline(told, None, incident())
    assert words(last).startswith("Timeline of INC-42: 45 entries, page 3 of 3")
    assert "note 45." in words(last)
    assert buttons(last) == {"show_timeline:2": "42|2"}
    assert set(buttons(answers.timeline(told, 2, incident()))) == {"show_timeline:1", "show_timeline:3"}


def test_an_empty_timeline_says_so() -> None:
    assert "Nothing is in it yet." in words(answers.timeline((), None, incident()))
