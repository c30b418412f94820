"""A desk for listeners, made of small doubles that only remember: what was asked for, called and answered.

RecordingDoor stands for the command handler: it knows the incidents that it is given, decides nothing, and
refuses or fails if `raises` says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.command_handler import Handled
from bot.freeze_keeper import FreezeKeeper
from bot.incident.alert import AlertDecision
from bot.incident.commands import Command, DeclareIncident
from bot.incident.events import Event
from bot.incident.listing import Listing, listing
from bot.incident.policy import Policy, RoleRule
from bot.incident.rights import unknown
from bot.incident.state import Incident
from bot.incident.terms import (
    ChannelId,
    Checklist,
    IncidentId,
    Person,
    Rejected,
    RequestId,
    Role,
    Severity,
    Standing,
    Step,
    UserId,
    Version,
)
from bot.maintenance_keeper import MaintenanceKeeper
from bot.ports import AlreadyHandled, Append, Appended, Conflict, GivenUp, LeaseLost
from bot.proposal_keeper import ProposalKeeper
from bot.slack.listening import Desk
from bot.slack.mailing import Mailing
from bot.slack.web_client import BotIdentity
from tests.archive_double import ArchiveDouble
from tests.factors_double import FactorsDouble
from tests.followups_double import FollowupsDouble
from tests.freezes_double import FreezesDouble, no_routes
from tests.maintenance_double import BookDouble
from tests.proposals_double import ProposalsDouble, RoutesDouble, Uncounted, no_window
from tests.pseudonyms_double import PseudonymsDouble
from tests.quality_double import QualityDouble
from tests.rota_double import RotaDouble
from tests.slack.blocks.given import AT, CHANNEL, incident
from tests.writers_double import WritersDouble

ADA, BEN, CLEO, DEE, MUSTER = (UserId(name) for name in ("U0ADA", "U0BEN", "U0CLEO", "U0DEE", "U0MUSTER"))
GRACE = UserId("U0GRACE")
"""Ada and Ben are in the incident's channel, Cleo is not; Dee is a guest, Grace an admin of the workspace."""

CHECKLIST = Checklist(playbook="bad-deploy", title="Bad deploy", steps=(Step(id="1", title="Stop the rollout"),))


def inc42(**changes: Any) -> Incident:
    return incident(**{"reporter": ADA, "members": frozenset({ADA, BEN}), "roles": {}, **changes})


class NoAlerts:
    async def decisions(self, most: int) -> Sequence[AlertDecision]:
        return ()


@dataclass
class RecordingLog:
    incidents: dict[IncidentId, Incident]

    async def incident_of(self, channel: ChannelId) -> IncidentId | None:
        return next((each.id for each in self.incidents.values() if each.channel == channel), None)

    async def listings(self, *, active: bool, most: int | None = None) -> Sequence[Listing]:
        every = [listing(each) for each in self.incidents.values()]
        return [each for each in every if each.active or not active][:most]

    async def listings_before(self, incident: IncidentId, most: int) -> Sequence[Listing]:
        raise AssertionError("the desk asks for open incidents, or for all")

    async def read(self, incident: IncidentId, after: Version) -> Sequence[Event]:
        raise AssertionError("the desk asks its door for this")

    async def append(self, append: Append) -> Appended | Conflict | AlreadyHandled | LeaseLost:
        raise AssertionError("the desk asks its door for this")

    async def handled(self, request: RequestId) -> AlreadyHandled | None:
        raise AssertionError("the desk asks its door for this")

    async def next_number(self) -> IncidentId:
        raise AssertionError("the desk asks its door for this")


@dataclass
class RecordingDoor:
    log: RecordingLog
    policy: Policy = field(default_factory=Policy)
    drills_only: bool = False
    commands: list[Command] = field(default_factory=list)
    requests: list[RequestId] = field(default_factory=list)
    raises: list[BaseException | None] = field(default_factory=list)
    """What each following command meets, in order; None: it is handled."""
    told: Sequence[Event] = ()
    """The whole log of every incident."""

    async def declare(self, command: DeclareIncident, *, request: RequestId) -> Handled:
        return self._handled(inc42(), command, request)

    async def handle(self, incident: IncidentId, command: Command, *, request: RequestId) -> Handled:
        return self._handled(await self.read(incident), command, request)

    def _handled(self, incident: Incident, command: Command, request: RequestId) -> Handled:
        failure = self.raises.pop(0) if self.raises else None
        if failure is not None:
            raise failure
        self.commands.append(command)
        self.requests.append(request)
        return Handled(incident=incident)

    async def read(self, incident: IncidentId) -> Incident:
        if incident not in self.log.incidents:
            raise Rejected(unknown(incident), verb="list")
        return self.log.incidents[incident]

    async def history(self, incident: IncidentId) -> Sequence[Event]:
        return self.told


@dataclass
class KnownPeople:
    """`inside`: who Slack says is in every channel."""

    inside: set[UserId] = field(default_factory=set)
    told: list[UserId] = field(default_factory=list)

    async def person(self, user: UserId) -> Person:
        standing = Standing.GUEST if user == DEE else Standing.MEMBER
        return Person(id=user, standing=standing, name=user, time_zone="Europe/Berlin", admin=user == GRACE)

    async def is_in(self, channel: ChannelId, user: UserId) -> bool:
        return user in self.inside

    async def changed(self, user: UserId, said: Mapping[str, Any]) -> None:
        self.told.append(user)


