"""What must follow from an emoji on a message: its text is read, and it is ticked. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.incident import events as happened
from bot.incident.change import Change, Follows
from bot.incident.effects import AddTick, Effect, FetchMessage, RemoveTick
from bot.incident.events import Event
from bot.incident.state import FlaggedMessage


def _message_changed(
    change: Change, event: happened.MessageFlagged | happened.MessageUnflagged | happened.MessageRead
) -> Iterator[Effect]:
    """Reads the text behind a first flag; ticks what stands in the timeline, and takes the tick off again."""
    incident, tick = change.after, change.policy.tick
    message = incident.flagged[event.ts]
    before = change.before.flagged.get(event.ts) if change.before else None
    if message.author is None:
        if isinstance(event, happened.MessageFlagged) and not _is_being_read(before):
            yield FetchMessage(incident=incident.id, channel=message.channel, ts=message.ts)
        return
    if message.deleted:
        return
    stood = before is not None and before.stands and before.author is not None
    if tick and message.stands and not stood:
        yield AddTick(incident=incident.id, channel=message.channel, ts=message.ts, emoji=tick)
    if tick and stood and not message.stands:
        yield RemoveTick(incident=incident.id, channel=message.channel, ts=message.ts, emoji=tick)


def _is_being_read(before: FlaggedMessage | None) -> bool:
    return before is not None and any(flag.on for flag in before.flags.values())


MESSAGE_FOLLOWS: Final[Mapping[type[Event], Follows]] = {
    happened.MessageFlagged: _message_changed,
    happened.MessageUnflagged: _message_changed,
    happened.MessageRead: _message_changed,
}
