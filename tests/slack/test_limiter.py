"""The limiter: arithmetic as numbers, and who goes first."""

import asyncio
from datetime import timedelta

import pytest

from bot.ports import Unavailable
from bot.slack.limiter import MOST_CHANNELS, Gate, Limiter, TokenBucket, Urgency


class Seconds:
    """A clock whose sleep moves it at once."""

    def __init__(self) -> None:
        self.at = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.at += seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limiter(seconds: Seconds) -> Limiter:
    return Limiter(now=seconds.now, sleep=seconds.sleep)


@pytest.mark.parametrize(
    ("per_second", "burst", "calls_at", "waits"),
    [
        (1.0, 4, [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 2]),
        (1.0, 4, [0, 0, 0, 0, 10, 10], [0, 0, 0, 0, 0, 0]),
        (1.0, 1, [0, 0.25, 3], [0, 0.75, 0]),
        (1 / 3, 2, [0, 0, 0, 1], [0, 0, 3, 5]),
    ],
)
def test_a_bucket_says_how_far_away_the_next_call_is(
    per_second: float, burst: float, calls_at: list[float], waits: list[float]
) -> None:
    bucket = TokenBucket(per_second, burst, 0)
    assert [round(bucket.reserve(at), 6) for at in calls_at] == waits


def test_a_closed_bucket_opens_with_a_single_call() -> None:
    bucket = TokenBucket(1.0, 4, 0)
    bucket.close(0, 30)
    assert [bucket.reserve(at) for at in (0, 30, 30)] == [30, 1, 2]


def test_a_second_shorter_retry_after_does_not_open_it_earlier() -> None:
    bucket = TokenBucket(1.0, 4, 0)
    bucket.close(0, 30)
    bucket.close(1, 5)
    assert bucket.wait(10) == 20


async def post(limiter: Limiter, channel: str) -> None:
    async with limiter.turn("chat.postMessage", channel):
        pass


async def test_posts_to_one_channel_go_four_at_once_and_then_one_a_second(limiter: Limiter, seconds: Seconds) -> None:
    for _ in range(6):
        await post(limiter, "C1")
    assert seconds.slept == [1, 1]


async def test_posts_to_another_channel_do_not_wait(limiter: Limiter, seconds: Seconds) -> None:
    for channel in ["C1", "C1", "C1", "C1", "C2"]:
        await post(limiter, channel)
    assert seconds.slept == []


async def test_a_429_rests_the_method_and_no_other(limiter: Limiter, seconds: Seconds) -> None:
    limiter.closed("pins.add", "C1", timedelta(seconds=2))
    async with limiter.turn("bookmarks.add", "C1"):
        assert seconds.slept == []
    async with limiter.turn("pins.add", "C2"):
        assert seconds.slept == [2]


async def test_whoever_would_wait_longer_than_a_lease_is_sent_back(limiter: Limiter) -> None:
    limiter.closed("chat.postMessage", "C1", timedelta(seconds=30))
    with pytest.raises(Unavailable) as raised:
        await post(limiter, "C1")
    assert raised.value.after == timedelta(seconds=30)
    assert not raised.value.unknown


async def test_being_sent_back_takes_no_token(limiter: Limiter, seconds: Seconds) -> None:
    limiter.closed("pins.add", "", timedelta(seconds=30))
    for _ in range(3):
        with pytest.raises(Unavailable):
            await limiter.turn("pins.add").__aenter__()
    seconds.at += 30
    async with limiter.turn("pins.add"):
        assert seconds.slept == []


async def test_the_buckets_of_channels_are_bounded(limiter: Limiter) -> None:
    for number in range(MOST_CHANNELS + 50):
        await post(limiter, f"C{number}")
    assert len(limiter._channels) == MOST_CHANNELS


async def test_creating_a_channel_goes_before_a_topic_that_asked_earlier() -> None:
    limiter, order = Limiter(at_once=1), list[str]()

    async def call(method: str) -> None:
        async with limiter.turn(method):
            order.append(method)

    async with limiter.turn("auth.test"), asyncio.TaskGroup() as tasks:
        for method in ("conversations.setTopic", "bookmarks.add", "conversations.create"):
            tasks.create_task(call(method))
        await asyncio.sleep(0)
        limiter._gate.leave()
    assert order == ["conversations.create", "conversations.setTopic", "bookmarks.add"]


async def test_who_gives_up_at_the_gate_passes_the_turn_on() -> None:
    gate = Gate(1)
    await gate.enter(Urgency.USUAL)
    waiting = asyncio.create_task(gate.enter(Urgency.FIRST))
    await asyncio.sleep(0)
    gate.leave()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(0.1):
        await gate.enter(Urgency.LAST)


async def test_a_limit_that_another_process_met_is_waited_out(limiter: Limiter, seconds: Seconds) -> None:
    limiter.heed("chat.postMessage C1", timedelta(seconds=30))
    with pytest.raises(Unavailable) as raised:
        await post(limiter, "C1")
    assert raised.value.after == timedelta(seconds=30)
    await post(limiter, "C2")
    assert seconds.slept == []
