"""From what Slack sent to the incident that is meant. Rights are decided in bot/incident; here Slack is asked once
whether somebody of whom the log does not know is in the channel after all."""

import structlog

from bot.command_handler import Handled
from bot.incident.commands import Command, RecordJoined
from bot.incident.rights import require_full_member, require_reader, require_responder
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, ChannelId, IncidentId, NotAMember, Person, Rejected, RequestId, UserId
from bot.ports import Unavailable
from bot.slack.listening import Desk

_log = structlog.get_logger(__name__)


class RejectedHere(Rejected):
    """A refusal and the incident that it is about, so that the answer can offer the button that would work."""

    def __init__(self, rejected: Rejected, incident: Incident) -> None:
        super().__init__(
            rejected.sentence, verb=rejected.verb, field=rejected.field, who=rejected.who, beside=rejected.beside
        )
        self.incident = incident


async def incident_of(desk: Desk, channel: ChannelId) -> IncidentId:
    """Raises Rejected where the channel is no incident's."""
    found = await desk.door.log.incident_of(channel)
    if found is None:
        raise Rejected(
            f"There is no incident in this channel. Name one, as in {desk.command} INC-42 show, or see the list.",
            verb="list",
        )
    return found


async def readable(desk: Desk, number: IncidentId, by: Person) -> Incident:
    """The incident, if it may be shown. Not found and not yours read the same. Raises Rejected."""
    require_full_member(by)
    incident = await desk.door.read(number)
    try:
        require_reader(incident, by, desk.door.policy)
    except NotAMember:
        if not await _is_in(desk, incident, by.id):
            raise
    return incident


async def is_inside(desk: Desk, incident: Incident, by: Person) -> bool:
    """Whether they may act on it, as far as that is known before they try; nothing is recorded of it."""
    try:
        require_responder(incident, by, desk.door.policy)
    except NotAMember:
        return await _is_in(desk, incident, by.id)
    return True


async def perform(desk: Desk, number: IncidentId, command: Command, request: RequestId) -> Handled:
    """Handles the command. Raises Unavailable and RejectedHere, but NotAMember where the incident is private."""
    try:
        return await _perform(desk, number, command, request)
    except NotAMember as rejected:
        incident = await desk.door.read(number)
        if incident.private:
            raise
        raise RejectedHere(rejected, incident) from rejected
    except Rejected as rejected:
        raise RejectedHere(rejected, await desk.door.read(number)) from rejected


async def _perform(desk: Desk, number: IncidentId, command: Command, request: RequestId) -> Handled:
    try:
        return await desk.door.handle(number, command, request=request)
    except NotAMember:
        if not await _is_in(desk, await desk.door.read(number), command.by.id):
            raise
    joined = RecordJoined(by=MUSTER_ITSELF, users=(command.by.id,))
    await desk.door.handle(number, joined, request=RequestId(f"{request}:joined"))
    return await desk.door.handle(number, command, request=request)


async def _is_in(desk: Desk, incident: Incident, user: UserId) -> bool:
    """Whether Slack says so. Of a private incident, no answer counts as no: it must not tell that there is one."""
    if incident.channel is None:
        return False
    try:
        return await desk.people.is_in(incident.channel, user)
    except Unavailable as failure:
        if not incident.private:
            raise
        _log.warning("membership_unknown", incident=incident.id, reason=failure.reason)
        return False
