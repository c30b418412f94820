"""A playbook's checklist on an incident: attached once, its steps changed by buttons that may be stale."""

import pytest

from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import (
    AttachPlaybook,
    CancelIncident,
    ChangeStep,
    DeclareIncident,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.effects import PostCard, RefreshCard, playbook_card
from bot.incident.events import PlaybookAttached, StepChanged
from bot.incident.terms import Rejected, StepState
from tests.incident.given import ADA, BEN, NOON, ROLLBACK, ROOM, Story, after, card_posted, checkout, resolved

CARD = playbook_card("bad-deploy")


def attached() -> Story:
    story = checkout()
    story.do(AttachPlaybook(by=ADA, checklist=ROLLBACK), NOON)
    return story


def press(state: StepState, seen: StepState | None = None, step: str = "1", playbook: str = "bad-deploy") -> ChangeStep:
    return ChangeStep(by=BEN, playbook=playbook, step=step, state=state, seen=seen)


def test_an_attached_playbook_is_posted() -> None:
    story = attached()
    assert PostCard(incident=story.state.id, card=CARD, channel=ROOM) in story.effects


def test_the_playbook_of_the_declaration_waits_for_the_channel() -> None:
    story = Story().declare(DeclareIncident(by=ADA, title="Bad deploy", checklist=ROLLBACK))
    assert isinstance(story.log[-1], PlaybookAttached)
    assert not [each for each in story.effects if isinstance(each, PostCard)]


def test_a_playbook_is_attached_once() -> None:
    with pytest.raises(Rejected, match="'Bad deploy' is attached already"):
        attached().decided(AttachPlaybook(by=BEN, checklist=ROLLBACK), after(1))


@pytest.mark.parametrize("state", sorted(set(StepState) - {StepState.OPEN}))
def test_a_step_is_changed_by_its_button_and_the_card_is_drawn_again(state: StepState) -> None:
    story = attached()
    (changed,) = story.do(press(state, seen=StepState.OPEN), after(2))
    assert changed == StepChanged(
        at=after(2),
        by=BEN.id,
        playbook="bad-deploy",
        step="1",
        title="Stop the rollout",
        before=StepState.OPEN,
        after=state,
    )
    assert RefreshCard(incident=story.state.id, card=CARD) in story.effects


def test_the_card_is_drawn_again_without_buttons_when_the_incident_is_cancelled() -> None:
    story = attached()
    story.do(card_posted(CARD, ROOM, story.state.version), after(1))
    story.do(CancelIncident(by=ADA), after(2))
    assert RefreshCard(incident=story.state.id, card=CARD) in story.effects


def test_the_card_is_drawn_again_with_buttons_when_the_incident_is_reopened() -> None:
    story = attached()
    story.do(card_posted(CARD, ROOM, story.state.version), after(1))
    story.do(CancelIncident(by=ADA), after(2))
    story.do(ReopenIncident(by=ADA), after(3))
    assert RefreshCard(incident=story.state.id, card=CARD) in story.effects


def test_a_step_may_be_opened_again() -> None:
    story = attached()
    story.do(press(StepState.DONE), after(2))
    story.do(press(StepState.OPEN, seen=StepState.DONE), after(3))
    assert story.state.playbooks["bad-deploy"].progress["1"].state is StepState.OPEN


def test_a_stale_button_changes_nothing_and_says_who_was_faster() -> None:
    story = attached()
    story.do(press(StepState.DONE), after(2))
    with pytest.raises(Rejected, match=r"is done already, by \{who\}\. Nothing has changed") as refusal:
        story.decided(press(StepState.STARTED, seen=StepState.OPEN), after(3))
    assert refusal.value.who == BEN.id


def test_a_stale_button_on_a_step_that_was_opened_again_says_so() -> None:
    story = attached()
    story.do(press(StepState.STARTED), after(2))
    story.do(press(StepState.OPEN), after(3))
    with pytest.raises(Rejected, match="open again"):
        story.decided(press(StepState.DONE, seen=StepState.STARTED), after(4))


def test_a_step_pressed_twice_is_changed_once() -> None:
    story = attached()
    story.do(press(StepState.DONE), after(2))
    with pytest.raises(Rejected, match="done already"):
        story.decided(press(StepState.DONE), after(2))


@pytest.mark.parametrize("button", [press(StepState.DONE, step="9"), press(StepState.DONE, playbook="other")])
def test_an_unknown_step_changes_nothing(button: ChangeStep) -> None:
    with pytest.raises(Rejected, match="not part of this incident") as refusal:
        attached().decided(button, after(2))
    assert refusal.value.verb == "playbook"


def test_no_playbook_is_attached_after_the_end() -> None:
    with pytest.raises(Rejected, match="already resolved"):
        resolved().decided(AttachPlaybook(by=ADA, checklist=ROLLBACK), after(40))


def test_a_checklist_is_drawn_again_when_the_incident_is_closed() -> None:
    story = attached()
    story.do(card_posted(CARD, ROOM, story.state.version), NOON)
    story.do(ResolveIncident(by=ADA), after(1))
    assert RefreshCard(incident=story.state.id, card=CARD) not in story.effects
    story.do(CloseIncident(by=ADA, because="It was small."), after(2))
    assert RefreshCard(incident=story.state.id, card=CARD) in story.effects
