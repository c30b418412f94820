"""All parts of one running workspace, joined. It decides nothing itself."""

import secrets
from dataclasses import dataclass, field

from bot.workspace.app_card import AppCard
from bot.workspace.canvases import Canvases
from bot.workspace.changes import Changes
from bot.workspace.deliveries import Deliveries
from bot.workspace.ephemerals import Ephemerals
from bot.workspace.errands import Errands
from bot.workspace.faults import Faults
from bot.workspace.host import Host
from bot.workspace.install import Install
from bot.workspace.journal import Journal
from bot.workspace.rate_limits import RateLimits
from bot.workspace.read_marks import ReadMarks
from bot.workspace.refusal import Json
from bot.workspace.response_urls import ResponseUrls
from bot.workspace.socket_mode import SocketMode
from bot.workspace.team import Team
from bot.workspace.timepiece import Clock
from bot.workspace.triggers import Triggers
from bot.workspace.uploads import Uploads
from bot.workspace.views import Views


@dataclass(slots=True, kw_only=True)
class Site:
    """`entries`: what people chose in a message's fields, by (user, ts). `id` is another after each start."""

    clock: Clock
    team: Team
    install: Install
    changes: Changes
    errands: Errands
    journal: Journal
    faults: Faults
    rate_limits: RateLimits
    deliveries: Deliveries
    socket_mode: SocketMode
    ephemerals: Ephemerals
    response_urls: ResponseUrls
    triggers: Triggers
    views: Views
    uploads: Uploads
    canvases: Canvases
    marks: ReadMarks
    entries: dict[tuple[str, str], Json]
    card: AppCard
    host: Host
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    base_url: str = ""


def join_parts(*, clock: Clock, team: Team, install: Install, rate_limits: bool, card: AppCard, host: Host) -> Site:
    changes, errands, journal, faults = Changes(), Errands(), Journal(), Faults()
    ephemerals, marks = Ephemerals(team, changes), ReadMarks(changes)
    deliveries = Deliveries(
        clock=clock,
        team=team,
        install=install,
        journal=journal,
        faults=faults,
        errands=errands,
        changes=changes,
        marks=marks,
    )
    socket_mode = SocketMode(install, changes)
    deliveries.transport = socket_mode
    team.publish, team.touch = deliveries.publish, changes.happened
    return Site(
        clock=clock,
        team=team,
        install=install,
        changes=changes,
        errands=errands,
        journal=journal,
        faults=faults,
        rate_limits=RateLimits(clock, rate_limits),
        deliveries=deliveries,
        socket_mode=socket_mode,
        ephemerals=ephemerals,
        response_urls=ResponseUrls(team, install, ephemerals=ephemerals, journal=journal, changes=changes),
        triggers=Triggers(clock),
        views=Views(team, install),
        uploads=Uploads(),
        canvases=Canvases(),
        marks=marks,
        entries={},
        card=card,
        host=host,
    )
