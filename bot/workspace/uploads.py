"""Files that an app brings: each has an address of its own until it is shared, and its content is kept, to be seen."""

import secrets
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web
from aiohttp.web_request import FileField


@dataclass(slots=True, kw_only=True)
class Upload:
    """`content` None: nothing was brought yet. `posts`: (channel, ts) of each message that shows it."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""
    alt_text: str = ""
    is_complete: bool = False
    posts: list[tuple[str, str]] = field(default_factory=list)


class Uploads:
    """`by_id`: every file of the app's; each has an address that nobody can guess."""

    def __init__(self) -> None:
        self.by_id: dict[str, Upload] = {}
        self._by_key: dict[str, Upload] = {}

    def begin(self, upload: Upload) -> str:
        """The last part of its address."""
        key = secrets.token_urlsafe(24)
        self.by_id[upload.id] = self._by_key[key] = upload
        return key

    async def receive(self, request: web.Request) -> web.Response:
        """The content as it is, or as the only file of a form."""
        upload = self._by_key.get(request.match_info["key"])
        if upload is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, text="No file was asked for here.\n")
        content = await _content(request)
        if len(content) != upload.length:
            return web.Response(status=HTTPStatus.BAD_REQUEST, text="The length is another one.\n")
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    parts = [value for value in (await request.post()).values() if isinstance(value, FileField)]
    return parts[0].file.read() if len(parts) == 1 else b""
