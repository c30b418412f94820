"""Web API: views.*, users.*, usergroups.*, team.*, auth.*, api.* and apps.connections.open."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.workspace.api_call import Call, Method
from bot.workspace.cast import Account
from bot.workspace.message_fields import decoded
from bot.workspace.refusal import Json, Refusal


def wanted_view(call: Call, *kinds: str) -> Json:
    if "view" not in call.args:
        call.text("view")
    return call.site.views.check(decoded(call.args["view"], "invalid_arguments"), *kinds)


def open_view(call: Call) -> Json:
    view = wanted_view(call, "modal")
    trigger = call.site.triggers.exchange(call.text("trigger_id"))
    return {"view": call.site.views.open(trigger.user_id, view)}


def push_view(call: Call) -> Json:
    view = wanted_view(call, "modal")
    trigger = call.site.triggers.exchange(call.text("trigger_id"))
    return {"view": call.site.views.push(trigger.user_id, view)}


def update_view(call: Call) -> Json:
    view_id = call.site.views.find(call.maybe("view_id"), call.maybe("external_id"))
    given = decoded(call.args.get("view"), "invalid_arguments")
    own = call.site.views.by_id[view_id]["external_id"]
    if isinstance(given, dict) and own and given.get("external_id") == own:
        given = given | {"external_id": ""}
    view = call.site.views.check(given, call.site.views.by_id[view_id]["type"])
    updated = call.site.views.update(view_id, view, call.maybe("hash"))
    updated["external_id"] = updated["external_id"] or own
    return {"view": updated}


def publish_view(call: Call) -> Json:
    view = wanted_view(call, "home")
    return {"view": call.site.views.publish(call.text("user_id"), view, call.maybe("hash"))}


def shown_user(call: Call, account: Account) -> Json:
    """A user object. People of another organisation are `is_stranger`, guests `is_restricted`."""
    now = datetime.fromtimestamp(call.team.clock.now(), ZoneInfo(account.tz))
    offset = now.utcoffset()
    profile: Json = {
        "real_name": account.real_name,
        "display_name": account.name,
        "real_name_normalized": account.real_name,
        "display_name_normalized": account.name,
        "title": account.title,
        "team": account.team_id,
    }
    if account.is_bot:
        profile |= {"bot_id": account.bot_id, "api_app_id": account.app_id}
    elif "users:read.email" in call.site.install.scopes:
        profile["email"] = account.email
    return {
        "id": account.id,
        "team_id": account.team_id,
        "name": account.name,
        "deleted": account.deleted,
        "real_name": account.real_name,
        "tz": account.tz,
        "tz_label": now.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": account.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": account.is_restricted,
        "is_ultra_restricted": account.is_ultra_restricted,
        "is_bot": account.is_bot,
        "is_app_user": False,
        "updated": 0,
        **({"is_stranger": True} if account.is_stranger else {}),
    }


def user_info(call: Call) -> Json:
    return {"user": shown_user(call, call.team.account(call.text("user")))}


def user_by_email(call: Call) -> Json:
    email = call.text("email")
    for account in call.team.accounts.values():
        if account.email == email and not (account.is_bot or account.is_stranger):
            return {"user": shown_user(call, account)}
    raise Refusal("users_not_found")


def usergroup_users(call: Call) -> Json:
    users = call.team.usergroups.get(call.text("usergroup"))
    if users is None:
        raise Refusal("no_such_subteam")
    return {"users": users}


def team_info(call: Call) -> Json:
    team = call.team
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "domain": team.domain,
            "url": f"https://{team.domain}.slack.com/",
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


def auth_test(call: Call) -> Json:
    team, install = call.team, call.site.install
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": install.bot_name,
        "team_id": team.id,
        "user_id": install.bot_user_id,
        "bot_id": install.bot_id,
        "is_enterprise_install": False,
    }


def api_test(call: Call) -> Json:
    if error := call.maybe("error"):
        raise Refusal(error, args=call.args)
    return {"args": call.args}


def open_connection(call: Call) -> Json:
    address = call.site.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={call.site.socket_mode.ticket()}&app_id={call.site.install.app_id}"}


METHODS = {
    "views.open": Method(run=open_view, tier=4),
    "views.push": Method(run=push_view, tier=4),
    "views.update": Method(run=update_view, tier=4),
    "views.publish": Method(run=publish_view, tier=4),
    "users.info": Method(run=user_info, tier=4, scopes=("users:read",)),
    "users.lookupByEmail": Method(run=user_by_email, tier=3, scopes=("users:read.email",)),
    "usergroups.users.list": Method(run=usergroup_users, tier=2, scopes=("usergroups:read",)),
    "team.info": Method(run=team_info, tier=3, scopes=("team:read",)),
    "auth.test": Method(run=auth_test, tier=5),
    "api.test": Method(run=api_test, tier=4, opened_by="none"),
    "apps.connections.open": Method(run=open_connection, tier=3, opened_by="app"),
}
