"""The app manifest, made from the tables that register the listeners, so that the two cannot drift apart."""

from typing import Any

from bot.slack.event_table import subscriptions
from bot.slack.scopes import NEEDED_SCOPES
from bot.slack.shortcuts import SHORTCUTS
from bot.slack.verbs import usage_hint

EVENTS_PATH = "/slack/events"
"""Where Slack delivers everything over HTTP."""


def manifest(command_name: str = "/incident", http_url: str | None = None) -> dict[str, Any]:
    """`http_url`: the public address ('https://muster.example.org') for signed HTTP; None: Socket Mode."""
    url = f"{http_url.rstrip('/').removesuffix(EVENTS_PATH)}{EVENTS_PATH}" if http_url else None
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "Muster",
            "description": "Incident response: from declare to resolved, on one record.",
            "background_color": "#1f2933",
        },
        "features": _features(command_name, url),
        "oauth_config": {"scopes": {"bot": sorted(NEEDED_SCOPES)}},
        "settings": {
            "event_subscriptions": {**_request_url(url), "bot_events": subscriptions()},
            "interactivity": {"is_enabled": True, **_request_url(url)},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _request_url(url: str | None) -> dict[str, str]:
    return {"request_url": url} if url else {}


def _features(command_name: str, url: str | None) -> dict[str, Any]:
    command = {
        "command": command_name,
        "description": "Declare and run an incident",
        "usage_hint": usage_hint(),
        "should_escape": True,
        **({"url": url} if url else {}),
    }
    return {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": True},
        "bot_user": {"display_name": "Muster", "always_online": True},
        "shortcuts": [_shortcut(callback) for callback in SHORTCUTS],
        "slash_commands": [command],
    }


def _shortcut(callback: str) -> dict[str, str]:
    row = SHORTCUTS[callback]
    kind = "message" if row.on_message else "global"
    return {"name": row.name, "type": kind, "callback_id": callback, "description": row.does}
