"""What Slack reports of an incident's channel: messages edited and deleted, people who came and went.

Of messages only those matter that stand in a timeline; which these are is decided in bot/incident.
"""

from typing import Any

from bot.incident.commands import Command, RecordJoined, RecordLeft, RecordMessageDeletion, RecordMessageEdit
from bot.incident.terms import MUSTER_ITSELF, ChannelId, MessageTs, RequestId
from bot.slack.listening import Desk
from bot.slack.payloads import ChangedMessage, Membership, SlackMessage, UserChanged

OF_INTEREST = frozenset({"message_changed", "message_deleted"})
"""The subtypes of messages that anything can follow from."""


async def on_message(desk: Desk, body: dict[str, Any]) -> None:
    """By far the most frequent event, and nearly always of no interest: that is settled first."""
    if body["event"].get("subtype") not in OF_INTEREST:
        return
    changed = ChangedMessage.model_validate(body)
    command = _command(changed, desk)
    if command is not None:
        await _record(desk, changed.channel, command, changed.event_id)


def _command(changed: ChangedMessage, desk: Desk) -> Command | None:
    deleted = _deleted(changed)
    if deleted is not None:
        return RecordMessageDeletion(by=MUSTER_ITSELF, ts=deleted)
    after, before = changed.after, changed.before
    if after is None or _is_ours(after, desk) or (before is not None and before.text == after.text):
        return None
    edited_ts = after.edited_ts or changed.event_ts
    return RecordMessageEdit(by=MUSTER_ITSELF, ts=after.ts, text=after.text, edited_ts=edited_ts)


def _deleted(changed: ChangedMessage) -> MessageTs | None:
    """A message with replies is not deleted but changed into a tombstone."""
    if changed.subtype == "message_deleted":
        return changed.deleted_ts
    if changed.after is not None and changed.after.subtype == "tombstone":
        return changed.after.ts
    return None


def _is_ours(message: SlackMessage, desk: Desk) -> bool:
    return message.bot_id == desk.identity.bot or message.user == desk.identity.user


async def on_joined(desk: Desk, body: dict[str, Any]) -> None:
    came = Membership.model_validate(body)
    if came.user != desk.identity.user:
        await _record(desk, came.channel, RecordJoined(by=MUSTER_ITSELF, users=(came.user,)), came.event_id)


async def on_left(desk: Desk, body: dict[str, Any]) -> None:
    gone = Membership.model_validate(body)
    if gone.user != desk.identity.user:
        await _record(desk, gone.channel, RecordLeft(by=MUSTER_ITSELF, user=gone.user), gone.event_id)


async def on_user_change(desk: Desk, body: dict[str, Any]) -> None:
    changed = UserChanged.model_validate(body)
    await desk.people.changed(changed.user, changed.said)


async def _record(desk: Desk, channel: ChannelId, command: Command, event: str) -> None:
    incident = await desk.door.log.incident_of(channel)
    if incident is not None:
        await desk.door.handle(incident, command, request=RequestId(f"event:{event}"))
