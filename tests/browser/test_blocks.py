"""Every block, element and text that the bot sends is drawn; what the page does not know is shown as it came."""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.workspace.message_acts import post
from bot.workspace.server import Workspace
from tests.browser.conftest import Open
from tests.browser.mrkdwn_cases import CASES, HOSTILE, NOW, READER_TZ
from tests.browser.samples import HOMES, MESSAGES, MODALS, NEWER
from tests.browser.watch import Watch
from tests.browser.window import Window
from tests.scenarios.team import Team

READER: Final = """
  const people = { U0ADA00001: "Ada Lovelace", U0BEN00001: "Ben Okri" };
  const person = (id) => people[id] && { id, name: people[id].split(" ")[0].toLowerCase(), real_name: people[id] };
  const reader = {
    as: "ada", me: { id: "U0ADA00001", name: "ada", tz: zone }, now: () => now, person, group: () => undefined,
    channel: (id) => (id === "C0GENERAL1" ? { id, name: "general" } : undefined),
    app: { name: "Muster", team: { name: "Harbour", domain: "harbour" } }, openChannel() {}, openPerson() {},
  };
"""
DRAW: Final = (
    "async ([zone, now, kind, samples]) => {"
    + READER
    + """
  const { renderBlocks } = await import("/page/blocks.js");
  const { modalLayer } = await import("/page/modal.js");
  const { homeView } = await import("/page/home.js");
  const ctx = { reader, surface: kind, values: {}, use: () => Promise.resolve({ ok: true }) };
  const box = document.body.appendChild(document.createElement("div"));
  const modal = (view, id) => {
    const layer = modalLayer({ reader, act: () => Promise.resolve({ ok: true }) });
    box.append(layer.node);
    layer.show({ id, hash: id, state: { values: {} }, ...view }, 1);
  };
  const message = (blocks) => box.append(renderBlocks(blocks, ctx));
  const draw = { message, modal, home: (view) => box.append(homeView(view, ctx)) };
  return samples.map(([name, sample]) => {
    box.replaceChildren();
    draw[kind](sample, name);
    const read = box.textContent.trim() || box.querySelector("input, select, button, img")?.tagName;
    return [name, read, [...box.querySelectorAll(".unknown-name")].map((each) => each.textContent)];
  });
}"""
)
READ: Final = (
    "async ([zone, now, texts]) => {"
    + READER
    + """
  const { mrkdwn } = await import("/page/mrkdwn.js");
  return texts.map((text) => {
    const box = document.body.appendChild(document.createElement("div"));
    box.className = "mrkdwn";
    const began = performance.now();
    box.append(mrkdwn(text, reader));
    const took = performance.now() - began;
    const read = text.length < 1000 && box.innerText;
    const links = [...box.querySelectorAll("a")].map((each) => each.href);
    box.remove();
    return [read, took, links];
  });
}"""
)
A_MOMENT_MS: Final = 1000
"""Hundreds of times what it takes: only what grows faster than the text comes near."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """Where the page's modules can be had; nobody sits before it."""
    async with Workspace() as workspace, await browser.new_context() as context:
        watch = Watch(origin=workspace.site.base_url)
        watch.over(context)
        opened = await context.new_page()
        await opened.goto(watch.origin)
        yield opened
    watch.assert_quiet()


async def drawn(page: Page, kind: str, samples: object) -> dict[str, tuple[str, list[str]]]:
    """Of each sample by name: what is read of it, and what of it the page does not know."""
    found = await page.evaluate(DRAW, [READER_TZ, NOW, kind, json.loads(json.dumps(samples))])
    return {name: (text, unknown) for name, text, unknown in found}


@pytest.mark.parametrize(("kind", "samples"), [("message", MESSAGES), ("modal", MODALS), ("home", HOMES)])
async def test_every_sample_is_drawn_and_nothing_of_it_is_unknown(page: Page, kind: str, samples: Any) -> None:
    found = await drawn(page, kind, samples)
    assert len(found) == len(samples)
    assert {name: unknown for name, (_, unknown) in found.items() if unknown} == {}
    assert [name for name, (text, _) in found.items() if not text] == []


async def test_newer_blocks_of_slack_show_their_words(page: Page) -> None:
    found = await drawn(page, "message", NEWER)
    assert [name for name, (text, _) in found.items() if not text] == []
    assert found["unheard of"][1] == ["This page cannot draw this block: hologram"]


async def test_an_unknown_block_is_a_labelled_box_with_its_json(team: Team, open_window: Open) -> None:
    blocks = [{"type": "hologram", "spin": True, "label": "<b>hello</b>"}]
    _post(team, blocks)
    ada = await open_window("ada")
    said = ada.message("This page cannot draw this block: hologram")
    await expect(said).to_contain_text('"label": "<b>hello</b>"')


async def test_samples_stand_in_a_channel_beside_what_people_write(team: Team, open_window: Open) -> None:
    for _, blocks in MESSAGES[-30:]:
        _post(team, blocks)
    ada = await open_window("ada")
    await expect(ada.message("INC-42 is already resolved.")).to_be_visible()
    assert await ada.page.locator(".unknown").count() == 0
    assert await too_wide(ada) == 0


async def too_wide(window: Window) -> int:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(await window.page.evaluate(wide))


def _post(team: Team, blocks: Any) -> None:
    """Past the rules that keep an app from sending what Slack does not know."""
    inner = team.workspace.site.team
    channel = inner.channels[team.workspace.channel_id("general")]
    post(
        inner,
        channel,
        inner.account(team.workspace.bot_user_id),
        {"text": "", "blocks": json.loads(json.dumps(blocks))},
    )


async def test_mrkdwn_reads_as_in_slack(page: Page) -> None:
    found = await page.evaluate(READ, [READER_TZ, NOW, [text for _, text, _ in CASES]])
    wanted = {name: seen for name, _, seen in CASES}
    assert {name: lines(text) for (name, _, _), (text, _, _) in zip(CASES, found, strict=True)} == wanted


def lines(text: str) -> str:
    """innerText counts the end of a line before a quote or code, which shows as no line of its own."""
    return text.replace("\n\n", "\n")


async def test_no_text_takes_longer_than_a_moment_and_none_becomes_a_script(page: Page) -> None:
    found = await page.evaluate(READ, [READER_TZ, NOW, list(HOSTILE)])
    slow = {text[:20]: took for text, (_, took, _) in zip(HOSTILE, found, strict=True) if took > A_MOMENT_MS}
    assert slow == {}
    assert not [link for _, _, links in found for link in links if not link.startswith(("http", "mailto"))]
