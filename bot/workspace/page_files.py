"""The page itself, as files. It serves what lies in the folder `page` and nothing else."""

from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


def file_named(name: str) -> Path:
    """Raises HTTPNotFound for what is no file of the page; the folder is flat, so no name leads out of it."""
    found = FOLDER / name
    if found.parent != FOLDER or found.suffix not in KINDS or not found.is_file():
        raise web.HTTPNotFound
    return found


def sent(name: str) -> web.FileResponse:
    """Always asked for anew, and answered with 304 where nothing changed."""
    found = file_named(name)
    return web.FileResponse(found, headers={"Content-Type": KINDS[found.suffix], "Cache-Control": "no-cache"})


async def index(_request: web.Request) -> web.FileResponse:
    return sent("index.html")


async def page_file(request: web.Request) -> web.FileResponse:
    return sent(request.match_info["name"])


def routes() -> list[web.RouteDef]:
    return [web.get("/", index), web.get("/page/{name}", page_file)]
