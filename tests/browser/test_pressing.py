"""A press counts, whatever the app changes meanwhile."""

from playwright.async_api import expect

from tests.browser.conftest import Open


async def test_a_press_is_not_lost_when_its_message_changes_under_the_pointer(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.say("Half of checkouts fail.")
    said = ada.message("Half of checkouts fail.")
    await said.hover()
    await said.get_by_role("button", name="React with :boom:").hover()
    ben = await open_window("ben")
    await ada.page.mouse.down()
    await ben.act_on(ben.message("Half of checkouts fail."), "React with :mag:")
    await expect(ben.reaction(ben.message("Half of checkouts fail."), "mag")).to_be_visible()
    await ada.page.mouse.up()
    await expect(ada.reaction(said, "boom")).to_be_visible()
    await expect(ada.reaction(said, "mag")).to_be_visible()
