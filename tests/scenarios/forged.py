"""Payloads that Slack's own client would not send: validly signed, with ids that their sender should not know."""

from typing import Any

from tests.scenarios.team import Team

Json = dict[str, Any]


def _who(team: Team, by: str) -> Json:
    return {"id": team.workspace.user_id(by), "name": by, "team_id": team.workspace.team_id}


def press(team: Team, by: str, action: str, value: str) -> Json:
    """A button pressed in #general, under a message that has no such button."""
    channel = team.workspace.channel_id("general")
    pressed = {"action_id": action, "block_id": "b", "type": "button", "value": value, "action_ts": "1.1"}
    return {
        "type": "block_actions",
        "user": _who(team, by),
        "channel": {"id": channel, "name": "general"},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": channel},
        "actions": [pressed],
    }


def submission(team: Team, by: str, callback: str, metadata: str, values: Json) -> Json:
    """`values`: field -> the input's state."""
    view = {
        "id": "VFORGED",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "state": {"values": {name: {"value": given} for name, given in values.items()}},
        "blocks": [{"type": "input", "block_id": name} for name in values],
    }
    return {"type": "view_submission", "user": _who(team, by), "view": view}


def note_form(team: Team, by: str, incident: int) -> Json:
    values = {"text": {"value": "I was never here"}, "kind": {"selected_option": {"value": "entry"}}}
    return submission(team, by, "note_modal", str(incident), values)


def slash(team: Team, by: str, text: str, channel: str) -> Json:
    who = {"user_id": team.workspace.user_id(by), "user_name": by}
    return {"command": "/incident", "text": text, **who, "channel_id": channel}


def reaction(team: Team, by: str, channel: str, ts: str, *, emoji: str = "pushpin") -> Json:
    item = {"type": "message", "channel": channel, "ts": ts}
    happened = {"type": "reaction_added", "user": team.workspace.user_id(by), "reaction": emoji, "item": item}
    return {**happened, "item_user": team.workspace.user_id("ada"), "event_ts": "1.1"}


def message_shortcut(team: Team, by: str, callback: str, channel: str, ts: str) -> Json:
    return {
        "type": "message_action",
        "user": _who(team, by),
        "callback_id": callback,
        "channel": {"id": channel, "name": "somewhere"},
        "message": {"type": "message", "ts": ts, "user": team.workspace.user_id("ada"), "text": "Errors rise"},
    }


async def pressed(team: Team, by: str, action: str, value: str) -> str:
    """What the person is told in answer to a forged press."""
    return await answered(team, by, press(team, by, action, value))


async def answered(team: Team, by: str, payload: Json) -> str:
    """What the person is told, by the response_url, in answer to this payload."""
    who = team.person(by)
    before = len(await who.ephemerals())
    await team.workspace.client.forge("interactive", payload)

    async def answer() -> str:
        seen = await who.ephemerals()
        return seen[-1].rendered if len(seen) > before else ""

    return str(await who.wait_until(answer))
