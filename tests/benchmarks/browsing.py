"""The page in a browser: 200 channels and 5,000 messages in one of them, beside a workspace with next to nothing.

What stands in the floor's place is the same page, the same gesture, in the small workspace.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Browser, Page

from bot.workspace.server import Workspace
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Goal
from tests.browser.chromium import NoChromium, chromium, launched
from tests.browser.large_workspace import TALKED_IN, large_workspace, newest

CHANNELS: Final = 200
MESSAGES: Final = 5000
TURNS: Final = 150
"""Turns of the wheel, each a screen; with every frame a turn, faster than anybody reads."""
PATIENCE: Final = 30.0
_WATCH: Final = """(newest) => {
  const seen = window.benched = { frames: [], long: [] };
  new PerformanceObserver((list) => seen.long.push(...list.getEntries().map((each) => each.duration)))
    .observe({ type: "longtask", buffered: true });
  seen.shown = new Promise((done) => {
    const look = () => {
      const item = document.querySelector(`[data-ts="${newest}"]`);
      if (item && item.getBoundingClientRect().bottom > 0) done(performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}"""
_SCROLL: Final = """async (turns) => {
  const seen = window.benched;
  seen.long.length = 0;
  const scrolls = (node) =>
    /auto|scroll/.test(getComputedStyle(node).overflowY) && node.scrollHeight > node.clientHeight;
  let box = document.querySelector("[data-ts]");
  while (box && !scrolls(box)) box = box.parentElement;
  let before = performance.now();
  for (let turn = 0; turn < turns; turn += 1) {
    box?.scrollBy(0, -box.clientHeight);
    const now = await new Promise(requestAnimationFrame);
    seen.frames.push(now - before);
    before = now;
  }
  const shown = [...document.querySelectorAll("[data-ts]")].filter((each) => each.getBoundingClientRect().bottom > 0);
  const nodes = document.querySelectorAll("*").length;
  return { frames: seen.frames, long: seen.long, first: shown[0]?.dataset.ts ?? "", nodes };
}"""
"""Turns the wheel once a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """Milliseconds; `back`: how many messages lie between the newest and the first that is shown at the end."""

    shown: float
    longest_frame: float
    long_tasks: float
    nodes: int
    back: int


async def measure(bench: Bench) -> list[Figure]:
    """None where there is no Chromium: the other sections are not to be lost by that."""
    try:
        chromium()
    except NoChromium as missing:
        sys.stderr.write(f"The page was not measured: {missing}.\n")
        return []
    return await _measured(bench)


async def _measured(bench: Bench) -> list[Figure]:
    large: list[Browsed] = []
    small: list[Browsed] = []
    async with (
        launched() as browser,
        large_workspace(channels=CHANNELS, messages=MESSAGES) as full,
        large_workspace(channels=0, messages=1) as empty,
    ):
        for _ in range(bench.runs):
            large.append(await browsed(browser, full))
            small.append(await browsed(browser, empty))
    return _figures(large, small)


async def browsed(browser: Browser, workspace: Workspace) -> Browsed:
    """In a window that has cached nothing."""
    async with _window(browser) as page:
        await page.add_init_script(f"({_WATCH})({newest(workspace)!r})")
        await page.goto(f"{workspace.site.base_url}/#as=ada&at={workspace.channel_id(TALKED_IN)}")
        async with asyncio.timeout(PATIENCE):
            shown = await page.evaluate("window.benched.shown")
        found: dict[str, Any] = await page.evaluate(_SCROLL, TURNS)
    return Browsed(
        shown=shown,
        longest_frame=max(found["frames"]),
        long_tasks=sum(found["long"]),
        nodes=found["nodes"],
        back=_passed(workspace, found["first"]),
    )


def _passed(workspace: Workspace, ts: str) -> int:
    top = workspace.site.team.channels[workspace.channel_id(TALKED_IN)].top
    return len(top) - 1 - top.index(ts)


@asynccontextmanager
async def _window(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        yield await context.new_page()
    finally:
        await context.close()


def _figures(large: list[Browsed], small: list[Browsed]) -> list[Figure]:
    group = f"The page: {CHANNELS} channels, {MESSAGES:,} messages in one, beside a small workspace (as floor)"

    def figure(name: str, field: str, unit: str = "ms", goal: float | None = None) -> Figure:
        ours, floor = ([float(getattr(each, field)) for each in found] for found in (large, small))
        return Figure(group=group, name=name, ours=ours, floor=floor, unit=unit, goal=goal, kind=Goal.AT_MOST)

    return [
        figure("opened until the newest message shows", "shown", goal=1000),
        figure(f"longest frame in {TURNS} screens back", "longest_frame"),
        figure("tasks over 50 ms in these, together", "long_tasks"),
        figure("messages passed", "back", unit=""),
        figure("elements in the document, at the end", "nodes", unit=""),
    ]
