"""Workarounds: listed with an owner and a last day, kept for longer, removed, at any time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.incident.closing_commands import (
    AddWorkaround,
    CloseIncident,
    ExtendWorkaround,
    RemoveWorkaround,
    StateNoWorkarounds,
)
from bot.incident.closing_events import NoWorkaroundsStated, WorkaroundAdded, WorkaroundExtended, WorkaroundRemoved
from bot.incident.commands import RecordJoined
from bot.incident.effects import SUMMARY, RefreshCard, TellPerson
from bot.incident.terms import MUSTER_ITSELF, NotAMember, Person, Rejected
from tests.incident.given import ADA, BEN, CLEO, DEE, Story, after, checkout, resolved

TODAY = date(2026, 3, 2)
A_WEEK = TODAY + timedelta(days=7)
FLAG = AddWorkaround(by=ADA, what=" The  flag is off. ", owner=BEN, expires_on=A_WEEK)


def flagged() -> Story:
    """Checkout with W1, which is Ben's and may stay for a week."""
    story = checkout()
    story.do(FLAG, after(5))
    return story


def test_a_workaround_has_a_number_an_owner_and_a_last_day() -> None:
    (added,) = checkout().do(FLAG, after(5))
    assert added == WorkaroundAdded(
        at=after(5), by=ADA.id, number=1, what="The flag is off.", owner=BEN.id, expires_on=A_WEEK
    )


def test_it_is_numbered_on_also_after_one_was_removed() -> None:
    story = flagged()
    story.do(RemoveWorkaround(by=ADA, number=1), after(6))
    story.do(replace(FLAG, what="Twice as many pods."), after(7))
    assert [each.number for each in story.state.closure.standing] == [2]


def test_the_first_to_expire_stands_first() -> None:
    story = flagged()
    story.do(replace(FLAG, what="Sooner.", expires_on=TODAY), after(6))
    assert [each.what for each in story.state.closure.standing] == ["Sooner.", "The flag is off."]


def test_the_summary_shows_it() -> None:
    assert RefreshCard(incident=flagged().state.id, card=SUMMARY) in flagged().effects


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (replace(FLAG, what=" \u200b"), "what"),
        (replace(FLAG, what="x" * 301), "what"),
        (replace(FLAG, expires_on=TODAY - timedelta(days=1)), "expires_on"),
        (replace(FLAG, expires_on=TODAY + timedelta(days=367)), "expires_on"),
        (replace(FLAG, expires_on=date.max), "expires_on"),
        (replace(FLAG, owner=DEE), "owner"),
    ],
)
def test_what_cannot_be_asked_about_later_is_refused(command: AddWorkaround, field: str) -> None:
    with pytest.raises(Rejected) as refusal:
        checkout().decided(command, after(5))
    assert refusal.value.field == field


def test_a_guest_is_told_what_cannot_be_given_to_them() -> None:
    with pytest.raises(Rejected, match="Dee is a guest of this workspace and cannot be given a workaround here"):
        checkout().decided(replace(FLAG, owner=DEE), after(5))


def test_the_last_day_is_one_in_the_owners_zone() -> None:
    """At 12:05 UTC it is the next day in Kiribati."""
    owner = replace(BEN, time_zone="Pacific/Kiritimati")
    with pytest.raises(Rejected, match="That day is over"):
        checkout().decided(replace(FLAG, owner=owner, expires_on=TODAY), after(5))


def test_it_is_listed_also_after_the_end() -> None:
    story = resolved()
    story.do(CloseIncident(by=ADA, because="It was small."), after(40))
    assert story.do(FLAG, after(50))


def test_whoever_is_to_own_it_is_told_unless_they_listed_it_themselves() -> None:
    story = flagged()
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [BEN.id]
    story.do(replace(FLAG, by=BEN), after(6))
    assert not [each for each in story.effects if isinstance(each, TellPerson)]


def private_with(person: Person) -> Story:
    story = checkout(private=True)
    story.do(RecordJoined(by=MUSTER_ITSELF, users=(person.id,)), after(1))
    return story


def test_in_a_private_incident_only_its_members_own_one() -> None:
    with pytest.raises(Rejected, match="is not in the channel of this private incident") as refusal:
        checkout(private=True).decided(replace(FLAG, owner=CLEO), after(5))
    assert (refusal.value.field, refusal.value.who) == ("owner", CLEO.id)
    assert private_with(CLEO).do(replace(FLAG, owner=CLEO), after(5))


def test_its_owner_removes_it_from_outside_of_the_channel() -> None:
    story = checkout()
    story.do(replace(FLAG, owner=CLEO), after(5))
    (removed,) = story.do(RemoveWorkaround(by=CLEO, number=1, note=" It is on. "), after(9))
    assert removed == WorkaroundRemoved(at=after(9), by=CLEO.id, number=1, what="The flag is off.", note="It is on.")


def test_nobody_else_outside_does() -> None:
    with pytest.raises(NotAMember, match="Join it first"):
        flagged().decided(RemoveWorkaround(by=CLEO, number=1), after(9))


def test_what_is_removed_is_not_removed_again() -> None:
    story = flagged()
    story.do(RemoveWorkaround(by=BEN, number=1), after(9))
    with pytest.raises(Rejected, match="W1 is removed already"):
        story.decided(RemoveWorkaround(by=BEN, number=1), after(10))


def test_what_was_never_listed_is_not_removed() -> None:
    with pytest.raises(Rejected, match="INC-42 has no workaround W7"):
        flagged().decided(RemoveWorkaround(by=BEN, number=7), after(9))


def test_it_may_be_kept_until_another_day_or_for_two_more_weeks() -> None:
    later = A_WEEK + timedelta(days=7)
    (extended,) = flagged().do(ExtendWorkaround(by=BEN, number=1, expires_on=later), after(9))
    assert extended == WorkaroundExtended(
        at=after(9), by=BEN.id, number=1, what="The flag is off.", before=A_WEEK, expires_on=later
    )
    (extended,) = flagged().do(ExtendWorkaround(by=BEN, number=1), after(9))
    assert isinstance(extended, WorkaroundExtended)
    assert extended.expires_on == TODAY + timedelta(days=14)


def test_a_button_that_shows_an_earlier_day_keeps_nothing() -> None:
    with pytest.raises(Rejected, match="W1 has another day by now"):
        flagged().decided(ExtendWorkaround(by=BEN, number=1, seen=TODAY), after(9))


def test_keeping_it_until_the_day_that_it_has_changes_nothing() -> None:
    with pytest.raises(Rejected, match="may stay until that day already"):
        flagged().decided(ExtendWorkaround(by=BEN, number=1, expires_on=A_WEEK), after(9))


def test_that_there_is_none_is_said_once_and_not_against_the_list() -> None:
    story = checkout()
    assert story.do(StateNoWorkarounds(by=ADA), after(5)) == (NoWorkaroundsStated(at=after(5), by=ADA.id),)
    with pytest.raises(Rejected, match="on record already"):
        story.decided(StateNoWorkarounds(by=ADA), after(6))
    with pytest.raises(Rejected, match="1 of them is listed as in place"):
        flagged().decided(StateNoWorkarounds(by=ADA), after(6))


def test_one_that_is_listed_takes_back_that_there_is_none() -> None:
    story = checkout()
    story.do(StateNoWorkarounds(by=ADA), after(5))
    story.do(FLAG, after(6))
    assert not story.state.closure.none_in_place
