"""Which browser the tests, the pictures and the bench of the page drive. Nothing is downloaded."""

import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, async_playwright

VARIABLE: Final = "MUSTER_CHROMIUM"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MACOS: Final = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
NOT_FOUND: Final = f"no Chromium was found on this machine; install one, or name it in {VARIABLE}"


class NoChromium(Exception):  # noqa: N818 - what is the case, as printed
    """There is none, or what the variable names is none."""


def chromium(environment: Mapping[str, str] = os.environ) -> Path:
    """Its program. Raises NoChromium."""
    if named := environment.get(VARIABLE):
        found = shutil.which(named)
        if found is None:
            raise NoChromium(f"{VARIABLE} names {named}, which is no program")
        return Path(found)
    known = [*(shutil.which(name) for name in NAMES), *(path for path in MACOS if Path(path).exists())]
    for path in known:
        if path:
            return Path(path)
    raise NoChromium(NOT_FOUND)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """One headless Chromium. Raises NoChromium."""
    program = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            await browser.close()
