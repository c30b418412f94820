"""The shortcuts: declare an incident from anywhere or from a message, and add a message to the timeline."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.incident.commands import AddMessageToTimeline
from bot.incident.terms import ChannelId, File, MessageTs, Person, Rejected, RequestId
from bot.slack import action_ids as ids
from bot.slack.access import incident_of, perform
from bot.slack.blocks import answers
from bot.slack.forms import Opening, open_form
from bot.slack.listening import Desk
from bot.slack.looking import Viewing
from bot.slack.mrkdwn import plain
from bot.slack.payloads import Shortcut, SlackMessage
from bot.slack.replies import Outcome, Spot, Told, attempt, deliver, spot_of

PREFILLED: Final = 300
"""Characters of a message that become the title's first draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One shortcut as the manifest lists it and as it is heard."""

    name: str
    does: str
    on_message: bool
    listener: Callable[[Desk, Shortcut, Person], Awaitable[Outcome]]


async def _declare(desk: Desk, shortcut: Shortcut, by: Person) -> Outcome:
    await open_form(desk, ids.DECLARE_MODAL, Viewing(by=by), Opening(spot=Spot(trigger=shortcut.trigger_id)))
    return None


async def _declare_from_message(desk: Desk, shortcut: Shortcut, by: Person) -> Outcome:
    """The title is a draft: the message's first line."""
    message, channel = _message(shortcut)
    first_line = next((line for line in plain(message.text).splitlines() if line.strip()), "")
    opening = Opening(
        spot=Spot(trigger=shortcut.trigger_id, response_url=shortcut.response_url),
        title=first_line.strip()[:PREFILLED],
        source=desk.identity.permalink(channel, message.ts, message.thread_ts),
    )
    await open_form(desk, ids.DECLARE_MODAL, Viewing(by=by), opening)
    return None


async def _add_to_timeline(desk: Desk, shortcut: Shortcut, by: Person) -> Outcome:
    message, channel = _message(shortcut)
    if message.bot_id == desk.identity.bot or message.user == desk.identity.user:
        raise Rejected("That is Muster's own message; what it says is in the timeline already.", verb="timeline")
    if message.user is None:
        raise Rejected("That message has no author here. Add what it says as a note.", verb="note")
    command = AddMessageToTimeline(
        by=by,
        channel=channel,
        ts=MessageTs(message.ts),
        author=message.user,
        text=message.text,
        files=tuple(File(name=each.name, link=each.permalink, id=each.id) for each in message.files),
        permalink=desk.identity.permalink(channel, message.ts, message.thread_ts),
    )
    number = await incident_of(desk, channel)
    handled = await perform(desk, number, command, RequestId(f"shortcut:{shortcut.trigger_id}"))
    return Told(message=answers.confirmation(handled.events, handled.incident, desk.door.policy))


def _message(shortcut: Shortcut) -> tuple[SlackMessage, ChannelId]:
    if shortcut.message is None or shortcut.channel is None:
        raise Rejected("That shortcut works on a message.")
    return shortcut.message, shortcut.channel


SHORTCUTS: Final[Mapping[str, Row]] = {
    ids.DECLARE_SHORTCUT: Row(
        name="Declare incident", does="Open an incident and its channel", on_message=False, listener=_declare
    ),
    ids.DECLARE_FROM_MESSAGE: Row(
        name="Declare incident",
        does="Open an incident from this message",
        on_message=True,
        listener=_declare_from_message,
    ),
    ids.ADD_TO_TIMELINE: Row(
        name="Add to timeline", does="Log this message in the timeline", on_message=True, listener=_add_to_timeline
    ),
}


async def on_shortcut(desk: Desk, body: dict[str, Any]) -> None:
    """Does what the shortcut asks for and answers where it was used. Never raises."""
    outcome = await attempt(_answer(desk, body))
    await deliver(desk, outcome, spot_of(body))


async def _answer(desk: Desk, body: dict[str, Any]) -> Outcome:
    shortcut = Shortcut.model_validate(body)
    row = SHORTCUTS.get(shortcut.callback_id)
    if row is None:
        return Told(message=answers.stale())
    return await row.listener(desk, shortcut, await desk.person(shortcut.user))
