"""A telephone is wide enough: 390 pixels, everything reached, nothing cut off sideways."""

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.views import KNOWN, furnish
from tests.browser.window import Window
from tests.scenarios.team import Team

TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


async def fits(window: Window) -> None:
    wide = await window.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"the page is {wide} pixels wide"


async def test_a_responder_follows_an_incident_on_a_telephone(team: Team, open_window: Open) -> None:
    name = await furnish(team)
    ada = await open_window("ada", at=name, **TELEPHONE)
    await expect(ada.message(KNOWN).first).to_be_visible()
    await fits(ada)
    await ada.say("On my way.")
    await expect(ada.message("On my way.")).to_be_in_viewport()
    await fits(ada)


async def test_a_responder_declares_on_a_telephone(open_window: Open) -> None:
    ada = await open_window("ada", **TELEPHONE)
    await ada.say("/incident declare")
    form = ada.dialog("Declare incident")
    await form.get_by_role("textbox", name="Title").fill("Checkout is down")
    await expect(form.get_by_role("button", name="Declare", exact=True)).to_be_in_viewport()
    await fits(ada)
    await form.get_by_role("button", name="Declare", exact=True).click()
    await expect(form).to_be_hidden()
