"""Who took part, for the review: role holders and whoever wrote notes, with the zones that the log has."""

from dataclasses import replace

from bot.incident.commands import AddNote, AssignRole
from bot.incident.review_people import took_part, zones
from bot.incident.terms import INCIDENT_COMMANDER, SCRIBE
from tests.incident.given import ADA, BEN, CLEO, after, checkout


def test_those_with_roles_come_first_then_those_who_wrote_notes() -> None:
    story = checkout()
    story.do(AddNote(by=replace(CLEO, speaks_in=story.state.channel), text="I see it, too."), after(1))
    story.do(AssignRole(by=ADA, role=SCRIBE, holder=BEN), after(2))
    assert took_part(story.state, story.log) == (ADA.id, BEN.id, CLEO.id)


def test_whoever_gave_up_a_role_took_part() -> None:
    story = checkout()
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=BEN), after(1))
    assert took_part(story.state, story.log) == (ADA.id, BEN.id)


def test_whoever_left_a_private_channel_is_not_proposed() -> None:
    story = checkout(private=True)
    story.do(AssignRole(by=ADA, role=SCRIBE, holder=CLEO), after(1))
    assert took_part(story.state, story.log) == (ADA.id,)


def test_zones_are_those_that_were_recorded_with_roles_and_the_newest_counts() -> None:
    story = checkout()
    story.do(AssignRole(by=ADA, role=SCRIBE, holder=replace(BEN, time_zone="Europe/Berlin")), after(1))
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=replace(BEN, time_zone="Asia/Tokyo")), after(2))
    assert zones(story.log) == {ADA.id: "UTC", BEN.id: "Asia/Tokyo"}
