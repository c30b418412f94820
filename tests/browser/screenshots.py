"""`make screenshots`: the four main views in both themes, in docs/screenshots, of a world whose clock is set.

The same people say the same at the same time of the same day, so that a picture only changes where the page does.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Browser, Page, ViewportSize

from bot.clock import Clock
from bot.demo.world import Plan, world
from bot.telemetry import configure_logs
from tests.browser.chromium import NoChromium, launched
from tests.browser.small_png import with_palette
from tests.browser.views import VIEWS, furnish
from tests.browser.watch import Watch
from tests.browser.window import Window
from tests.scenarios.team import Team

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"
MOMENT: Final = datetime(2027, 3, 2, 13, 2, 5, tzinfo=UTC)
"""A Tuesday, early afternoon in Berlin; five seconds in, so that no picture crosses a minute."""
SIZE: Final[ViewportSize] = {"width": 1280, "height": 800}
LARGEST: Final = 200 * 1024
Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")


async def take_all() -> list[Path]:
    async with launched() as browser:
        return [file for theme in THEMES for file in await _take_in(browser, theme)]


async def _take_in(browser: Browser, theme: Theme) -> list[Path]:
    clock = Clock()
    clock.move_on(MOMENT - clock.now())
    async with world(Plan(port=0), clock=clock) as made:
        channel = await furnish(Team(workspace=made.workspace, bot=made.bot, clock=made.clock))
        taken = []
        for view in VIEWS:
            taken.append(FOLDER / f"{view}-{theme}.png")
            context = await browser.new_context(
                viewport=SIZE, color_scheme=theme, reduced_motion="reduce", locale="en-GB"
            )
            async with context:
                await context.clock.set_fixed_time(MOMENT)
                picture = await _taken(await context.new_page(), made.link, view, channel)
                await asyncio.to_thread(taken[-1].write_bytes, picture)
    return taken


async def _taken(page: Page, link: str, view: str, channel: str) -> bytes:
    await page.goto(link)
    await VIEWS[view](Window(page=page, name="ada", watch=Watch(origin=link)), channel)
    await page.mouse.move(0, 0)
    await page.evaluate("Promise.all([...document.images].map((each) => each.decode()))")
    taken = await page.screenshot(caret="hide", animations="disabled")
    return await with_palette(await page.context.new_page(), taken)


def main() -> None:
    configure_logs(level="error", console=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        taken = asyncio.run(take_all())
    except NoChromium as missing:
        sys.exit(f"No pictures were taken: {missing}.")
    for file in taken:
        size = file.stat().st_size
        sys.stdout.write(f"{file.relative_to(FOLDER.parents[1])}  {size // 1024} KiB\n")
        if size > LARGEST:
            sys.exit(f"{file.name} is larger than {LARGEST // 1024} KiB.")


if __name__ == "__main__":
    main()
