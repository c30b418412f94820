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


def containers(site: Site, user_id: str, where: str | None, channel_id: str | None) -> Iterator[Json]:
    """What this person has before them: the open modal, then messages newest first, then the Home tab."""
    modal = site.views.visible(user_id)
    if modal and channel_id is None and where in {None, "modal"}:
        yield modal
    messages = list(site.ephemerals.of(user_id, channel_id)) if where in {None, "ephemeral"} else []
    if where in {None, "message"}:
        for channel in site.team.channels.values():
            if user_id in channel.members and channel_id in {None, channel.id}:
                messages += [{**each, "channel": channel.id} for each in channel.messages.values() if "blocks" in each]
    yield from sorted(messages, key=lambda each: str(each["ts"]), reverse=True)
    home = site.views.homes.get(user_id)
    if home and channel_id is None and where in {None, "home"}:
        yield home


def find_spot(
    site: Site, user_id: str, name: str, *, channel_id: str | None, ts: str | None, where: str | None
) -> Spot:
    """The newest element of this name, or the one in message `ts`."""
    for container in containers(site, user_id, where, channel_id):
        if ts is not None and container.get("ts") != ts:
            continue
        for block, element in interactive(container.get("blocks", [])):
            if name in labels(block, element):
                return Spot(container=container, block=block, element=element)
    raise Refusal("no_such_element", element=name)
