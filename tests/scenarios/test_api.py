"""Programs: one declares over HTTP, and whoever is called finds the war room; another reads."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import ClientSession

from bot.workspace.cast import CAST
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team

MONITOR, READER = "m" * 40, "r" * 40
TOKENS: Final = f"monitor:declare:{MONITOR},status-page:read:{READER}"
ADA: Final = next(account.id for account in CAST if account.name == "ada")
WISH: Final = {"title": "Checkout returns 500", "severity": "SEV1", "service": "checkout", "commander": ADA}


async def call(team: Team, method: str, path: str, secret: str, **more: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {secret}", **more.pop("headers", {})}
    async with (
        ClientSession(f"http://127.0.0.1:{team.bot.port}") as session,
        session.request(method, path, headers=headers, **more) as answer,
    ):
        return answer.status, await answer.json()


async def declare(team: Team, wish: Mapping[str, object], key: str) -> tuple[int, Any]:
    return await call(team, "POST", "/api/incidents", MONITOR, json=wish, headers={"Idempotency-Key": key})


async def test_a_program_declares_and_the_commander_finds_the_war_room(start_team: StartTeam) -> None:
    team = await start_team(api_tokens=TOKENS)
    assert [(await declare(team, WISH, "alert-4711"))[0] for _ in range(2)] == [201, 200]
    await team.settle()
    rooms = [channel.name for channel in await team.person("ada").channels() if channel.name.startswith("inc-")]
    assert rooms == ["inc-1-checkout-returns-500"]
    timeline = await team.type("ada", "timeline", rooms[0])
    assert "INC-1 declared by monitor (a program), SEV1: Checkout returns 500" in timeline
    status, page = await call(team, "GET", "/api/incidents", READER)
    assert (status, [each["channel_name"] for each in page["incidents"]]) == (200, rooms)


async def test_what_is_private_is_told_to_no_program_without_the_right(start_team: StartTeam) -> None:
    team = await start_team(api_tokens=TOKENS)
    status, told = await declare(team, {**WISH, "title": "Somebody sold our data", "private": True}, "alert-4712")
    await team.settle()
    assert (status, told["private"]) == (201, True)
    assert await call(team, "GET", "/api/incidents", READER) == (200, {"incidents": [], "next": None})
    assert (await call(team, "GET", "/api/incidents/1", READER))[0] == 404
    announced = await team.person("cleo").messages("incidents")
    assert not any("sold" in seen.rendered for seen in announced)


async def test_what_was_deployed_shortly_before_is_told_in_the_war_room(start_team: StartTeam) -> None:
    team = await start_team(api_tokens=f"deploys:changes:{MONITOR}")
    change = {"service": "payments", "what": "v7 <!channel> & more", "by": "Ben", "link": "https://ci.example/7"}
    for _ in range(2):
        status, _ = await call(
            team, "POST", "/api/changes", MONITOR, json=change, headers={"Idempotency-Key": "deploy-7"}
        )
        assert status in {200, 201}
    room = await team.declare("sev1 checkout is down")
    await team.settle()
    posts = [seen for seen in await team.person("ada").messages(room) if "Changed shortly before" in seen.rendered]
    assert len(posts) == 1
    assert "v7 <!channel> & more" in posts[0].rendered
    assert "it is needed by what is affected" not in posts[0].rendered


async def test_what_the_affected_service_needs_is_told_and_what_it_does_not_is_not(start_team: StartTeam) -> None:
    team = await start_team(api_tokens=f"deploys:changes+declare:{MONITOR}")
    for service in ("payments", "reporting"):
        change = {"service": service, "what": f"{service} v7"}
        headers = {"Idempotency-Key": f"deploy-{service}"}
        assert (await call(team, "POST", "/api/changes", MONITOR, json=change, headers=headers))[0] == 201
    await declare(team, WISH, "alert-4713")
    await team.settle()
    post = await team.says("ada", "inc-1-checkout-returns-500", "Changed shortly before")
    assert "payments v7" in post.rendered
    assert "it is needed by what is affected" in post.rendered
    assert "reporting" not in post.rendered
