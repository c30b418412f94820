"""What is asked of Slack and of the mail server for one invitation, and what becomes of each answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.calendar.appointment import Mailbox
from bot.incident.closure import ReviewState
from bot.incident.invitation_effects import MailInvitation, PostInvitation
from bot.incident.review import Meeting, ReviewCourse, ReviewPlan
from bot.incident.review_commands import RecordInvitation
from bot.incident.review_events import ReviewBooked, ReviewCancelled
from bot.incident.state import Incident
from bot.incident.terms import INVITATION, MUSTER_ITSELF, FileId, Status
from bot.ports import MAIL, Letter, Unavailable
from bot.slack.addresses import Addresses
from bot.slack.calendars import Calendars
from bot.slack.shared_files import SharedFiles
from bot.slack.web_client import WebClient
from bot.slack_ports import Refused
from tests.slack.scripted_slack import Say, ScriptedSlack, ok, refuse
from tests.slack.war_room import ADA, BEN, FORTY_TWO, NOON, ROOM, US, Names, NoonClock, incident, lease

PLAN: Final = ReviewPlan(starts_at=NOON + timedelta(days=1), length=timedelta(hours=1), facilitator=BEN, invited=(ADA,))
BOOKED: Final = ReviewBooked(at=NOON, by=ADA, number=1, sequence=0, plan=PLAN)
CANCELLED: Final = ReviewCancelled(at=NOON, by=ADA, number=1, sequence=1, plan=PLAN)
LETTER: Final = MailInvitation(incident=FORTY_TWO, user=BEN, about=BOOKED)
POST: Final = PostInvitation(incident=FORTY_TWO, channel=ROOM, about=BOOKED)
DONE: Final = RecordInvitation(by=MUSTER_ITSELF, number=1, sequence=0, file=FileId("F1"))
NAME: Final = "INC-42-review-1-0.ics"


class MailDouble:
    """The protocol ports.Mail: keeps what it is given, or fails as it is told."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.fails: Exception | None = None

    @property
    def sender(self) -> Mailbox:
        return Mailbox(address="muster@example.org", name="Muster")

    async def send(self, letter: Letter) -> None:
        if self.fails:
            raise self.fails
        self.sent.append(letter)


@pytest.fixture
def mail() -> MailDouble:
    return MailDouble()


@pytest.fixture
def calendars(client: WebClient, mail: MailDouble) -> Calendars:
    return calendars_with(client, mail)


def calendars_with(client: WebClient, mail: MailDouble | None) -> Calendars:
    return Calendars(SharedFiles(client, US), Addresses(client), Names(), NoonClock(), identity=US, mail=mail)


def booked(**changes: Any) -> Incident:
    meeting = Meeting(number=1, sequence=0, plan=PLAN)
    course = ReviewCourse(state=ReviewState.BOOKED, facilitator=BEN, meeting=meeting)
    return replace(incident(), **{"status": Status.RESOLVED, "review": course, **changes})


def knows(email: str = "ben@example.org", **said: Any) -> Say:
    return ok(user={"id": BEN, "tz": "Europe/Berlin", "profile": {"real_name": "Ben Okri", "email": email}, **said})


async def test_a_letter_goes_to_the_address_that_slack_shows(
    calendars: Calendars, slack: ScriptedSlack, mail: MailDouble
) -> None:
    slack.says("users.info", knows())
    await calendars.send(LETTER, booked())
    (sent,) = mail.sent
    assert sent.to == Mailbox(address="ben@example.org", name="Ben Okri")
    assert "(Europe/Berlin)" in sent.text
    assert b"UID:review-1.inc-42.TACME@muster" in sent.calendar


async def test_a_repeated_letter_is_the_same_one(calendars: Calendars, slack: ScriptedSlack, mail: MailDouble) -> None:
    slack.says("users.info", knows(), knows())
    await calendars.send(LETTER, booked())
    await calendars.send(LETTER, booked(version=9))
    assert mail.sent[0] == mail.sent[1]


@pytest.mark.parametrize(
    "over",
    [
        {"review": ReviewCourse()},
        {"drill": True},
        {"review": ReviewCourse(state=ReviewState.HELD, meeting=Meeting(number=1, sequence=0, plan=PLAN))},
        {"private": True},
    ],
)
async def test_what_is_over_or_nobodys_affair_is_not_written_and_no_address_is_asked_for(
    calendars: Calendars, slack: ScriptedSlack, mail: MailDouble, over: dict[str, Any]
) -> None:
    await calendars.send(LETTER, booked(**over))
    assert (mail.sent, slack.calls) == ([], [])


@pytest.mark.parametrize("answer", [refuse("user_not_found"), knows(deleted=True)])
async def test_whoever_has_left_is_not_written_to(
    calendars: Calendars, slack: ScriptedSlack, mail: MailDouble, answer: Say
) -> None:
    slack.says("users.info", answer)
    await calendars.send(LETTER, booked())
    assert mail.sent == []


