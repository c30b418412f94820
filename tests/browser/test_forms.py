"""Forms open over the page, keep what was typed, and say beside the field what is wrong with it."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Open

UNREADABLE = "\u2060\u2060"
"""A word joiner: something was typed, and nothing can be seen of it."""


async def test_an_error_stands_beside_its_field_and_what_was_typed_stays(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.say("/incident declare")
    form = ada.dialog("Declare incident")
    title, impact = form.get_by_role("textbox", name="Title"), form.get_by_role("textbox", name="Impact")
    await title.fill(UNREADABLE)
    await impact.fill("Nobody can pay.")
    await form.get_by_role("button", name="Declare", exact=True).click()
    alert = form.get_by_role("alert")
    await expect(alert).to_contain_text("An incident needs a title")
    await expect(title).to_have_accessible_description(re.compile("An incident needs a title"))
    await expect(impact).to_have_value("Nobody can pay.")
    await title.fill("Checkout is down")
    await form.get_by_role("button", name="Declare", exact=True).click()
    await expect(form).to_be_hidden()


async def test_a_service_is_chosen_under_its_tier_and_what_was_typed_stays(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.say("/incident declare")
    form = ada.dialog("Declare incident")
    title = form.get_by_role("textbox", name="Title")
    await title.fill("Nobody can pay")
    await ada.choose(form.get_by_label("Severity"), "SEV3")
    await ada.choose(form.get_by_label("What is affected"), "checkout")
    await expect(form).to_contain_text("checkout is tier 1: the rubric suggests SEV1.")
    await expect(title).to_have_value("Nobody can pay")
    await form.get_by_role("button", name="Declare", exact=True).click()
    await expect(form).to_be_hidden()
    await ada.go("inc-1")
    await expect(ada.message("SEV3", "checkout (tier 1, owner shop, on call The shop rota)")).to_be_visible()


async def test_a_field_that_must_be_filled_in_is_asked_for(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.say("/incident declare")
    form = ada.dialog("Declare incident")
    await form.get_by_role("button", name="Declare", exact=True).click()
    await expect(form).to_be_visible()
    await expect(form.get_by_role("alert").first).to_be_visible()


async def test_escape_closes_a_form_and_the_focus_is_where_it_was(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.say("/incident declare")
    await expect(ada.dialog("Declare incident")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(ada.dialog("Declare incident")).to_be_hidden()
    await expect(ada.composer).to_be_focused()
