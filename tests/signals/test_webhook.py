"""One signal to one target: signed, parsed by strangers, and every answer sorted."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from bot.incident.events import StatusChanged
from bot.incident.signal_effects import SendSignal
from bot.incident.terms import Severity, Status, Version
from bot.ports import Unavailable
from bot.signal_targets import read_targets
from bot.signals.webhook import LONGEST_REST, Webhooks, webhook_sessions
from bot.slack_ports import Refused
from tests.signals.receiver import ANOTHER, SECRET, Answer, Receiver
from tests.slack.war_room import ADA, FORTY_TWO, incident, lease

NOW = datetime.now(tz=UTC)
"""When the incident changed. It may be long before a test runs; what is sent bears the time of sending."""


def present() -> datetime:
    return datetime.now(tz=UTC)


CHANGED = StatusChanged(
    at=NOW, by=ADA, before=Status.INVESTIGATING, after=Status.MITIGATED, note='落ちた <!channel> "quoted"'
)
SIGNAL = SendSignal(
    incident=FORTY_TWO,
    target="siem",
    version=Version(7),
    severity=Severity.SEV1,
    status=Status.MITIGATED,
    about=CHANGED,
)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


@asynccontextmanager
async def webhooks(
    receiver: Receiver,
    *,
    marks: str = "private-address",
    secrets: str = SECRET,
    within: timedelta = timedelta(seconds=5),
    now: Callable[[], datetime] = present,
) -> AsyncIterator[Webhooks]:
    async with webhook_sessions(answers_within=within) as sessions:
        targets = read_targets(f"siem:{receiver.url}?token=hidden:{secrets}:{marks}")
        yield Webhooks(targets, sessions, team="T0123", now=now)


async def send(receiver: Receiver, signal: SendSignal = SIGNAL, *, attempt: int = 1, **how: Any) -> None:
    async with webhooks(receiver, **how) as sender:
        await sender.send(signal, incident(), lease(signal, attempt=attempt))


async def test_a_stranger_verifies_and_parses_it(receiver: Receiver) -> None:
    await send(receiver)
    (got,) = receiver.got
    assert got.id == "T0123_42_7"
    assert got.headers["Content-Type"].startswith("application/cloudevents+json")
    assert got.envelope | {"time": ""} == {
        "specversion": "1.0",
        "id": "42.7",
        "source": "/muster/T0123",
        "type": "muster.incident.status_changed",
        "subject": "INC-42",
        "time": "",
        "datacontenttype": "application/json",
    }
    assert got.envelope["time"] == NOW


async def test_it_tells_the_change_and_where_the_incident_was_then(receiver: Receiver) -> None:
    await send(receiver)
    data = receiver.got[0].data
    assert data["change"] == {"before": "investigating", "after": "mitigated", "note": '落ちた <!channel> "quoted"'}
    assert (data["version"], data["by"]) == (7, ADA)
    assert data["incident"]["severity"] == "SEV1"
    assert data["incident"]["status"] == "mitigated"
    assert data["incident"]["title"] == "Checkout is down"


async def test_a_repetition_is_the_same_under_the_same_id_however_far_the_incident_has_gone_on(
    receiver: Receiver,
) -> None:
    receiver.next_answers = [Answer(lost=True)]
    with pytest.raises(Unavailable) as lost:
        await send(receiver)
    assert lost.value.unknown
    async with webhooks(receiver) as sender:
        gone_on = replace(incident(version=30), status=Status.CLOSED, severity=Severity.SEV3)
        await sender.send(SIGNAL, gone_on, lease(SIGNAL, attempt=2, uncertain=True))
    first, second = receiver.got
    assert (first.id, first.envelope, first.data) == (second.id, second.envelope, second.data)
    assert len(receiver.taken) == 1


async def test_while_a_secret_is_replaced_both_verify(receiver: Receiver) -> None:
    await send(receiver, secrets=f"{ANOTHER}:{SECRET}")
    receiver.webhook = Webhook(ANOTHER)
    await send(receiver, secrets=f"{ANOTHER}:{SECRET}")
    assert len(receiver.got) == 2


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_it_is_done_with_any_2xx(receiver: Receiver, status: int) -> None:
    receiver.always = Answer(status=status)
    await send(receiver)


@pytest.mark.parametrize("status", [400, 410, 413, 415, 422])
async def test_what_it_will_never_take_holds_up_nothing(receiver: Receiver, status: int) -> None:
    receiver.always = Answer(status=status)
    with pytest.raises(Refused, match=f"HTTP {status}"):
        await send(receiver)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 405, 408, 425, 429, 500, 502, 503])
async def test_what_may_be_mended_is_tried_again(receiver: Receiver, status: int) -> None:
    receiver.always = Answer(status=status)
    with pytest.raises(Unavailable, match=f"HTTP {status}") as failure:
        await send(receiver)
    assert (failure.value.retryable, failure.value.after) == (True, None)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("0", timedelta(seconds=1)),
        ("999999999999", LONGEST_REST),
        ("soon", None),
        ("-5", None),
    ],
)
async def test_it_waits_as_long_as_it_is_asked_to(receiver: Receiver, said: str, wait: timedelta | None) -> None:
    receiver.always = Answer(status=503, headers={"Retry-After": said})
    with pytest.raises(Unavailable) as failure:
        await send(receiver)
    assert failure.value.after == wait


async def test_it_waits_until_the_time_that_it_is_told(receiver: Receiver) -> None:
    at = present().replace(microsecond=0)
    until = format_datetime(at + timedelta(minutes=2), usegmt=True)
    receiver.always = Answer(status=503, headers={"Retry-After": until})
    with pytest.raises(Unavailable) as failure:
        await send(receiver, now=lambda: at)
    assert failure.value.after == timedelta(minutes=2)


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.always = Answer(status=307, headers={"Location": "/elsewhere"})
    with pytest.raises(Unavailable, match="redirects are not followed"):
        await send(receiver)
    assert receiver.redirected == 0


async def test_an_answer_that_does_not_come_is_not_waited_for(receiver: Receiver) -> None:
    receiver.always = Answer(late=True)
    with pytest.raises(Unavailable, match="no answer") as failure:
        await send(receiver, within=timedelta(milliseconds=100))
    assert failure.value.unknown


async def test_an_answer_without_end_is_not_read(receiver: Receiver) -> None:
    receiver.always = Answer(endless=True)
    await send(receiver)
    assert len(receiver.got) == 1


async def test_after_a_day_it_is_given_up_whatever_it_answers(receiver: Receiver) -> None:
    receiver.always = Answer(status=503, headers={"Retry-After": "60"})
    old = replace(SIGNAL, about=replace(CHANGED, at=NOW - timedelta(hours=25)))
    with pytest.raises(Unavailable, match="HTTP 503, for a day") as failure:
        await send(receiver, old, attempt=3)
    assert not failure.value.retryable


async def test_what_is_old_because_we_were_away_is_tried_some_times(receiver: Receiver) -> None:
    receiver.always = Answer(status=503)
    old = replace(SIGNAL, about=replace(CHANGED, at=NOW - timedelta(days=3)))
    with pytest.raises(Unavailable) as failure:
        await send(receiver, old, attempt=2)
    assert failure.value.retryable


async def test_a_target_that_was_taken_out_is_told_nothing_more(receiver: Receiver) -> None:
    with pytest.raises(Refused, match="names it no more"):
        await send(receiver, replace(SIGNAL, target="gone"))
    assert receiver.got == []


@pytest.mark.parametrize("kind", ["private", "drill"])
async def test_a_mark_that_was_taken_away_holds_for_what_waits(receiver: Receiver, kind: str) -> None:
    async with webhooks(receiver) as sender:
        with pytest.raises(Refused, match="not marked"):
            await sender.send(SIGNAL, replace(incident(), **{kind: True}), lease(SIGNAL))  # type: ignore[arg-type]
    assert receiver.got == []


@pytest.mark.parametrize("status", [302, 400, 404, 410, 500])
async def test_no_failure_tells_the_secret_or_the_address(receiver: Receiver, status: int) -> None:
    receiver.always = Answer(status=status)
    with pytest.raises((Unavailable, Refused)) as failure:
        await send(receiver)
    told = str(failure.value)
    assert "hidden" not in told
    assert str(receiver.port) not in told
    assert SECRET.removeprefix("whsec_") not in told


async def test_a_target_that_is_not_there_is_tried_again(receiver: Receiver) -> None:
    sender_targets = read_targets(f"siem:http://127.0.0.1:1/hook:{SECRET}:private-address")
    async with webhook_sessions() as sessions:
        sender = Webhooks(sender_targets, sessions, team="T0123", now=present)
        with pytest.raises(Unavailable, match="cannot be reached") as failure:
            await sender.send(SIGNAL, incident(), lease(SIGNAL))
    assert not failure.value.unknown
