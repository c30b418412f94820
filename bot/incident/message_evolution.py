"""Messages of the timeline, from events: for evolve.py. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident import events as happened
from bot.incident.events import Event
from bot.incident.state import Flag, FlaggedMessage, Incident
from bot.incident.terms import ChannelId, MessageTs


def _flagged(incident: Incident, event: happened.MessageFlagged) -> Incident:
    message = _message(incident, event.ts, channel=event.channel)
    flag = Flag(on=True, flagged_ts=event.flagged_ts, kind=event.kind)
    return _with_message(incident, replace(message, flags={**message.flags, (event.by, event.emoji): flag}))


def _unflagged(incident: Incident, event: happened.MessageUnflagged) -> Incident:
    message = _message(incident, event.ts)
    flag = Flag(on=False, flagged_ts=event.flagged_ts, kind=event.kind)
    return _with_message(incident, replace(message, flags={**message.flags, (event.by, event.emoji): flag}))


def _read(incident: Incident, event: happened.MessageRead) -> Incident:
    return _with_message(incident, with_text(_message(incident, event.ts), event))


def with_text(message: FlaggedMessage, event: happened.MessageRead) -> FlaggedMessage:
    """The message, now that it was read."""
    return replace(
        message,
        author=event.author,
        text=event.text,
        files=event.files,
        permalink=event.permalink,
        from_muster=event.from_muster,
    )


def _edited(incident: Incident, event: happened.MessageEdited) -> Incident:
    message = replace(_message(incident, event.ts), text=event.text, edited_ts=event.edited_ts)
    return _with_message(incident, message)


def _deleted(incident: Incident, event: happened.MessageDeleted) -> Incident:
    return _with_message(incident, replace(_message(incident, event.ts), deleted=True))


def _message(incident: Incident, ts: MessageTs, channel: ChannelId | None = None) -> FlaggedMessage:
    return incident.flagged.get(ts) or FlaggedMessage(ts=ts, channel=channel or incident.channel or ChannelId(""))


def _with_message(incident: Incident, message: FlaggedMessage) -> Incident:
    return replace(incident, flagged={**incident.flagged, message.ts: message})


MESSAGE_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    happened.MessageFlagged: _flagged,
    happened.MessageUnflagged: _unflagged,
    happened.MessageRead: _read,
    happened.MessageEdited: _edited,
    happened.MessageDeleted: _deleted,
}
"""None of them shows on a card."""
