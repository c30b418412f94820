"""Effects on messages that people wrote: read what was flagged, put the tick on it or take it off."""

from collections.abc import Mapping
from typing import Any, Final

from bot.incident.commands import RecordMessageDeletion, RecordMessageText
from bot.incident.effects import AddTick, FetchMessage, RemoveTick
from bot.incident.terms import MUSTER_ITSELF, File, FileId, UserId
from bot.slack.outcome import SlackRefusal
from bot.slack.web_client import BotIdentity, WebClient

_GONE: Final = frozenset({"message_not_found", "bad_timestamp"})


class Reading:
    def __init__(self, client: WebClient, identity: BotIdentity) -> None:
        self._client = client
        self._identity = identity

    async def fetch(self, effect: FetchMessage) -> RecordMessageText | RecordMessageDeletion:
        """reactions.get finds replies in threads too, which conversations.history does not."""
        try:
            answer = await self._client.call("reactions.get", channel=effect.channel, timestamp=effect.ts, full=True)
        except SlackRefusal as refusal:
            if refusal.code not in _GONE:
                raise
            return RecordMessageDeletion(by=MUSTER_ITSELF, ts=effect.ts)
        return self._text(effect, answer.get("message") or {})

    def _text(self, effect: FetchMessage, message: Mapping[str, Any]) -> RecordMessageText:
        author = str(message.get("user") or message.get("bot_id") or "")
        thread = str(message.get("thread_ts") or "")
        built = self._identity.permalink(effect.channel, effect.ts, thread)
        return RecordMessageText(
            by=MUSTER_ITSELF,
            ts=effect.ts,
            author=UserId(author),
            text=str(message.get("text") or ""),
            files=tuple(_file(each) for each in message.get("files") or ()),
            permalink=str(message.get("permalink") or built),
            from_muster=self._is_ours(message),
        )

    def _is_ours(self, message: Mapping[str, Any]) -> bool:
        is_bot = bool(self._identity.bot) and message.get("bot_id") == self._identity.bot
        return is_bot or message.get("user") == self._identity.user

    async def add_tick(self, effect: AddTick) -> None:
        await self._react("reactions.add", effect, settled=_GONE | {"already_reacted"})

    async def remove_tick(self, effect: RemoveTick) -> None:
        await self._react("reactions.remove", effect, settled=_GONE | {"no_reaction"})

    async def _react(self, method: str, effect: AddTick | RemoveTick, *, settled: frozenset[str]) -> None:
        """`settled`: refusals after which nothing is left to do."""
        try:
            await self._client.call(method, channel=effect.channel, timestamp=effect.ts, name=effect.emoji)
        except SlackRefusal as refusal:
            if refusal.code not in settled:
                raise


def _file(file: Mapping[str, Any]) -> File:
    name = str(file.get("title") or file.get("name") or "file")
    id_ = str(file.get("id") or "")
    return File(name=name, link=str(file.get("permalink") or ""), id=FileId(id_) if id_ else None)
