"""What a dialogue sees: messages, threads, modals and the timeline, waited for and never slept for."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.incident.state import Incident
from bot.incident.terms import IncidentId
from bot.workspace.seen import SeenMessage, SeenView, Submission
from tests.scenarios.team import Team


async def until(team: Team, check: Callable[[], Awaitable[Any]]) -> Any:
    return await team.person("ada").wait_until(check)


async def timeline(team: Team, channel: str, *, by: str = "ada", page: str = "") -> str:
    """The timeline as this person reads it."""
    return await team.type(by, f"timeline {page}".strip(), channel)


async def entry(team: Team, channel: str, part: str, *, by: str = "ada") -> str:
    """The timeline's line that holds this part; empty where there is none (yet)."""
    lines = (await team.type(by, "timeline", channel)).splitlines()
    return next((line for line in lines if part in line), "")


async def entry_once(team: Team, channel: str, *parts: str, by: str = "ada") -> str:
    """Waits for a line that holds all of the parts."""

    async def found() -> str:
        line = await entry(team, channel, parts[0], by=by)
        return line if all(part in line for part in parts) else ""

    return str(await until(team, found))


async def message(team: Team, channel: str, ts: str, *, by: str = "ada") -> SeenMessage:
    return next(seen for seen in await team.person(by).messages(channel) if seen.ts == ts)


async def edited_to(team: Team, seen: SeenMessage, channel: str, *parts: str, by: str = "ada") -> SeenMessage:
    """The same message once it shows all of the parts."""

    async def now() -> SeenMessage | None:
        found = await message(team, channel, seen.ts, by=by)
        return found if all(part in found.rendered for part in parts) else None

    found = await until(team, now)
    assert isinstance(found, SeenMessage)
    return found


async def in_thread(team: Team, card: SeenMessage, channel: str, *parts: str, by: str = "ada") -> SeenMessage:
    """The newest reply below the card that holds all of the parts."""

    async def reply() -> SeenMessage | None:
        replies = (await team.person(by).thread(channel, card.ts))[1:]
        fitting = [seen for seen in replies if all(part in seen.rendered for part in parts)]
        return fitting[-1] if fitting else None

    found = await until(team, reply)
    assert isinstance(found, SeenMessage)
    return found


async def first_incident(team: Team) -> Incident:
    """INC-1 as the log has it."""
    return await team.bot.handler.read(IncidentId(1))


async def posts(team: Team, channel: str, part: str, *, by: str = "ada") -> list[SeenMessage]:
    """Every top-level message that holds this part."""
    return [seen for seen in await team.person(by).messages(channel) if part in seen.rendered]


async def panel(team: Team, name: str, channel: str) -> str:
    """Opens the control panel of the channel's incident."""
    return await team.type(name, "", channel)


async def opens(team: Team, name: str, button: str, channel: str) -> SeenView:
    """Presses a button and answers with the modal that it opens."""
    answer = await team.person(name).click(button, channel=channel)
    assert answer.ok, answer
    return await team.person(name).wait_for_modal()


async def fills(team: Team, name: str, **values: Any) -> Submission:
    """Submits the open modal, which closes."""
    sent = await team.person(name).submit(values)
    assert sent.ok, sent
    assert not sent.errors, sent.errors
    return sent


async def told(team: Team, name: str, *parts: str) -> SeenMessage:
    """What Muster tells this person alone: the newest direct message that holds all of the parts."""
    return await team.says(name, "muster", *parts)


async def ticked(team: Team, channel: str, ts: str, *, thread: str | None = None, by: str = "ada") -> bool:
    """Whether Muster's tick stands on the message."""
    who = team.person(by)
    seen = await (who.thread(channel, thread) if thread else who.messages(channel))
    return any("white_check_mark" in each.reactions for each in seen if each.ts == ts)
