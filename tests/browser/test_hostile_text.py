"""Whatever people write is text: never markup, never a call to everybody, and it turns nothing around it."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Open
from tests.scenarios.team import Team

MARKUP = "<img src=x onerror=alert(1)>"
TITLE = f"{MARKUP} <!channel> \u202egpj.exe <https://evil.example|bank> {'very ' * 60}"[:299] + "!"
"""As long as a title may be."""
MESSAGES = (
    MARKUP,
    "<script>alert(1)</script>",
    "\u202egpj.exe and what follows",
    "</li></ol><h1>Gone</h1>",
    "W" * 3000,
)


async def test_a_hostile_title_is_shown_as_the_text_it_is(open_window: Open) -> None:
    ada, ben = await open_window("ada"), await open_window("ben", at="incidents")
    await ada.say("/incident declare")
    await ada.answer("Declare incident", "Declare", title=TITLE)
    await ada.go("inc-1")
    for window in (ada, ben):
        card = window.message(MARKUP, "<!channel>").first
        await expect(card).to_be_visible()
        await expect(window.page.locator("img[src='x']")).to_have_count(0)
        await expect(card.get_by_role("link", name="bank")).to_have_count(0)
        await expect(window.page.get_by_text("@channel", exact=True)).to_have_count(0)
    assert await too_wide(ada.page) == 0


async def test_hostile_messages_are_shown_as_the_texts_they_are(team: Team, open_window: Open) -> None:
    for text in MESSAGES:
        await team.person("ben").say("general", text)
    ada = await open_window("ada")
    for text in MESSAGES:
        await expect(ada.message(text)).to_be_attached()
    assert await too_wide(ada.page) == 0


async def test_a_link_that_a_browser_should_not_follow_is_none(team: Team, open_window: Open) -> None:
    await team.person("ben").say("general", "<javascript:alert(1)|a bank> javascript:alert(1) data:text/html,x")
    ada = await open_window("ada")
    await expect(ada.message("a bank")).to_be_visible()
    assert await ada.page.locator("a[href^='javascript'], a[href^='data']").count() == 0


async def too_wide(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
