"""Which tracker the settings name, and what its settings must look like."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

SHORTEST_SECRET: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerChoice:
    """`name`: as people call it. `url`: of its API, or its site. `place`: where follow-ups become issues.

    `user`: whose the token is, where it must be said; `issue_type`: what they become, where there are several.
    """

    name: str
    url: str
    place: str
    token: SecretStr
    user: str = ""
    issue_type: str = ""


def repository(value: str | None) -> str | None:
    if value and not re.fullmatch(r"[\w.-]+/[\w.-]+", value, re.ASCII):
        raise ValueError("must be an owner and a repository, such as acme/ops.")
    return value


def project(value: str | None) -> str | None:
    if value and not re.fullmatch(r"[A-Z][A-Z0-9_]{1,254}", value, re.ASCII):
        raise ValueError("must be the key of a project, such as OPS.")
    return value


def site(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return web_url(value)
    except ValueError:
        raise ValueError("must be the address of the site, such as https://acme.atlassian.net.") from None


def web_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.username or parts.query:
        raise ValueError("must be a URL such as https://api.github.com, without a token in it.")
    return value.rstrip("/")


def webhook_secret(value: SecretStr | None) -> SecretStr | None:
    if value and len(value.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError("must have 16 characters or more, such as `openssl rand -hex 32` prints.")
    return value
