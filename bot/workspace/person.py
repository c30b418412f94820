"""One person of the workspace, as a test or the demo plays them: what they do and what they see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from bot.workspace.refusal import Json
from bot.workspace.seen import Answer, SeenChannel, SeenMessage, SeenView, Submission

if TYPE_CHECKING:
    from bot.workspace.client import WorkspaceClient


class Person:
    """Every verb raises Refused if the workspace itself says no. Channels are given by name, id or a
    person's name.
    """

    def __init__(self, client: WorkspaceClient, name: str) -> None:
        self._client = client
        self.name = name

    async def _do(self, verb: str, /, **args: Any) -> Json:
        return await self._client.post("act", **{"as": self.name, "do": verb, **args})

    async def _see(self, what: str, /, **query: str | None) -> Any:
        return await self._client.get("see", **{"as": self.name, "what": what, **query})

    async def say(self, channel: str, text: str, thread_ts: str | None = None, files: Iterable[str] = ()) -> str:
        """The new message's ts. `@ada`, `#general` and addresses become what Slack's client makes of them."""
        found = await self._do("say", channel=channel, text=text, thread_ts=thread_ts, files=list(files))
        return str(found["ts"])

    async def edit(self, channel: str, ts: str, text: str) -> None:
        await self._do("edit", channel=channel, ts=ts, text=text)

    async def delete(self, channel: str, ts: str) -> None:
        await self._do("delete", channel=channel, ts=ts)

    async def react(self, channel: str, ts: str, emoji: str) -> None:
        await self._do("react", channel=channel, ts=ts, emoji=emoji)

    async def unreact(self, channel: str, ts: str, emoji: str) -> None:
        await self._do("unreact", channel=channel, ts=ts, emoji=emoji)

    async def pin(self, channel: str, ts: str) -> None:
        await self._do("pin", channel=channel, ts=ts)

    async def unpin(self, channel: str, ts: str) -> None:
        await self._do("unpin", channel=channel, ts=ts)

    async def mark(self, channel: str, ts: str) -> None:
        """Read up to this message."""
        await self._do("mark", channel=channel, ts=ts)

    async def dismiss(self, channel: str, ts: str) -> None:
        """Take an ephemeral message away."""
        await self._do("dismiss", channel=channel, ts=ts)

    async def slash(self, command: str, text: str = "", channel: str = "general") -> Answer:
        return Answer.of(await self._do("slash", command=command, text=text, channel=channel))

    async def click(
        self,
        button: str,
        channel: str | None = None,
        ts: str | None = None,
        where: str | None = None,
        block: str | None = None,
    ) -> Answer:
        """`button`: an action_id or a label. `where`: message, ephemeral, modal or home. `block`: its block_id."""
        place = {"channel": channel, "ts": ts, "where": where, "block": block}
        return Answer.of(await self._do("click", button=button, **place))

    async def select(
        self,
        field: str,
        value: Any,
        *,
        channel: str | None = None,
        ts: str | None = None,
        where: str | None = None,
        block: str | None = None,
    ) -> Answer:
        """`value`: an option's label or value, a person, a channel, a date, a time, or a list of them."""
        place = {"channel": channel, "ts": ts, "where": where, "block": block}
        return Answer.of(await self._do("select", field=field, value=value, **place))

    async def shortcut(self, callback_id: str) -> Answer:
        return Answer.of(await self._do("shortcut", callback_id=callback_id))

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Answer:
        return Answer.of(await self._do("message_shortcut", callback_id=callback_id, channel=channel, ts=ts))

    async def submit(self, values: dict[str, Any] | None = None) -> Submission:
        """`values` by label, block_id or action_id; fields left out keep what they hold."""
        return Submission.of(await self._do("submit", values=values or {}))

    async def close_modal(self) -> Answer:
        return Answer.of(await self._do("close_modal"))

    async def open_home(self) -> Answer:
        return Answer.of(await self._do("open_home"))

    async def create_channel(self, name: str, private: bool = False) -> str:
        return str((await self._do("create_channel", name=name, private=private))["id"])

    async def join(self, channel: str) -> None:
        await self._do("join", channel=channel)

    async def leave(self, channel: str) -> None:
        await self._do("leave", channel=channel)

    async def invite(self, channel: str, *names: str) -> None:
        await self._do("invite", channel=channel, names=names)

    async def archive(self, channel: str) -> None:
        await self._do("archive", channel=channel)

    async def unarchive(self, channel: str) -> None:
        await self._do("unarchive", channel=channel)

    async def rename(self, channel: str, name: str) -> None:
        await self._do("rename", channel=channel, name=name)

    async def messages(self, channel: str) -> list[SeenMessage]:
        return [SeenMessage.of(each) for each in await self._see("messages", channel=channel)]

    async def thread(self, channel: str, ts: str) -> list[SeenMessage]:
        return [SeenMessage.of(each) for each in await self._see("thread", channel=channel, ts=ts)]

    async def ephemerals(self, channel: str | None = None, *, after: str | None = None) -> list[SeenMessage]:
        """`after`: only those that are newer than this ts."""
        return [SeenMessage.of(each) for each in await self._see("ephemerals", channel=channel, after=after)]

    async def canvas(self, channel: str) -> Json | None:
        """Its id, title, text and who wrote it last."""
        found: Json | None = await self._see("canvas", channel=channel)
        return found

    async def modal(self) -> SeenView | None:
        return SeenView.of(await self._see("modal"))

    async def home(self) -> SeenView | None:
        return SeenView.of(await self._see("home"))

    async def pins(self, channel: str) -> list[SeenMessage]:
        return [SeenMessage.of(each) for each in await self._see("pins", channel=channel)]

    async def bookmarks(self, channel: str) -> list[Json]:
        found: list[Json] = await self._see("bookmarks", channel=channel)
        return found

    async def channel(self, name: str) -> SeenChannel:
        return SeenChannel(**await self._see("channel", channel=name))

    async def topic(self, channel: str) -> str:
        return (await self.channel(channel)).topic

    async def purpose(self, channel: str) -> str:
        return (await self.channel(channel)).purpose

    async def members(self, channel: str) -> list[str]:
        return (await self.channel(channel)).members

    async def channels(self) -> list[SeenChannel]:
        return [SeenChannel(**each) for each in await self._see("channels")]

    async def channel_named(self, part: str) -> SeenChannel | None:
        return next((each for each in await self.channels() if part in each.name), None)

    async def wait_until(
        self,
        check: Callable[[], Any],
        timeout: float = 5.0,  # noqa: ASYNC109 - the caller asks so
    ) -> Any:
        return await self._client.wait_until(check, timeout)

    async def wait_for_message(
        self,
        channel: str,
        containing: str,
        timeout: float = 5.0,  # noqa: ASYNC109 - part of the question
        thread_ts: str | None = None,
    ) -> SeenMessage:
        """The newest message there whose rendered text contains this."""

        async def look() -> SeenMessage | None:
            seen = await (self.thread(channel, thread_ts) if thread_ts else self.messages(channel))
            return next((each for each in reversed(seen) if containing in each.rendered), None)

        found: SeenMessage = await self.wait_until(look, timeout)
        return found

    async def wait_for_ephemeral(
        self,
        containing: str,
        channel: str | None = None,
        timeout: float = 5.0,  # noqa: ASYNC109 - part of the question
    ) -> SeenMessage:
        async def look() -> SeenMessage | None:
            seen = await self.ephemerals(channel)
            return next((each for each in reversed(seen) if containing in each.rendered), None)

        found: SeenMessage = await self.wait_until(look, timeout)
        return found

    async def wait_for_modal(
        self,
        title: str = "",
        timeout: float = 5.0,  # noqa: ASYNC109 - the caller asks so
    ) -> SeenView:
        async def look() -> SeenView | None:
            view = await self.modal()
            return view if view and title in view.title else None

        found: SeenView = await self.wait_until(look, timeout)
        return found
