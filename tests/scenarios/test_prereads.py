"""The pre-read pack, a day before the review: to the channel and to each who comes, once, and to nobody else."""

from datetime import timedelta

from bot.incident.review_chasing import PREREAD_TIMER
from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.team import Team
from tests.scenarios.test_closing import move_to
from tests.scenarios.test_private_incidents import declare_privately, seen_by
from tests.scenarios.test_review import A_DAY, booked, moment, next_monday, resolved

PACK = "Pre-read for the review of INC-1"


async def packs(team: Team, channel: str, *, by: str = "ada") -> list[SeenMessage]:
    return await witness.posts(team, channel, PACK, by=by)


async def test_a_day_before_it_the_channel_and_each_who_comes_get_the_pack(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "followup Alert before certificates expire @ben", channel)
    await booked(team, channel, **{"Who is invited": ["cleo"], "Or at another time": moment(team, timedelta(hours=30))})
    assert await packs(team, channel) == []
    await move_to(team, PREREAD_TIMER)
    pack = await team.says("ada", channel, PACK, "led by @ben")
    for part in ("The draft of the postmortem", "Times:", "Open follow-ups:", "F1 Alert before certificates expire"):
        assert part in pack.rendered
    assert pack.buttons == ["Show timeline", "Write postmortem", "Show review"]
    await witness.told(team, "ben", PACK)
    await witness.told(team, "cleo", PACK, "F1 Alert before certificates expire")
    assert await packs(team, "muster", by="finn") == []
    drafts = [
        seen
        for seen in await team.person("ada").messages(channel)
        if "The draft of the postmortem of INC" in seen.rendered
    ]
    assert len(drafts) == 2


async def test_booked_for_the_same_day_it_comes_at_once_and_never_twice(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel)
    await team.move_on(timedelta(seconds=2))
    await team.says("ada", channel, PACK)
    await witness.told(team, "ben", PACK)
    await team.type("ada", "review move", channel)
    await team.person("ada").wait_for_modal("Move review")
    values = {"Or at another time": moment(team, 3 * A_DAY), "Who is invited": ["ada", "cleo"]}
    await witness.fills(team, "ada", **values, **{"Why it is moved": "Ben is away."})
    await witness.told(team, "cleo", PACK)
    await team.move_on(2 * A_DAY)
    assert len(await packs(team, channel)) == 1
    assert len(await packs(team, "muster", by="ben")) == 1
    assert len(await packs(team, "muster", by="cleo")) == 1


async def test_earlier_incidents_like_it_are_among_it(team: Team) -> None:
    await next_monday(team)
    first = await team.declare("sev1 Replica failover hangs on checkout")
    await team.type("ada", "resolve Restarted the replica.", first)
    await team.settle()
    second = await team.declare("sev1 Replica failover hangs again")
    await team.type("ada", "resolve", second)
    await team.type("ada", "review book", second)
    await team.person("ada").wait_for_modal("Book review")
    await witness.fills(team, "ada", **{"Led by": "ben"})
    await team.move_on(timedelta(seconds=2))
    await team.says("ada", second, "Pre-read for the review of INC-2", "Earlier incidents like it", "INC-1")


async def test_a_review_that_was_called_off_has_no_pack(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel, **{"Or at another time": moment(team, 3 * A_DAY)})
    await team.type("ada", "review cancel Nobody can come", channel)
    await team.move_on(3 * A_DAY)
    assert await packs(team, channel) == []


async def test_a_muster_that_was_away_until_after_it_gives_none(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel, **{"Or at another time": moment(team, 3 * A_DAY)})
    await team.move_on(10 * A_DAY)
    assert await packs(team, channel) == []


async def test_of_a_private_incident_only_its_people_get_it(team: Team) -> None:
    channel = await declare_privately(team)
    await team.type("ada", "resolve It is over", channel)
    await team.type("ada", "review book", channel)
    await team.person("ada").wait_for_modal("Book review")
    await witness.fills(team, "ada", **{"Led by": "ada", "Or at another time": moment(team, A_DAY / 2)})
    await team.move_on(timedelta(seconds=2))
    await team.says("ada", channel, PACK)
    await witness.told(team, "ada", PACK)
    assert "INC-1" not in await seen_by(team, "cleo")
