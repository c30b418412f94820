"""One incident from declare to resolved, scene by scene. A scene fails where it does not see what it waits for."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.demo.stage import NotSeen, Stage
from bot.slack import action_ids
from bot.workspace.seen import SeenMessage

Scene = Callable[[Stage], Awaitable[None]]

_COMMAND: Final = "/incident"
TITLE: Final = "Checkout returns 500 in the EU"
SEEN: Final = "52 % of EU checkouts fail since release 1.84."
DECISION: Final = "Roll back first, find out why later."
FIRST_UPDATE: Final = "We are rolling back release 1.84. Half of EU checkouts fail."
SECOND_UPDATE: Final = {
    "known": "The rollback has reached 2 of 4 clusters; errors there are back to normal.",
    "impact": "18 % of EU checkouts still fail (was 52 %).",
    "doing": "The other two clusters, about 10 minutes (Cleo).",
}
MITIGATED: Final = "Errors are back to normal everywhere"
OUTCOME: Final = "Release 1.84 rolled back; checkout is back to normal."
FACTORS: Final = (
    ("technology", "The new connection pool was never tried at the load of an evening"),
    ("process", "A release reaches every cluster at once"),
    ("recent changes", "Release 1.84 and the new price import went live in the same hour"),
)
"""What is said; docs/example-postmortem.md is of the same incident."""


async def declare(stage: Stage) -> None:
    stage.scene("Cleo declares an incident")
    cleo = stage.person("cleo")
    stage.does("cleo", f"types  {_COMMAND} declare sev1 {TITLE}")
    answer = await cleo.slash(_COMMAND, f"declare sev1 {TITLE}", channel="general")
    stage.sees(answer.text)

    async def told() -> str:
        return next((said.rendered for said in await cleo.ephemerals() if "is open in" in said.rendered), "")

    stage.sees(str(await stage.until("the answer that says where", told)))
    found = await cleo.channel_named("inc-1-")
    if found is None:
        raise NotSeen("Cleo is not in the incident's channel")
    stage.channel = found.name


async def war_room(stage: Stage) -> None:
    stage.scene("The war room is there")
    channel = stage.channel
    card = await stage.message("cleo", channel, TITLE, "Next update")
    stage.sees(card.rendered)
    cleo = stage.person("cleo")

    async def furnished() -> bool:
        return bool(await cleo.pins(channel) and await cleo.bookmarks(channel) and await cleo.topic(channel))

    await stage.until("pin, bookmark and topic", furnished)
    stage.sees(f"#{channel} · topic: {await cleo.topic(channel)} · pinned 1 · bookmarked 1")
    announced = await stage.message("ada", "incidents", "INC-1", TITLE)
    stage.does("ada", "reads in #incidents")
    stage.sees(announced.rendered)


async def roles(stage: Stage) -> None:
    stage.scene("Ada takes command, Ben communications")
    ada = stage.person("ada")
    stage.does("ada", "presses  Join  in #incidents, then types  /incident claim commander")
    await ada.click(action_ids.JOIN, channel="incidents")

    async def inside() -> bool:
        found = await ada.channel_named(stage.channel)
        return found is not None and "ada" in [name.lower() for name in found.members]

    await stage.until("Ada in the channel", inside)
    await ada.slash(_COMMAND, "claim commander", channel=stage.channel)
    stage.sees((await stage.message("ada", stage.channel, "incident commander", "was")).rendered)
    stage.does("ada", "types  /incident assign communications @ben")
    await ada.slash(_COMMAND, "assign communications @ben", channel=stage.channel)
    stage.sees((await stage.message("ada", stage.channel, "communications lead", "was")).rendered)
    stage.does("ben", "is told what the role is, alone")
    stage.sees((await stage.message("ben", "muster", "communications lead")).rendered)


async def emoji(stage: Stage) -> None:
    stage.scene("What people say becomes the record, by emoji")
    ada, ben, cleo = (stage.person(name) for name in ("ada", "ben", "cleo"))
    seen = await cleo.say(stage.channel, SEEN)
    stage.does("cleo", f"writes  {SEEN}   and Ben reacts  :boom:, Ada  :mag:")
    await ben.react(stage.channel, seen, "boom")
    await ada.react(stage.channel, seen, "mag")
    decision = await ada.say(stage.channel, DECISION)
    stage.does("ada", f"writes  {DECISION}   and reacts  :scales:")
    await ada.react(stage.channel, decision, "scales")

    async def ticked() -> bool:
        messages = {said.ts: said for said in await ada.messages(stage.channel)}
        return all("white_check_mark" in messages[ts].reactions for ts in (seen, decision))

    await stage.until("the tick on both messages", ticked)
    stage.sees("both messages carry Muster's tick; the channel stays calm")


async def update(stage: Stage) -> None:
    stage.scene("Ben posts a status update")
    ben = stage.person("ben")
    stage.does("ben", f"types  /incident update {FIRST_UPDATE} next 30m")
    await ben.slash(_COMMAND, f"update {FIRST_UPDATE} next 30m", channel=stage.channel)
    stage.sees((await stage.message("ben", stage.channel, "Update 1", "rolling back")).rendered)
    card = await stage.message("ben", "incidents", "INC-1")
    await stage.message("ben", "incidents", "Update 1", thread_ts=card.ts)
    stage.sees("the same update stands in the thread of the card in #incidents")


async def reminder(stage: Stage) -> None:
    stage.scene("The next update falls due")
    await stage.move_on(timedelta(minutes=30, seconds=1))
    asked = await stage.message("ben", stage.channel, "[Snooze")
    stage.sees(asked.rendered)
    ben = stage.person("ben")
    stage.does("ben", "presses  Post update  and fills in the form")
    await ben.click(action_ids.POST_UPDATE, channel=stage.channel, ts=asked.ts)
    sent = await ben.submit(SECOND_UPDATE)
    if not sent.ok or sent.errors:
        raise NotSeen(f"the form was not taken: {sent.errors or sent.error}")
    stage.sees((await stage.message("ben", stage.channel, "Update 2", "2 of 4 clusters")).rendered)


async def playbook(stage: Stage) -> None:
    stage.scene("The matching playbook, a step at a time")
    cleo = stage.person("cleo")
    card = await stage.message("cleo", stage.channel, "Checkout outage")
    stage.sees(_top(card, 9))
    stage.does("cleo", "presses  Start  on the first step, and a little later  Done")
    await cleo.click("Start", channel=stage.channel, ts=card.ts)
    started = await stage.message("cleo", stage.channel, "Playbook: Checkout outage", "started @cleo")
    stage.sees("\n".join(line for line in started.rendered.splitlines() if "Measure" in line or "started" in line))
    await cleo.click("Done", channel=stage.channel, ts=card.ts)
    stage.sees(_top(await stage.message("cleo", stage.channel, "1 of 11 steps settled"), 1))


async def resolve(stage: Stage) -> None:
    stage.scene("Mitigated, then resolved")
    ada = stage.person("ada")
    stage.does("ada", f"types  /incident status mitigated {MITIGATED}")
    await ada.slash(_COMMAND, f"status mitigated {MITIGATED}", channel=stage.channel)
    stage.sees((await stage.message("ada", stage.channel, "INC-1 is mitigated")).rendered)
    stage.does("ada", f"types  /incident resolve {OUTCOME}")
    await ada.slash(_COMMAND, f"resolve {OUTCOME}", channel=stage.channel)
    stage.sees((await stage.message("ada", stage.channel, "INC-1 is resolved")).rendered)


async def factors(stage: Stage) -> None:
    stage.scene("What made it possible, worse or longer: always several")
    ada = stage.person("ada")
    for kind, text in FACTORS:
        stage.does("ada", f"types  /incident factor {kind}: {text}")
        answer = await ada.slash(_COMMAND, f"factor {kind}: {text}", channel=stage.channel)
        if text not in answer.text:
            raise NotSeen(f"the factor '{text}' is not on record")
        stage.sees(answer.text)


async def timeline(stage: Stage) -> None:
    stage.scene("And the timeline has written itself")
    ada = stage.person("ada")
    stage.does("ada", "types  /incident timeline")
    answer = await ada.slash(_COMMAND, "timeline", channel=stage.channel)
    for part in ("declared", "Roll back first", "Update 2", "52 %"):
        if part not in answer.text:
            raise NotSeen(f"'{part}' does not stand in the timeline")
    stage.sees(answer.text)


def _top(card: SeenMessage, lines: int) -> str:
    return "\n".join([*card.rendered.splitlines()[:lines], "…"])


DIALOGUE: Final[Sequence[Scene]] = (
    declare,
    war_room,
    roles,
    emoji,
    update,
    reminder,
    playbook,
    resolve,
    factors,
    timeline,
)
