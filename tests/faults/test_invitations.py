"""However often processes die between a booking and its invitations: one file in the channel, and for each who is
invited one letter, or the very same one again where its answer was lost.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from _pytest.mark import ParameterSet

from bot.crash_point import CrashPoint
from bot.incident.review import Meeting
from tests.calendar.appointments import event_of
from tests.faults.fleet import KILLED, Fleet, Member
from tests.mail.post_office import PostOffice
from tests.scenarios.test_invitations import invitation


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with PostOffice() as open_one:
        yield open_one


async def start(fleet: Fleet, office: PostOffice, crash_at: str = "") -> Member:
    settings = {"SMTP_URL": office.url(), "MAIL_FROM": "muster@harbour.example"}
    return await fleet.start(settings=settings, crash_at=crash_at)


async def channel(fleet: Fleet) -> str:
    found = (await fleet.incident()).channel
    assert found is not None
    return found


async def resolved(fleet: Fleet, office: PostOffice) -> None:
    first = await start(fleet, office)
    await fleet.person("ada").slash("/incident", "declare sev2 Checkout is down", channel="general")
    await fleet.until_quiet()
    await fleet.person("ada").slash("/incident", "resolve Rolled back.", channel=await channel(fleet))
    await fleet.until_quiet()
    await fleet.kill(first)


async def book(fleet: Fleet) -> None:
    ada = fleet.person("ada")
    await ada.slash("/incident", "review book", channel=await channel(fleet))
    await ada.wait_for_modal("Book review")
    at = int(fleet.time.now().timestamp()) + 30 * 3600
    values = {"Led by": "ben", "Who is invited": ["ada", "cleo"], "Or at another time": at}
    await ada.submit(values)


async def dies(fleet: Fleet, member: Member) -> None:
    await fleet.workspace.client.wait_until(lambda: not member.runs, timeout=20)
    assert await member.muster.ended() == KILLED, member.log
    await fleet.lapse()


async def dies_again(fleet: Fleet, member: Member) -> bool:
    """False: what it was armed at had been done before, so it brought all to its end."""

    async def ended() -> bool:
        return not member.runs or await fleet.is_quiet()

    await fleet.workspace.client.wait_until(ended, timeout=20)
    if not member.runs:
        await dies(fleet, member)
    return not member.runs


async def meeting(fleet: Fleet) -> Meeting:
    booked = (await fleet.incident()).review.booked
    assert booked is not None
    return booked


async def assert_invited_once(fleet: Fleet, office: PostOffice) -> None:
    seen = await fleet.person("ada").messages(await channel(fleet))
    assert sum(file["name"].endswith(".ics") for each in seen for file in each.files) == 1
    assert len((await fleet.incident()).invitations) == 1
    assert set(office.recipients) == {f"{name}@harbour.example" for name in ("ada", "ben", "cleo")}
    for recipient in set(office.recipients):
        told = [letter for letter, to in zip(office.letters, office.recipients, strict=True) if to == recipient]
        assert len({letter["Message-ID"] for letter in told}) == 1
        assert len({invitation(letter) for letter in told}) == 1
        assert event_of(invitation(told[0])).dtstart.value == (await meeting(fleet)).plan.starts_at


def _long(point: CrashPoint, at_most: int) -> ParameterSet:
    return pytest.param(point, at_most, marks=pytest.mark.long)


@pytest.mark.parametrize(
    ("point", "at_most"),
    [
        (CrashPoint.AFTER_LETTER, 9),
        _long(CrashPoint.BEFORE_LETTER, 3),
        _long(CrashPoint.AFTER_APPEND, 9),
        _long(CrashPoint.BEFORE_SHARE, 9),
        _long(CrashPoint.AFTER_SHARE, 9),
        _long(CrashPoint.AFTER_WORK, 9),
        _long(CrashPoint.AFTER_RECORD, 9),
    ],
)
async def test_everybody_is_invited_once_through_two_kills(
    fleet: Fleet, office: PostOffice, point: CrashPoint, at_most: int
) -> None:
    await resolved(fleet, office)
    armed = await start(fleet, office, point)
    booking = asyncio.create_task(book(fleet))
    await dies(fleet, armed)
    booking.cancel()
    await asyncio.wait([booking])
    if await dies_again(fleet, await start(fleet, office, point)):
        await start(fleet, office)
    await fleet.until_quiet()
    await assert_invited_once(fleet, office)
    assert len(office.letters) <= at_most
