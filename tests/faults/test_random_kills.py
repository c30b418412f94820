"""A bad day: three processes, one of them killed every few seconds, Slack loses answers and says 429, and the store
loses answers too."""

import asyncio
import random
import re
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.faults.agreement import assert_agreement
from tests.faults.fleet import Fleet
from tests.faults.proxy import Fault, Proxy

PROCESSES = 3
CHANNELS = 10
POSTS_EACH = 30
KILLING_FOR = 60.0
QUIET_WITHIN = 200.0
"""A lease whose answer was lost rests its lane for 20 s, and all announcements are one lane."""
ONE_IN_TWENTY = 0.05
ONE_IN_A_HUNDRED = 0.01
NOT_ANNOUNCED = {"ANNOUNCEMENT_CHANNEL": ""}
"""All posts go to the channels of the incidents: one announcement channel takes one post a second, and 300 in it would
be five minutes."""


@dataclass(slots=True)
class Talk:
    """What Ada said in one channel: every update that she sent, and those that were acknowledged."""

    channel: str
    sent: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)


class BadDay:
    def __init__(self, fleet: Fleet, slack: Proxy, redis: Proxy, chance: random.Random) -> None:
        self._fleet = fleet
        self._slack = slack
        self._redis = redis
        self._random = chance
        self._is_over = False
        self.kills = 0

    async def start_one(self) -> None:
        """Again where the first answer of Slack or the store was lost, without which none runs: a supervisor would."""
        while not (await self._fleet.start(slack=self._slack, redis=self._redis, settings=NOT_ANNOUNCED)).runs:
            pass

    async def kills_at_random(self) -> None:
        """Each victim is followed by another process at once, as a host would do."""
        async with asyncio.timeout(KILLING_FOR + 20):
            loop = asyncio.get_running_loop()
            end = loop.time() + KILLING_FOR
            while loop.time() < end:
                await asyncio.sleep(self._random.uniform(0.1, 4.0))
                await self._fleet.kill(self._random.choice(self._fleet.running))
                self.kills += 1
                await self.start_one()

    async def declares(self, number: int) -> Talk:
        """Asked again until it is acknowledged, under another title: what was not may have been stored too."""
        ada, attempt = self._fleet.person("ada"), 0
        while True:
            attempt += 1
            title = f"Case {number} attempt {attempt}"
            answer = await ada.slash("/incident", f"declare sev3 {title}", channel="general")
            if answer.ok and "declared" in answer.text:
                break
        part = title.lower().replace(" ", "-")

        async def invited() -> str:
            channel = await ada.channel_named(part)
            return channel.name if channel and "ada" in channel.members else ""

        return Talk(channel=str(await ada.wait_until(invited, timeout=80)))

    async def talks(self, talk: Talk) -> None:
        """One update after another, each said once, until enough of them were acknowledged."""
        ada = self._fleet.person("ada")
        while len(talk.acknowledged) < POSTS_EACH:
            await asyncio.sleep(self._random.uniform(0.2, 2.2))
            text = f"word {len(talk.sent)} of {talk.channel}"
            talk.sent.append(text)
            answer = await ada.slash("/incident", f"update {text}", channel=talk.channel)
            if answer.ok and "saved" not in answer.text:
                talk.acknowledged.append(text)


async def _read(fleet: Fleet, talk: Talk) -> list[str]:
    """The updates that stand in the channel, oldest first; not the card, which repeats the last one."""
    seen = [each for each in await fleet.person("ada").messages(talk.channel) if not each.pinned]
    found = [re.search(r"word \d+ of \S+", each.rendered) for each in seen]
    return [each[0] for each in found if each]


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_random_kills_lost_replies_and_429s_lose_double_and_misorder_nothing(fleet: Fleet, seed: int) -> None:
    chance = random.Random(seed)
    async with Proxy(fleet.workspace.api_url, seed=seed) as slack, Proxy(fleet.redis_url, seed=seed + 2) as redis:
        slack.by_chance(Fault.LOSE_REPLY, ONE_IN_TWENTY)
        redis.by_chance(Fault.LOSE_REPLY, ONE_IN_A_HUNDRED)
        # Another seed: the same one would strike the same calls, and what is refused loses nothing with its answer.
        await fleet.workspace.client.fault("*", "ratelimited", seconds=1, chance=ONE_IN_TWENTY, seed=seed + 1)
        day = BadDay(fleet, slack, redis, chance)
        for _ in range(PROCESSES):
            await day.start_one()
        killing = asyncio.create_task(day.kills_at_random())
        talks = await asyncio.gather(*(day.declares(number) for number in range(CHANNELS)))
        await asyncio.gather(*(day.talks(talk) for talk in talks))
        await killing
        await fleet.until_quiet(within=QUIET_WITHIN)
    assert day.kills > 10
    assert slack.struck[Fault.LOSE_REPLY] > 20
    assert redis.struck[Fault.LOSE_REPLY] > 10
    for talk in talks:
        read = await _read(fleet, talk)
        assert set(talk.acknowledged) - set(read) == set(), "lost"
        assert Counter(read).most_common(1)[0][1] == 1, "doubled"
        assert read == [text for text in talk.sent if text in read], "out of order"
    await assert_agreement(fleet, announced=False)
