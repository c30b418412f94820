"""The control API from Python: the workspace as whoever runs it. Speaks only HTTP, so it works across
processes.
"""

import asyncio
from collections.abc import Callable, Mapping
from inspect import isawaitable
from typing import Any, Self

from aiohttp import ClientSession

from bot.workspace.person import Person
from bot.workspace.refusal import Json
from bot.workspace.seen import Answer

CONFLICT = 409
ASK_AGAIN_SECONDS = 0.1  # a check may look at things outside the workspace, whose changes it cannot tell


class Refused(Exception):  # noqa: N818 - reads as what happened, like Slack's own answers
    """The workspace itself said no. `error` is Slack's code or one of the control API's own."""

    def __init__(self, answer: Json) -> None:
        super().__init__(str(answer))
        self.error = str(answer["error"])
        self.answer = answer


class WorkspaceClient:
    def __init__(self, control_url: str) -> None:
        self._url = control_url.rstrip("/")
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    def person(self, name: str) -> Person:
        return Person(self, name)

    async def get(self, what: str, /, **query: str | float | None) -> Any:
        return await self._ask("GET", what, params={k: str(v) for k, v in query.items() if v is not None})

    async def post(self, what: str, /, **body: Any) -> Json:
        found: Json = await self._ask("POST", what, json=body)
        return found

    async def _ask(self, verb: str, what: str, /, **more: Any) -> Any:
        if self._session is None:
            raise RuntimeError("enter the client first: async with WorkspaceClient(...)")
        async with self._session.request(verb, f"{self._url}/{what}", **more) as response:
            found = await response.json()
        if response.status == CONFLICT:
            raise Refused(found)
        return found

    async def wait_until(
        self,
        check: Callable[[], Any],
        timeout: float = 5.0,  # noqa: ASYNC109 - the caller asks so
    ) -> Any:
        """The first true value of `check` (plain or async), asked now and at every change. Raises
        TimeoutError.
        """
        async with asyncio.timeout(timeout):
            number = -1
            while True:
                number = (await self.get("changes", after=number, seconds=ASK_AGAIN_SECONDS))["number"]
                found = check()
                found = await found if isawaitable(found) else found
                if found:
                    return found

    async def about(self) -> Json:
        found: Json = await self.get("about")
        return found

    async def calls(self, method: str | None = None, since: int | None = None, limit: int | None = None) -> list[Json]:
        """The first `limit` after serial `since`; without a serial the newest."""
        found: list[Json] = await self.get("calls", method=method, since=since, limit=limit)
        return found

    async def deliveries(
        self, kind: str | None = None, since: int | None = None, limit: int | None = None
    ) -> list[Json]:
        found: list[Json] = await self.get("deliveries", kind=kind, since=since, limit=limit)
        return found

    async def answers(self, since: int | None = None, limit: int | None = None) -> list[Json]:
        found: list[Json] = await self.get("answers", since=since, limit=limit)
        return found

    async def reset(self) -> None:
        """Have the host begin the workspace anew."""
        await self.post("rule", do="reset")

    async def start_drill(self, name: str, by: str) -> None:
        await self.post("rule", **{"do": "start_drill", "name": name, "as": by})

    async def stop_drill(self) -> None:
        await self.post("rule", do="stop_drill")

    async def drills(self) -> Json:
        """{drills: […], playing: {…} or None}."""
        found: Json = await self.get("drills")
        return found

    async def alerts(self) -> Json:
        """{alerts: […], firing: […], own: …}."""
        found: Json = await self.get("alerts")
        return found

    async def send_alert(self, name: str) -> Json:
        """{said, channel, name}."""
        found: Json = await self.post("rule", do="send_alert", name=name)
        return found

    async def now(self) -> float:
        return float((await self.about())["now"])

    async def advance(self, seconds: float) -> None:
        await self.post("rule", do="advance", seconds=seconds)

    async def fault(
        self,
        method: str,
        kind: str,
        *,
        count: int | None = None,
        seconds: float = 0.0,
        error: str | None = None,
        after: bool = False,
        where: Mapping[str, str] | None = None,
        chance: float = 1.0,
        seed: int = 0,
    ) -> None:
        """`after`: the call has its effect first, then the fault strikes the answer. `where`: only calls whose
        arguments hold these texts, such as {"channel": "C0123"}. `chance`: the share of them, drawn by `seed`.
        """
        rule = {
            "method": method,
            "kind": kind,
            "count": count,
            "seconds": seconds,
            "error": error,
            "after": after,
            "where": dict(where or {}),
            "chance": chance,
            "seed": seed,
        }
        await self.post("rule", do="fault", **rule)

    async def delivery_fault(
        self, kind: str, *, count: int | None = None, seconds: float = 0.0, times: int = 1
    ) -> None:
        await self.post("rule", do="fault", kind=kind, count=count, seconds=seconds, times=times)

    async def clear_faults(self) -> None:
        await self.post("rule", do="clear_faults")

    async def rate_limits(self, on: bool) -> None:
        await self.post("rule", do="rate_limits", on=on)

    async def refresh_sockets(self) -> None:
        await self.post("rule", do="refresh_sockets")

    async def reset_sockets(self) -> None:
        """Every socket breaks without a word."""
        await self.post("rule", do="reset_sockets")

    async def silence_sockets(self) -> None:
        """The sockets that are open stay so and say nothing more, not even to a ping."""
        await self.post("rule", do="silence_sockets")

    async def change_person(self, name: str, **fields: Any) -> None:
        await self.post("rule", do="change_person", name=name, fields=fields)

    async def add_usergroup(self, usergroup_id: str, *names: str) -> None:
        await self.post("rule", do="add_usergroup", id=usergroup_id, names=names)

    async def forge(self, kind: str, payload: Json) -> Answer:
        """`kind`: "slash", "interactive" or "event". Validly signed; nothing in it is checked."""
        return Answer.of(await self.post("rule", do="forge", kind=kind, payload=payload))

    async def connected(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - part of the question
        """Wait until the app has a Socket Mode connection."""

        async def is_connected() -> bool:
            return bool((await self.about())["connections"])

        await self.wait_until(is_connected, timeout)
