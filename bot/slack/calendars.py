"""Brings the review's meeting to calendars: a file in the incident's channel, and a letter to each whose calendar
changes. What it says is bot/calendar's affair, how a letter travels the mail's.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import structlog

from bot.calendar.appointment import Mailbox
from bot.calendar.review_letter import Issuer, NamesOf, ReviewLetter, published
from bot.incident.events import Event
from bot.incident.invitation_effects import MailInvitation, PostInvitation
from bot.incident.invitations import MEETING_EVENTS, MeetingEvent, errand, is_current, is_off, plan_of
from bot.incident.review_commands import RecordInvitation
from bot.incident.state import Incident
from bot.incident.terms import INVITATION, MUSTER_ITSELF, FileId, UserId
from bot.ports import Lease, Letter, Mail, Unavailable, WallClock
from bot.slack.addresses import Addresses
from bot.slack.blocks.invitation_words import file_comment
from bot.slack.mailing import Mailing, mailing
from bot.slack.outcome import CHANNEL_CODES, SlackRefusal
from bot.slack.papers import Paper
from bot.slack.shared_files import SharedFiles
from bot.slack.web_client import BotIdentity
from bot.slack_ports import Directory, Refused

NOBODY: Final = Mailbox(address="muster@no-mail.invalid", name="Muster")
"""Who invites where no mail is set up: a calendar wants an address, and RFC 2606 reserves those that reach nobody."""

_log = structlog.get_logger(__name__)


class Calendars:
    """`mail` None: no mail server is set up, and the files are all there is."""

    def __init__(
        self,
        files: SharedFiles,
        addresses: Addresses,
        directory: Directory,
        clock: WallClock,
        *,
        identity: BotIdentity,
        mail: Mail | None,
    ) -> None:
        self._files = files
        self._addresses = addresses
        self._directory = directory
        self._clock = clock
        organiser = mail.sender if mail else NOBODY
        self._issuer = Issuer(organiser=organiser, team=identity.team, workspace=identity.url)
        self._mail = mail

    async def post(self, effect: PostInvitation, incident: Incident, lease: Lease) -> RecordInvitation | None:
        """Raises Refused, and Unavailable: for good where it may stand there and nobody can look."""
        event = _meeting_event(effect.about)
        if not self._is_wanted(event, incident):
            return None
        name = _name(incident, event)
        file = await self._files.find(effect.channel, name, lease) if lease.uncertain else None
        file = file or await self._posted(effect, event, incident)
        return RecordInvitation(by=MUSTER_ITSELF, number=event.number, sequence=event.sequence, file=file)

    async def withdraw(self, effect: PostInvitation, incident: Incident, lease: Lease) -> None:
        """The file that is on record stays; where none is yet, whoever works on it now will find ours."""
        event = _meeting_event(effect.about)
        if kept := incident.invitations.get((event.number, event.sequence)):
            await self._files.keep_only(kept, effect.channel, _name(incident, event), lease)

    async def send(self, effect: MailInvitation, incident: Incident) -> None:
        """Whether an earlier attempt was taken is not asked: to calendars a repeated letter is the same one.

        Raises Unavailable and Refused.
        """
        if self._mail is None or mailing(self._mail, self._addresses.scopes) is not Mailing.READY:
            return
        event = _meeting_event(effect.about)
        wanted = errand(incident, event, effect.user, self._clock.now())
        to = await self._addresses.of(effect.user) if wanted else None
        if wanted is None or to is None:
            _log.info("letter_not_wanted_any_more", incident=incident.id)
            return
        told = ReviewLetter(
            incident=incident,
            event=event,
            errand=wanted,
            to=to.mailbox,
            time_zone=to.time_zone,
            issuer=self._issuer,
            names=await self._names(event),
        )
        await self._send(told, effect.user, self._mail)

    async def _send(self, told: ReviewLetter, user: UserId, mail: Mail) -> None:
        """A refusal begins with whom it concerns: what is refused to one may be taken for the next."""
        if not told.to.address:
            raise Refused(INVITATION, f"{user}: Slack shows no e-mail address of theirs")
        try:
            await mail.send(
                Letter(
                    id=told.id,
                    to=told.to,
                    subject=told.subject,
                    text=told.text,
                    calendar=told.calendar(),
                    method=told.method,
                    written_at=self._clock.now(),
                )
            )
        except Refused as refused:
            raise Refused(INVITATION, f"{user}: {refused.reason}") from refused

    def _is_wanted(self, event: MeetingEvent, incident: Incident) -> bool:
        """Not what stands there, is over, or was changed again; nor that something is off that no file told of."""
        plan = plan_of(event)
        if plan is None or plan.ends_at <= self._clock.now() or (event.number, event.sequence) in incident.invitations:
            return False
        if is_off(event):
            return any(number == event.number for number, _ in incident.invitations)
        return is_current(incident, event)

    async def _posted(self, effect: PostInvitation, event: MeetingEvent, incident: Incident) -> FileId:
        content = published(incident, event, self._issuer, await self._names(event))
        paper = Paper(name=_name(incident, event), title=f"Review of {incident.reference}", content=content)
        try:
            brought = await self._files.bring(paper)
            await self._files.share(effect.channel, [brought], file_comment(incident, event))
        except SlackRefusal as refusal:
            if refusal.code in CHANNEL_CODES:
                raise
            raise Refused(INVITATION, refusal.reason) from refusal
        return brought.id

    async def _names(self, event: MeetingEvent) -> NamesOf:
        """Whom Slack cannot name goes by their id: no invitation waits for a name."""
        known: dict[UserId, str] = {}
        for user in _named(event):
            with suppress(Unavailable, Refused):
                known[user] = (await self._directory.person(user)).name
        return lambda user: known.get(user) or user


def _meeting_event(event: Event) -> MeetingEvent:
    assert isinstance(event, MEETING_EVENTS)
    return event


def _named(event: MeetingEvent) -> Iterable[UserId]:
    plan = plan_of(event)
    return (plan.facilitator, *plan.invited) if plan else ()


def _name(incident: Incident, event: MeetingEvent) -> str:
    """Of this file alone."""
    return f"INC-{incident.id}-review-{event.number}-{event.sequence}.ics"
