"""Emoji on messages of an incident's channel: recorded as they come, without a call to Slack."""

from typing import Any

import structlog

from bot.incident.commands import Command, FlagMessage, UnflagMessage
from bot.incident.terms import IncidentId, Rejected, RequestId
from bot.slack.access import perform
from bot.slack.listening import Desk
from bot.slack.payloads import Reaction

_log = structlog.get_logger(__name__)


async def on_reaction_added(desk: Desk, body: dict[str, Any]) -> None:
    """Raises Unavailable, so that Slack delivers the event again."""
    await _on_reaction(desk, Reaction.model_validate(body), added=True)


async def on_reaction_removed(desk: Desk, body: dict[str, Any]) -> None:
    """Raises Unavailable, so that Slack delivers the event again."""
    await _on_reaction(desk, Reaction.model_validate(body), added=False)


async def _on_reaction(desk: Desk, reaction: Reaction, *, added: bool) -> None:
    emoji = reaction.emoji.partition("::skin-tone")[0]
    ours = desk.identity.user in (reaction.user, reaction.author)
    if ours or emoji not in desk.door.policy.emoji or reaction.channel is None or reaction.ts is None:
        return
    incident = await desk.door.log.incident_of(reaction.channel)
    if incident is not None:
        await _record(desk, incident, await _command(desk, reaction, emoji, added=added), reaction)


async def _command(desk: Desk, reaction: Reaction, emoji: str, *, added: bool) -> Command:
    assert reaction.channel is not None
    assert reaction.ts is not None
    by = await desk.person(reaction.user)
    if not added:
        return UnflagMessage(
            by=by, channel=reaction.channel, ts=reaction.ts, emoji=emoji, flagged_ts=reaction.flagged_ts
        )
    return FlagMessage(
        by=by,
        channel=reaction.channel,
        ts=reaction.ts,
        emoji=emoji,
        flagged_ts=reaction.flagged_ts,
        author=reaction.author,
    )


async def _record(desk: Desk, incident: IncidentId, command: Command, reaction: Reaction) -> None:
    """Nobody is told of a refusal: an emoji is also just an emoji."""
    try:
        await perform(desk, incident, command, RequestId(f"event:{reaction.event_id}"))
    except Rejected as rejected:
        _log.info("reaction_refused", incident=incident, why=rejected.sentence)
