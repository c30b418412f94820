"""What a person sees, as values for whoever drives the workspace from Python; made from the control
API's JSON.
"""

from dataclasses import dataclass
from typing import Any, Self

from bot.workspace.refusal import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMessage:
    """`text` as stored, `rendered` as this viewer reads it. `pings` are names, or here/channel/everyone."""

    ts: str
    channel: str
    user: str
    text: str
    rendered: str
    thread_ts: str | None
    subtype: str
    edited: bool
    deleted: bool
    ephemeral: bool
    reactions: dict[str, list[str]]
    blocks: list[Json]
    buttons: list[str]
    reply_count: int
    pings: frozenset[str]
    links: tuple[tuple[str, str], ...]
    metadata: Json | None
    files: list[Json]
    pinned: bool
    raw: Json

    @classmethod
    def of(cls, found: Json) -> Self:
        links = tuple((label, url) for label, url in found["links"])
        return cls(**{**found, "pings": frozenset(found["pings"]), "links": links})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenView:
    id: str
    type: str
    callback_id: str
    title: str
    rendered: str
    blocks: list[Json]
    buttons: list[str]
    fields: list[str]
    private_metadata: str
    raw: Json

    @classmethod
    def of(cls, found: Json | None) -> Self | None:
        return cls(**found) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChannel:
    id: str
    name: str
    is_private: bool
    is_archived: bool
    topic: str
    purpose: str
    members: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a command or a click. `error` is what Slack would show; `message` the app's direct
    answer.
    """

    ok: bool
    error: str
    message: SeenMessage | None
    raw: Json

    @property
    def text(self) -> str:
        return self.message.rendered if self.message else ""

    @classmethod
    def of(cls, found: Json) -> Self:
        message = SeenMessage.of(found["message"]) if found.get("message") else None
        return cls(ok=found["ok"], error=found["error"], message=message, raw=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What came of submitting a modal: `errors` by block_id; `view` is the modal that is open now, if any."""

    ok: bool
    error: str
    errors: dict[str, str]
    closed: bool
    view: SeenView | None

    @classmethod
    def of(cls, found: dict[str, Any]) -> Self:
        return cls(
            ok=found["ok"],
            error=found["error"],
            errors=found["errors"],
            closed=found["closed"],
            view=SeenView.of(found["view"]),
        )
