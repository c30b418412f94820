"""The scripted server and a client that talks to it, over a real socket."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.terms import IncidentId
from bot.playbook.templates import read_template
from bot.slack.announcements import Announcements, WhereAnnounced
from bot.slack.chat import SlackChat
from bot.slack.papers import Papers, Rules
from bot.slack.still_pictures import StillPictures
from bot.slack.web_client import WebClient, open_web_client
from bot.slack_ports import Directory
from tests.archive_double import ArchiveDouble
from tests.factors_double import FactorsDouble
from tests.freezes_double import FreezesDouble
from tests.incident.given import resolved
from tests.maintenance_double import BookDouble
from tests.muster_process import ROOT
from tests.proposals_double import ProposalsDouble
from tests.rota_double import RotaDouble
from tests.slack.scripted_slack import ScriptedSlack
from tests.slack.war_room import (
    NEWS,
    US,
    KnownAround,
    Names,
    NoonClock,
    PlainRenderer,
    freezes_by,
    maintenance_by,
    no_quality,
    no_watchdogs,
    no_weekly,
    nothing_frozen,
    proposals_by,
)


@pytest.fixture
def slack() -> ScriptedSlack:
    return ScriptedSlack()


@pytest.fixture
async def slack_url(slack: ScriptedSlack) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/api/{method}", slack.called)
    app.router.add_post("/respond", slack.answered)
    app.router.add_post("/upload", slack.brought)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture
async def client(slack_url: str) -> AsyncIterator[WebClient]:
    within = timedelta(seconds=2)
    async with open_web_client("xoxb-secret", base_url=f"{slack_url}/api/", answers_within=within) as client:
        yield client


async def a_history(_incident: IncidentId) -> Sequence[Event]:
    return resolved().log


def shipped_rules() -> tuple[Policy, str]:
    return Policy(), read_template(ROOT / "playbooks").text


@pytest.fixture
def directory() -> Directory:
    return Names()


@pytest.fixture
def archive() -> ArchiveDouble:
    return ArchiveDouble()


@pytest.fixture
def pictures(tmp_path: Path) -> StillPictures:
    """Whatever this machine has installed, there is a picture, and always the same."""
    program = tmp_path / "drawn.py"
    program.write_text("import sys; sys.stdin.read(); sys.stdout.buffer.write(b'PIXELS')")
    return StillPictures(program)


def papers_by(pictures: StillPictures, directory: Directory, rules: Rules = shipped_rules) -> Papers:
    return Papers(directory, US.url, history=a_history, rules=rules, pictures=pictures)


@pytest.fixture
def papers(pictures: StillPictures, directory: Directory) -> Papers:
    return papers_by(pictures, directory)


@pytest.fixture
def book() -> BookDouble:
    return BookDouble()


@pytest.fixture
def asked_about() -> ProposalsDouble:
    return ProposalsDouble()


@pytest.fixture
def around() -> KnownAround:
    return KnownAround()


@pytest.fixture
def chat(
    client: WebClient,
    directory: Directory,
    *,
    archive: ArchiveDouble,
    papers: Papers,
    book: BookDouble,
    around: KnownAround,
    asked_about: ProposalsDouble,
) -> SlackChat:
    announced = WhereAnnounced(incidents=Announcements(client, NEWS), drills=Announcements(client, None))
    return SlackChat(
        client,
        US,
        PlainRenderer(),
        directory,
        NoonClock(),
        announced=announced,
        history=a_history,
        papers=papers,
        maintenance=maintenance_by(client, book),
        freezes=freezes_by(client, FreezesDouble()),
        watchdogs=no_watchdogs(client),
        proposals=proposals_by(client, asked_about),
        quality=no_quality(client),
        archive=archive,
        around=around,
        frozen=nothing_frozen,
        rota=RotaDouble(),
        factors=FactorsDouble(),
        weekly=no_weekly(client),
    )
