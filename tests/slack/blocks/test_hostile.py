"""Every renderer, with harmful text wherever people or files can put one: nothing pings, links or exceeds a limit."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as with_values
from hypothesis import settings
from hypothesis import strategies as st

from bot.incident import events as happened
from bot.incident import timeline
from bot.incident.alert_events import RecoveryAsked
from bot.incident.closing_events import (
    ClosingAsked,
    ClosingPutOff,
    GateOverridden,
    NoWorkaroundsStated,
    RestorationVerified,
    ReviewRecorded,
    WorkaroundAdded,
    WorkaroundChased,
    WorkaroundExtended,
    WorkaroundRemoved,
)
from bot.incident.closure import Check, Closure, Review, ReviewState
from bot.incident.events import Event
from bot.incident.followup import FollowupState
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.followup_index import Listed, followup_lines, share
from bot.incident.listing import listing
from bot.incident.policy import Policy, RoleRule, SeverityRule
from bot.incident.review import ReviewCourse, ReviewStage
from bot.incident.review_events import ReviewAsked, ReviewBooked, ReviewCancelled, ReviewHeld, ReviewMoved, ReviewWaived
from bot.incident.review_times import Attendee, proposals
from bot.incident.state import Incident
from bot.incident.terms import (
    INCIDENT_COMMANDER,
    INVITATION,
    ChannelId,
    EntryKind,
    File,
    IncidentId,
    MessageTs,
    Milestone,
    Rejected,
    Role,
    Severity,
    Status,
    StepState,
    UserId,
)
from bot.incident.weekly import Digest, Weekly
from bot.incident.working_hours import WorkingHours
from bot.slack.asked import Followups, Whose
from bot.slack.blocks import (
    alert_page,
    alert_words,
    answers,
    cards,
    channel_header,
    checklist,
    closing_forms,
    followup_cards,
    followup_lists,
    followup_modals,
    followup_rounds,
    home,
    modals,
    notices,
    personal,
    review_forms,
    review_panel,
    review_questions,
)
from bot.slack.blocks.elements import View
from bot.slack.mailing import Mailing
from bot.slack.message import Message
from tests.slack.blocks import given
from tests.slack.blocks.given import ADA, AT, BEN, CLEO, HOSTILE
from tests.slack.blocks.rules import assert_sound, assert_sound_view

TS = MessageTs("1763648880.000100")


def policy(text: str) -> Policy:
    """Everything that a policy file may hold as text."""
    rule = RoleRule(title=text, purpose=text, first_steps=(text,) * 20)
    severities = {Severity.SEV1: SeverityRule(rubric=text, update_every=None)}
    return Policy(severities=severities, roles={INCIDENT_COMMANDER: rule, Role("extra"): rule}, services={text: ()})


def events(text: str) -> list[Event]:
    who: dict[str, Any] = {"at": AT, "by": BEN}
    list_ = given.checklist(30, text)
    return [
        happened.IncidentDeclared(
            **who, incident=IncidentId(42), title=text, severity=Severity.SEV1, update_every=None, source=text
        ),
        happened.SeverityChanged(**who, before=Severity.SEV1, after=Severity.SEV2, update_every=None, why=text),
        happened.StatusChanged(**who, before=Status.TRIAGE, after=Status.RESOLVED, note=text),
        happened.StatusChanged(**who, before=Status.RESOLVED, after=Status.INVESTIGATING, note=text),
        happened.RoleAssigned(**who, role=Role("extra"), holder=ADA, before=BEN),
        happened.RoleReleased(**who, role=INCIDENT_COMMANDER, before=ADA),
        happened.MilestoneReached(**who, milestone=Milestone.IMPACT_STARTED, happened_at=AT, told_by=text),
        happened.MilestoneCorrected(**who, milestone=Milestone.DETECTED, before=None, happened_at=AT),
        happened.NoteAdded(**who, text=text, happened_at=AT, kind=EntryKind.DECISION),
        happened.UpdatePosted(**who, number=2, known=text, impact=text, doing=text, next_at=AT),
        happened.CadenceSet(**who, every=timedelta(minutes=20), next_at=AT),
        happened.UpdateReminded(**who, due_at=AT, stage=3, asked=BEN),
        happened.UpdateSnoozed(**who, until=AT),
        happened.UpdateSkipped(**who, next_at=None),
        happened.SummaryScheduled(**who, number=1),
        happened.PlaybookAttached(**who, checklist=list_),
        happened.StepChanged(
            **who, playbook="p", step="1", title=text, before=StepState.OPEN, after=StepState.DONE, note=text
        ),
        *_flagged(text, who),
        happened.StepFailed(**who, step=text, reason=text),
        happened.StepFailed(**who, step=INVITATION, reason=f"U0BEN: {text}"),
        *_closing(text, who),
        *_of_review(text, who),
        *_followups(text, who),
    ]


def _closing(text: str, who: dict[str, Any]) -> list[Event]:
    day = date(2026, 12, 1)
    return [
        RestorationVerified(**who, evidence=text),
        WorkaroundAdded(**who, number=1, what=text, owner=BEN, expires_on=day),
        WorkaroundExtended(**who, number=1, what=text, before=day, expires_on=day),
        WorkaroundRemoved(**who, number=1, what=text, note=text),
        WorkaroundChased(**who, number=1, asked=BEN, chase=1, expires_on=day),
        NoWorkaroundsStated(**who),
        ReviewRecorded(**who, review=Review(state=ReviewState.WAIVED, why=text)),
        ReviewRecorded(**who, review=Review(state=ReviewState.BOOKED, on=day, facilitator=ADA), due_at=AT),
        GateOverridden(**who, missing=tuple(Check), why=text),
        ClosingAsked(**who, number=1, asked=BEN),
        ClosingPutOff(**who),
        happened.StatusChanged(**who, before=Status.RESOLVED, after=Status.CLOSED, note=text),
    ]


def _of_review(text: str, who: dict[str, Any]) -> list[Event]:
    plan = given.plan(text)
    meeting: dict[str, Any] = {"number": 1, "sequence": 0}
    return [
        ReviewBooked(**who, **meeting, plan=plan),
        ReviewMoved(**who, **meeting, before=plan, after=replace(plan, starts_at=AT), why=text),
        ReviewMoved(**who, **meeting, before=plan, after=plan, why=text),
        ReviewCancelled(**who, **meeting, plan=plan, why=text),
        ReviewHeld(**who, on=AT.date(), facilitator=BEN, came=(ADA, BEN)),
        ReviewWaived(**who, why=text),
        *(ReviewAsked(**who, stage=stage, asked=(BEN,), number=1) for stage in ReviewStage),
    ]


def _followups(text: str, who: dict[str, Any]) -> list[Event]:
    content = given.followups(text)[1].content
    state: dict[str, Any] = {"before": FollowupState.OPEN, "after": FollowupState.BLOCKED}
    return [
        FollowupAdded(**who, number=1, content=content, link=text),
        FollowupChanged(**who, number=1, before=content, after=content),
        FollowupChanged(**who, number=1, before=content, after=content.given_to(CLEO)),
        FollowupMoved(**who, number=1, note=text, waits_for=ADA, **state),
    ]


def _flagged(text: str, who: dict[str, Any]) -> list[Event]:
    file = File(name=text, link=text)
    flag: dict[str, Any] = {"ts": TS, "emoji": "scales", "flagged_ts": "2"}
    return [
        happened.MessageFlagged(**who, channel=ChannelId("C42"), kind=EntryKind.DECISION, **flag),
        happened.MessageRead(**who, ts=TS, author=CLEO, text=text, files=(file, file), permalink=text),
        happened.MessageEdited(**who, ts=TS, text=text, edited_ts="3"),
        happened.MessageDeleted(**who, ts=TS),
        happened.MessageUnflagged(at=AT, by=BEN, ts=TS, emoji="scales", kind=EntryKind.DECISION, flagged_ts="4"),
    ]


def _ignoring(make: Callable[[], Message]) -> Iterator[Message]:
    """An event that a renderer has no words for is refused by ValueError and nothing else."""
    try:
        yield make()
    except ValueError as refusal:
        assert "told to" in str(refusal)  # noqa: PT017 - some events are refused, others are not


def all_messages(text: str) -> Iterator[Message]:
    incident, rules = replace(given.hostile(text), followups=given.followups(text)), policy(text)
    yield from _cards(incident, rules)
    yield from _of_the_review(incident, rules, text)
    yield from _of_followups(incident)
    yield from _of_alerts(incident, text)
    yield from _answers(incident, rules, text)
    for event in events(text):
        yield answers.confirmation([event], incident, rules)
        yield from _ignoring(lambda event=event: notices.notice(event, incident, rules, AT))  # type: ignore[misc]
        told = lambda event=event: personal.personal_notice(event, incident, rules, None, AT)  # noqa: E731
        yield from _ignoring(told)


def _of_alerts(incident: Incident, text: str) -> Iterator[Message]:
    for page in (1, 2, 99):
        yield alert_page.alert_page(incident, page, AT)
        yield alert_page.decisions_page(given.decisions(text), (), page, AT)
    yield alert_words.recovery_question(RecoveryAsked(at=AT, by=ADA, asked=ADA, alerts=3), incident)


def _of_the_review(incident: Incident, rules: Policy, text: str) -> Iterator[Message]:
    over = replace(incident, status=Status.RESOLVED, ended_at=AT)
    for course in (given.booked(text), incident.review, ReviewCourse()):
        for mailing in Mailing:
            yield review_panel.review_panel(replace(over, review=course), rules, AT, mailing)
        yield review_questions.overdue_in_digest(replace(over, review=course), rules, AT)
    refused = frozenset({(INVITATION, text), (INVITATION, f"U0BEN: {text}")})
    yield review_panel.review_panel(
        replace(over, review=given.booked(text), refusals=refused), rules, AT, Mailing.READY
    )


def _cards(incident: Incident, rules: Policy) -> Iterator[Message]:
    for status in Status:
        yield cards.summary_card(replace(incident, status=status, ended_at=AT), rules, AT)
        yield cards.announcement_card(replace(incident, status=status, ended_at=AT), rules, AT)
    yield checklist.playbook_card(incident, "bad-deploy", rules, AT)
    for stage in range(4):
        clock = replace(incident.clock, stage=stage, asked=BEN)
        yield cards.reminder_card(replace(incident, clock=clock), 0, rules, AT)


def _of_followups(incident: Incident) -> Iterator[Message]:
    for number in incident.followups:
        yield followup_cards.followup_card(incident, number, AT.date())
    today, many = AT.date() + timedelta(days=30), list(followup_lines(incident).values()) * 12
    lines = [replace(line, number=number) for number, line in enumerate(many, 1)]
    items = [Listed(line=line, listing=listing(incident)) for line in lines]
    for whose in Whose:
        wanted = Followups(whose=whose, who=ADA, incident=incident.id)
        yield followup_lists.followup_list(items, wanted, today, share=share(items))
    every = tuple(items)
    yield followup_rounds.weekly_message(Weekly(own=every[:9], sponsored=every[9:18], unowned=every[18:]), today)
    told = Digest(open=9, overdue=9, late=every, unowned=every, share=share(items))
    yield followup_rounds.digest_message(told, today)


def _answers(incident: Incident, rules: Policy, text: str) -> Iterator[Message]:
    listings = given.listings(12, title=text, channel=None)
    told = timeline.entries(events(text)) * 30
    yield answers.declared(incident, rules, AT)
    yield answers.declaring(incident)
    yield answers.control_panel(incident, rules, ADA, AT)
    yield answers.front_door(listings, ADA, rules, AT)
    yield answers.incident_list(listings, 1, AT)
    yield answers.timeline(told, None, incident, full=True)
    yield answers.timeline(told, 1, incident)
    yield answers.playbook_list([("p", text, text)] * 60, None)
    yield answers.guide(rules.roles[INCIDENT_COMMANDER], rest=text * 20)
    yield answers.help_text("/incident", {text or "x": [(text, text)] * 30})
    yield answers.rejected(Rejected("{who}" + text, verb=text, who=ADA), incident)
    yield answers.did_you_mean(text, "severity", incident)
    yield answers.not_saved(text, "7f3a")
    yield answers.not_saved_at_all(text, "7f3a")
    yield answers.bug("7f3a")
    yield answers.stale()
    yield answers.done(text)


def all_views(text: str) -> Iterator[View]:
    incident, rules = given.hostile(text), policy(text)
    yield followup_modals.followup_modal(incident, "m")
    for item in given.followups(text).values():
        yield followup_modals.followup_modal(incident, "m", item)
        yield followup_modals.followup_owner_modal(incident, "m", item)
    for state in (FollowupState.BLOCKED, FollowupState.DONE, FollowupState.WILL_NOT_DO):
        yield followup_modals.followup_state_modal(incident, "m", given.followups(text)[1], state)
    yield modals.declare_modal(rules, "m", title=text, at=AT)
    yield modals.update_modal(incident, "m")
    yield modals.severity_modal(incident, rules, "m")
    yield modals.roles_modal(incident, rules, "m")
    yield modals.note_modal(incident, "m", text=text)
    yield modals.cadence_modal(incident, "m")
    yield modals.times_modal(incident, "m", AT)
    yield modals.search_modal("m")
    for status in Status:
        yield modals.status_modal(replace(incident, status=status), "m")
    for make in (modals.resolve_modal, modals.reopen_modal, modals.cancel_modal):
        yield make(incident, "m")
    for severity in Severity:
        yield closing_forms.close_modal(replace(incident, severity=severity, ended_at=AT), rules, AT, "m")
    yield closing_forms.close_modal(replace(incident, closure=Closure()), rules, AT, "m")
    yield closing_forms.workaround_modal(incident, AT, "m")
    people = tuple(Attendee(user=UserId(f"U{number:05}"), time_zone=text) for number in range(30))
    found = proposals(people, timedelta(hours=1), AT, AT, WorkingHours())
    offer = review_forms.Offer(proposals=found, people=people, time_zone=text)
    for course in (given.booked(text), incident.review):
        yield review_forms.review_modal(replace(incident, review=course), offer, "m")
        yield review_forms.held_modal(replace(incident, review=course), AT, text, "m")
    yield review_forms.waive_modal(incident, "m")
    yield review_forms.cancel_review_modal(incident, "m")
    yield home.home(given.listings(60, title=text), CLEO, rules, AT)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_message_pings_links_or_exceeds_a_limit(text: str) -> None:
    for message in all_messages(text):
        assert_sound(message)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_view_pings_links_or_exceeds_a_limit(text: str) -> None:
    for view in all_views(text):
        assert_sound_view(view)


@pytest.mark.timeout(180)
@settings(max_examples=10, deadline=None)
@with_values(st.text(max_size=400))
def test_no_text_at_all_breaks_a_message_or_a_view(text: str) -> None:
    for message in all_messages(text):
        assert_sound(message)
    for view in all_views(text):
        assert_sound_view(view)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_topic_is_short_and_holds_no_token(text: str) -> None:
    topic = channel_header.topic(given.hostile(text), {ADA: text})
    assert len(topic) <= 250
    assert not set("<>&\n") & set(topic)
