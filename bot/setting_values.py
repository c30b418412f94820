"""Single settings: is the value one that can be used, and as what is it kept? Pure; faults are told without the value.

Each takes what the environment has, answers what is kept, and raises ValueError with the end of a sentence whose
beginning is the variable's name.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.api_tokens import read_tokens
from bot.signal_targets import read_targets

_SHORTEST_AUDIT_KEY: Final = 32
_SHORTEST_ALERT_SECRET: Final = 16


def bot_token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("xoxb-"):
        raise ValueError("must be the bot token, which begins with xoxb-: copy it from OAuth & Permissions.")
    return value


def app_token(value: SecretStr | None) -> SecretStr | None:
    if value and not value.get_secret_value().startswith("xapp-"):
        raise ValueError("must be an app-level token, which begins with xapp-: copy it from Basic Information.")
    return value


def api_url(value: str) -> str:
    """Ends in a slash, because every client appends the method's name to it."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be a URL such as https://slack.com/api/.")
    return value if value.endswith("/") else f"{value}/"


_HOSTS: Final = r"([^@/?#]*@)?[^@/?#,]+(,[^@/?#,]+)*"
_REDIS_URL: Final[Mapping[str, tuple[str, str]]] = {
    r"rediss?\+sentinel:": (
        rf"{_HOSTS}/[^/?#]+(/\d*)?(\?.*)?",
        "must name the Sentinels and what they call the master: redis+sentinel://host1:26379,host2:26379/mymaster/0.",
    ),
    r"rediss?\+cluster:": (
        rf"{_HOSTS}/?0?(\?.*)?",
        "must name some servers of the Cluster, and no database: redis+cluster://host1:6379,host2:6379.",
    ),
    r"(rediss?|unix):": (r".*", ""),
}


def redis_url(value: SecretStr | None) -> SecretStr | None:
    url = value.get_secret_value() if value else ""
    for scheme, (rest, sentence) in _REDIS_URL.items():
        if not url or re.fullmatch(f"{scheme}//{rest}", url):
            return value
        if re.match(scheme, url):
            raise ValueError(sentence)
    raise ValueError(
        "must be a URL such as redis://localhost:6379/0 (or rediss://…, unix://…, redis+sentinel://…, redis+cluster://…)."
    )


def smtp_url(value: SecretStr | None) -> SecretStr | None:
    if value and not _is_mail_server(value.get_secret_value()):
        raise ValueError(
            "must be a URL such as smtp://user:password@host:587 (or smtps://…, smtp+plain://…); what is no letter or "
            "digit in user and password is percent-encoded."
        )
    return value


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_port = parts.port != 0
    except ValueError:
        return False
    known = parts.scheme in {"smtp", "smtps", "smtp+plain"}
    return known and is_port and bool(parts.hostname) and parts.path in {"", "/"} and not parts.query + parts.fragment


_ADDRESS: Final = r"[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"


def mail_from(value: str | None) -> str | None:
    if value and not re.fullmatch(rf"{_ADDRESS}|[^<>\r\n]*<{_ADDRESS}>", value, re.ASCII):
        raise ValueError("must be an address such as muster@example.org, or Muster <muster@example.org>.")
    return value


def audit_key(value: SecretStr | None) -> SecretStr | None:
    if value and any(len(key) < _SHORTEST_AUDIT_KEY for key in split_keys(value)):
        raise ValueError("must have 32 characters or more (several keys: separated by commas): openssl rand -hex 32")
    return value


def alert_secrets(value: SecretStr | None) -> SecretStr | None:
    for source, secret in named_secrets(value):
        if not re.fullmatch(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?", source):
            raise ValueError("must name each source: alertmanager=secret,grafana=secret.")
        if len(secret) < _SHORTEST_ALERT_SECRET:
            raise ValueError(f"must have secrets of 16 characters or more, and that of {source} has fewer.")
    return value


def named_secrets(secrets: SecretStr | None) -> tuple[tuple[str, str], ...]:
    """A secret may end in '=', as base64 does."""
    named = (each.partition("=") for each in split_keys(secrets) if each)
    return tuple((source.strip(), secret.strip()) for source, _, secret in named)


def api_tokens(value: SecretStr | None) -> SecretStr | None:
    if value:
        read_tokens(value.get_secret_value())
    return value


def signal_targets(value: SecretStr | None) -> SecretStr | None:
    if value:
        read_targets(value.get_secret_value())
    return value


def split_keys(keys: SecretStr | None) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.get_secret_value().split(",")) if keys else ()


def channel(value: str | None) -> str | None:
    """An id as it is; a name always with its '#'."""
    if value is None or re.fullmatch(r"[CG][A-Z0-9]{5,}", value):
        return value
    name = value.removeprefix("#")
    if not re.fullmatch(r"[\w-]{1,80}", name) or name != name.lower():
        raise ValueError("must be a channel's id (C0123ABCD) or its name (#incidents).")
    return f"#{name}"


def command_name(value: str) -> str:
    """Slack's own rule: a slash, then up to 31 characters, no capitals and no spaces."""
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", value):
        raise ValueError("must be a slash and up to 31 lower-case letters, digits, '-' or '_', such as /incident.")
    return value
