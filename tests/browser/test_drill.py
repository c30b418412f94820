"""A drill is started from the page and played to its scorecard, and stays out of everything that is real."""

from playwright.async_api import expect

from tests.browser.conftest import Open


async def test_a_drill_is_played_to_its_scorecard(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.page.get_by_role("button", name="Practise").click()
    await ada.dialog("Practise").get_by_role("button", name="Start").first.click()
    await expect(ada.dialog("Practise")).to_be_hidden()
