"""What the API answers when it refuses: RFC 9457, one calm sentence, nothing of what a caller may not know."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

PROBLEM_JSON: Final = "application/problem+json"


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """`detail` says what to do. `field`: the part of the request that it is about."""

    def __init__(
        self, status: HTTPStatus, detail: str, *, field: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = dict(headers or {})

    def answer(self) -> web.Response:
        said = {"title": self.status.phrase, "status": self.status.value, "detail": self.detail}
        if self.field:
            said["field"] = self.field
        body = json.dumps(said, ensure_ascii=False).encode()
        headers = {**self.headers, hdrs.CONTENT_TYPE: PROBLEM_JSON}
        return web.Response(status=self.status, body=body, headers=headers)


def unauthorised() -> Problem:
    sentence = "Send a token of API_TOKENS as 'Authorization: Bearer …'."
    return Problem(HTTPStatus.UNAUTHORIZED, sentence, headers={hdrs.WWW_AUTHENTICATE: 'Bearer realm="muster"'})


def forbidden(scope: str) -> Problem:
    return Problem(HTTPStatus.FORBIDDEN, f"This token lacks the scope {scope}.")


def busy(detail: str, seconds: int) -> Problem:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={hdrs.RETRY_AFTER: str(seconds)})
