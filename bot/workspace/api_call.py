"""One call of a Web API method: its arguments as they came, and who calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.workspace.cast import Account
from bot.workspace.refusal import Json, Refusal
from bot.workspace.site import Site
from bot.workspace.team import Channel, Team

FAMILIES = {"channel": "channels", "group": "groups", "im": "im"}
TRUE = frozenset({"true", "1", "True"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    site: Site
    args: Json

    @property
    def team(self) -> Team:
        return self.site.team

    @property
    def me(self) -> Account:
        return self.team.account(self.site.install.bot_user_id)

    def text(self, name: str) -> str:
        """A required argument."""
        value = self.args.get(name)
        if value is None or value == "":
            missing = f"[ERROR] missing required field: {name}"
            raise Refusal("invalid_arguments", response_metadata={"messages": [missing]})
        if not isinstance(value, str):
            raise Refusal("invalid_arguments")
        return value

    def maybe(self, name: str) -> str:
        return str(self.args.get(name) or "")

    def flag(self, name: str) -> bool:
        value: Any = self.args.get(name)
        return value is True or value in TRUE

    def number(self, name: str, usual: int, most: int) -> int:
        value = self.args.get(name) or usual
        try:
            return max(1, min(int(value), most))
        except ValueError:
            raise Refusal("invalid_arguments") from None

    def need(self, scope: str) -> None:
        held = self.site.install.scopes
        if scope not in held:
            raise Refusal("missing_scope", needed=scope, provided=",".join(held))

    def need_to_manage(self, channel: Channel) -> None:
        wanted = {"channel": "channels:manage", "group": "groups:write", "im": "im:write"}
        self.need(wanted[channel.type])

    def channel(self, name: str = "channel", scope: str = "") -> Channel:
        """A channel the app can know of; `scope` is the verb of the scope its type asks for ("read")."""
        channel = self.team.seen_channel(self.me.id, self.text(name))
        if scope:
            self.need(f"{FAMILIES[channel.type]}:{scope}")
        return channel

    def joined_channel(self, name: str = "channel") -> Channel:
        return self.team.joined_channel(self.me.id, self.text(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`tier` 1-4 as published, 5 = special. Any one of `scopes` opens it. `opened_by` is the token it
    takes: "bot", "app", "none".
    """

    run: Callable[[Call], Json]
    tier: int
    scopes: tuple[str, ...] = ()
    opened_by: str = "bot"


def page(call: Call, entries: list[Json], usual: int = 100, most: int = 1000) -> tuple[list[Json], Json]:
    """One page of a list, and the `response_metadata` that leads to the next."""
    start = call.maybe("cursor").removeprefix("next:") or "0"
    if not start.isdecimal():
        raise Refusal("invalid_cursor")
    first, limit = int(start), call.number("limit", usual, most)
    left = len(entries) > first + limit
    return entries[first : first + limit], {"next_cursor": f"next:{first + limit}" if left else ""}
