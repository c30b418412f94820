"""A person fills in, submits or closes a modal: Slack's own checks first, then the app, then what the
app answered.
"""

import copy
from typing import Any

from bot.workspace.cast import Account
from bot.workspace.changes import Touched
from bot.workspace.choices import entry_for
from bot.workspace.deliveries import Undelivered
from bot.workspace.field_values import complaint
from bot.workspace.interactions import envelope, outcome, shown_failure
from bot.workspace.refusal import Json, Refusal
from bot.workspace.site import Site


def open_modal(site: Site, user: Account) -> Json:
    view = site.views.visible(user.id)
    if view is None:
        raise Refusal("no_modal_open")
    return view


def input_named(view: Json, name: str) -> Json:
    """The input block with this label, block_id or action_id."""
    for block in view["blocks"]:
        if block["type"] == "input" and name in {
            block["block_id"],
            block["label"]["text"],
            block["element"]["action_id"],
        }:
            return dict(block)
    raise Refusal("no_such_field", field=name)


def fill_in(site: Site, user: Account, view: Json, values: dict[str, Any]) -> None:
    for name, value in values.items():
        block = input_named(view, name)
        entry = entry_for(site.team, user.id, block["element"], value)
        view["state"]["values"][block["block_id"]][block["element"]["action_id"]] = entry


def client_errors(view: Json) -> dict[str, str]:
    """What Slack refuses before it asks the app."""
    errors = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            entry = view["state"]["values"][block["block_id"]][block["element"]["action_id"]]
            if sentence := complaint(block, entry):
                errors[block["block_id"]] = sentence
    return errors


async def submit(site: Site, user: Account, values: dict[str, Any]) -> Json:
    view = open_modal(site, user)
    fill_in(site, user, view, values)
    if errors := client_errors(view):
        return outcome("", errors=errors, closed=False)
    payload = envelope(site, user, "view_submission") | {
        "trigger_id": site.triggers.issue(user.id, view["id"]),
        "view": copy.deepcopy(view),
        "response_urls": [],
    }
    try:
        answer = await site.deliveries.hand_over("interactive", payload)
    except Undelivered as failure:
        return outcome(shown_failure(failure), errors={}, closed=False)
    try:
        return settle(site, user, view["id"], answer)
    except Refusal as refusal:
        return outcome("invalid_view_response", detail=refusal.answer(), errors={}, closed=False)
    finally:
        site.changes.happened(Touched(front=True, only=user.id))


def settle(site: Site, user: Account, view_id: str, answer: Json) -> Json:
    """Do what the acknowledgement asks: show errors, change the view, put one on top, or close."""
    match answer.get("response_action"):
        case "errors":
            return outcome("", errors=known_errors(site, view_id, answer.get("errors") or {}), closed=False)
        case "update":
            site.views.update(view_id, site.views.check(answer.get("view"), "modal"))
        case "push":
            site.views.push(user.id, site.views.check(answer.get("view"), "modal"))
        case "clear":
            site.views.clear(user.id)
        case None:
            site.views.close(user.id, view_id)
        case other:
            raise Refusal("invalid_response_action", response_action=other)
    visible = site.views.visible(user.id)
    return outcome("", errors={}, closed=visible is None)


def known_errors(site: Site, view_id: str, errors: Json) -> Json:
    """Slack shows an error only below an input block of the view."""
    inputs = {block["block_id"] for block in site.views.by_id[view_id]["blocks"] if block["type"] == "input"}
    if not errors or not set(errors) <= inputs:
        raise Refusal("invalid_errors", errors=errors)
    return errors


async def close(site: Site, user: Account) -> Json:
    """Cancel the modal; the app hears of it if the view asks for that."""
    view = open_modal(site, user)
    if view["clear_on_close"]:
        site.views.clear(user.id)
    else:
        site.views.close(user.id, view["id"])
    site.changes.happened(Touched(front=True, only=user.id))
    if view["notify_on_close"]:
        payload = envelope(site, user, "view_closed") | {"view": view, "is_cleared": view["clear_on_close"]}
        try:
            await site.deliveries.hand_over("interactive", payload)
        except Undelivered as failure:
            return outcome(shown_failure(failure))
    return outcome()
