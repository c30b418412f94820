"""The proxy does what it says, or no fault test means anything."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.faults.proxy import Fault, Proxy

SILENCE = 0.1


class Echo:
    """Answers each line with itself, and remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.left = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                self.heard.append(line)
                writer.write(line)
        except OSError:
            pass
        self.left.set()
        writer.close()


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Proxy(f"http://127.0.0.1:{port}/api") as proxy:
        yield proxy
    server.close()


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def says(self, line: bytes) -> bytes:
        """What it hears; raises OSError where it is reset, TimeoutError where it hears nothing."""
        self._writer.write(line)
        async with asyncio.timeout(SILENCE):
            return await self._reader.readline()

    def leave(self) -> None:
        self._writer.close()


@pytest.fixture
async def client(proxy: Proxy) -> AsyncIterator[Client]:
    client = Client(*await asyncio.open_connection("127.0.0.1", proxy.port))
    yield client
    client.leave()


async def test_it_passes_everything_on_by_itself(proxy: Proxy, client: Client) -> None:
    assert proxy.url == f"http://127.0.0.1:{proxy.port}/api"
    assert [await client.says(line) for line in (b"a\n", b"b\n")] == [b"a\n", b"b\n"]


@pytest.mark.parametrize(
    ("fault", "arrives", "client_is_told"),
    [
        (Fault.RESET, False, True),
        (Fault.LOSE_REPLY, True, True),
        (Fault.LOSE_REPLY_SILENTLY, True, False),
        (Fault.STALL, False, False),
        (Fault.CLIENT_VANISHES, True, True),
        (Fault.SERVER_VANISHES, False, False),
    ],
)
async def test_a_fault_is_what_it_says(
    *, fault: Fault, arrives: bool, client_is_told: bool, proxy: Proxy, client: Client, echo: Echo
) -> None:
    await client.says(b"hello\n")
    proxy.next(fault)
    with pytest.raises(ConnectionResetError if client_is_told else TimeoutError):
        await client.says(b"struck\n")
    await asyncio.sleep(0.01)
    assert (b"struck\n" in echo.heard) is arrives
    assert echo.left.is_set() is (fault in {Fault.RESET, Fault.LOSE_REPLY, Fault.SERVER_VANISHES})
    assert proxy.struck == {fault: 1}


async def test_only_what_is_meant_is_struck(proxy: Proxy, client: Client) -> None:
    proxy.next(Fault.RESET, within=b"b")
    assert await client.says(b"a\n") == b"a\n"
    with pytest.raises(ConnectionResetError):
        await client.says(b"b\n")


async def test_chances_strike_about_as_often_as_they_say_and_the_same_each_time(proxy: Proxy) -> None:
    def strikes() -> list[bool]:
        chancy = Proxy("http://127.0.0.1:1", seed=7)
        chancy.by_chance(Fault.RESET, 0.05)
        return [chancy.fault_for(b"") is not None for _ in range(2000)]

    assert 60 < sum(strikes()) < 140
    assert strikes() == strikes()


async def test_what_is_held_goes_on_when_it_is_healed(proxy: Proxy, client: Client) -> None:
    proxy.hold()
    with pytest.raises(TimeoutError):
        await client.says(b"late\n")
    proxy.heal()
    assert await client.says(b"on time\n") == b"late\n"


async def test_a_refusing_address_refuses_and_accepts_again(proxy: Proxy, client: Client) -> None:
    await client.says(b"hello\n")
    await proxy.refuse()
    with pytest.raises(ConnectionResetError):
        await client.says(b"cut\n")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", proxy.port)
    await proxy.accept()
    again = Client(*await asyncio.open_connection("127.0.0.1", proxy.port))
    assert await again.says(b"back\n") == b"back\n"
    again.leave()
