"""From what a person says they choose ("SEV1", "ben", "#general") to Slack's form of it, and where the
field is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.workspace.field_values import SHAPES, chosen, find_option, interactive
from bot.workspace.refusal import Json, Refusal
from bot.workspace.site import Site
from bot.workspace.team import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An element a person can use: in which container (view or message), in which block."""

    container: Json
    block: Json
    element: Json


def entry_for(team: Team, user_id: str, element: Json, value: Any) -> Json:
    """The `state` entry. Lists stay lists; raises Refusal("no_such_option") for what cannot be chosen."""
    name, _ = SHAPES[element["type"]]
    if value is None or value == "":
        return chosen(element, [] if name in {"selected_options", "selected_users"} else None)
    if name.endswith("s") and name != "files":
        wanted = value if isinstance(value, list) else [value]
        return chosen(element, [one_choice(team, user_id, element, name[:-1], each) for each in wanted])
    return chosen(element, one_choice(team, user_id, element, name, value))


def one_choice(team: Team, user_id: str, element: Json, name: str, value: Any) -> Any:
    match name:
        case "selected_option":
            return option(element, str(value))
        case "selected_user":
            return team.account_named(str(value)).id
        case "selected_conversation" | "selected_channel":
            return team.channel_named(user_id, str(value)).id
        case "selected_date_time":
            return int(value)
        case _:
            return value


def option(element: Json, wanted: str) -> Json:
    found = find_option(element, wanted)
    if found is None:
        raise Refusal("no_such_option", option=wanted)
    return found


def action_value(team: Team, user_id: str, element: Json, value: Any) -> Json:
    """The fields that a choice adds to an action; none for a button."""
    if element["type"] == "overflow":
        return {"selected_option": option(element, str(value))}
    entry = entry_for(team, user_id, element, value)
    return {name: each for name, each in entry.items() if name != "type"}


def labels(block: Json, element: Json) -> set[str]:
    """Everything a person may call this element by."""
    found = {element["action_id"], block["block_id"]} if element["type"] != "button" else {element["action_id"]}
    for text in (element.get("text"), element.get("placeholder"), block.get("label")):
        if isinstance(text, dict):
            found.add(text["text"])
    return found


def containers(
    site: Site, user_id: str, *, where: str | None, channel_id: str | None, ts: str | None
) -> Iterator[Json]:
    """What this person has before them: the open modal, then messages newest first, then the Home tab."""
    modal, home = site.views.visible(user_id), site.views.homes.get(user_id)
    is_anywhere = channel_id is None and ts is None
    if modal and is_anywhere and where in {None, "modal"}:
        yield modal
    messages: list[Json] = []
    if where in {None, "ephemeral"}:
        messages += [each for each in site.ephemerals.of(user_id, channel_id) if ts in {None, each["ts"]}]
    if where in {None, "message"}:
        messages += messages_of(site, user_id, channel_id, ts)
    yield from sorted(messages, key=lambda each: str(each["ts"]), reverse=True)
    if home and is_anywhere and where in {None, "home"}:
        yield home


def messages_of(site: Site, user_id: str, channel_id: str | None, ts: str | None) -> Iterator[Json]:
    for channel in site.team.channels.values():
        if user_id in channel.members and channel_id in {None, channel.id}:
            found = channel.messages.values() if ts is None else [channel.messages.get(ts, {})]
            yield from ({**each, "channel": channel.id} for each in found if "blocks" in each)


def find_spot(
    site: Site,
    user_id: str,
    name: str,
    *,
    channel_id: str | None,
    ts: str | None,
    where: str | None,
    block_id: str | None = None,
) -> Spot:
    """The newest element of this name, or the one in message `ts`; in this block, where one is named."""
    for container in containers(site, user_id, where=where, channel_id=channel_id, ts=ts):
        called = [
            Spot(container=container, block=block, element=element)
            for block, element in interactive(container.get("blocks", []))
            if block_id in {None, block["block_id"]} and name in labels(block, element)
        ]
        by_id = [spot for spot in called if spot.element["action_id"] == name]
        if found := (by_id if block_id else []) or called:
            return found[0]
    raise Refusal("no_such_element", element=name)
