"""The Bolt app: its few listeners hand every payload to the tables. Nothing is decided here."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import new_bug_reference
from bot.ports import Unavailable
from bot.slack.buttons import on_press
from bot.slack.event_table import EVENTS
from bot.slack.listening import Desk
from bot.slack.replies import attempt_event
from bot.slack.shortcuts import on_shortcut
from bot.slack.slash_command import on_slash_command
from bot.slack.submissions import on_submission
from bot.slack.web_client import BotIdentity

_ANY: Final = re.compile(r"", re.DOTALL)
"""One listener hears every id and looks it up: an id of an older version is answered too."""

_LOGGER: Final = logging.getLogger("slack_bolt")
_log = structlog.get_logger(__name__)

Listener = Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]


def build_app(desk: Desk, *, client: AsyncWebClient, signing_secret: str = "") -> AsyncApp:
    """`client` is for Bolt, which wants slack_sdk's own; Muster calls Slack through the desk.

    process_before_response: what is acknowledged is stored. Without it Bolt also polls for the ack every 10 ms.
    """
    _LOGGER.setLevel(logging.ERROR)  # for the one warning that a token is not used where `authorize` is given
    app = AsyncApp(
        name="muster",
        logger=_LOGGER,
        client=client,
        signing_secret=signing_secret,
        authorize=_authorize(desk.identity, client.token),
        process_before_response=True,
    )
    _LOGGER.setLevel(logging.WARNING)  # never unset: at 0 Bolt builds its debug texts for every request
    app.command(desk.command)(_slash_command(desk))
    app.block_action(_ANY)(_quiet(desk, on_press))
    app.shortcut(_ANY)(_quiet(desk, on_shortcut))
    app.view_submission(_ANY)(_submission(desk))
    app.event(_ANY)(_event(desk))
    app.error(_not_acknowledged)
    return app


async def _not_acknowledged(error: Exception) -> None:
    """Only an event that could not be stored comes so far: it stays unacknowledged, and Slack delivers it again."""
    if isinstance(error, Unavailable):
        _log.warning("event_not_stored", reason=str(error))
    else:
        _log.exception("listener_failed", reference=new_bug_reference())


def _authorize(identity: BotIdentity, token: str | None) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Who we are is known since the start: no call of auth.test stands before the first request."""

    async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_token=token,
            bot_id=identity.bot,
            bot_user_id=identity.user,
        )

    return authorize


def _slash_command(desk: Desk) -> Listener:
    async def slash_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = await on_slash_command(desk, body)
        await (ack() if answer is None else ack(answer))

    return slash_command


def _quiet(desk: Desk, heard: Callable[[Desk, dict[str, Any]], Awaitable[None]]) -> Listener:
    """For what Slack lets nobody answer in the acknowledgement."""

    async def quiet(ack: AsyncAck, body: dict[str, Any]) -> None:
        await heard(desk, body)
        await ack()

    return quiet


def _submission(desk: Desk) -> Listener:
    async def submission(ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = await on_submission(desk, body)
        await (ack() if answer is None else ack(dict(answer)))

    return submission


def _event(desk: Desk) -> Listener:
    """An event that could not be stored is not acknowledged, so that Slack delivers it again. One of which we know
    nothing is: somebody subscribed to it by hand, and its repetition would help nobody."""

    async def event(ack: AsyncAck, body: dict[str, Any]) -> None:
        row = EVENTS.get(body["event"]["type"])
        if row is not None:
            await attempt_event(row.listener(desk, body))
        await ack()

    return event
