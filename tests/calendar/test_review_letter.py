"""The review as an appointment, and what each who is asked to it reads."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.appointment import Mailbox, Method
from bot.calendar.review_letter import Issuer, ReviewLetter, published, when
from bot.incident.commands import ResolveIncident
from bot.incident.invitations import Errand, MeetingEvent
from bot.incident.review import InvitedFunction, ReviewPlan
from bot.incident.review_events import ReviewBooked, ReviewCancelled, ReviewMoved, ReviewWaived
from bot.incident.state import Incident
from bot.incident.terms import UserId
from tests.calendar.appointments import event_of, property_names, reread
from tests.incident.given import ADA, BEN, CLEO, after, checkout

ISSUER: Final = Issuer(
    organiser=Mailbox(address="muster@example.org", name="Muster"), team="T0123", workspace="https://acme.slack.com/"
)
PLAN: Final = ReviewPlan(
    starts_at=after(2 * 24 * 60),
    length=timedelta(minutes=45),
    facilitator=BEN.id,
    invited=(ADA.id, CLEO.id),
    functions=(InvitedFunction(name="reliability"),),
)
LATER: Final = replace(PLAN, starts_at=PLAN.starts_at + timedelta(hours=1), invited=(ADA.id,))
BOOKED: Final = ReviewBooked(at=after(40), by=ADA.id, number=1, sequence=0, plan=PLAN)
MOVED: Final = ReviewMoved(at=after(50), by=ADA.id, number=1, sequence=1, before=PLAN, after=LATER, why="Ben is away.")
CANCELLED: Final = ReviewCancelled(at=after(60), by=ADA.id, number=1, sequence=2, plan=LATER, why="Nobody can come.")
WAIVED: Final = ReviewWaived(at=after(60), by=ADA.id, number=1, sequence=2, plan=LATER, why="It was a load test.")


def incident(*, private: bool = False, title: str = "Checkout returns 500") -> Incident:
    story = checkout(private=private)
    story.do(ResolveIncident(by=ADA, summary="Rolled back."), after(30))
    return replace(story.state, title=title)


def letter(event: MeetingEvent, errand: Errand, **changed: Any) -> ReviewLetter:
    told = ReviewLetter(
        incident=incident(),
        event=event,
        errand=errand,
        to=Mailbox(address="cleo@example.org", name="Cleo"),
        time_zone="Europe/Berlin",
        issuer=ISSUER,
        names=name,
    )
    return replace(told, **changed)


def name(user: UserId) -> str:
    return {BEN.id: "Ben", ADA.id: "Ada", CLEO.id: "Cleo"}[user]


def test_an_invitation_says_when_in_the_readers_zone_who_leads_it_who_comes_and_where_to_read_on() -> None:
    told = letter(BOOKED, Errand.INVITED)
    assert told.subject == "Invitation: Review of INC-42: Checkout returns 500"
    assert told.text == (
        "You are invited: Review of INC-42: Checkout returns 500\n\n"
        "Wed 4 Mar 2026, 13:00 to 13:45 (Europe/Berlin)\n\n"
        "Led by Ben\nInvited: Ada, Cleo, reliability\n"
        "What is known stands in its channel: https://acme.slack.com/archives/C0ROOM\n"
        "It is moved and called off in Slack; answers to this invitation are not read there."
    )
    event = event_of(told.calendar())
    assert event.description.value in told.text
    assert event.url.value == "https://acme.slack.com/archives/C0ROOM"


def test_every_letter_of_a_meeting_has_its_uid_and_its_sequence() -> None:
    letters = [letter(BOOKED, Errand.INVITED), letter(MOVED, Errand.MOVED), letter(CANCELLED, Errand.CANCELLED)]
    events = [event_of(each.calendar()) for each in letters]
    assert {each.uid.value for each in events} == {"review-1.inc-42.T0123@muster"}
    assert [int(each.sequence.value) for each in events] == [0, 1, 2]
    assert len({each.id for each in letters}) == 3


@pytest.mark.parametrize(
    ("event", "errand", "method", "said"),
    [
        (MOVED, Errand.MOVED, Method.REQUEST, "Changed: Review of INC-42: Checkout returns 500\nBen is away."),
        (CANCELLED, Errand.CANCELLED, Method.CANCEL, "This will not be held: Review of INC-42"),
        (WAIVED, Errand.CANCELLED, Method.CANCEL, "The review is waived: It was a load test."),
        (MOVED, Errand.UNINVITED, Method.CANCEL, "You are no longer invited: Review of INC-42"),
    ],
)
def test_a_letter_says_what_became_of_it_to_people_and_to_calendars(
    event: MeetingEvent, errand: Errand, method: Method, said: str
) -> None:
    told = letter(event, errand)
    assert said in told.text
    assert told.method is method
    assert reread(told.calendar()).method.value == method


def test_whoever_is_taken_off_learns_of_no_new_time_and_of_no_reason() -> None:
    told = letter(MOVED, Errand.UNINVITED)
    assert event_of(told.calendar()).dtstart.value == PLAN.starts_at
    assert "13:00 to 13:45" in told.text
    assert "Ben is away" not in told.text


@pytest.mark.parametrize(
    ("event", "errand"),
    [
        (BOOKED, Errand.INVITED),
        (MOVED, Errand.MOVED),
        (MOVED, Errand.UNINVITED),
        (CANCELLED, Errand.CANCELLED),
        (WAIVED, Errand.CANCELLED),
    ],
)
def test_of_a_private_incident_nothing_is_said_but_that_there_is_a_review_and_when(
    event: MeetingEvent, errand: Errand
) -> None:
    secret = incident(private=True, title="Merger keys leaked")
    told = letter(event, errand, incident=secret)
    everything = f"{told.subject} {told.text} {told.calendar().decode()} {published(secret, event, ISSUER, name)!r}"
    for word in ("Merger", "C0ROOM", "Ben", "reliability", "load test", "Nobody can"):
        assert word not in everything
    assert told.subject.endswith(": Review of INC-42")
    found = event_of(told.calendar())
    assert not {"DESCRIPTION", "URL"} & set(property_names(found))
    assert found.summary.value == "Review of INC-42"


def test_the_file_for_the_channel_has_no_recipient() -> None:
    assert b"ATTENDEE" not in published(incident(), BOOKED, ISSUER, name)
    assert reread(published(incident(), CANCELLED, ISSUER, name)).method.value == "CANCEL"


def test_many_who_are_invited_are_counted() -> None:
    crowd = replace(PLAN, invited=tuple(UserId(f"U{number}") for number in range(40)), functions=())
    told = letter(replace(BOOKED, plan=crowd), Errand.INVITED, names=str)
    assert "U29, 10 more\n" in told.text


def test_a_meeting_over_midnight_names_both_days() -> None:
    late = replace(PLAN, starts_at=datetime.fromisoformat("2026-03-04T23:30+00:00"))
    assert when(late, "UTC") == "Wed 4 Mar 2026, 23:30 to Thu 5 Mar 2026, 00:15 (UTC)"
    assert when(late, "Nowhere/Such") == when(late, "UTC")


@settings(deadline=None, derandomize=True, database=None)
@given(st.text())
def test_whatever_people_wrote_stays_text(text: str) -> None:
    hostile = f"x\r\nATTENDEE:mailto:mallory@example.org\r\n{text}"
    moved = replace(MOVED, why=hostile, after=replace(LATER, functions=(InvitedFunction(name=hostile),)))
    told = letter(moved, Errand.MOVED, incident=incident(title=hostile), names=lambda _: hostile)
    event = event_of(told.calendar())
    assert [each.value for each in event.attendee_list] == ["mailto:cleo@example.org"]
    assert len(property_names(event)) == 12
