"""The page is served to this machine's own browsers, and to no other site."""

import asyncio
import re

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from bot.workspace import page_files
from bot.workspace.emoji import is_known
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import Json

FOREIGN = {"Origin": "http://evil.example"}
REBOUND = {"Host": "evil.example:4390"}


async def status_of(browser: ClientSession, url: str, **headers: str) -> int:
    async with browser.get(url, headers=headers) as response:
        return response.status


async def test_the_page_stands_at_the_root_under_a_strict_policy(workspace: Workspace, browser: ClientSession) -> None:
    async with browser.get(workspace.page_url) as response:
        policy, body = response.headers["Content-Security-Policy"], await response.text()
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "/page/main.js" in body


@pytest.mark.parametrize(
    ("name", "kind"),
    [("dom.js", "text/javascript"), ("theme.css", "text/css"), ("icon.svg", "image/svg+xml")],
)
async def test_its_files_are_sent_as_what_they_are_and_asked_for_anew(
    workspace: Workspace, browser: ClientSession, name: str, kind: str
) -> None:
    async with browser.get(f"{workspace.page_url}page/{name}") as response:
        headers = response.headers
    assert headers["Content-Type"].startswith(kind)
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-cache", "nosniff")


async def test_an_unchanged_file_is_not_sent_twice(workspace: Workspace, browser: ClientSession) -> None:
    async with browser.get(f"{workspace.page_url}page/dom.js") as response:
        seal = response.headers["ETag"]
    assert await status_of(browser, f"{workspace.page_url}page/dom.js", **{"If-None-Match": seal}) == 304


@pytest.mark.parametrize("path", ["/page/..%2fserver.py", "/page/../server.py", "/page/%2e%2e/cast.py", "/page/", "/x"])
async def test_nothing_outside_its_folder_is_served(workspace: Workspace, path: str) -> None:
    port = int(workspace.page_url.rstrip("/").rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 404")


def test_every_file_of_the_page_is_of_a_kind_that_is_served_and_ships_in_the_package() -> None:
    files = list(page_files.FOLDER.iterdir())
    assert files
    assert [each.name for each in files if each.suffix not in page_files.KINDS or not each.is_file()] == []


@pytest.mark.parametrize("headers", [FOREIGN, REBOUND, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
@pytest.mark.parametrize("path", ["", "page/dom.js", "control/about", "control/app", "control/calls"])
async def test_another_site_is_refused(
    workspace: Workspace, browser: ClientSession, path: str, headers: dict[str, str]
) -> None:
    assert await status_of(browser, f"{workspace.page_url}{path}", **headers) == 403


async def test_another_site_cannot_act_even_as_plain_text(
    workspace: Workspace, browser: ClientSession, ada: Person
) -> None:
    said = '{"as": "ada", "do": "say", "channel": "general", "text": "not mine"}'
    url = f"{workspace.control_url}/act"
    async with browser.post(url, data=said, headers=FOREIGN | {"Content-Type": "text/plain"}) as response:
        assert response.status == 403
    assert await ada.messages("general") == []


@pytest.mark.parametrize("headers", [FOREIGN, REBOUND])
async def test_another_site_cannot_listen(
    workspace: Workspace, browser: ClientSession, headers: dict[str, str]
) -> None:
    with pytest.raises(WSServerHandshakeError, match="403"):
        await browser.ws_connect(f"{workspace.control_url}/live?as=ada", headers=headers)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_the_page_itself_is_answered_under_every_loopback_name(
    workspace: Workspace, browser: ClientSession, host: str
) -> None:
    port = workspace.page_url.rstrip("/").rpartition(":")[2]
    own = {"Host": f"{host}:{port}", "Origin": f"http://{host}:{port}", "Sec-Fetch-Site": "same-origin"}
    assert await status_of(browser, f"{workspace.control_url}/app", **own) == 200


async def test_a_link_on_another_site_still_opens_the_page(workspace: Workspace, browser: ClientSession) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert await status_of(browser, workspace.page_url, **followed) == 200


async def test_the_app_is_asked_for_its_token_and_not_for_where_it_comes_from(
    workspace: Workspace, browser: ClientSession
) -> None:
    headers = REBOUND | FOREIGN | {"Authorization": f"Bearer {workspace.bot_token}"}
    async with browser.post(f"{workspace.api_url}auth.test", headers=headers) as response:
        answer: Json = await response.json()
    assert answer["ok"]


def test_every_emoji_that_the_page_offers_is_known_to_the_workspace() -> None:
    table = re.search(r"const TABLE = `([^`]*)`", (page_files.FOLDER / "emoji.js").read_text(encoding="utf-8"))
    assert table
    names = table[1].split()[::2]
    assert len(names) > 100
    assert [name for name in names if not is_known(name)] == []
