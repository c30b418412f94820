"""The close gate: what it asks for, how it is met, and how it is overridden."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.incident import events as happened
from bot.incident.closing import gate
from bot.incident.closing_commands import AddWorkaround, CloseIncident, PutOffClosing
from bot.incident.closing_events import GateOverridden, NoWorkaroundsStated, RestorationVerified, ReviewRecorded
from bot.incident.closure import Check, Closure, Review, ReviewDuty, ReviewState
from bot.incident.commands import AssignRole, ReleaseRole, ReopenIncident, ResolveIncident
from bot.incident.effects import PostNotice
from bot.incident.events import StatusChanged
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, GiveFollowup, MoveFollowup
from bot.incident.policy import Policy
from bot.incident.terms import INCIDENT_COMMANDER, SCRIBE, NotAMember, Rejected, Severity, Status
from tests.incident.given import ADA, BEN, CLEO, POLICY, Story, after, checkout, drill, led, resolved

TODAY = date(2026, 3, 2)
BOOKED = Review(state=ReviewState.BOOKED, on=TODAY + timedelta(days=2), facilitator=BEN.id)
HELD = Review(state=ReviewState.HELD, on=TODAY, facilitator=BEN.id)
UNMET = (Check.VERIFIED, Check.ROLES, Check.WORKAROUNDS, Check.REVIEW)
"""By an incident that was resolved and nothing else; it has no follow-up that could want an owner."""
WAIVED = Review(state=ReviewState.WAIVED, why="The cause is known.")
FLAG = AddWorkaround(by=ADA, what="The flag is off.", owner=BEN, expires_on=TODAY + timedelta(days=7))
WHOLE = CloseIncident(
    by=ADA, evidence="99.9 % of payments succeed", release_roles=True, no_workarounds=True, review=WAIVED
)


def asking(duty: ReviewDuty) -> Policy:
    rules = {severity: replace(rule, review=duty) for severity, rule in POLICY.severities.items()}
    return replace(POLICY, severities=rules)


def resolved_under(duty: ReviewDuty) -> Story:
    story = checkout(policy=asking(duty))
    story.do(ResolveIncident(by=ADA), after(30))
    return story


def missing(story: Story) -> list[Check]:
    return [each.check for each in gate(story.state, story.policy, after(40))]


def refused(story: Story, command: CloseIncident, at: float = 40) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        story.decided(command, after(at))
    return refusal.value


def test_an_incident_that_was_only_resolved_lacks_all_of_it() -> None:
    assert missing(resolved()) == list(UNMET)


def test_a_bare_close_is_refused_with_all_that_is_missing_and_the_form() -> None:
    refusal = refused(resolved(), CloseIncident(by=ADA))
    assert refusal.sentence == (
        "INC-42 is not ready to be closed: nothing shows yet that it is restored, be it a link or a number; "
        "1 role is still held (incident commander); nobody has said whether a workaround is in place; "
        "the review is neither booked nor held nor waived. Fill in the form, or write close because, and why."
    )
    assert refusal.verb == "close"
    assert list(refusal.beside) == ["evidence", "release_roles", "no_workarounds", "review"]


def test_everything_that_is_missing_can_come_with_the_closing_itself() -> None:
    events = resolved().do(WHOLE, after(40))
    assert [type(each) for each in events] == [
        RestorationVerified,
        happened.RoleReleased,
        NoWorkaroundsStated,
        ReviewRecorded,
        StatusChanged,
    ]


def test_where_one_thing_is_still_missing_nothing_is_recorded() -> None:
    story = resolved()
    refusal = refused(story, replace(WHOLE, evidence=""))
    assert list(refusal.beside) == ["evidence"]
    assert story.state.roles


def test_what_is_missing_is_overridden_with_a_reason_which_is_logged() -> None:
    story = resolved()
    overridden, closed = story.do(CloseIncident(by=ADA, because=" It was small. "), after(40))
    assert overridden == GateOverridden(at=after(40), by=ADA.id, missing=UNMET, why="It was small.")
    assert closed == StatusChanged(at=after(40), by=ADA.id, before=Status.RESOLVED, after=Status.CLOSED)
    assert story.state.closure.override is not None


def test_only_what_is_missing_is_overridden() -> None:
    story = resolved()
    story.do(replace(WHOLE, review=None, because="Nobody was there."), after(40))
    assert story.state.closure.override is not None
    assert story.state.closure.override.checks == (Check.REVIEW,)


def test_a_reason_where_nothing_is_missing_is_the_note_and_overrides_nothing() -> None:
    *_, closed = resolved().do(replace(WHOLE, because="All is done."), after(40))
    assert isinstance(closed, StatusChanged)
    assert closed.note == "All is done."


@pytest.mark.parametrize("because", ["", "   ", "\u200b"])
def test_a_reason_that_says_nothing_is_none(because: str) -> None:
    assert refused(resolved(), CloseIncident(by=ADA, because=because)).verb == "close"


@pytest.mark.parametrize("evidence", ["https://graphs.example/7", "99.9 %", "0 errors since noon"])
def test_a_link_or_a_number_shows_that_it_is_restored(evidence: str) -> None:
    assert resolved().do(replace(WHOLE, evidence=evidence), after(40))


def test_words_alone_show_nothing() -> None:
    assert refused(resolved(), replace(WHOLE, evidence="It looks fine")).field == "evidence"


def test_roles_are_released_one_by_one_or_with_the_closing() -> None:
    story = resolved()
    story.do(ReleaseRole(by=ADA), after(35))
    assert Check.ROLES not in missing(story)


def test_a_role_that_is_released_by_closing_needs_no_message_of_its_own() -> None:
    story = led()
    story.do(AssignRole(by=ADA, role=SCRIBE, holder=BEN), after(1))
    story.do(ResolveIncident(by=ADA), after(30))
    story.do(WHOLE, after(40))
    told = [each.about for each in story.effects if isinstance(each, PostNotice) and each.channel]
    assert story.state.roles == {}
    assert [type(each) for each in told] == [StatusChanged]


def test_a_workaround_with_an_owner_and_a_day_is_listed() -> None:
    story = resolved()
    story.do(replace(WHOLE, no_workarounds=False, workaround=FLAG), after(40))
    assert [each.what for each in story.state.closure.standing] == ["The flag is off."]


def test_one_that_was_listed_before_will_do() -> None:
    story = checkout()
    story.do(FLAG, after(5))
    story.do(ResolveIncident(by=ADA), after(30))
    assert Check.WORKAROUNDS not in missing(story)


def test_a_workaround_and_none_at_all_contradict_each_other() -> None:
    assert refused(resolved(), replace(WHOLE, workaround=FLAG)).field == "no_workarounds"


def test_a_workaround_that_has_expired_is_in_the_way() -> None:
    story = checkout()
    story.do(FLAG, after(5))
    story.do(ResolveIncident(by=ADA), after(30))
    refusal = refused(story, replace(WHOLE, no_workarounds=False), at=8 * 24 * 60)
    assert "W1 may stay no longer and is still in place" in refusal.sentence
    assert "what" in refusal.beside


@pytest.mark.parametrize("review", [BOOKED, HELD])
@pytest.mark.parametrize("duty", [ReviewDuty.REQUIRED, ReviewDuty.WAIVABLE])
def test_a_review_that_is_booked_or_held_settles_it(duty: ReviewDuty, review: Review) -> None:
    story = resolved_under(duty)
    story.do(replace(WHOLE, review=review), after(40))
    course = story.state.review
    assert (course.state, course.on, course.facilitator) == (review.state, review.on, review.facilitator)


def test_a_review_is_due_as_policy_says_from_the_resolution_on() -> None:
    recorded = next(each for each in resolved().do(WHOLE, after(40)) if isinstance(each, ReviewRecorded))
    assert recorded.due_at == after(30) + timedelta(hours=72)


def test_what_policy_requires_cannot_be_waived() -> None:
    refusal = refused(resolved_under(ReviewDuty.REQUIRED), WHOLE)
    assert (refusal.sentence, refusal.field) == ("Policy asks for a review of SEV2; book it or hold it.", "review")


def test_but_it_can_be_overridden() -> None:
    story = resolved_under(ReviewDuty.REQUIRED)
    story.do(replace(WHOLE, review=None, because="Covered by INC-41."), after(40))
    assert story.state.status is Status.CLOSED


def test_where_policy_asks_for_no_review_none_is_missing() -> None:
    assert Check.REVIEW not in missing(resolved_under(ReviewDuty.NONE))


def test_a_severity_that_left_the_policy_is_held_to_the_usual() -> None:
    story = resolved()
    story.policy = replace(POLICY, severities={Severity.SEV1: POLICY.severities[Severity.SEV1]})
    assert Check.REVIEW in missing(story)


@pytest.mark.parametrize(
    ("review", "field"),
    [
        (replace(WAIVED, why=" "), "review_why"),
        (replace(BOOKED, on=None), "review_on"),
        (replace(BOOKED, on=TODAY - timedelta(days=1)), "review_on"),
        (replace(HELD, on=TODAY + timedelta(days=1)), "review_on"),
        (replace(BOOKED, facilitator=None), "facilitator"),
    ],
)
def test_half_a_review_is_refused_beside_what_it_lacks(review: Review, field: str) -> None:
    assert refused(resolved(), replace(WHOLE, review=review)).field == field


def test_a_booking_that_has_passed_is_asked_about() -> None:
    story = resolved()
    story.do(replace(WHOLE, review=BOOKED), after(40))
    story.happened(StatusChanged(at=after(41), by=ADA.id, before=Status.CLOSED, after=Status.RESOLVED))
    assert gate(story.state, POLICY, after(2 * 24 * 60)) == ()
    (late,) = gate(story.state, POLICY, after(4 * 24 * 60))
    assert late.sentence == "the review was booked for 2026-03-04, which is over: was it held, or is it on another day"


def test_reopening_takes_back_what_was_said_of_the_end_but_leaves_workarounds() -> None:
    story = resolved()
    story.do(replace(WHOLE, no_workarounds=False, workaround=FLAG), after(40))
    story.do(ReopenIncident(by=ADA), after(50))
    assert story.state.closure == Closure(workarounds=story.state.closure.workarounds)
    assert len(story.state.closure.standing) == 1


def test_what_was_overridden_no_longer_counts_once_it_is_reopened() -> None:
    story = resolved()
    story.do(CloseIncident(by=ADA, because="It was small."), after(40))
    story.do(ReopenIncident(by=ADA), after(50))
    assert story.state.closure.override is None


def test_closing_without_a_word_leaves_the_outcome_where_it_was() -> None:
    story = resolved()
    story.do(WHOLE, after(40))
    assert story.state.last_word == "Rolled back."
    story.do(ReopenIncident(by=ADA), after(50))
    assert story.state.last_word == ""


def test_a_note_on_the_closing_is_the_last_word() -> None:
    story = resolved()
    story.do(replace(WHOLE, note="Reviewed."), after(40))
    assert story.state.last_word == "Reviewed."


def test_a_drill_is_closed_without_the_gate() -> None:
    story = drill()
    story.do(ResolveIncident(by=ADA), after(30))
    assert [type(each) for each in story.do(CloseIncident(by=ADA), after(40))] == [StatusChanged]


@pytest.mark.parametrize("status", [Status.INVESTIGATING, Status.CANCELLED])
def test_only_what_is_resolved_is_closed_whatever_the_reason(status: Status) -> None:
    story = checkout()
    story.happened(StatusChanged(at=after(1), by=ADA.id, before=Status.TRIAGE, after=status))
    with pytest.raises(Rejected, match=rf"still {status}|is {status}"):
        story.decided(CloseIncident(by=ADA, because="It was small."), after(40))


def test_nobody_outside_closes_it_by_a_reason() -> None:
    with pytest.raises(NotAMember, match="Join it first"):
        resolved().decided(CloseIncident(by=CLEO, because="It was small."), after(40))


def test_whom_the_policy_lets_resolve_may_close() -> None:
    rights = replace(POLICY.rights, resolve=frozenset({CLEO.id}))
    story = checkout(policy=replace(POLICY, rights=rights))
    story.do(ResolveIncident(by=ADA), after(30))
    assert story.do(replace(WHOLE, by=CLEO), after(40))


def test_not_yet_is_recorded_of_what_is_resolved_and_refused_of_all_else() -> None:
    assert resolved().do(PutOffClosing(by=ADA), after(5000))
    with pytest.raises(Rejected, match="INC-42 is triage"):
        checkout().decided(PutOffClosing(by=ADA), after(1))


def test_who_was_asked_may_say_not_yet_from_outside_of_the_channel() -> None:
    story = checkout()
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=CLEO), after(1))
    story.do(ResolveIncident(by=ADA), after(30))
    assert story.do(PutOffClosing(by=CLEO), after(5000))


def test_evidence_and_review_that_are_on_record_are_not_recorded_twice() -> None:
    story = resolved()
    story.do(WHOLE, after(40))
    story.happened(StatusChanged(at=after(41), by=ADA.id, before=Status.CLOSED, after=Status.RESOLVED))
    assert [type(each) for each in story.do(WHOLE, after(50))] == [StatusChanged]


DRAFT = AddFollowup(by=ADA, content=FollowupContent(what="Alert on errors sooner."))


def drafted() -> Story:
    """Resolved, with F1, which nobody owns."""
    story = resolved()
    story.do(DRAFT, after(35))
    return story


def test_a_follow_up_that_nobody_owns_is_in_the_way() -> None:
    refusal = refused(drafted(), WHOLE)
    assert "nobody owns F1: give it to somebody, or say why it will not be done" in refusal.sentence
    assert list(refusal.beside) == ["because"]


@pytest.mark.parametrize(
    "command",
    [
        GiveFollowup(by=ADA, number=1, owner=BEN),
        MoveFollowup(by=ADA, number=1, state=FollowupState.WILL_NOT_DO, note="INC-41 covers it."),
    ],
    ids=["given to somebody", "not to be done"],
)
def test_once_it_is_owned_or_settled_it_is_not(command: GiveFollowup | MoveFollowup) -> None:
    story = drafted()
    story.do(command, after(36))
    assert story.do(WHOLE, after(40))


def test_that_nobody_owns_one_can_be_overridden() -> None:
    story = drafted()
    story.do(replace(WHOLE, because="The team decides on Monday."), after(40))
    assert story.state.closure.override is not None
    assert story.state.closure.override.checks == (Check.FOLLOWUPS,)
