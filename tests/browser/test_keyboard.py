"""Nothing needs a mouse."""

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.scenarios.team import Team

MOST_TABS = 80


async def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    for _ in range(MOST_TABS):
        if await wanted.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{MOST_TABS} times {key} did not lead to {wanted}")


async def test_an_incident_is_declared_without_a_mouse(open_window: Open) -> None:
    ada = await open_window("ada")
    button = ada.page.get_by_role("button", name="Declare an incident")
    await expect(button).to_be_visible()
    await tab_to(ada.page, button)
    await ada.page.keyboard.press("Enter")
    form = ada.dialog("Declare incident")
    await expect(form).to_be_visible()
    await tab_to(ada.page, form.get_by_role("textbox", name="Title"))
    await ada.page.keyboard.type("Checkout is down")
    await tab_to(ada.page, form.get_by_role("button", name="Declare", exact=True))
    await ada.page.keyboard.press("Enter")
    await expect(form).to_be_hidden()
    await expect(ada.link("inc-1")).to_be_visible()


async def test_a_form_keeps_the_focus_while_it_is_open(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.say("/incident declare")
    form = ada.dialog("Declare incident")
    await expect(form).to_be_visible()
    for _ in range(25):
        await ada.page.keyboard.press("Tab")
        assert await form.evaluate(
            "node => node.contains(document.activeElement) || document.activeElement === document.body"
        )


async def test_a_message_is_reached_reacted_to_and_answered_without_a_mouse(team: Team, open_window: Open) -> None:
    await team.person("ben").say("general", "Is it DNS?")
    ada = await open_window("ada")
    said = ada.message("Is it DNS?")
    await expect(said).to_be_visible()
    await ada.composer.focus()
    await tab_to(ada.page, said.get_by_role("article"), "Shift+Tab")
    await tab_to(ada.page, said.get_by_role("button", name="React with :boom:"))
    await ada.page.keyboard.press("Enter")
    await expect(ada.reaction(said, "boom")).to_be_visible()


async def test_a_verb_is_completed_with_the_arrows_and_enter(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.composer.press_sequentially("/inc")
    await expect(ada.suggestions.first).to_contain_text("/incident")
    await ada.page.keyboard.press("Enter")
    await ada.composer.press_sequentially("decl")
    await expect(ada.suggestions.filter(has_text="declare")).to_be_visible()
    await ada.page.keyboard.press("Tab")
    await expect(ada.composer).to_have_value("/incident declare ")


async def test_the_first_emoji_found_is_taken_with_enter_and_the_picker_closes(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.say("Is it DNS?")
    said = ada.message("Is it DNS?")
    await ada.act_on(said, "More reactions")
    picker = ada.page.get_by_placeholder("Search emoji")
    await picker.fill("tada")
    await ada.page.keyboard.press("Enter")
    await expect(ada.reaction(said, "tada")).to_be_visible()
    await expect(picker).to_be_hidden()


async def test_the_inspector_gives_the_focus_back(open_window: Open) -> None:
    ada = await open_window("ada")
    button = ada.page.get_by_role("button", name="Inspector", exact=True)
    await button.focus()
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_role("complementary", name="Inspector")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(button).to_be_focused()


async def test_the_focus_stays_where_the_guide_was_used(open_window: Open) -> None:
    ada = await open_window("ada")
    button = ada.page.get_by_role("button", name="Declare an incident")
    await button.focus()
    await ada.page.keyboard.press("Enter")
    await ada.answer("Declare incident", "Declare", title="Search is slow")
    await expect(ada.page.get_by_role("button", name="Go to #inc-1")).to_be_visible()
    await expect(button).to_be_focused()
