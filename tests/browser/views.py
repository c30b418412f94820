"""The main views, for pictures and for axe-core: each brings a fresh window of Ada's to where it is shown."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from playwright.async_api import expect

from tests.browser.window import Window
from tests.scenarios.team import Team

TITLE: Final = "Checkout returns 500 in the EU"
KNOWN: Final = "We are rolling back release 1.84. 52 % of EU checkouts fail."


async def furnish(team: Team) -> str:
    """An incident half-way: roles, talk, recorded messages, an update, a step in hand. Its channel's name."""
    name = await team.declare(f"sev1 {TITLE}")
    ada, ben, cleo = (team.person(who) for who in ("ada", "ben", "cleo"))
    await ada.invite(name, "ben", "cleo")
    await team.type("ben", "claim communications", name)
    await team.says("ada", name, "is communications lead")
    said = await cleo.say(name, "52 % of EU checkouts fail since release 1.84, cards and wallets alike.")
    await ben.react(name, said, "boom")
    decision = await ada.say(name, "Roll back first, find out why later.")
    await ada.react(name, decision, "scales")
    await cleo.say(name, "The rollback has begun in eu-1.", thread_ts=decision)
    await ben.say(name, "Support knows. @grace, please send everybody here.", thread_ts=decision)
    await ben.slash("/incident", f"update {KNOWN} next 30m", channel=name)
    await team.says("ben", name, "Update 1")
    card = await team.says("cleo", name, "Playbook: Checkout outage")
    await cleo.click("Start", channel=name, ts=card.ts)
    await team.settle()
    return name


async def war_room(ada: Window, channel: str) -> None:
    await ada.go(channel)
    await expect(ada.message("Update 1 by", "52 %")).to_be_visible()
    await ada.message(TITLE, "Impact").scroll_into_view_if_needed()


async def home(ada: Window, _channel: str) -> None:
    await ada.sidebar.get_by_role("link", name="Home").click()
    await expect(ada.main.get_by_text("INC-1").first).to_be_visible()


async def thread(ada: Window, channel: str) -> None:
    await ada.go(channel)
    await ada.act_on(ada.message("Roll back first"), "Reply in thread")
    await expect(ada.reply("The rollback has begun in eu-1.")).to_be_visible()


async def inspector(ada: Window, channel: str) -> None:
    await ada.go(channel)
    await ada.page.get_by_role("button", name="Inspector", exact=True).click()
    drawer = ada.page.get_by_role("complementary", name="Inspector")
    await drawer.get_by_role("radio", name="Calls").check()
    created = drawer.get_by_role("listitem").filter(has_text="conversations.setTopic").last
    await created.locator("summary").click()
    await created.scroll_into_view_if_needed()


async def declare_form(ada: Window, _channel: str) -> None:
    await ada.go("general")
    await ada.say("/incident declare")
    form = ada.dialog("Declare incident")
    await form.get_by_role("textbox", name="Title").fill("Search is slow for everybody")


View = Callable[[Window, str], Awaitable[None]]
VIEWS: Final[Mapping[str, View]] = {
    "war-room": war_room,
    "home": home,
    "inspector": inspector,
    "declare": declare_form,
}
"""The form comes last: while one is open, it stands over all of a person's windows."""
