"""Effects to Slack calls, and to the archive: which effect is whose work. It decides nothing and remembers nothing."""

from collections.abc import Callable
from typing import Final

import structlog

from bot.incident import effects as wanted
from bot.incident.afterwards_effects import (
    FindRespondents,
    PostDigest,
    PostPreread,
    PostReviewOverdue,
    RememberFacilitator,
    SendPreread,
    TellFollowups,
    UploadDraft,
    WriteCanvas,
)
from bot.incident.commands import Command, RecordChannel
from bot.incident.effects import Effect
from bot.incident.freeze_effects import NoteFreeze, PostFrozenChange, TellFreeze
from bot.incident.invitation_effects import MailInvitation, PostInvitation
from bot.incident.maintenance_effects import PostMaintenance, TellMaintenance
from bot.incident.proposal_effects import PostProposal, RefreshProposal, RemindProposal
from bot.incident.quality_effects import PostAlertQuality
from bot.incident.state import Incident
from bot.incident.terms import ANNOUNCING, INCIDENT_CHANNEL
from bot.incident.watchdog_effects import TellBlind, TellSeeing
from bot.index_ports import Archive, FactorIndex, Rota
from bot.ports import Lease, Mail, Unavailable, WallClock
from bot.slack.addresses import Addresses
from bot.slack.announcements import WhereAnnounced
from bot.slack.calendars import Calendars
from bot.slack.canvases import Canvases
from bot.slack.channels import Channels
from bot.slack.drafts import Drafts
from bot.slack.freeze_posts import FreezePosts
from bot.slack.maintenance_posts import MaintenancePosts
from bot.slack.outcome import CHANNEL_CODES, SlackRefusal, SlackUnavailable
from bot.slack.papers import Papers
from bot.slack.posts import Around, Freezes, History, Posts
from bot.slack.prereads import Prereads
from bot.slack.proposal_posts import ProposalPosts
from bot.slack.quality_posts import QualityPosts
from bot.slack.reading import Reading
from bot.slack.rendering import Renderer
from bot.slack.respondents import Respondents
from bot.slack.shared_files import SharedFiles
from bot.slack.watchdog_posts import WatchdogPosts
from bot.slack.web_client import BotIdentity, WebClient
from bot.slack.weekly_posts import WeeklyPosts
from bot.slack_ports import Blame, Directory, Refused

_ONE_WHOEVER_MADE_IT: Final = (WriteCanvas, MailInvitation)
"""There is one canvas, and to calendars a letter that comes twice is one."""

_log = structlog.get_logger(__name__)


