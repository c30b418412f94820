"""What only whoever runs the workspace can do: move the clock, break things, forge payloads, change
people.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.workspace.changes import Touched
from bot.workspace.deliveries import Undelivered
from bot.workspace.faults import ApiFault, DeliveryFault, Fault
from bot.workspace.interactions import answered, envelope, outcome, shown_failure, slash_payload
from bot.workspace.refusal import Json, Refusal
from bot.workspace.seeing import seen_message
from bot.workspace.site import Site

Rule = Callable[[Site, Json], Awaitable[Json]]


async def advance(site: Site, args: Json) -> Json:
    """Through the host where it has a clock to move: the workspace's own reads from that, and is only woken."""
    seconds = float(args["seconds"])
    if seconds and site.host.powers.move_clock:
        await site.host.move_clock(seconds)
        seconds = 0.0
    site.clock.advance(seconds)
    site.changes.happened(Touched(clock=True))
    return {"now": site.clock.now()}


async def fault(site: Site, args: Json) -> Json:
    kinds: list[ApiFault | DeliveryFault] = [*ApiFault, *DeliveryFault]
    kind = next((each for each in kinds if each == args["kind"]), None)
    if kind is None:
        raise Refusal("unknown_fault", faults=[str(each) for each in kinds])
    site.faults.add(
        Fault(
            kind=kind,
            method=args.get("method") or "*",
            count=args.get("count"),
            seconds=float(args.get("seconds") or 0.0),
            times=int(args.get("times") or 1),
            error=args.get("error") or "fatal_error",
            after=bool(args.get("after")),
            where=args.get("where") or {},
            chance=float(args.get("chance") or 1.0),
            dice=random.Random(args.get("seed")),  # noqa: S311 - where faults strike need not be unguessable
        )
    )
    return {}


async def clear_faults(site: Site, _args: Json) -> Json:
    site.faults.clear()
    return {}


async def rate_limits(site: Site, args: Json) -> Json:
    site.rate_limits.on = bool(args["on"])
    return {}


async def refresh_sockets(site: Site, _args: Json) -> Json:
    await site.socket_mode.refresh()
    return {}


async def reset_sockets(site: Site, _args: Json) -> Json:
    site.socket_mode.reset()
    return {}


async def silence_sockets(site: Site, _args: Json) -> Json:
    site.socket_mode.silence()
    return {}


async def change_person(site: Site, args: Json) -> Json:
    """Set fields of an account (`is_restricted`, `deleted`, `tz`, …) and send user_change."""
    account = site.team.account_named(args["name"])
    changed = replace(account, **args["fields"])
    site.team.accounts[account.id] = changed
    about: Json = {"id": changed.id, "name": changed.name, "team_id": changed.team_id, "tz": changed.tz}
    about |= {
        "is_restricted": changed.is_restricted,
        "deleted": changed.deleted,
        "real_name": changed.real_name,
    }
    site.deliveries.publish(None, {"type": "user_change", "user": about})
    return {}


async def add_usergroup(site: Site, args: Json) -> Json:
    site.team.usergroups[args["id"]] = [site.team.account_named(name).id for name in args["names"]]
    return {}


async def forge(site: Site, args: Json) -> Json:
    """Send any payload, validly signed. What it lacks is filled in; what it says is not checked."""
    kind, payload = args["kind"], dict(args["payload"])
    if kind == "event":
        await site.deliveries.deliver_event(
            payload if "event_id" in payload else site.deliveries.event_payload(payload)
        )
        return outcome()
    transport_kind, payload = forged_slash(site, payload) if kind == "slash" else forged_interactive(site, payload)
    try:
        answer = await site.deliveries.hand_over(transport_kind, payload)
    except Undelivered as failure:
        return outcome(shown_failure(failure))
    return shown(site, payload, answer) if kind == "slash" else outcome(answer=answer)


def forged_slash(site: Site, payload: Json) -> tuple[str, Json]:
    """`user` and `channel` may be given by name; ids that do not exist here are sent as they are."""
    channel_id = payload.get("channel_id") or next(iter(site.team.channels))
    user_id = payload.get("user_id") or next(iter(site.team.accounts))
    user = site.team.accounts.get(user_id) or next(iter(site.team.accounts.values()))
    channel = site.team.channels.get(channel_id) or next(iter(site.team.channels.values()))
    return "slash_commands", slash_payload(site, user, channel) | payload


def forged_interactive(site: Site, payload: Json) -> tuple[str, Json]:
    user_id = payload.get("user", {}).get("id", "")
    user = site.team.accounts.get(user_id) or next(iter(site.team.accounts.values()))
    channel_id = payload.get("channel", {}).get("id") or next(iter(site.team.channels))
    filled = envelope(site, user, payload.get("type", "block_actions")) | {"trigger_id": site.triggers.issue(user.id)}
    if channel_id in site.team.channels and payload.get("type") in {"block_actions", "message_action"}:
        filled["response_url"] = site.response_urls.issue(user.id, channel_id, payload.get("message"))
    return "interactive", filled | payload


def shown(site: Site, payload: Json, answer: Json) -> Json:
    user, channel = site.team.accounts.get(payload["user_id"]), site.team.channels.get(payload["channel_id"])
    if user is None or channel is None:
        return outcome(answer=answer)
    found = answered(site, user, channel, answer)
    if "message" in found:
        found["message"] = seen_message(site, user, channel.id, found["message"])
    return found


async def reset(site: Site, _args: Json) -> Json:
    await site.host.reset()
    return {}


async def start_drill(site: Site, args: Json) -> Json:
    await site.host.start_drill(str(args["name"]), site.team.account_named(str(args["as"])).name)
    site.changes.happened(Touched(drill=True))
    return {}


async def stop_drill(site: Site, _args: Json) -> Json:
    await site.host.stop_drill()
    site.changes.happened(Touched(drill=True))
    return {}


async def send_alert(site: Site, args: Json) -> Json:
    return await site.host.send_alert(str(args["name"]))


RULES: dict[str, Rule] = {
    "advance": advance,
    "reset": reset,
    "start_drill": start_drill,
    "stop_drill": stop_drill,
    "send_alert": send_alert,
    "fault": fault,
    "clear_faults": clear_faults,
    "rate_limits": rate_limits,
    "refresh_sockets": refresh_sockets,
    "reset_sockets": reset_sockets,
    "silence_sockets": silence_sockets,
    "change_person": change_person,
    "add_usergroup": add_usergroup,
    "forge": forge,
}
