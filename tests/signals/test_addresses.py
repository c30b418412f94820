"""Where signals may not go, however it is spelled, named or answered by DNS."""

import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.ports import Unavailable
from bot.signal_targets import read_targets
from bot.signals.addresses import refusal
from bot.signals.webhook import Webhooks, webhook_sessions
from tests.signals.receiver import SECRET, Answer, Receiver
from tests.signals.test_webhook import SIGNAL, present, send
from tests.slack.war_room import incident, lease

NEVER = [
    "0.0.0.0",
    "169.254.169.254",
    "224.0.0.1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "169.254.170.2",
    "::ffff:0:169.254.169.254",
    "2002:a9fe:a9fe::1",
]
OWN = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "198.18.0.1",
    "0.1.2.3",
    "fd00:ec2::254",
    "2001:db8::1",
    "::ffff:0:10.0.0.1",
    "::1",
    "fc00::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::10.0.0.1",
    "2002:0a00:0001::1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::10.0.0.1",
    "fec0::1",
    "240.0.0.1",
    "192.0.2.1",
    "255.255.255.255",
]
PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]


@pytest.mark.parametrize("address", NEVER)
def test_no_target_is_there_whatever_it_is_marked(address: str) -> None:
    assert refusal(address, private=False)
    assert refusal(address, private=True)


@pytest.mark.parametrize("address", OWN)
def test_a_target_is_there_only_if_it_is_marked_so(address: str) -> None:
    assert refusal(address, private=False)
    assert not refusal(address, private=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_free(address: str) -> None:
    assert not refusal(address, private=False)


class Names(AbstractResolver):
    """Answers in turn; the last one for ever."""

    def __init__(self, *answers: str) -> None:
        """An answer of several addresses has spaces between them."""
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in answer.split()
        ]

    async def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


async def attempt(url: str, names: AbstractResolver | None = None) -> str:
    """Why nothing was sent. The settings are not asked, which refuse some of it themselves."""
    (target,) = read_targets(f"siem:https://receiver.example/hook:{SECRET}")
    async with webhook_sessions(names) as sessions:
        sender = Webhooks([replace(target, url=url)], sessions, team="T0123", now=present)
        with pytest.raises(Unavailable) as failure:
            await sender.send(SIGNAL, incident(), lease(SIGNAL))
    return str(failure.value)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "10.1.2.3", "fe80::1"])
async def test_a_name_that_leads_there_leads_nowhere(receiver: Receiver, address: str) -> None:
    assert "where signals do not go" in await attempt(f"https://evil.example:{receiver.port}/hook", Names(address))
    assert receiver.got == []


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "where signals do not go"),
        ("[::1]", "where signals do not go"),
        ("[::ffff:127.0.0.1]", "where signals do not go"),
        ("localhost", "where signals do not go"),
        ("0x7f000001", "where signals do not go"),
        ("2130706433", "InvalidUrl"),
        ("0177.0.0.1", "InvalidUrl"),
        ("127.1", "InvalidUrl"),
    ],
)
async def test_no_spelling_of_this_machine_leads_here(receiver: Receiver, host: str, why: str) -> None:
    assert why in await attempt(f"https://{host}:{receiver.port}/hook")
    assert receiver.got == []


async def test_an_answer_that_changes_between_looking_and_connecting_gains_nothing(receiver: Receiver) -> None:
    names = Names("93.184.216.34", "127.0.0.1")
    assert not refusal((await names.resolve("evil.example"))[0]["host"], private=False)
    assert "where signals do not go" in await attempt(f"https://evil.example:{receiver.port}/hook", names)
    assert names.asked == 2


async def test_no_address_of_several_leads_there(receiver: Receiver) -> None:
    names = Names("10.0.0.1 169.254.169.254 ::1 127.0.0.1")
    assert "where signals do not go" in await attempt(f"https://evil.example:{receiver.port}/hook", names)
    assert receiver.got == []


async def test_each_connection_is_judged_anew(receiver: Receiver) -> None:
    names = Names("127.0.0.1")
    for _ in range(2):
        await attempt(f"https://evil.example:{receiver.port}/hook", names)
    assert names.asked == 2


@pytest.mark.parametrize("where", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/", "/elsewhere"])
async def test_no_redirect_leads_anywhere(receiver: Receiver, where: str) -> None:
    receiver.always = Answer(status=301, headers={"Location": where})
    with pytest.raises(Unavailable, match="HTTP 301"):
        await send(receiver)
    assert (len(receiver.got), receiver.redirected) == (1, 0)
