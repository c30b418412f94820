"""What became of something that a person asked for, and how they hear of it: the one place for errors.

A refusal, a world that does not answer and a bug of ours each have their words here; nothing else catches them.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.clock import new_bug_reference, somebody_waits
from bot.incident.terms import Rejected
from bot.ports import Unavailable
from bot.slack.access import RejectedHere
from bot.slack.blocks import answers, elements
from bot.slack.listening import Desk
from bot.slack.message import Message
from bot.slack.mrkdwn import escape, fill
from bot.slack_ports import Refused

_log = structlog.get_logger(__name__)

DECIDED_WITHIN: Final = 2.3
DELIVERED_WITHIN: Final = 0.5
"""Seconds. Slack gives 3 for all of it and then tells the person that the app did not respond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """For this person alone. `replace`: in place of the message whose button was pressed (paging)."""

    message: Message
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """A rule said no."""

    rejected: Rejected

    @property
    def message(self) -> Message:
        about = self.rejected.incident if isinstance(self.rejected, RejectedHere) else None
        return answers.rejected(self.rejected, about)


Outcome = Told | Denied | None
"""None: it is done, and what there is to see is seen elsewhere."""


async def attempt(work: Awaitable[Outcome]) -> Outcome:
    """Runs what a person asked for, to its end or for 2.3 s. Never raises."""
    try:
        with somebody_waits(DECIDED_WITHIN):
            async with asyncio.timeout(DECIDED_WITHIN):
                return await work
    except Rejected as rejected:
        return Denied(rejected=rejected)
    except Unavailable as failure:
        return Told(message=_unavailable(failure))
    except TimeoutError:
        return Told(message=_unavailable(Unavailable("the store or Slack", "too slow", unknown=True)))
    except Refused as refused:
        return Told(message=_refused_by_slack(refused))
    except Exception:  # noqa: BLE001 - the one entry point: the person gets a reference, the log the reason
        return Told(message=_bug())


async def attempt_event(work: Awaitable[None]) -> None:
    """The same for an event, where nobody waits for words. Raises Unavailable: unacknowledged, it comes again."""
    try:
        async with asyncio.timeout(DECIDED_WITHIN):
            await work
    except (Rejected, Refused) as refused:
        _log.info("event_refused", reason=str(refused))
    except TimeoutError as late:
        raise Unavailable("the store or Slack", "too slow", unknown=True) from late
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - the one entry point of events: a bug would only be met again
        _log.exception("event_failed", reference=new_bug_reference())


def _bug() -> Message:
    reference = new_bug_reference()
    _log.exception("listener_failed", reference=reference)
    return answers.bug(reference)


def _unavailable(failure: Unavailable) -> Message:
    reference = new_bug_reference()
    _log.warning("unavailable", reference=reference, what=failure.what, reason=failure.reason, unknown=failure.unknown)
    if failure.unknown:
        return _uncertain(failure.what, reference)
    if failure.what == "the store":
        say = answers.not_saved if failure.retryable else answers.not_saved_at_all
        return say(failure.reason, reference)
    return elements.message(
        fill(
            "Not done: {what} did not answer, nothing has changed. Try again in a moment. (ref {ref})",
            what=escape(failure.what),
            ref=escape(reference),
        )
    )


def _uncertain(what: str, reference: str) -> Message:
    """Nobody knows whether it was saved, so neither may be claimed."""
    return elements.message(
        fill(
            "Not saved as far as we know: {what} did not answer in time. Look before you repeat it. (ref {ref})",
            what=escape(what),
            ref=escape(reference),
        )
    )


def _refused_by_slack(refused: Refused) -> Message:
    reference = new_bug_reference()
    _log.warning("refused_by_slack", reference=reference, step=refused.step, reason=refused.reason)
    return elements.message(
        fill(
            "Slack did not allow that ({reason}); nothing has changed. Try again. (ref {ref})",
            reason=escape(refused.reason),
            ref=escape(reference),
        )
    )


def ephemeral(message: Message) -> dict[str, Any]:
    """The body by which a slash command or a response_url answers one person."""
    return {"response_type": "ephemeral", "text": message.text, "blocks": [dict(block) for block in message.blocks]}


def sentence_view(message: Message) -> dict[str, Any]:
    """A message as a modal, for where there is no channel to say it in."""
    title = {"type": "plain_text", "text": "Muster"}
    close = {"type": "plain_text", "text": "Close"}
    return {"type": "modal", "title": title, "close": close, "blocks": [dict(block) for block in message.blocks]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where somebody pressed or chose something. `modal`: the id of the modal that it was in, empty elsewhere."""

    trigger: str = ""
    response_url: str = ""
    modal: str = ""

    @property
    def opens_by(self) -> str:
        """The method that opens a modal from here: one upon another is pushed."""
        return "views.push" if self.modal else "views.open"


def spot_of(body: Mapping[str, Any]) -> Spot:
    view = body.get("view") or {}
    modal = str(view.get("id", "")) if view.get("type") == "modal" else ""
    return Spot(trigger=body.get("trigger_id", ""), response_url=body.get("response_url", ""), modal=modal)


async def deliver(desk: Desk, outcome: Outcome, spot: Spot) -> None:
    """Answers somebody who pressed a button or used a shortcut: where it was pressed, else in a modal."""
    if outcome is None:
        return
    try:
        async with asyncio.timeout(DELIVERED_WITHIN):
            await _deliver(desk, outcome, spot)
    except (Unavailable, Refused, TimeoutError) as failure:
        _log.warning("answer_not_delivered", reason=str(failure))


async def _deliver(desk: Desk, outcome: Told | Denied, spot: Spot) -> None:
    replace = isinstance(outcome, Told) and outcome.replace
    if spot.response_url:
        await desk.answers.post(spot.response_url, {**ephemeral(outcome.message), "replace_original": replace})
    elif spot.modal and replace:
        await desk.slack.call("views.update", view_id=spot.modal, view=sentence_view(outcome.message))
    else:
        await desk.slack.call(spot.opens_by, trigger_id=spot.trigger, view=sentence_view(outcome.message))
