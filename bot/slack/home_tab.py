"""The App Home tab: drawn anew whenever somebody opens it."""

from typing import Any

from bot.incident.followup_index import seen
from bot.incident.rights import require_full_member
from bot.incident.terms import Rejected, UserId
from bot.incident.time_zones import zone_of
from bot.slack.blocks import answers
from bot.slack.blocks.elements import View, home_view
from bot.slack.blocks.home import home
from bot.slack.listening import Desk
from bot.slack.payloads import HomeOpened


async def on_home_opened(desk: Desk, body: dict[str, Any]) -> None:
    opened = HomeOpened.model_validate(body)
    if opened.tab != "home":
        return
    await desk.slack.call("views.publish", user_id=opened.user, view=await _home(desk, opened.user))


async def _home(desk: Desk, user: UserId) -> View:
    """Guests and people of other organisations see no incident, and are told why."""
    person = await desk.person(user)
    try:
        require_full_member(person)
    except Rejected as rejected:
        return home_view(answers.rejected(rejected).blocks)
    policy, now = desk.door.policy, desk.clock.now()
    concerned = seen(await desk.followups.concerning(user), user, policy.rights.see_private)
    return home(
        list(await desk.door.log.listings(active=True)),
        user,
        policy,
        now,
        yours=[item for item in concerned if item.line.owner == user],
        today=now.astimezone(zone_of(person.time_zone)).date(),
    )
