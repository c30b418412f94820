"""response_url: where an app answers an interaction later, five times within thirty minutes."""

import asyncio
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.workspace.broken_rules import BROKEN
from bot.workspace.changes import Changes, Touched
from bot.workspace.ephemerals import Ephemerals
from bot.workspace.install import Install
from bot.workspace.journal import Journal
from bot.workspace.message_acts import delete, edit, post
from bot.workspace.message_fields import checked_fields
from bot.workspace.refusal import Json, Refusal
from bot.workspace.team import Team

USES = 5
SECONDS = 30 * 60.0


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """`ts` is the message that was acted on, if any; `ephemeral` tells which kind it was."""

    user_id: str
    channel_id: str
    issued_at: float
    ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0


class ResponseUrls:
    def __init__(
        self, team: Team, install: Install, *, ephemerals: Ephemerals, journal: Journal, changes: Changes
    ) -> None:
        self._team, self._install, self._ephemerals = team, install, ephemerals
        self._journal, self._changes = journal, changes
        self._issued: dict[str, ResponseUrl] = {}
        self.base_url = ""

    def issue(self, user_id: str, channel_id: str, message: Json | None = None) -> str:
        key = f"{self._team.id}/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}"
        source = message or {}
        self._issued[key] = ResponseUrl(
            user_id=user_id,
            channel_id=channel_id,
            issued_at=self._team.clock.now(),
            ts=source.get("ts"),
            ephemeral=bool(source.get("is_ephemeral")),
            thread_ts=source.get("thread_ts"),
        )
        return f"{self.base_url}/commands/{key}"

    async def receive(self, request: web.Request) -> web.Response:
        found = self._issued.get(request.match_info["key"])
        entry: Json = {
            "time": self._team.clock.now(),
            "to": None,
            "args": {},
            "answer": None,
            "status": 0,
            "broke": False,
        }
        if found:
            entry["to"] = {"user": found.user_id, "channel": found.channel_id}
        self._journal.answers.add(entry)
        started = asyncio.get_running_loop().time()
        try:
            answer, status = await self._taken(found, request, entry)
            entry |= {"answer": answer, "status": int(status)}
            return web.json_response(answer, status=status)
        finally:
            entry["duration_ms"] = (asyncio.get_running_loop().time() - started) * 1000
            self._changes.happened(Touched(journal=True))

    async def _taken(self, url: ResponseUrl | None, request: web.Request, entry: Json) -> tuple[Json, HTTPStatus]:
        if url is None:
            return {"ok": False, "error": "invalid_url"}, HTTPStatus.NOT_FOUND
        if self._team.clock.now() - url.issued_at > SECONDS:
            return {"ok": False, "error": "expired_url"}, HTTPStatus.NOT_FOUND
        if url.uses >= USES:
            return {"ok": False, "error": "used_url"}, HTTPStatus.NOT_FOUND
        url.uses += 1
        try:
            entry["args"] = await body_of(request)
            self.apply(url, entry["args"])
        except Refusal as refusal:
            entry["broke"] = refusal.error in BROKEN
            return refusal.answer(), HTTPStatus.BAD_REQUEST
        return {"ok": True}, HTTPStatus.OK

    def apply(self, url: ResponseUrl, said: Json) -> None:
        app = self._team.account(self._install.bot_user_id)
        channel = self._team.channel(url.channel_id)
        if said.get("delete_original"):
            if url.ephemeral and url.ts:
                self._ephemerals.remove(url.user_id, url.ts)
            elif url.ts:
                delete(self._team, channel, app, url.ts)
            return
        fields = checked_fields(said, self._team)
        if said.get("replace_original") and url.ts:
            if url.ephemeral:
                self._ephemerals.replace(url.user_id, url.ts, fields)
            else:
                cleared = dict.fromkeys(channel.message(url.ts).keys() & {"blocks", "attachments"})
                edit(self._team, channel, app, url.ts, cleared | fields)
        elif said.get("response_type") == "in_channel":
            post(self._team, channel, app, fields | thread_of(said, url))
        else:
            self._ephemerals.show(url.user_id, channel.id, app, fields | thread_of(said, url))


def thread_of(said: Json, url: ResponseUrl) -> Json:
    thread_ts = said.get("thread_ts") or url.thread_ts
    return {"thread_ts": thread_ts} if thread_ts else {}


async def body_of(request: web.Request) -> Json:
    try:
        said: Any = await request.json()
    except ValueError:
        raise Refusal("invalid_payload") from None
    if not isinstance(said, dict):
        raise Refusal("invalid_payload")
    return said