async def test_whoever_has_no_address_is_named_to_the_commander(calendars: Calendars, slack: ScriptedSlack) -> None:
    slack.says("users.info", knows(email=""))
    with pytest.raises(Refused) as refused:
        await calendars.send(LETTER, booked())
    assert (refused.value.step, refused.value.reason) == (
        INVITATION,
        f"{BEN}: Slack shows no e-mail address of theirs",
    )


async def test_what_the_mail_server_refuses_is_about_this_person(
    calendars: Calendars, slack: ScriptedSlack, mail: MailDouble
) -> None:
    slack.says("users.info", knows())
    mail.fails = Refused(INVITATION, "the mail server does not take it (550 …)")
    with pytest.raises(Refused, match=f"{BEN}: the mail server does not take it"):
        await calendars.send(LETTER, booked())


async def test_a_mail_server_that_is_away_is_tried_again(
    calendars: Calendars, slack: ScriptedSlack, mail: MailDouble
) -> None:
    slack.says("users.info", knows())
    mail.fails = Unavailable(MAIL, "the connection was lost", unknown=True)
    with pytest.raises(Unavailable):
        await calendars.send(LETTER, booked())


async def test_without_a_mail_server_nobody_is_asked_for_an_address(client: WebClient, slack: ScriptedSlack) -> None:
    await calendars_with(client, None).send(LETTER, booked())
    assert slack.calls == []


async def test_the_file_is_put_into_the_channel_and_recorded(calendars: Calendars, slack: ScriptedSlack) -> None:
    assert await calendars.post(POST, booked(), lease(POST)) == DONE
    (brought,), (shared,) = slack.asked("files.getUploadURLExternal"), slack.asked("files.completeUploadExternal")
    assert (brought["filename"], shared["channel_id"]) == (NAME, ROOM)
    assert b"METHOD:PUBLISH" in slack.files[0]


@pytest.mark.parametrize(
    "settled", [{"invitations": {(1, 0): FileId("F7")}}, {"review": ReviewCourse()}, {"review": None}]
)
async def test_a_file_that_stands_or_is_out_of_date_is_not_posted(
    calendars: Calendars, slack: ScriptedSlack, settled: dict[str, Any]
) -> None:
    later = Meeting(number=1, sequence=1, plan=replace(PLAN, starts_at=NOON + timedelta(days=2)))
    moved = ReviewCourse(state=ReviewState.BOOKED, meeting=later)
    state = {name: moved if value is None else value for name, value in settled.items()}
    assert await calendars.post(POST, booked(**state), lease(POST)) is None
    assert slack.calls == []


async def test_that_it_is_off_is_only_told_where_a_file_had_told_of_it(
    calendars: Calendars, slack: ScriptedSlack
) -> None:
    off = PostInvitation(incident=FORTY_TWO, channel=ROOM, about=CANCELLED)
    over = booked(review=ReviewCourse())
    assert await calendars.post(off, over, lease(off)) is None
    told = await calendars.post(off, replace(over, invitations={(1, 0): FileId("F7")}), lease(off))
    assert told == replace(DONE, sequence=1)
    assert b"METHOD:CANCEL" in slack.files[0]


async def test_one_that_may_stand_there_is_found_by_its_name(calendars: Calendars, slack: ScriptedSlack) -> None:
    message = {"ts": f"{NOON.timestamp():.6f}", "user": US.user, "files": [{"id": "F7", "name": NAME}]}
    slack.says("conversations.history", ok(messages=[message]))
    found = await calendars.post(POST, booked(), lease(POST, uncertain=True))
    assert found == replace(DONE, file=FileId("F7"))
    assert slack.files == []


async def test_a_second_file_is_taken_back(calendars: Calendars, slack: ScriptedSlack) -> None:
    messages = [
        {"ts": f"{NOON.timestamp() + at:.6f}", "user": US.user, "files": [{"id": file, "name": NAME}]}
        for at, file in enumerate(("F7", "F8"))
    ]
    slack.says("conversations.history", ok(messages=messages))
    await calendars.withdraw(POST, booked(invitations={(1, 0): FileId("F7")}), lease(POST))
    assert [each["file"] for each in slack.asked("files.delete")] == ["F8"]


async def test_without_the_scope_for_files_that_is_the_refusal_of_an_invitation(
    calendars: Calendars, slack: ScriptedSlack
) -> None:
    slack.says("files.getUploadURLExternal", refuse("missing_scope", needed="files:write"))
    with pytest.raises(Refused) as refused:
        await calendars.post(POST, booked(), lease(POST))
    assert (refused.value.step, "files:write" in refused.value.reason) == (INVITATION, True)
