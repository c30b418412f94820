"""A drill is started from the page and played to its scorecard, and stays out of what is real."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.window import Window


async def begin(ada: Window) -> None:
    await ada.page.get_by_role("button", name="Practise", exact=True).click()
    dialog = ada.dialog("Practise")
    await dialog.get_by_role("button", name="Start The pay button").click()
    await expect(dialog).to_be_hidden()
    await expect(ada.page.get_by_role("region", name="Drill")).to_contain_text("The pay button")


async def notice(ada: Window) -> None:
    """What is wrong shows in #support, when its minute has come."""
    await ada.page.get_by_role("region", name="Clock").get_by_role("button", name="+5 min").click()
    await ada.go("support")
    await expect(ada.message("Grace Obi", "I press Pay")).to_be_visible()


async def respond(ada: Window) -> None:
    await ada.say("/incident declare sev2 Payments fail since release 1.84")
    await ada.go("inc-1-drill")
    await expect(ada.message("Payments fail since release 1.84", "DRILL", "Impact")).to_be_visible()
    await ada.say("/incident update We are rolling back release 1.84. next 30m")
    await expect(ada.message("Update 1 by", "rolling back").first).to_be_visible()
    await ada.say("/incident status mitigated Payments work again")
    await expect(ada.message("is mitigated now").first).to_be_visible()
    await ada.say("/incident resolve Release 1.84 is rolled back.")


async def test_a_drill_is_played_to_its_scorecard(open_window: Open) -> None:
    ada = await open_window("ada")
    await begin(ada)
    await notice(ada)
    await respond(ada)
    card = ada.message("Scorecard of DRILL")
    await expect(card).to_contain_text(re.compile("first update", re.IGNORECASE))
    bar = ada.page.get_by_role("region", name="Drill")
    await expect(bar).to_contain_text("Drill ended")
    await bar.get_by_text("Talk about it").click()
    await expect(bar.get_by_role("listitem").first).to_be_visible()


async def test_a_drill_is_announced_where_drills_are_and_not_where_incidents_are(open_window: Open) -> None:
    ada = await open_window("ada")
    await begin(ada)
    await ada.say("/incident declare sev2 Payments fail since release 1.84")
    await ada.go("drills")
    await expect(ada.message("DRILL", "Payments fail")).to_be_visible()
    await ada.go("incidents")
    await expect(ada.message("postmortem is in the wiki")).to_be_visible()
    await expect(ada.message("Payments fail")).to_have_count(0)
