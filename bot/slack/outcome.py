"""What an answer of Slack means: refused for good, or unavailable for now. Pure; it sends nothing and logs nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from bot.incident.terms import CANVAS, DRAFT
from bot.ports import Unavailable
from bot.slack_ports import Refused

Answer = Mapping[str, Any]

SLACK: Final = "Slack"
USUAL_RETRY_AFTER: Final = timedelta(seconds=30)
LONGEST_RETRY_AFTER: Final = timedelta(hours=1)

TOKEN_CODES: Final = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "org_login_required"}
)
RATE_CODES: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "too_many_requests"})
_PASSING: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "team_added_to_org", "request_timeout", "accesslimited"}
)

_STEPS: Final = {
    "bookmarks.add": "bookmark",
    "bookmarks.list": "bookmark",
    "canvases.edit": CANVAS,
    "canvases.sections.lookup": CANVAS,
    "chat.postMessage": "post",
    "chat.update": "card",
    "conversations.canvases.create": CANVAS,
    "conversations.create": "channel",
    "conversations.invite": "invite",
    "conversations.setTopic": "topic",
    "files.getUploadURLExternal": DRAFT,
    "files.completeUploadExternal": DRAFT,
    "pins.add": "pin",
    "reactions.add": "tick",
    "reactions.remove": "tick",
    "reactions.get": "read",
}

_SENTENCES: Final = {
    "not_in_channel": "Muster is not in that channel; invite it there",
    "channel_not_found": "Muster cannot see that channel; invite it there or correct the setting",
    "is_archived": "the channel is archived; unarchive it to go on",
    "restricted_action": "a workspace setting forbids it; an admin can allow it",
    "user_is_restricted": "a workspace setting forbids it; an admin can allow it",
    "cannot_create_channel": "the workspace does not let apps create channels; an admin can allow it",
    "message_not_found": "the message is gone",
    "cant_update_message": "the message is not Muster's own",
    "edit_window_closed": "the workspace no longer lets it be edited",
    "too_many_pins": "the channel has no room for another pin",
    "too_many_bookmarks": "the channel has no room for another bookmark",
    "too_many_reactions": "the message has no room for another reaction",
    "invalid_name": "Slack does not accept that name",
    "messages_tab_disabled": "the app cannot be written to; switch its Messages tab on",
    "cannot_dm_bot": "bots cannot be written to",
    "file_uploads_disabled": "the workspace does not let files be uploaded; an admin can allow it",
    "file_uploads_except_images_disabled": "the workspace lets only pictures be uploaded; an admin can allow it",
    "file_type_not_allowed": "the workspace does not let files of this kind be uploaded; an admin can allow it",
    "storage_limit_reached": "the workspace has no room for more files",
    "posting_to_channel_denied": "Muster may not post in that channel",
    "team_tier_cannot_create_channel_canvases": "the workspace's plan has no canvases for channels",
    "free_team_not_allowed": "the workspace's plan has no canvases for channels",
    "free_teams_cannot_edit_standalone_canvases": "the workspace's plan has no canvases for channels",
    "canvas_disabled_user_team": "canvases are switched off in the workspace",
    "channel_canvas_already_exists": "the channel has a canvas that people made, which Muster leaves alone",
    "free_team_canvas_tab_already_exists": "the channel has a canvas that people made, which Muster leaves alone",
    "canvas_creation_failed": "Slack could not make it",
    "canvas_tab_creation_failed": "Slack could not make it",
    "channel_canvas_creation_failed": "Slack could not make it",
    "canvas_editing_failed": "Slack could not write it",
    "canvas_editing_locked": "somebody has locked it",
    "canvas_too_large": "it is too long for a canvas; the files have all of it",
}


CHANNEL_CODES: Final = frozenset({"is_archived", "not_in_channel", "channel_not_found"})
"""Refusals that speak of the channel as a whole, whatever was asked for."""


class SlackRefusal(Refused):
    """Refused, with Slack's own word for it in `code` and its whole `answer`. `channel`: where, if anywhere."""

    def __init__(self, method: str, code: str, answer: Answer, channel: str = "") -> None:
        super().__init__(_STEPS.get(method, method), _reason(code, answer))
        self.method = method
        self.code = code
        self.answer = answer
        self.channel = channel


class SlackUnavailable(Unavailable):
    """Slack gave no clear answer, or said to wait. `method`: what was called."""

    def __init__(
        self, method: str, reason: str, *, after: timedelta | None = None, unknown: bool = False, limit: str = ""
    ) -> None:
        super().__init__(SLACK, f"{method}: {reason}", after=after, unknown=unknown, limit=limit)
        self.method = method


def failure_of(
    method: str, status: int, answer: object, retry_after: str | None, *, channel: str = "", limit: str = ""
) -> SlackRefusal | SlackUnavailable:
    """Why a call failed. `answer`: the body as far as it was understood; anything that is no object is a broken one.

    A broken body, a 5xx and internal_error leave it open whether the call took effect. `limit`: the name of the rate
    limit that the call stands under. A token that is not accepted is a passing failure: an operator can mend it.
    """
    body: Answer = answer if isinstance(answer, Mapping) else {}
    code = str(body.get("error", ""))
    if status == 429 or code in RATE_CODES:
        return SlackUnavailable(method, "rate limited", after=rest(retry_after), limit=limit)
    if status >= 500 or code in _PASSING or not code:
        return SlackUnavailable(method, code or f"HTTP {status} without an answer", unknown=True)
    if code in TOKEN_CODES:
        return SlackUnavailable(method, f"the bot token is not accepted ({code})")
    return SlackRefusal(method, code, body, channel)


def rest(retry_after: str | None) -> timedelta:
    """Retry-After in seconds, as a span that is never longer than an hour; half a minute where it says nothing."""
    try:
        seconds = int(retry_after or "")
    except ValueError:
        return USUAL_RETRY_AFTER
    return timedelta(seconds=min(max(seconds, 1), LONGEST_RETRY_AFTER.total_seconds()))


def _reason(code: str, answer: Answer) -> str:
    if code == "missing_scope":
        needed = str(answer.get("needed", "")) or "a scope"
        return f"the app lacks {needed}; muster check says how to add it"
    sentence = _SENTENCES.get(code)
    return f"{sentence} ({code})" if sentence else f"Slack says {code}"
