"""What holds after any sequence of commands, by anybody, at any time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.incident.alerting import RECOVERY_TIMER
from bot.incident.chasing import CLOSING_TIMER, WORKAROUND_TIMER
from bot.incident.commands import (
    AssignRole,
    ChangeSeverity,
    ChangeStatus,
    ClaimRole,
    Command,
    DeclareIncident,
    FireTimer,
    PostUpdate,
    RecordChannel,
    ReleaseRole,
    SetCadence,
)
from bot.incident.effects import Effect, InviteUsers, OpenChannel, PostCard, PostNotice
from bot.incident.events import Event, RoleAssigned, RoleReleased, StatusChanged
from bot.incident.evolve import replay
from bot.incident.informing import SUMMARY_TIMER, UPDATE_TIMER
from bot.incident.lifecycle import ACTIVE, may_become
from bot.incident.state import Incident
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    MUSTER,
    MUSTER_ITSELF,
    Milestone,
    Rejected,
    Severity,
    Status,
)
from tests.incident.every_command import asked_by, reported
from tests.incident.given import ADA, BEN, CLEO, NOON, ROOM, Story, minutes

ROLES = (INCIDENT_COMMANDER, COMMUNICATIONS_LEAD)
CAST = (ADA, BEN, CLEO)
TIMERS: Final[list[Command]] = [
    FireTimer(by=MUSTER_ITSELF, name=name, due_at=NOON)
    for name in (UPDATE_TIMER, SUMMARY_TIMER, CLOSING_TIMER, WORKAROUND_TIMER)
]
COMMANDS: Sequence[Command] = [
    *(command for person in CAST for command in asked_by(person)),
    *reported(),
    *TIMERS * 10,
    *[RecordChannel(by=MUSTER_ITSELF, channel=ROOM, name="inc-42")] * 3,
    *(ChangeSeverity(by=ADA, severity=severity) for severity in Severity),
    *(ChangeStatus(by=BEN, status=status) for status in Status),
    *(AssignRole(by=ADA, role=role, holder=holder) for role in ROLES for holder in CAST),
    *(claim(by=by, role=role) for claim in (ClaimRole, ReleaseRole) for role in ROLES for by in CAST),
    *(PostUpdate(by=BEN, known="Known.", next_in=minutes(after)) for after in (5, 100)),
    *(SetCadence(by=ADA, every=every) for every in (None, minutes(1), minutes(300))),
]
STEPS = st.lists(
    st.tuples(st.integers(0, len(COMMANDS) - 1), st.sampled_from([0, 0, 1, 7, 31, 400])), min_size=10, max_size=40
)


OF_THE_RESPONSE = {UPDATE_TIMER, SUMMARY_TIMER, RECOVERY_TIMER}
"""Timers that end with it."""


class Told(Story):
    """A story of anything at all, held to the invariants after each command."""

    def try_to(self, command: Command, at: datetime) -> None:
        before, length = self.state, len(self.log)
        try:
            events = self.do(command, at)
        except Rejected:
            assert self.state is before
            return
        assert self.state.version == len(self.log) == length + len(events)
        self._check_clock()
        check_roles(before, events)
        check_milestones(self.state)
        check_effects(self.state, self.effects)

    def _check_clock(self) -> None:
        clock = self.state.clock
        if not self.state.is_active:
            assert (clock.due_at, clock.stage, clock.snoozed_until) == (None, 0, None)
            assert not set(self.timers) & OF_THE_RESPONSE
        assert (UPDATE_TIMER in self.timers) == (clock.due_at is not None)


def check_roles(before: Incident, events: Sequence[Event]) -> None:
    """One holder a role: whoever takes or gives it up does so from the one who held it."""
    for event in events:
        match event:
            case RoleAssigned() | RoleReleased():
                assert event.before == before.holder(event.role)
            case StatusChanged():
                assert may_become(event.before, event.after)


def check_milestones(incident: Incident) -> None:
    ended_well = incident.status in {Status.RESOLVED, Status.CLOSED}
    assert (Milestone.RESOLVED in incident.milestones) == ended_well
    assert (incident.ended_at is None) == (incident.status in ACTIVE)


def check_effects(incident: Incident, effects: Sequence[Effect]) -> None:
    """Each once; nothing is sent to a channel that is not there; a private incident never leaves its own."""
    assert len(set(effects)) == len(effects)
    for effect in effects:
        assert effect.incident == incident.id
        match effect:
            case PostCard() | PostNotice():
                assert not (incident.private and effect.channel is None)
                assert not effect.lane.startswith("None")
            case InviteUsers():
                assert MUSTER not in effect.users
                assert not incident.members & set(effect.users)
            case OpenChannel():
                assert not incident.private or effect.name == "inc-42"


@pytest.mark.parametrize("private", [True, False])
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(steps=STEPS)
def test_any_sequence_of_commands_keeps_the_invariants(private: bool, steps: list[tuple[int, int]]) -> None:
    story, at = Told(), NOON
    story.declare(DeclareIncident(by=ADA, title="Insider sells data", private=private))
    check_effects(story.state, story.effects)
    for index, passed in steps:
        at += minutes(passed)
        story.try_to(COMMANDS[index], at)
    assert replay(story.log) == story.state
