"""Alerts are sent from the page, become incidents before one's eyes, and lead to them; with the keyboard, too."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.axe import serious_violations
from tests.browser.conftest import Open
from tests.browser.window import Window


async def opened(ada: Window) -> Locator:
    await ada.page.get_by_role("button", name="Monitoring", exact=True).click()
    dialog = ada.dialog("Monitoring")
    await expect(dialog.get_by_role("listitem")).to_have_count(6)
    return dialog


async def test_an_alert_opens_an_incident_and_leads_to_it(open_window: Open) -> None:
    ada = await open_window("ada")
    dialog = await opened(ada)
    payments = dialog.get_by_role("listitem").filter(has_text="Payments fail")
    await expect(payments.get_by_text("fires", exact=True)).to_be_hidden()
    await payments.get_by_role("button", name="Send Payments fail").click()
    await expect(dialog.get_by_role("status")).to_contain_text("INC-1: 1 DECLARED_BY_RULE")
    await expect(payments.get_by_text("fires", exact=True)).to_be_visible()
    await dialog.get_by_role("button", name="Go to #inc-1-one-in-three-payments").click()
    await expect(dialog).to_be_hidden()
    await expect(ada.heading("inc-1-one-in-three-payments")).to_be_visible()
    await expect(ada.message("SEV1 · Triage", "1 firing · PaymentsFail")).to_be_visible()


async def test_what_became_of_it_is_said_and_what_is_refused_too(open_window: Open) -> None:
    ada = await open_window("ada")
    dialog = await opened(ada)
    said = dialog.get_by_role("status")
    await dialog.get_by_role("button", name="Send All of it resolves").click()
    await expect(said).to_contain_text("Nothing fires now")
    await dialog.get_by_role("button", name="Send A disk fills slowly").click()
    await expect(said).to_contain_text("Muster took 1 alert.")
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await opened(ada)
    await expect(said).to_be_hidden()


async def test_it_is_used_with_the_keyboard_alone(open_window: Open) -> None:
    ada = await open_window("ada")
    await expect(ada.composer).to_be_focused()
    await ada.page.get_by_role("button", name="Monitoring", exact=True).focus()
    await ada.page.keyboard.press("Enter")
    dialog = ada.dialog("Monitoring")
    send = dialog.get_by_role("button", name="Send Forty pods crash")
    await expect(send).to_be_visible()
    for _ in range(12):
        await ada.page.keyboard.press("Tab")
        if await send.evaluate("node => node === document.activeElement"):
            break
    await ada.page.keyboard.press("Enter")
    await expect(dialog.get_by_role("status")).to_contain_text("39 ATTACHED_SAME_GROUP")
    await expect(send).to_be_focused()
    await ada.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(ada.page.get_by_role("button", name="Monitoring", exact=True)).to_be_focused()


async def test_the_line_for_ones_own_alert_is_shown_and_copied(open_window: Open) -> None:
    ada = await open_window("ada", permissions=["clipboard-read", "clipboard-write"])
    dialog = await opened(ada)
    await dialog.get_by_text("An alert of your own").click()
    line = dialog.get_by_label("Command")
    await expect(line).to_contain_text("curl -H 'Authorization: Bearer ")
    await dialog.get_by_role("button", name="Copy").click()
    await expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert await ada.page.evaluate("navigator.clipboard.readText()") == await line.inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious_in_it_on_a_narrow_window(open_window: Open, theme: str) -> None:
    how = {"color_scheme": theme, "reduced_motion": "reduce", "viewport": {"width": 400, "height": 700}}
    ada = await open_window("ada", **how)
    await ada.page.locator(".menu-button").click()
    dialog = await opened(ada)
    await dialog.get_by_role("button", name="Send Payments fail").click()
    await expect(dialog.get_by_role("status")).to_contain_text("DECLARED_BY_RULE")
    await dialog.get_by_text("An alert of your own").click()
    assert await serious_violations(ada.page) == []
    assert await dialog.evaluate("node => node.scrollWidth <= node.clientWidth")
