"""The check that every test of the page ends with can fail."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from tests.browser.watch import Watch

STRICT = {"Content-Security-Policy": "default-src 'none'; script-src 'self'"}


async def _page(request: web.Request) -> web.Response:
    return web.Response(text=f"<h1>Here</h1>{request.query.get('with', '')}", content_type="text/html", headers=STRICT)


async def _script(_: web.Request) -> web.Response:
    return web.Response(text="nothing.of = this", content_type="text/javascript")


@pytest_asyncio.fixture(loop_scope="session")
async def origin() -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes([web.get("/", _page), web.get("/broken.js", _script)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, origin: str) -> AsyncIterator[tuple[Page, Watch]]:
    async with await browser.new_context(base_url=origin) as context:
        watch = Watch(origin=origin)
        watch.over(context)
        yield await context.new_page(), watch


@pytest.mark.parametrize(
    ("markup", "trouble"),
    [
        ("<script src='/broken.js'></script>", "nothing is not defined"),
        ("<script>1</script>", "Content Security Policy"),
        ("<h1 style='color: red'>", "Content Security Policy"),
        ("<script src='http://localhost:1/far.js'></script>", "Content Security Policy"),
    ],
)
async def test_errors_and_broken_rules_of_the_page_are_noticed(
    watched: tuple[Page, Watch], markup: str, trouble: str
) -> None:
    page, watch = watched
    async with page.expect_event("console" if "nothing" not in trouble else "pageerror"):
        await page.goto(f"/?with={markup}")
    with pytest.raises(AssertionError, match=trouble):
        watch.assert_quiet()


async def test_a_request_that_leaves_the_workspace_is_noticed(watched: tuple[Page, Watch]) -> None:
    page, watch = watched
    await page.route("**", lambda route: route.fulfill(body="Elsewhere"))
    await page.goto("http://muster.example/")
    with pytest.raises(AssertionError, match="asked of somebody else"):
        watch.assert_quiet()


async def test_a_page_without_trouble_is_quiet(watched: tuple[Page, Watch]) -> None:
    page, watch = watched
    await page.goto("/")
    await expect(page.get_by_role("heading", name="Here")).to_be_visible()
    watch.assert_quiet()
