"""The workspace as one server on 127.0.0.1, to be run inside a test, the demo, or alone."""

from collections.abc import Iterable, Mapping
from typing import Self

from aiohttp import ClientSession, web

from bot.workspace import page_files
from bot.workspace.app_card import AppCard, Hints
from bot.workspace.cast import CAST, CHANNELS, TEAM_ID, Account, ChannelPlan
from bot.workspace.changes import Touched
from bot.workspace.client import WorkspaceClient
from bot.workspace.control import Control
from bot.workspace.host import Host, NoHost
from bot.workspace.http_delivery import HttpDelivery, RequestUrls
from bot.workspace.install import ALL_EVENTS, ALL_SCOPES, Install
from bot.workspace.live import Live
from bot.workspace.origin_guard import guard
from bot.workspace.person import Person
from bot.workspace.refusal import Json
from bot.workspace.site import Site, join_parts
from bot.workspace.team import Channel, Team
from bot.workspace.timepiece import Clock
from bot.workspace.web_api import WebApi

HOST = "127.0.0.1"
LARGEST_BODY = 8 * 1024 * 1024


def populate(team: Team, plans: Iterable[ChannelPlan], bot_user_id: str) -> None:
    """The channels of the start, silently: no events, no "has joined" messages."""
    full = [each for each in team.accounts.values() if not (each.is_bot or each.is_restricted or each.is_stranger)]
    for plan in plans:
        members = full if plan.members is None else [team.account_named(name) for name in plan.members]
        channel = Channel(
            id=team.next_id("C"),
            name=plan.name,
            creator=full[0].id,
            created=int(team.clock.now()),
            is_private=plan.is_private,
        )
        channel.members = dict.fromkeys([*(each.id for each in members), *([bot_user_id] if plan.with_app else ())])
        team.add_channel(channel)


class Workspace:
    """See the package's docstring for all of its interface. `port` 0 = any that is free."""

    def __init__(
        self,
        *,
        port: int = 0,
        clock: Clock | None = None,
        bot_name: str = "muster",
        people: Iterable[Account] = CAST,
        channels: Iterable[ChannelPlan] = CHANNELS,
        scopes: Iterable[str] = ALL_SCOPES,
        events: Iterable[str] = ALL_EVENTS,
        rate_limits: bool = False,
        slash_commands: Mapping[str, bool] | None = None,
        manifest: Json | None = None,
        hints: Hints | None = None,
        reactions: Iterable[str] = (),
        host: Host | None = None,
    ) -> None:
        self.clock = clock or Clock()
        card = AppCard(manifest=manifest or {}, hints=hints or {}, reactions=tuple(reactions))
        commands = card.slash_commands() if slash_commands is None else slash_commands
        self._install = Install(
            bot_name=bot_name, scopes=tuple(scopes), events=frozenset(events), slash_commands=commands
        )
        app = Account(
            id=self._install.bot_user_id,
            name=bot_name,
            real_name=bot_name.title(),
            is_bot=True,
            bot_id=self._install.bot_id,
            app_id=self._install.app_id,
        )
        team = Team(self.clock, [*people, app])
        populate(team, channels, app.id)
        self.site: Site = join_parts(
            clock=self.clock,
            team=team,
            install=self._install,
            rate_limits=rate_limits,
            card=card,
            host=host or NoHost(),
        )
        self._live = Live(self.site)
        self._port = port
        self._runner: web.AppRunner | None = None
        self._session: ClientSession | None = None
        self._client: WorkspaceClient | None = None

    @property
    def client(self) -> WorkspaceClient:
        if self._client is None:
            raise RuntimeError("the workspace has not been started")
        return self._client

    @property
    def bot_token(self) -> str:
        return self._install.bot_token

    @property
    def app_token(self) -> str:
        return self._install.app_token

    @property
    def signing_secret(self) -> str:
        return self._install.signing_secret

    @property
    def bot_user_id(self) -> str:
        return self._install.bot_user_id

    @property
    def bot_id(self) -> str:
        return self._install.bot_id

    @property
    def app_id(self) -> str:
        return self._install.app_id

    @property
    def team_id(self) -> str:
        return TEAM_ID

    @property
    def api_url(self) -> str:
        return f"{self.site.base_url}/api/"

    @property
    def control_url(self) -> str:
        return f"{self.site.base_url}/control"

    def person(self, name: str) -> Person:
        return self.client.person(name)

    def user_id(self, name: str) -> str:
        return self.site.team.account_named(name).id

    def channel_id(self, name: str) -> str:
        return next(each.id for each in self.site.team.channels.values() if each.name == name)

    @property
    def page_url(self) -> str:
        return f"{self.site.base_url}/"

    def drill_changed(self) -> None:
        """To be called by the host whenever what `playing()` answers has changed."""
        self.site.changes.happened(Touched(drill=True))

    async def start(self) -> Self:
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[guard])
        app.add_routes(self._routes())
        self.site.marks.begin(self.site.team.channels.values())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        address = self._runner.addresses[0]
        self.site.base_url = f"http://{HOST}:{address[1]}"
        self.site.response_urls.base_url = self.site.base_url
        self._client = await WorkspaceClient(self.control_url).__aenter__()
        return self

    def _routes(self) -> list[web.RouteDef]:
        api = WebApi(self.site)
        return [
            web.route("*", "/api/{method}", api.receive),
            web.get("/link/", self.site.socket_mode.connect),
            web.post("/upload/{key}", self.site.uploads.receive),
            web.post("/commands/{key:.+}", self.site.response_urls.receive),
            web.get("/control/live", self._live.watch),
            *Control(self.site).routes(),
            *page_files.routes(),
        ]

    async def deliver_over_http(
        self, url: str, interactivity_url: str | None = None, slash_url: str | None = None
    ) -> None:
        """Signed HTTP from now on. Raises RefusedByApp unless the app answers url_verification."""
        if self._session is None:
            self._session = ClientSession()
        urls = RequestUrls(events=url, interactivity=interactivity_url or url, slash=slash_url or url)
        delivery = HttpDelivery(self._install, self._session, urls)
        await delivery.verify()
        self.site.deliveries.transport = delivery

    async def stop(self) -> None:
        await self.site.errands.stop()
        await self.site.socket_mode.close()
        await self._live.close()
        if self._client:
            await self._client.__aexit__()
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