class SlackChat:
    """The protocol ports.Chat."""

    def __init__(
        self,
        client: WebClient,
        identity: BotIdentity,
        renderer: Renderer,
        directory: Directory,
        clock: WallClock,
        *,
        announced: WhereAnnounced,
        history: History,
        archive: Archive,
        around: Around,
        frozen: Freezes,
        rota: Rota,
        factors: FactorIndex,
        weekly: Callable[[Posts], WeeklyPosts],
        papers: Papers,
        maintenance: Callable[[Posts], MaintenancePosts],
        freezes: Callable[[Posts], FreezePosts],
        watchdogs: Callable[[Posts], WatchdogPosts],
        proposals: Callable[[Posts], ProposalPosts],
        quality: Callable[[Posts], QualityPosts],
        mail: Mail | None = None,
    ) -> None:
        self._client = client
        self._channels = Channels(client, identity, renderer, directory)
        self._posts = Posts(
            client,
            renderer,
            clock,
            announced=announced,
            history=history,
            around=around,
            freezes=frozen,
        )
        self._archive = archive
        self._rota = rota
        self._prereads = Prereads(self._posts, archive.precedents, factors, clock)
        self._weekly = weekly(self._posts)
        self._maintenance = maintenance(self._posts)
        self._freezes = freezes(self._posts)
        self._watchdogs = watchdogs(self._posts)
        self._proposals = proposals(self._posts)
        self._quality = quality(self._posts)
        self._reading = Reading(client, identity)
        self._respondents = Respondents(directory, history=history)
        files = SharedFiles(client, identity)
        self._drafts = Drafts(files, papers)
        self._calendars = Calendars(files, Addresses(client), directory, clock, identity=identity, mail=mail)
        self._canvases = Canvases(client, papers)

    async def perform(self, effect: Effect, incident: Incident, lease: Lease) -> Command | None:
        """Does it and answers with what is to be recorded. Raises Unavailable and Refused."""
        if isinstance(effect, TellFollowups | PostDigest):
            await self._weekly.perform(effect, lease)
            return None
        if isinstance(effect, PostReviewOverdue):
            await self._weekly.post_overdue(effect, incident, lease)
            return None
        try:
            return await self._perform(effect, incident, lease)
        except SlackRefusal as refusal:
            step = _lost_place(refusal, incident)
            if step == INCIDENT_CHANNEL and not incident.is_active:
                _log.info("channel_gone_after_the_end", incident=incident.id, code=refusal.code)
                return None
            raise (Refused(step, refusal.reason) if step else refusal) from refusal

    async def _perform(self, effect: Effect, incident: Incident, lease: Lease) -> Command | None:
        match effect:
            case wanted.PostCard() | wanted.RefreshCard() | wanted.PostNotice():
                return await self._post(effect, incident, lease)
            case wanted.PostSurroundings() | wanted.PostPrecedents() | wanted.PostSuspects() | PostMaintenance():
                await self._posts.post_surroundings(effect, incident, lease)
            case PostFrozenChange() | NoteFreeze():
                return await self._freezes.perform(effect, incident, lease)
            case wanted.TellPerson():
                return await self._posts.tell_person(effect, incident, lease)
            case wanted.AnswerDeclarer():
                await self._posts.answer_declarer(effect, incident, lease)
            case wanted.KeepGist() | RememberFacilitator():
                await self._keep(effect, incident)
            case FindRespondents():
                return await self._respondents.find(effect, incident)
            case UploadDraft() | WriteCanvas() | PostInvitation() | MailInvitation() | PostPreread() | SendPreread():
                return await self._bring(effect, incident, lease)
            case wanted.FetchMessage() | wanted.AddTick() | wanted.RemoveTick():
                return await self._read(effect)
            case _:
                return await self._arrange(effect, incident, lease)
        return None

    async def perform_alone(self, effect: Effect, lease: Lease) -> None:
        """Raises Unavailable, for good where Slack refuses: there is no commander to be told."""
        match effect:
            case TellMaintenance():
                await self._maintenance.tell(effect, lease)
            case TellFreeze():
                await self._freezes.tell(effect, lease)
            case TellBlind() | TellSeeing():
                await self._watchdogs.tell(effect, lease)
            case PostProposal() | RefreshProposal() | RemindProposal():
                await self._proposals.perform(effect, lease)
            case PostAlertQuality():
                await self._quality.tell(effect, lease)
            case _:
                raise TypeError(f"{type(effect).__name__} is about an incident")

    async def withdraw_alone(self, effect: Effect, lease: Lease) -> None:
        if isinstance(effect, TellMaintenance):
            await self._maintenance.withdraw(effect, lease)
        elif isinstance(effect, TellFreeze):
            await self._freezes.withdraw(effect, lease)
        elif isinstance(effect, TellBlind | TellSeeing):
            await self._watchdogs.withdraw(effect, lease)
        elif isinstance(effect, PostProposal | RemindProposal):
            await self._proposals.withdraw(effect, lease)
        elif isinstance(effect, PostAlertQuality):
            await self._quality.withdraw(lease)

    async def _keep(self, effect: wanted.KeepGist | RememberFacilitator, incident: Incident) -> None:
        """What is written down beside the logs; Slack hears nothing of it."""
        if isinstance(effect, wanted.KeepGist):
            await self._archive.keep(incident)
        else:
            await self._rota.led(effect.user, effect.named_at)

    async def withdraw(self, effect: Effect, incident: Incident, lease: Lease, command: Command | None) -> None:
        """Takes back what was done a second time. Raises Unavailable and Refused."""
        if isinstance(command, RecordChannel):
            await self._channels.withdraw(command, incident)
        elif isinstance(effect, wanted.AddBookmark):
            await self._channels.withdraw_bookmark(effect)
        elif isinstance(effect, TellFollowups | PostDigest | PostReviewOverdue):
            await self._weekly.withdraw(effect, lease)
        elif isinstance(effect, PostPreread | SendPreread):
            await self._prereads.withdraw(effect, lease)
        elif isinstance(effect, PostFrozenChange):
            await self._freezes.take_back(incident, lease)
        elif isinstance(effect, UploadDraft):
            await self._drafts.withdraw(effect, incident, lease)
        elif isinstance(effect, PostInvitation):
            await self._calendars.withdraw(effect, incident, lease)
        elif not isinstance(effect, _ONE_WHOEVER_MADE_IT):
            await self._posts.withdraw(effect, incident, lease)

    async def blame(self, failure: Unavailable) -> Blame:
        """Slack itself is asked only where nothing has been heard of it since the attempt."""
        pulse = self._client.pulse
        if not pulse.answered_just_now() and not await self._client.answers():
            return Blame.SLACK
        method = failure.method if isinstance(failure, SlackUnavailable) else ""
        return Blame.EFFECT if pulse.works(method) else Blame.KIND

    async def answers(self) -> bool:
        return await self._client.answers()

    async def _post(
        self,
        effect: wanted.PostCard | wanted.RefreshCard | wanted.PostNotice,
        incident: Incident,
        lease: Lease,
    ) -> Command | None:
        match effect:
            case wanted.PostCard():
                return await self._posts.post_card(effect, incident, lease)
            case wanted.RefreshCard():
                await self._posts.refresh_card(effect, incident)
            case wanted.PostNotice():
                return await self._posts.post_notice(effect, incident, lease)
        return None

    async def _bring(
        self,
        effect: UploadDraft | WriteCanvas | PostInvitation | MailInvitation | PostPreread | SendPreread,
        incident: Incident,
        lease: Lease,
    ) -> Command | None:
        """Documents and letters."""
        match effect:
            case UploadDraft():
                return await self._drafts.upload(effect, incident, lease)
            case WriteCanvas():
                return await self._canvases.write(effect, incident, lease)
            case PostInvitation():
                return await self._calendars.post(effect, incident, lease)
            case MailInvitation():
                await self._calendars.send(effect, incident)
            case PostPreread() | SendPreread():
                await self._prereads.give(effect, incident, lease)
        return None

    async def _read(self, effect: wanted.FetchMessage | wanted.AddTick | wanted.RemoveTick) -> Command | None:
        match effect:
            case wanted.FetchMessage():
                return await self._reading.fetch(effect)
            case wanted.AddTick():
                await self._reading.add_tick(effect)
            case wanted.RemoveTick():
                await self._reading.remove_tick(effect)
        return None

    async def _arrange(self, effect: Effect, incident: Incident, lease: Lease) -> Command | None:
        match effect:
            case wanted.OpenChannel():
                return await self._channels.open_channel(effect, lease)
            case wanted.InviteUsers():
                return await self._channels.invite(effect)
            case wanted.InviteGroups():
                return await self._channels.invite_groups(effect)
            case wanted.RefreshTopic():
                await self._channels.refresh_topic(effect, incident, lease)
            case wanted.PinMessage():
                await self._channels.pin(effect)
            case wanted.AddBookmark():
                await self._channels.bookmark(effect, lease)
            case _:
                raise TypeError(f"no Slack call does {type(effect).__name__}")
        return None


def _lost_place(refusal: SlackRefusal, incident: Incident) -> str:
    """Which place is out of reach, whatever was to be done there: one cause is told once. '': it is about no place."""
    if refusal.code not in CHANNEL_CODES or not refusal.channel or refusal.channel.startswith(("U", "W", "D")):
        return ""
    return INCIDENT_CHANNEL if refusal.channel == incident.channel else ANNOUNCING
