"""The review in people's calendars: a file in the channel, a letter to each, moved, taken back and called off."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from bot.slack.scopes import NEEDED_SCOPES
from bot.workspace.seen import SeenMessage
from tests.calendar.appointments import event_of, reread
from tests.mail.post_office import PostOffice
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately
from tests.scenarios.test_review import booked, moment, next_monday, resolved

SENDER = "Muster <muster@harbour.example>"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with PostOffice() as open_one:
        yield open_one


@pytest.fixture
async def team(start_team: StartTeam, office: PostOffice) -> Team:
    return await start_team(smtp_url=office.url(), mail_from=SENDER)


def recipients(office: PostOffice) -> list[str]:
    return [address.partition("@")[0] for address in office.recipients]


def invitation(letter: EmailMessage) -> bytes:
    (part,) = [each for each in letter.walk() if each.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def newest(office: PostOffice, name: str) -> bytes:
    """The newest invitation that this person got."""
    index = max(index for index, each in enumerate(recipients(office)) if each == name)
    return invitation(office.letters[index])


def facts(written: bytes) -> tuple[str, str, int]:
    event = event_of(written)
    return str(reread(written).method.value), str(event.uid.value), int(event.sequence.value)


async def files(team: Team, channel: str, name: str = "ada") -> list[SeenMessage]:
    seen = await team.person(name).messages(channel)
    return [each for each in seen if any(file["name"].endswith(".ics") for file in each.files)]


def content(team: Team, seen: SeenMessage) -> bytes:
    kept = team.workspace.site.uploads.by_id[seen.files[0]["id"]].content
    assert kept is not None
    return kept


async def changed(team: Team, channel: str, **values: object) -> None:
    await team.type("ada", "review move", channel)
    await team.person("ada").wait_for_modal("Move review")
    await witness.fills(team, "ada", **values)
    await team.settle()


async def _at_rest(team: Team) -> bool:
    return team.bot.runner.is_idle


async def test_a_booking_brings_a_file_to_the_channel_and_a_letter_to_each_who_is_invited(
    team: Team, office: PostOffice
) -> None:
    channel = await resolved(team)
    meeting = await booked(team, channel, **{"Who is invited": ["ada", "cleo"]})
    await team.settle()
    assert sorted(recipients(office)) == ["ada", "ben", "cleo"]
    event = event_of(newest(office, "cleo"))
    assert event.dtstart.value == meeting.plan.starts_at
    assert event.summary.value == "Review of INC-1: Checkout is down"
    assert [each.value for each in event.attendee_list] == ["mailto:cleo@harbour.example"]
    assert event.organizer.value == "mailto:muster@harbour.example"
    (seen,) = await files(team, channel)
    assert "This file puts the review of INC-1" in seen.rendered
    assert facts(content(team, seen)) == ("PUBLISH", event.uid.value, 0)
    assert b"ATTENDEE" not in content(team, seen)
    letter = office.letters[recipients(office).index("cleo")]
    assert letter["Subject"] == "Invitation: Review of INC-1: Checkout is down"
    text = letter.get_body(("plain",))
    assert text is not None
    assert "(Asia/Tokyo)" in text.get_content()
    assert "Led by ben" in text.get_content()
    shown = await team.type("ada", "review", channel)
    assert "Everybody invited gets it for their calendar by e-mail, and as a file in the channel." in shown


async def test_a_move_reaches_everybody_under_the_same_uid_and_a_higher_sequence(
    team: Team, office: PostOffice
) -> None:
    channel = await resolved(team)
    await booked(team, channel)
    await team.settle()
    first = facts(newest(office, "ben"))
    later = moment(team, timedelta(hours=30))
    await changed(team, channel, **{"Or at another time": later, "Why it is moved": "Ben is away."})
    assert facts(newest(office, "ben")) == ("REQUEST", first[1], 1)
    assert event_of(newest(office, "ada")).dtstart.value.timestamp() == later
    assert recipients(office).count("ada") == recipients(office).count("ben") == 2
    assert [facts(content(team, seen))[2] for seen in await files(team, channel)] == [0, 1]


async def test_whoever_is_taken_off_gets_a_cancellation_and_the_others_nothing(team: Team, office: PostOffice) -> None:
    channel = await resolved(team)
    await booked(team, channel, **{"Who is invited": ["ada", "cleo"]})
    await team.settle()
    before = len(office.letters)
    await changed(team, channel, **{"Who is invited": ["ada", "finn"]})
    assert sorted(recipients(office)[before:]) == ["cleo", "finn"]
    assert facts(newest(office, "cleo"))[::2] == ("CANCEL", 1)
    assert facts(newest(office, "finn"))[::2] == ("REQUEST", 1)
    assert len(await files(team, channel)) == 1


@pytest.mark.parametrize("ending", ["review cancel Nobody can come", "reopen It is back."])
async def test_what_is_called_off_is_cancelled_in_every_calendar(team: Team, office: PostOffice, ending: str) -> None:
    channel = await resolved(team)
    await booked(team, channel)
    await team.settle()
    await team.type("ada", ending, channel)
    await team.settle()
    for name in ("ada", "ben"):
        assert facts(newest(office, name))[::2] == ("CANCEL", 1)
        assert event_of(newest(office, name)).status.value == "CANCELLED"
    assert [facts(content(team, seen))[0] for seen in await files(team, channel)] == ["PUBLISH", "CANCEL"]


async def test_a_review_that_is_waived_is_cancelled_too_and_says_why(team: Team, office: PostOffice) -> None:
    channel = await resolved(team, "sev3 Search is slow")
    await booked(team, channel)
    await team.settle()
    await team.type("ada", "review waive it was a load test", channel)
    await team.settle()
    assert facts(newest(office, "ben"))[::2] == ("CANCEL", 1)
    assert "it was a load test" in office.letters[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]


async def test_a_private_incident_says_nothing_but_that_there_is_a_review(team: Team, office: PostOffice) -> None:
    await next_monday(team)
    channel = await declare_privately(team, "Merger keys leaked")
    await team.person("ada").invite(channel, "ben")
    await team.type("ada", "resolve Turned.", channel)
    await booked(team, channel)
    await team.settle()
    assert sorted(recipients(office)) == ["ada", "ben"]
    (seen,) = await files(team, channel)
    told = [*office.raw, *map(invitation, office.letters), content(team, seen), seen.rendered.encode()]
    secrets = (b"Merger", team.workspace.channel_id(channel).encode(), b"Led by")
    assert not [each for each in told for secret in secrets if secret in each]
    event = event_of(newest(office, "ben"))
    assert event.summary.value == "Review of INC-1"
    assert not hasattr(event, "description")
    assert not [name for name in ("general", "incidents") if await files(team, name, "cleo")]


async def test_whoever_left_a_private_incident_learns_no_new_time(team: Team, office: PostOffice) -> None:
    await next_monday(team)
    channel = await declare_privately(team, "Merger keys leaked")
    await team.person("ada").invite(channel, "ben")
    await team.type("ada", "resolve Turned.", channel)
    meeting = await booked(team, channel, **{"Led by": "ada", "Who is invited": ["ben"]})
    await team.settle()
    await team.person("ben").leave(channel)
    await team.settle()
    later = moment(team, timedelta(hours=30))
    values = {"Or at another time": later, "Why it is moved": "Ada is away.", "Who is invited": []}
    await changed(team, channel, **values)
    assert facts(newest(office, "ben"))[::2] == ("CANCEL", 1)
    assert event_of(newest(office, "ben")).dtstart.value == meeting.plan.starts_at
    assert b"Ada is away" not in office.raw[-1]


async def test_without_a_mail_server_the_file_is_all_there_is_and_the_panel_says_so(start_team: StartTeam) -> None:
    team = await start_team()
    channel = await resolved(team)
    await booked(team, channel)
    await team.settle()
    (seen,) = await files(team, channel)
    assert event_of(content(team, seen)).organizer.value == "mailto:muster@no-mail.invalid"
    shown = await team.type("ada", "review", channel)
    assert "for calendars as a file in the channel; no e-mail is sent, for no mail server is set up." in shown


async def test_without_the_scope_for_addresses_no_letter_is_sent_and_the_panel_says_so(
    team: Team, office: PostOffice
) -> None:
    team.workspace.site.install.scopes = tuple(sorted(NEEDED_SCOPES - {"users:read.email"}))
    channel = await resolved(team)
    await booked(team, channel)
    await team.settle()
    assert office.letters == []
    assert len(await files(team, channel)) == 1
    assert "no e-mail is sent, for the app lacks `users:read.email`." in await team.type("ada", "review", channel)
    assert await witness.posts(team, "muster", "could not be delivered") == []


async def test_an_address_that_is_refused_is_told_to_the_commander_and_the_others_are_reached(
    team: Team, office: PostOffice
) -> None:
    channel = await resolved(team)
    office.refuses["ben"] = "550 5.1.1 ben@harbour.example: no such user <!channel>"
    await booked(team, channel)
    await team.settle()
    assert recipients(office) == ["ada"]
    told = await witness.told(team, "ada", "an invitation to its review could not be delivered: @ben: the mail server")
    assert "550 5.1.1 …: no such user <!channel>" in told.rendered
    assert told.rendered.endswith("The others are not affected. Tell them of the review yourself.")
    assert "Not delivered: @ben" in await team.type("ada", "review", channel)
    (letter,) = await team.bot.store.outbox.dead_letters()
    assert "harbour.example" not in letter.reason


async def test_a_greylisted_letter_arrives_a_little_later_and_once(team: Team, office: PostOffice) -> None:
    channel = await resolved(team)
    office.says["RCPT"] = ["451 4.7.1 Greylisted", "451 4.7.1 Greylisted", "451 4.7.1 Greylisted"]
    await booked(team, channel)
    await team.settle()
    assert sorted(recipients(office)) == ["ada", "ben"]


async def test_a_login_that_is_refused_is_waited_out_and_no_log_has_the_password(
    start_team: StartTeam, capfd: pytest.CaptureFixture[str]
) -> None:
    async with PostOffice(users={"muster": "another"}) as office:
        team = await start_team(smtp_url=office.url("muster:hunter2@"), mail_from=SENDER)
        channel = await resolved(team)
        await booked(team, channel)
        await team.person("ada").wait_until(lambda: _at_rest(team))
        assert office.letters == []
        office.users = {"muster": "hunter2"}
        await team.settle()
        assert sorted(recipients(office)) == ["ada", "ben"]
    told = "".join(capfd.readouterr())
    assert "the login is refused" in told
    assert "hunter2" not in told
    assert "@harbour.example" not in told


async def test_a_letter_that_waits_while_the_review_is_moved_is_sent_with_the_newest_time_only(
    start_team: StartTeam,
) -> None:
    async with AsyncExitStack() as stack:
        office = PostOffice()
        async with office:
            pass  # its port is known, and nobody answers there
        team = await start_team(smtp_url=office.url(), mail_from=SENDER)
        channel = await resolved(team)
        await booked(team, channel)
        later = moment(team, timedelta(hours=30))
        await team.type("ada", "review move", channel)
        await team.person("ada").wait_for_modal("Move review")
        values: dict[str, Any] = {"Or at another time": later, "Why it is moved": "Ben is away."}
        await witness.fills(team, "ada", **values)
        await team.person("ada").wait_until(lambda: _at_rest(team))
        await stack.enter_async_context(office)
        await team.settle()
        assert sorted(recipients(office)) == ["ada", "ben"]
        assert facts(newest(office, "ben"))[::2] == ("REQUEST", 1)


async def test_a_lost_answer_makes_no_second_file(team: Team) -> None:
    channel = await resolved(team)
    await team.settle()
    await team.workspace.client.fault("files.completeUploadExternal", "lose_reply")
    await booked(team, channel)
    await team.settle()
    assert len(await files(team, channel)) == 1
    assert len((await witness.first_incident(team)).invitations) == 1
