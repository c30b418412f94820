"""What every listener needs: the one door to incidents, who people are, and the few ways to answer them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.alert_store import AlertLog, AlertQualityBook
from bot.command_handler import Handled
from bot.freeze_keeper import FreezeKeeper
from bot.incident.commands import Command, DeclareIncident
from bot.incident.events import Event
from bot.incident.policy import Policy, RoleRule
from bot.incident.state import Incident
from bot.incident.terms import ChannelId, Checklist, IncidentId, Person, RequestId, Role, Severity, UserId
from bot.index_ports import Archive, FactorIndex, FollowupIndex, Pseudonyms, Rota, Writers
from bot.maintenance_keeper import MaintenanceKeeper
from bot.ports import DeadLetterBox, Log, WallClock
from bot.proposal_keeper import ProposalKeeper
from bot.slack.mailing import Mailing
from bot.slack.web_client import BotIdentity
from bot.slack_ports import Directory


class Door(Protocol):
    """The command handler; its methods raise Rejected and Unavailable."""

    @property
    def log(self) -> Log: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def drills_only(self) -> bool:
        """Whether all that is declared at present is a drill."""

    async def declare(self, command: DeclareIncident, *, request: RequestId) -> Handled: ...

    async def handle(self, incident: IncidentId, command: Command, *, request: RequestId) -> Handled: ...

    async def read(self, incident: IncidentId) -> Incident: ...

    async def history(self, incident: IncidentId) -> Sequence[Event]: ...


class SlackCalls(Protocol):
    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Raises Unavailable and Refused."""


class ResponseUrls(Protocol):
    async def post(self, url: str, body: Mapping[str, Any]) -> None:
        """Answers by a response_url. Raises Unavailable."""


class People(Directory, Protocol):
    async def changed(self, user: UserId, said: Mapping[str, Any]) -> None:
        """Slack says what they are now, as a user object. Raises Unavailable."""


class Shelf(Protocol):
    """The playbooks and guides, in their newest valid form."""

    def titles(self) -> Sequence[tuple[str, str, str]]:
        """(id, title, summary) of each playbook."""

    def named(self, name: str) -> Checklist | None:
        """By id, title or an unmistakable beginning."""

    def near(self, name: str) -> Sequence[str]:
        """Titles that may have been meant."""

    def for_service(self, names: Sequence[str], severity: Severity) -> tuple[str, str] | None:
        """The playbook that would be attached: its title, and why."""

    def guide(self, role: Role) -> tuple[RoleRule, str] | None:
        """Purpose and first steps of a role's guide, and the rest of it as plain text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Given to every listener. `command`: the slash command's name with its slash."""

    door: Door
    people: People
    shelf: Shelf
    slack: SlackCalls
    answers: ResponseUrls
    clock: WallClock
    identity: BotIdentity
    letters: DeadLetterBox
    archive: Archive
    rota: Rota
    followups: FollowupIndex
    alerts: AlertLog
    alert_quality: AlertQualityBook
    maintenance: MaintenanceKeeper
    proposals: ProposalKeeper
    freezes: FreezeKeeper
    mailing: Callable[[], Mailing]
    factors: FactorIndex
    pseudonyms: Pseudonyms
    writers: Writers
    command: str = "/incident"

    async def person(self, user: UserId, speaks_in: ChannelId | None = None) -> Person:
        """Raises Unavailable."""
        return replace(await self.people.person(user), speaks_in=speaks_in)
