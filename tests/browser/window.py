"""One person's browser window: the page by the names that its users and screen readers know."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from tests.browser.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`name`: who sits before it."""

    page: Page
    name: str
    watch: Watch

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_role("navigation", name="Workspace")

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    def channel_link(self, part: str) -> Locator:
        """Its link in the sidebar, read or unread, public or private."""
        return self.sidebar.get_by_role("link", name=re.compile(rf"(# |private channel ){re.escape(part)}"))

    def message(self, *parts: str, within: Locator | None = None) -> Locator:
        """Those in the channel (or `within`) that hold all of the parts."""
        lists = (within or self.main).get_by_role("list", name="Messages" if within is None else "")
        found = lists.locator("[data-ts]")
        for part in parts:
            found = found.filter(has_text=part)
        return found

    def dialog(self, title: str) -> Locator:
        return self.page.get_by_role("dialog", name=title)

    def composer(self) -> Locator:
        return self.main.get_by_role("textbox", name=re.compile(r"^Message "))

    async def go(self, part: str) -> None:
        await self.channel_link(part).click()
        await expect(self.main.get_by_role("heading", name=re.compile(re.escape(part))).first).to_be_visible()

    async def type(self, text: str) -> None:
        """Into the composer, and Enter, when what it completes is out of the way."""
        await self.composer().fill(text)
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Enter")

    async def hover(self, message: Locator) -> Locator:
        """The toolbar over a message."""
        await message.hover()
        return message.get_by_role("toolbar", name="Message actions")
