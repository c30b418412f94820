"""Values that the tests of the chat share: an incident, a lease, an identity, a renderer that says little."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.freeze_keeper import FreezeKeeper
from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.freeze import Freeze
from bot.incident.policy import Policy
from bot.incident.state import Assignment, Clock, Incident
from bot.incident.surroundings import Surroundings
from bot.incident.terms import INCIDENT_COMMANDER, ChannelId, IncidentId, Person, Severity, Status, UserId, Version
from bot.maintenance_keeper import MaintenanceKeeper
from bot.ports import Lease
from bot.proposal_keeper import ProposalKeeper
from bot.slack.announcements import Announcements
from bot.slack.freeze_posts import FreezePosts
from bot.slack.maintenance_posts import MaintenancePosts
from bot.slack.message import Message
from bot.slack.posts import Posts
from bot.slack.proposal_posts import ProposalPosts
from bot.slack.quality_posts import QualityPosts
from bot.slack.service_channels import ServiceChannels
from bot.slack.watchdog_posts import WatchdogPosts
from bot.slack.web_client import BotIdentity, WebClient
from bot.slack.weekly_posts import WeeklyPosts
from tests.factors_double import FactorsDouble
from tests.followups_double import FollowupsDouble
from tests.freezes_double import FreezesDouble, no_routes
from tests.maintenance_double import BookDouble
from tests.proposals_double import ProposalsDouble, RoutesDouble, Uncounted, no_window
from tests.quality_double import QualityDouble
from tests.slack.given_desk import RecordingDoor, RecordingLog
from tests.watchdogs_double import WatchdogsDouble

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADA, BEN, CLEO = UserId("UADA"), UserId("UBEN"), UserId("UCLEO")
ROOM = ChannelId("CROOM")
NEWS = ChannelId("CNEWS")
US = BotIdentity(user=UserId("UMUSTER"), bot="BMUSTER", team="TACME", url="https://acme.example/")
FORTY_TWO = IncidentId(42)


def incident(*, private: bool = False, version: int = 3) -> Incident:
    return Incident(
        id=FORTY_TWO,
        version=Version(version),
        content=Version(version),
        title="Checkout is down",
        severity=Severity.SEV1,
        status=Status.INVESTIGATING,
        reporter=ADA,
        reporter_name="Ada",
        declared_at=NOON,
        private=private,
        service="",
        impact="",
        source="",
        milestones={},
        clock=Clock(since=NOON, due_at=NOON, reminders=3, round_began_with=1, stage=1, asked_at=NOON, summaries=2),
        roles={INCIDENT_COMMANDER: Assignment(holder=ADA, since=NOON)},
        channel=ROOM,
        channel_name="inc-42-checkout",
    )


def lease(effect: Effect, *, attempt: int = 1, failures: int = 0, uncertain: bool = False, token: str = "t") -> Lease:
    return Lease(
        lane=effect.lane,
        token=token,
        id="42.3.1",
        effect=effect,
        attempt=attempt,
        failures=failures,
        uncertain=uncertain,
    )


@dataclass
class KnownAround:
    """What is known around any incident."""

    found: Surroundings = field(default_factory=Surroundings)

    async def __call__(self, incident: Incident) -> Surroundings:
        return self.found


class PlainRenderer:
    """Says which text was asked for, and at which version."""

    def card(
        self,
        card: str,
        incident: Incident,
        at: datetime,
        history: Sequence[Event] = (),
        freezes: Sequence[Freeze] = (),
    ) -> Message:
        return Message(text=f"{card} at {incident.version}", blocks=({"type": "divider"},))

    def notice(self, event: Event, incident: Incident, at: datetime) -> Message:
        return Message(text=f"notice {type(event).__name__}")

    def personal(self, event: Event, incident: Incident, at: datetime) -> Message:
        return Message(text=f"personal {type(event).__name__}")

    def surroundings(self, found: Surroundings, incident: Incident, at: datetime) -> Message:
        return Message(text=f"around {incident.id}")

    def declared(self, incident: Incident, at: datetime) -> Message:
        return Message(text="declared")

    def topic(self, incident: Incident, names: Mapping[UserId, str]) -> str:
        return " · ".join(["SEV1", *(f"{name} leads" for name in names.values())])


class NoonClock:
    def now(self) -> datetime:
        return NOON


class Names:
    """Knows everyone by their id without its U."""

    async def person(self, user: UserId) -> Person:
        return Person(id=user, name=user.removeprefix("U").title())

    async def is_in(self, channel: ChannelId, user: UserId) -> bool:
        return True


def maintenance_by(client: WebClient, book: BookDouble) -> Callable[[Posts], MaintenancePosts]:
    keeper = MaintenanceKeeper(book, Policy, lambda first, last: (), NoonClock().now, lambda: None)
    return lambda posts: MaintenancePosts(posts, keeper, NoonClock(), channels_by(client))


def freezes_by(client: WebClient, book: FreezesDouble) -> Callable[[Posts], FreezePosts]:
    keeper = FreezeKeeper(book, Policy, no_routes, NoonClock().now, lambda: None)
    return lambda posts: FreezePosts(posts, keeper, NoonClock(), channels_by(client))


async def nothing_frozen(incident: Incident) -> Sequence[Freeze]:
    return ()


def channels_by(client: WebClient) -> ServiceChannels:
    return ServiceChannels(client, Announcements(client, NEWS))


def no_watchdogs(client: WebClient) -> Callable[[Posts], WatchdogPosts]:
    """The policy names none; what is told of one is told where incidents are announced."""
    triage, announced = Announcements(client, None), Announcements(client, NEWS)
    return lambda posts: WatchdogPosts(
        posts, WatchdogsDouble(), Policy, NoonClock(), triage=triage, announced=announced
    )


def proposals_by(client: WebClient, book: ProposalsDouble) -> Callable[[Posts], ProposalPosts]:
    """There is no triage channel: people are asked where incidents are announced."""
    door = RecordingDoor(log=RecordingLog(incidents={}))
    keeper = ProposalKeeper(
        book, RoutesDouble(), door, covering=no_window, now=lambda: NOON, woken=lambda: None, observer=Uncounted()
    )
    triage, announced = Announcements(client, None), Announcements(client, NEWS)
    return lambda posts: ProposalPosts(posts, keeper, Policy, NoonClock(), triage=triage, announced=announced)


def no_quality(client: WebClient) -> Callable[[Posts], QualityPosts]:
    """No alert was ever counted."""
    triage, announced = Announcements(client, None), Announcements(client, NEWS)
    return lambda posts: QualityPosts(posts, QualityDouble(), NoonClock(), triage=triage, announced=announced)


def no_weekly(client: WebClient) -> Callable[[Posts], WeeklyPosts]:
    """Nobody has follow-ups, and no channel is set for their digest."""
    where = Announcements(client, None)
    return lambda posts: WeeklyPosts(
        posts, FollowupsDouble(), Names(), Policy, NoonClock(), where=where, factors=FactorsDouble()
    )
