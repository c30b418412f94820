"""What a person's click, choice, command or shortcut sends to the app, in Slack's payloads, and what
comes back.
"""

from bot.workspace.cast import Account
from bot.workspace.changes import Touched
from bot.workspace.choices import Spot
from bot.workspace.composing import command_text
from bot.workspace.deliveries import Undelivered
from bot.workspace.field_values import SHAPES, carry_over, initial_values
from bot.workspace.message_acts import post
from bot.workspace.message_fields import checked_fields
from bot.workspace.refusal import Json, Refusal
from bot.workspace.site import Site
from bot.workspace.team import Channel

SHOWN_FAILURES = {"timeout": "operation_timeout"}


def outcome(error: str = "", **more: object) -> Json:
    return {"ok": not error, "error": error, **more}


def shown_failure(failure: Undelivered) -> str:
    """The word that Slack's client shows to the person."""
    return SHOWN_FAILURES.get(failure.reason, "dispatch_failed")


def envelope(site: Site, user: Account, kind: str) -> Json:
    """What every interactive payload has."""
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": site.install.app_id,
        "token": site.install.verification_token,
        "team": {"id": site.team.id, "domain": site.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_name(channel: Channel) -> str:
    """As payloads name it: DMs and private channels by their kind."""
    return {"im": "directmessage", "group": "privategroup"}.get(channel.type, channel.name)


async def send(site: Site, payload: Json) -> Json:
    try:
        await site.deliveries.hand_over("interactive", payload)
    except Undelivered as failure:
        return outcome(shown_failure(failure))
    return outcome()


async def slash(site: Site, user: Account, command: str, text: str, channel: Channel) -> Json:
    """The workspace itself refuses who is not in the channel, and commands nobody registered."""
    site.team.joined_channel(user.id, channel.id)
    commands = site.install.slash_commands
    if commands is not None and command not in commands:
        raise Refusal("unknown_command")
    escaped = True if commands is None else commands[command]
    payload = slash_payload(site, user, channel) | {
        "command": command,
        "text": command_text(site.team, user.id, text) if escaped else text,
    }
    try:
        answer = await site.deliveries.hand_over("slash_commands", payload)
    except Undelivered as failure:
        return outcome(shown_failure(failure))
    return answered(site, user, channel, answer)


def slash_payload(site: Site, user: Account, channel: Channel) -> Json:
    return {
        "token": site.install.verification_token,
        "team_id": site.team.id,
        "team_domain": site.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": "",
        "text": "",
        "api_app_id": site.install.app_id,
        "is_enterprise_install": "false",
        "response_url": site.response_urls.issue(user.id, channel.id),
        "trigger_id": site.triggers.issue(user.id),
    }


def answered(site: Site, user: Account, channel: Channel, answer: Json) -> Json:
    """Show the answer in an acknowledgement: to the person alone, or to the channel when it says so."""
    if not (answer.get("text") or answer.get("blocks") or answer.get("attachments")):
        return outcome()
    try:
        fields = checked_fields(answer, site.team)
    except Refusal as refusal:
        return outcome("invalid_command_response", detail=refusal.answer())
    app = site.team.account(site.install.bot_user_id)
    if answer.get("response_type") == "in_channel":
        message = post(site.team, channel, app, fields)
    else:
        message = site.ephemerals.show(user.id, channel.id, app, fields)
    return outcome(message=message, channel=channel.id)


async def shortcut(site: Site, user: Account, callback_id: str) -> Json:
    payload = envelope(site, user, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": site.triggers.issue(user.id),
        "action_ts": site.team.next_ts(),
    }
    return await send(site, payload)


async def message_shortcut(site: Site, user: Account, callback_id: str, channel: Channel, ts: str) -> Json:
    site.team.joined_channel(user.id, channel.id)
    payload = envelope(site, user, "message_action") | {
        "callback_id": callback_id,
        "trigger_id": site.triggers.issue(user.id),
        "action_ts": site.team.next_ts(),
        "message_ts": ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": dict(channel.message(ts)),
        "response_url": site.response_urls.issue(user.id, channel.id, channel.message(ts)),
    }
    return await send(site, payload)


def entered(site: Site, user: Account, container: Json) -> Json:
    """`state.values` of a view, or of a message as this person has filled it in."""
    if "state" in container:
        values: Json = container["state"]["values"]
        return values
    key = (user.id, container["ts"])
    values = initial_values(container.get("blocks", []))
    carry_over(site.entries.get(key, {}), values)
    site.entries[key] = values
    return values


def enter(site: Site, user: Account, spot: Spot, value: Json) -> None:
    """Remember a choice, if it is of a kind that has state (buttons and overflow menus have none)."""
    if spot.element["type"] in SHAPES:
        known = {"type": spot.element["type"], **value}
        actions = entered(site, user, spot.container).setdefault(spot.block["block_id"], {})
        actions[spot.element["action_id"]] = known
        if "ts" in spot.container:
            chosen_in = Touched(channel=spot.container["channel"], messages=(spot.container["ts"],), only=user.id)
            site.changes.happened(chosen_in)


async def act(site: Site, user: Account, spot: Spot, value: Json) -> Json:
    """One block action in a view, a message (with its `channel`) or an ephemeral; `value` is what was
    chosen.
    """
    container, block, element = spot.container, spot.block, spot.element
    enter(site, user, spot, value)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return outcome()
    kept = {name: element[name] for name in ("text", "value", "style", "placeholder") if name in element}
    action: Json = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": site.team.next_ts(),
    }
    action |= kept | value
    is_view = "state" in container
    about = view_context(site, user, container) if is_view else message_context(site, user, container)
    return await send(site, envelope(site, user, "block_actions") | about | {"actions": [action]})


def view_context(site: Site, user: Account, view: Json) -> Json:
    return {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": site.triggers.issue(user.id, view["id"]),
        "view": view,
    }


def message_context(site: Site, user: Account, message: Json) -> Json:
    """An ephemeral message is not sent along, only where it stood; as in Slack."""
    channel = site.team.joined_channel(user.id, message["channel"])
    is_ephemeral = bool(message.get("is_ephemeral"))
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    kept = {name: value for name, value in message.items() if name != "channel"}
    return {
        "container": container,
        "trigger_id": site.triggers.issue(user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        **({} if is_ephemeral else {"message": kept}),
        "state": {"values": entered(site, user, message)},
        "response_url": site.response_urls.issue(user.id, channel.id, message),
    }


async def open_home(site: Site, user: Account) -> Json:
    channel = site.team.direct_channel(user.id, site.install.bot_user_id)
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
    if home := site.views.homes.get(user.id):
        event["view"] = home
    site.deliveries.publish(None, event)
    return outcome()
