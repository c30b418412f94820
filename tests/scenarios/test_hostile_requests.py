"""Every way in over HTTP, met with what nobody should send: a plain refusal, nothing stored, nothing told, no trace.

The ways are compared with what the running bot serves, so a new route without these tests fails the first of them.
"""

import gzip
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from structlog.testing import capture_logs

from bot.incident.alert_events import AlertsChanged
from bot.incident.terms import IncidentId, Version
from bot.web.alert_route import ALERT_BODY_LIMIT
from tests.alerts.sending import notification
from tests.scenarios import knocking
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.knocking import WAYS, Answer, head, knock, raw
from tests.scenarios.team import Team
from tests.trackers.small_github import TOKEN, SmallGitHub

pytestmark = pytest.mark.parametrize("transport", ["http"])

POSTS: Final = [way for way in WAYS if way.method == "POST"]
CLOSED: Final = [way for way in WAYS if not way.open]
SECRETS: Final = (
    *knocking.ALERTS.values(),
    knocking.READER,
    knocking.DECLARER,
    knocking.DEPLOYER,
    knocking.RING,
    TOKEN,
)
TOLD: Final = ("Traceback", 'File "', "Server: Python", "pydantic", "_http_parser", "site-packages")
"""What no answer may hold."""

BODIES: Final = {
    "nothing": b"",
    "one space": b" ",
    "a scalar": b"7",
    "a text": b'"firing"',
    "null": b"null",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "not a number": b"NaN",
    "not a number in a field": b'{"id": NaN, "name": NaN, "title": NaN}',
    "half of a pair": b'{"id": "\\ud800", "name": "\\ud800", "title": "\\udfff", "service": "\\ud800", "what": "x"}',
    "no UTF-8": b'{"title": "\xff\xfe"}',
    "NUL": b"\0" * 100,
    "a mark of order": b"\xef\xbb\xbf{}",
    "another encoding": '{"title": 1}'.encode("utf-16"),
    "a number without end": b'{"id": 1' + b"0" * 5000 + b"}",
    "an exponent": b'{"title": 1e999999999}',
    "deeply nested": b'{"a":' * 9000,
    "nested lists": b"[" * 50_000,
    "not the end": b'{"title": "Chec',
    "the same field twice": b'{"title": 1, "title": [], "alerts": 1, "alerts": []}',
    "a form": b"payload=%7B%22type%22%3A%22block_actions%22%7D",
    "a payload that is none": b"payload=%FF%00",
}
NOISE: Final = {
    "two lengths": b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a length and chunks": b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    "chunks of what": b"Transfer-Encoding: xchunked\r\n\r\nabc",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a length in words": b"Content-Length: 0x10\r\n\r\n",
    "no chunk": b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    "NUL in a header": b"Authorization: Bearer \0" + knocking.READER.encode() + b"\r\n\r\n",
    "a folded header": b"Authorization: Bearer\r\n " + knocking.READER.encode() + b"\r\n\r\n",
    "a header without end": b"X: " + b"a" * 20_000 + b"\r\n\r\n",
    "headers without end": b"".join(b"X%d: a\r\n" % number for number in range(5000)) + b"\r\n",
}


@pytest.fixture
async def github() -> AsyncIterator[SmallGitHub]:
    async with SmallGitHub() as github:
        yield github


@pytest.fixture
async def team(start_team: StartTeam, github: SmallGitHub, tmp_path: Path) -> Team:
    tracker = {"github_token": TOKEN, "github_repository": github.repository, "github_api_url": github.url}
    rules = playbooks(tmp_path, knocking.POLICY)
    return await start_team(playbooks_dir=rules, **tracker, **knocking.SETTINGS)