class OnePlaybook:
    def titles(self) -> Sequence[tuple[str, str, str]]:
        return [(CHECKLIST.playbook, CHECKLIST.title, "Roll back first.")]

    def named(self, name: str) -> Checklist | None:
        return CHECKLIST if name in {CHECKLIST.playbook, CHECKLIST.title} else None

    def near(self, name: str) -> Sequence[str]:
        return [CHECKLIST.title]

    def for_service(self, names: Sequence[str], severity: Severity) -> tuple[str, str] | None:
        return (CHECKLIST.title, "matches the service 'checkout'") if "checkout" in names else None

    def guide(self, role: Role) -> tuple[RoleRule, str] | None:
        return None


@dataclass
class Letters:
    """What was given up, as the test says."""

    found: GivenUp | None = None

    async def given_up(self) -> GivenUp | None:
        return self.found


@dataclass
class RecordingSlack:
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answered: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        self.calls.append((method, arguments))
        return {"ok": True}

    async def post(self, url: str, body: Mapping[str, Any]) -> None:
        self.answered.append((url, body))

    @property
    def view(self) -> dict[str, Any]:
        """The view that was opened or published last."""
        view: dict[str, Any] = self.calls[-1][1]["view"]
        return view

    @property
    def answer(self) -> str:
        """The notification text of the last answer by a response_url."""
        return str(self.answered[-1][1]["text"])


class FixedClock:
    def now(self) -> datetime:
        return AT


@dataclass
class Given:
    desk: Desk
    door: RecordingDoor
    slack: RecordingSlack
    people: KnownPeople
    letters: Letters
    archive: ArchiveDouble
    book: BookDouble
    proposals: ProposalsDouble
    freezes: FreezesDouble

    @property
    def command(self) -> Command:
        """The only command that was asked for."""
        (command,) = self.door.commands
        return command


def given(*incidents: Incident) -> Given:
    """A desk at which INC-42 is known, or the incidents given."""
    known = {each.id: each for each in incidents or (inc42(),)}
    door, slack, people = RecordingDoor(log=RecordingLog(incidents=known)), RecordingSlack(), KnownPeople()
    letters, archive, book, freezes = Letters(), ArchiveDouble(), BookDouble(), FreezesDouble()
    proposals = ProposalsDouble()
    identity = BotIdentity(user=MUSTER, bot="B0MUSTER", team="T0123", url="https://acme.slack.com/")
    desk = Desk(
        mailing=lambda: Mailing.NO_SERVER,
        door=door,
        people=people,
        shelf=OnePlaybook(),
        slack=slack,
        answers=slack,
        clock=FixedClock(),
        identity=identity,
        letters=letters,
        archive=archive,
        rota=RotaDouble(),
        alerts=NoAlerts(),
        alert_quality=QualityDouble(),
        followups=FollowupsDouble(incidents=list(known.values())),
        proposals=ProposalKeeper(
            proposals,
            RoutesDouble(),
            door,
            covering=no_window,
            now=lambda: AT,
            woken=lambda: None,
            observer=Uncounted(),
        ),
        maintenance=MaintenanceKeeper(book, lambda: door.policy, lambda first, last: (), lambda: AT, lambda: None),
        freezes=FreezeKeeper(freezes, lambda: door.policy, no_routes, lambda: AT, lambda: None),
        factors=FactorsDouble(incidents=list(known.values())),
        pseudonyms=PseudonymsDouble(),
        writers=WritersDouble(),
    )
    return Given(
        desk=desk,
        door=door,
        slack=slack,
        people=people,
        letters=letters,
        archive=archive,
        book=book,
        proposals=proposals,
        freezes=freezes,
    )


def slash(text: str, *, user: UserId = ADA, channel: ChannelId = CHANNEL) -> dict[str, Any]:
    ids = {"user_id": user, "channel_id": channel, "trigger_id": "1.2.abc", "team_id": "T0123"}
    return {"command": "/incident", "text": text, "response_url": "https://hooks.example/answer", **ids}


def press(
    action: str, value: str, *, user: UserId = ADA, response_url: str = "https://hooks.example/x"
) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": user},
        "trigger_id": "1.2.abc",
        "response_url": response_url,
        "actions": [{"type": "button", "action_id": action, "value": value, "block_id": "b", "action_ts": "1.2"}],
    }


def submit(callback: str, metadata: str, user: UserId = ADA, /, **inputs: Mapping[str, Any]) -> dict[str, Any]:
    """`inputs`: field name -> the state of its input, as Slack sends it."""
    blocks = [{"type": "input", "block_id": name} for name in inputs]
    values = {name: {"value": state} for name, state in inputs.items()}
    view = {"id": "V1", "type": "modal", "callback_id": callback, "private_metadata": metadata, "blocks": blocks}
    return {"type": "view_submission", "user": {"id": user}, "view": {**view, "state": {"values": values}}}


def event(type_: str, **fields: Any) -> dict[str, Any]:
    return {"type": "event_callback", "event_id": "Ev1", "team_id": "T0123", "event": {"type": type_, **fields}}
