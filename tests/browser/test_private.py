"""A private incident is nowhere that somebody outside of it can look."""

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.stage import OUTSIDER
from tests.browser.window import Window
from tests.scenarios.team import Team

SECRET = "Payroll data on a public bucket"
SLUG = "payroll"


async def declared(ada: Window) -> str:
    """By the form, as a person would; the channel's id."""
    await ada.say("/incident declare")
    form = ada.dialog("Declare incident")
    await form.get_by_role("textbox", name="Title").fill(SECRET)
    await form.get_by_role("checkbox", name="Only people in its channel may know of it").check()
    await form.get_by_role("button", name="Declare", exact=True).click()
    await ada.sidebar.get_by_role("link", name="private channel inc-1").click()
    await expect(ada.message(SECRET, "Impact")).to_be_visible()
    return ada.page.url.partition("at=")[2].partition("&")[0]


async def test_an_outsider_sees_nothing_of_a_private_incident(open_window: Open) -> None:
    outsider, ada = await open_window(OUTSIDER), await open_window("ada")
    channel = await declared(ada)
    await ada.say("The bucket is closed now.")
    await ada.go("general")
    await ada.say("Back to work.")  # whatever was to come to the outsider before this, has come
    await expect(outsider.message("Back to work.")).to_be_visible()
    await expect(outsider.sidebar.get_by_role("link", name="inc-1")).to_have_count(0)
    told = "\n".join(outsider.watch.frames)
    assert told
    for part in (channel, SLUG, SECRET, "bucket"):
        assert part not in told


async def test_an_outsider_is_not_offered_it_for_completion(open_window: Open) -> None:
    outsider, ada = await open_window(OUTSIDER), await open_window("ada")
    await declared(ada)
    await ada.composer.press_sequentially("#in")
    await expect(ada.suggestions.filter(has_text="inc-1")).to_be_visible()
    await outsider.composer.press_sequentially("#in")
    await expect(outsider.suggestions.filter(has_text="incidents")).to_be_visible()
    await expect(outsider.suggestions.filter(has_text="inc-1")).to_have_count(0)


async def test_its_address_tells_an_outsider_nothing(team: Team, open_window: Open) -> None:
    channel = await declared(await open_window("ada"))
    outsider = await open_window(OUTSIDER, at=channel)
    await expect(outsider.link("general")).to_be_visible()
    await expect(outsider.page.get_by_text(SECRET)).to_have_count(0)
    await expect(outsider.page.get_by_text("inc-1")).to_have_count(0)
    nowhere = await open_window(OUTSIDER, at="C0NOWHERE")
    await expect(nowhere.link("general")).to_be_visible()
    await expect(outsider.main).to_contain_text("There is no such channel here")
    await expect(nowhere.main).to_have_text(await outsider.main.inner_text(), use_inner_text=True)