@pytest.fixture(autouse=True)
def quiet_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No trace of a bug, and no secret, is in any log."""
    caplog.set_level(logging.INFO)
    with capture_logs() as logs:
        yield
    assert [each for each in logs if each.get("log_level") in {"error", "critical"} or "exc_info" in each] == []
    assert [record for record in caplog.records if record.exc_info] == []
    told = json.dumps([*logs, *(record.getMessage() for record in caplog.records)], default=str)
    assert [secret for secret in SECRETS if secret in told] == []


def assert_refused(answer: Answer, what: str, *, shrugs: frozenset[int] = frozenset()) -> None:
    assert 400 <= answer.status < 500 or answer.status in shrugs, (what, answer)
    for word in (*TOLD, *SECRETS):
        assert word not in answer.head + answer.text, (what, answer)


async def assert_nothing_happened(team: Team) -> None:
    assert await team.bot.store.alerts.count() == 0
    assert await team.bot.store.alerts.decisions(10) == []
    assert await team.bot.store.log.listings(active=False) == []
    assert [call for call in await team.calls("chat.postMessage") if "INC" in str(call)] == []


async def test_every_way_in_is_met_by_these_tests(team: Team) -> None:
    assert {way.route for way in WAYS} == team.bot.served


async def test_no_body_breaks_a_way_in(team: Team) -> None:
    for way in POSTS:
        for name, body in BODIES.items():
            answer = await knock(team, way, body)
            assert_refused(answer, f"{way.path}: {name}", shrugs=way.shrugs)
    await assert_nothing_happened(team)


async def test_no_body_is_unpacked_here(team: Team) -> None:
    """Ten megabytes in ten kilobytes, or a right delivery that is only packed."""
    for packed in (gzip.compress(b" " * 10_000_000), gzip.compress(json.dumps(notification()).encode())):
        for way in POSTS:
            answer = await knock(team, way, packed, Content_Encoding="gzip")
            assert (answer.status, "Content-Encoding" in answer.text) == (415, True), way
    await assert_nothing_happened(team)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data; boundary=x", "application/json; charset=nope"]
)
async def test_a_wrong_kind_of_body_breaks_no_way_in(team: Team, kind: str) -> None:
    for way in POSTS:
        answer = await knock(team, way, b"--x\r\n\xff", Content_Type=kind)
        assert_refused(answer, way.path, shrugs=way.shrugs)
    await assert_nothing_happened(team)


async def test_only_the_right_secret_opens(team: Team) -> None:
    body = json.dumps(notification()).encode()
    for way in CLOSED:
        names = [name for name in way.credentials(team, body) if name not in {"Idempotency-Key", "X-GitHub-Event"}]
        for shown in ("", "x", "Bearer", "Bearer ", "Bearer x", "v0=", "sha256=", "ü", "Bearer \udcff", "x" * 7000):
            answer = await knock(team, way, body, **dict.fromkeys(names, shown))
            assert_refused(answer, f"{way.path}: {shown[:10]!r}")
            assert answer.status in {400, 401}, (way.path, shown[:10], answer)
    await assert_nothing_happened(team)


async def test_a_secret_that_is_there_twice_opens_nothing_although_one_is_right(team: Team) -> None:
    body = json.dumps(notification()).encode()
    for way in CLOSED:
        right = {**way.credentials(team, body), "Content-Type": "application/json"}
        name = "Authorization" if "Authorization" in right else next(each for each in right if "Signature" in each)
        for first, second in (("x", right[name]), (right[name], "x"), (right[name], right[name])):
            told = head(way.method, way.path, {**right, name: first, name.lower(): second}, length=len(body))
            answer = await raw(team, told + body)
            assert (answer.status, answer.text) == (400, f"{name} is there twice.\n"), (way, answer)
    await assert_nothing_happened(team)


async def test_the_secret_of_another_way_opens_none(team: Team) -> None:
    for way in CLOSED:
        for secret in (*knocking.ALERTS.values(), knocking.READER, knocking.DEPLOYER, knocking.RING):
            right = way.credentials(team, b"{}").get("Authorization", "")
            if not right.endswith(secret) and right:
                answer = await knock(team, way, b"{}", Authorization=f"Bearer {secret}")
                assert answer.status in {401, 403}, (way, answer)
    await assert_nothing_happened(team)


async def test_what_is_no_http_is_not_repeated(team: Team) -> None:
    for way in POSTS:
        for name, noise in NOISE.items():
            answer = await raw(team, f"POST {way.path} HTTP/1.1\r\nHost: x\r\n".encode() + noise)
            assert (answer.status, answer.text) == (400, "This request does not read.\n"), (way.path, name, answer)
            assert_refused(answer, name)
    for noise in (b"\x16\x03\x01\x02\0\x01\xff\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 20_000 + b"\r\n"):
        assert_refused(await raw(team, noise), repr(noise[:10]))
    await assert_nothing_happened(team)


async def test_a_method_that_is_not_served_does_nothing(team: Team) -> None:
    for path in sorted({way.path for way in WAYS}):
        served = {way.method for way in WAYS if way.path == path}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"} - served:
            assert (await raw(team, head(method, path, {}, length=0))).status in {404, 405}, (method, path)


async def test_an_unknown_path_is_nobodys(team: Team) -> None:
    for path in (
        "/",
        "/alerts/",
        "/alerts/nobody",
        "/alerts/%00",
        "/alerts/%ff",
        "/alerts/a%2fb",
        "/api",
        "//healthz",
        "/%2e%2e/etc/passwd",
        "/api/incidents/1/..",
        "http://other.example/alerts/x",
    ):
        assert_refused(await raw(team, head("POST", path, {}, length=0)), path)


async def test_what_is_too_large_is_refused_whether_it_says_so_or_not(team: Team) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    for way in POSTS:
        headers = {"Content-Type": "application/json", **way.credentials(team, b"")}
        said = head("POST", way.path, headers, length=10**12)
        counted = head("POST", way.path, {**headers, "Transfer-Encoding": "chunked"})
        for top in (said, counted):
            answer = await raw(team, top, then=[chunk] * (ALERT_BODY_LIMIT // 0x10000 + 2))
            assert answer.status in {0, 413}, (way.path, answer)
    await assert_nothing_happened(team)


async def test_a_request_of_slacks_from_long_ago_is_told_apart(team: Team) -> None:
    (way,) = [each for each in WAYS if each.route == "POST /slack/events"]
    body = b"command=%2Fincident&text=declare+Forged&user_id=U0ADALOVE&channel_id=C1&trigger_id=1.2.3"
    for at in (0, time.time() - 301, time.time() + 301, 10**15):
        stale = knocking.signed_as_slack(team, body, at or 1)
        answer = await knock(team, way, body, Content_Type="application/x-www-form-urlencoded", **stale)
        assert answer.status == 401, at
    await assert_nothing_happened(team)


async def test_a_delivery_that_is_replayed_changes_nothing_while_its_incident_is_open_or_after(team: Team) -> None:
    """By whoever recorded it: at once, once people have resolved the incident, and days later."""
    (way,) = [each for each in WAYS if each.path == "/alerts/alertmanager"]
    recorded = json.dumps(notification()).encode()

    async def replayed() -> tuple[int, int]:
        """How many incidents there are then, and changes of the first one by alerts."""
        assert (await knock(team, way, recorded)).status == 200
        await team.settle()
        events = await team.bot.store.log.read(IncidentId(1), Version(0))
        changes = sum(isinstance(event, AlertsChanged) for event in events)
        return len(await team.bot.store.log.listings(active=False)), changes

    assert [await replayed(), await replayed()] == [(1, 1)] * 2
    await team.type("ada", "INC-1 resolve The cache is whole again.", "general")
    for days in (0, 1, 5):
        team.clock.move_on(timedelta(days=days))
        assert await replayed() == (1, 1), days


async def test_a_client_that_hangs_up_half_way_leaves_nothing(team: Team) -> None:
    for way in POSTS:
        headers = {"Content-Type": "application/json", **way.credentials(team, b"")}
        chunks = head("POST", way.path, {**headers, "Transfer-Encoding": "chunked"})
        assert (await raw(team, chunks + b"2\r\n{}\r\n", then=[b"zz\r\n"])).status in {400, 401}, way
        top = head("POST", way.path, headers, length=100)
        for sent in (top[:20], top[:-2], top, top + b'{"title": "Ch'):
            reader, writer = await knocking.connected(team)
            writer.write(sent)
            await writer.drain()
            writer.close()
            assert reader is not None
    assert (await knock(team, WAYS[0])).status == 200
    await assert_nothing_happened(team)
