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

    @property
    def composer(self) -> Locator:
        return self.main.get_by_role("textbox", name=re.compile(r"^Message "))

    @property
    def suggestions(self) -> Locator:
        return self.page.get_by_role("listbox", name="Suggestions").get_by_role("option")

    def link(self, part: str) -> Locator:
        """A channel's in the sidebar, by how its name begins: read or unread, public or private."""
        return self.sidebar.get_by_role("link", name=re.compile(rf"^(# |private channel ){re.escape(part)}"))

    def heading(self, part: str) -> Locator:
        return self.main.get_by_role("heading", name=re.compile(re.escape(part)))

    def message(self, *parts: str) -> Locator:
        """Those in the channel that hold all of the parts."""
        return _holding(self.main.get_by_role("list", name="Messages").locator("[data-ts]"), parts)

    def reply(self, *parts: str) -> Locator:
        return _holding(self.thread.locator("[data-ts]"), parts)

    def dialog(self, title: str) -> Locator:
        return self.page.get_by_role("dialog", name=title)

    async def go(self, part: str) -> None:
        await self.link(part).click()
        await expect(self.heading(part)).to_be_visible()

    async def say(self, text: str, into: Locator | None = None) -> None:
        """Types it and sends it; what the page offers to complete is left alone."""
        box = into or self.composer
        await box.fill(text)
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Enter")
        await expect(box).to_have_value("")

    async def act_on(self, message: Locator, button: str) -> None:
        """By the toolbar that shows while one points at a message."""
        await message.hover()
        await message.get_by_role("toolbar", name="Message actions").get_by_role("button", name=button).click()

    async def press(self, message: Locator, button: str) -> None:
        """One of the app's buttons in a message."""
        await message.get_by_role("button", name=button, exact=True).first.click()

    async def choose(self, field: Locator, what: str) -> None:
        """In a field with a list: opens it, and takes what is offered."""
        await field.click()
        await self.page.get_by_role("listbox").get_by_role("option", name=what).click()

    async def become(self, name: str) -> None:
        """Another person, by the switch."""
        await self.page.get_by_role("combobox", name="You are").select_option(name)

    def reaction(self, message: Locator, emoji: str) -> Locator:
        return message.get_by_role("button", name=re.compile(rf"^:{emoji}: \d"))

    async def answer(self, title: str, submit: str, /, **values: str) -> None:
        """Fills in text fields of a form by their labels ('what_we_know'), and sends it."""
        form = self.dialog(title)
        for label, value in values.items():
            await form.get_by_role("textbox", name=re.compile(label.replace("_", " "), re.IGNORECASE)).fill(value)
        await form.get_by_role("button", name=submit, exact=True).click()
        await expect(form).to_be_hidden()


def _holding(messages: Locator, parts: tuple[str, ...]) -> Locator:
    for part in parts:
        messages = messages.filter(has_text=part)
    return messages
