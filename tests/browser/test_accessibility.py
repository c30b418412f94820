"""axe-core finds no serious fault on the four main views, in neither theme."""

import pytest
from playwright.async_api import expect

from tests.browser.axe import serious_violations
from tests.browser.conftest import Open
from tests.browser.views import VIEWS, furnish, thread
from tests.scenarios.team import Team


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious_on_the_main_views(team: Team, open_window: Open, theme: str) -> None:
    channel = await furnish(team)
    ada = await open_window("ada", color_scheme=theme, reduced_motion="reduce")
    found = {}
    for name, view in {"thread": thread, **VIEWS}.items():
        await view(ada, channel)
        found[name] = await serious_violations(ada.page)
    assert not any(found.values()), found


async def test_axe_would_find_a_control_without_a_name(open_window: Open) -> None:
    ada = await open_window("ada")
    await expect(ada.composer).to_be_visible()
    await ada.composer.evaluate("node => { node.removeAttribute('aria-label'); node.removeAttribute('placeholder'); }")
    assert [line for line in await serious_violations(ada.page) if line.startswith("label:")]
