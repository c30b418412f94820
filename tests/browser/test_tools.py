"""What the page has beside a small Slack: the inspector, the guided start, the clock."""

from aiohttp import ClientSession
from playwright.async_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.stage import OUTSIDER
from tests.browser.window import Window
from tests.scenarios.team import Team


async def inspected(window: Window) -> Locator:
    await window.page.get_by_role("button", name="Inspector", exact=True).click()
    return window.page.get_by_role("complementary", name="Inspector")


async def test_the_inspector_shows_what_is_sent_to_the_bot_and_what_it_calls(team: Team, open_window: Open) -> None:
    ada = await open_window("ada")
    drawer = await inspected(ada)
    await ada.say("/incident declare sev2 Search is slow")
    for words in ("declare sev2 Search is slow", "conversations.create", "pins.add", "response_url"):
        await expect(drawer.get_by_role("listitem").filter(has_text=words).first).to_be_visible()
    await drawer.get_by_role("radio", name="Calls").check()
    await expect(drawer.get_by_role("listitem").filter(has_text="declare sev2 Search is slow")).to_have_count(0)
    created = drawer.get_by_role("listitem").filter(has_text="conversations.create")
    await created.locator("summary").click()
    await expect(created).to_contain_text("inc-1-search-is-slow")


async def test_a_call_that_broke_a_rule_is_red(team: Team, open_window: Open) -> None:
    ada = await open_window("ada")
    drawer = await inspected(ada)
    await team.settle()
    token = {"Authorization": f"Bearer {team.workspace.bot_token}"}
    wrong = {"channel": team.workspace.channel_id("general"), "blocks": '[{"type": "section"}]', "text": "x"}
    async with ClientSession() as session:
        await session.post(f"{team.workspace.api_url}chat.postMessage", headers=token, data=wrong)
    row = drawer.get_by_role("listitem").filter(has_text="broke a Slack rule: invalid_blocks")
    await expect(row).to_be_visible()
    outcome = row.get_by_text("broke a Slack rule")
    red, other = [await colour(each) for each in (outcome, drawer.get_by_role("heading", name="Inspector"))]
    assert red != other
    await drawer.get_by_role("radio", name="Problems only").check()
    await expect(drawer.get_by_role("listitem")).to_have_count(1)


async def colour(node: Locator) -> str:
    return str(await node.evaluate("node => getComputedStyle(node).color"))


async def test_the_guide_ticks_off_what_was_done(team: Team, open_window: Open) -> None:
    ada = await open_window("ada")
    guide = ada.page.get_by_role("region", name="Try Muster")
    await expect(guide).to_contain_text("0 of 3")
    await ada.say("/incident declare sev2 Search is slow")
    await expect(guide).to_contain_text("1 of 3")
    await ada.go("inc-1")
    await ada.say("p95 is 4 s.")
    await ada.act_on(ada.message("p95 is 4 s."), "React with :pushpin:")
    await expect(guide).to_contain_text("2 of 3")
    await ada.page.get_by_role("region", name="Clock").get_by_role("button", name="+1 day").click()
    await expect(guide).to_contain_text("3 of 3")


async def test_the_clock_is_moved_for_all_who_look_on(open_window: Open) -> None:
    ada, outsider = await open_window("ada"), await open_window(OUTSIDER)
    clocks = [window.page.get_by_role("region", name="Clock") for window in (ada, outsider)]
    await clocks[0].get_by_role("button", name="+1 day").click()
    for clock in clocks:
        await expect(clock).to_contain_text("1 day ahead")
