"""The App Home tab: drawn anew whenever somebody opens it."""

from typing import Any

from bot.incident.listing import Listing
from bot.incident.terms import Standing, UserId
from bot.slack.blocks.home import home
from bot.slack.listening import Desk
from bot.slack.payloads import HomeOpened


async def on_home_opened(desk: Desk, body: dict[str, Any]) -> None:
    opened = HomeOpened.model_validate(body)
    if opened.tab != "home":
        return
    view = home(await _listings(desk, opened.user), opened.user, desk.door.policy, desk.clock.now())
    await desk.slack.call("views.publish", user_id=opened.user, view=view)


async def _listings(desk: Desk, user: UserId) -> list[Listing]:
    """Guests and people of other organisations see no incident; the renderer leaves out what is private."""
    person = await desk.person(user)
    if person.standing is not Standing.MEMBER:
        return []
    return list(await desk.door.log.listings(active=True))
