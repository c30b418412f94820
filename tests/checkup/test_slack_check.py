"""The check asks Slack the right questions: a few canned answers on loopback stand for it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.checkup.finding import Finding, Level
from bot.checkup.slack_check import check_slack
from bot.settings import Settings

NEEDED = {"commands", "chat:write"}


class CannedSlack:
    """Answers each method with what `answers` holds; remembers who asked with which token."""

    def __init__(self) -> None:
        self.url = ""
        self.page, self.kind = 0, "text/html"
        self.scopes = "commands,chat:write"
        self.tokens: dict[str, str] = {}
        self.answers: dict[str, dict[str, Any]] = {
            "auth.test": {"ok": True, "user": "muster", "team": "Acme", "bot_id": "B1"},
            "apps.connections.open": {"ok": True, "url": "wss://127.0.0.1/"},
            "conversations.info": {"ok": True, "channel": {"name": "incidents", "is_member": True}},
            "conversations.list": {"ok": True, "channels": [{"name": "incidents", "is_member": True}]},
        }

    async def answer(self, request: web.Request) -> web.Response:
        if self.page:
            return web.Response(status=self.page, text="<h1>Sign in to the guest network</h1>", content_type=self.kind)
        method = request.match_info["method"]
        self.tokens[method] = request.headers["Authorization"].removeprefix("Bearer ")
        return web.json_response(self.answers[method], headers={"X-OAuth-Scopes": self.scopes})

    async def check(self, **values: object) -> dict[str, Finding]:
        given = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "slack_api_url": self.url, **values}
        findings = await check_slack(Settings.model_validate(given), NEEDED)
        return {finding.part: finding for finding in findings}


@pytest.fixture
async def slack() -> AsyncIterator[CannedSlack]:
    canned = CannedSlack()
    application = web.Application()
    application.router.add_route("*", "/api/{method}", canned.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    canned.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield canned
    await runner.cleanup()


async def test_a_well_installed_app_has_nothing_to_mend(slack: CannedSlack) -> None:
    findings = await slack.check(announcement_channel="#incidents")
    assert {part: finding.level for part, finding in findings.items()} == {
        "bot token": Level.OK,
        "scopes": Level.OK,
        "app token": Level.OK,
        "announcements": Level.OK,
    }


async def test_each_token_is_used_for_its_own_question(slack: CannedSlack) -> None:
    await slack.check()
    assert slack.tokens == {"auth.test": "xoxb-1", "apps.connections.open": "xapp-1"}


async def test_a_refused_bot_token_is_told_once(slack: CannedSlack) -> None:
    slack.answers["auth.test"] = {"ok": False, "error": "token_revoked"}
    findings = await slack.check(announcement_channel="#incidents")
    assert findings["bot token"].level is Level.BAD
    assert "Reinstall" in findings["bot token"].advice
    assert "announcements" not in findings


async def test_a_missing_scope_is_named(slack: CannedSlack) -> None:
    slack.scopes = "commands"
    assert "chat:write" in (await slack.check())["scopes"].sentence


async def test_an_app_token_without_its_scope_is_told_with_the_scope(slack: CannedSlack) -> None:
    slack.answers["apps.connections.open"] = {"ok": False, "error": "missing_scope", "needed": "connections:write"}
    finding = (await slack.check())["app token"]
    assert finding.level is Level.BAD
    assert "connections:write" in finding.sentence


async def test_http_needs_no_app_token(slack: CannedSlack) -> None:
    findings = await slack.check(slack_app_token=None, slack_signing_secret="0123")
    assert findings["transport"].level is Level.OK
    assert "apps.connections.open" not in slack.tokens


async def test_a_channel_named_by_its_id_is_asked_for_by_it(slack: CannedSlack) -> None:
    assert (await slack.check(announcement_channel="C0123ABCD"))["announcements"].level is Level.OK
    assert "conversations.list" not in slack.tokens


async def test_an_unknown_channel_is_told_with_what_to_do(slack: CannedSlack) -> None:
    slack.answers["conversations.info"] = {"ok": False, "error": "channel_not_found"}
    finding = (await slack.check(announcement_channel="C0123ABCD"))["announcements"]
    assert finding.level is Level.BAD
    assert "ANNOUNCEMENT_CHANNEL" in finding.advice


async def test_the_channel_of_drills_is_looked_at_like_any_other(slack: CannedSlack) -> None:
    assert "drills" not in await slack.check()
    found = (await slack.check(drill_channel="#incidents"))["drills"]
    assert (found.level, found.sentence) == (Level.OK, "Drills are announced in #incidents.")
    missing = (await slack.check(drill_channel="#nowhere"))["drills"]
    assert (missing.level, "DRILL_CHANNEL" in missing.advice) == (Level.BAD, True)


@pytest.mark.parametrize(("drills", "incidents"), [("#incidents", "C0123ABCD"), ("C0123ABCD", "#incidents")])
async def test_one_channel_by_two_names_is_no_channel_for_drills(
    slack: CannedSlack, drills: str, incidents: str
) -> None:
    channel = {"id": "C0123ABCD", "name": "incidents", "is_member": True}
    slack.answers["conversations.info"] = {"ok": True, "channel": channel}
    slack.answers["conversations.list"] = {"ok": True, "channels": [channel]}
    found = (await slack.check(drill_channel=drills, announcement_channel=incidents))["drills"]
    assert found.level is Level.BAD
    assert "drills are announced nowhere" in found.sentence


async def test_a_slack_out_of_reach_is_one_finding() -> None:
    findings = await CannedSlack().check(slack_api_url="http://127.0.0.1:1/api/")
    assert list(findings) == ["slack"]
    assert findings["slack"].level is Level.BAD


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/json"])
@pytest.mark.parametrize("status", [200, 404, 503])
async def test_a_page_in_the_place_of_slack_is_told_plainly(slack: CannedSlack, status: int, kind: str) -> None:
    slack.page, slack.kind = status, kind
    findings = await slack.check()
    assert list(findings) == ["slack"]
    assert "not as Slack does" in findings["slack"].sentence
