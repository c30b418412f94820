"""Whom signals go to: the setting SIGNAL_TARGETS, read. Pure; no sentence of it repeats a secret or an address."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

MOST_TARGETS: Final = 8
"""Each may keep one worker waiting; there are 32 (effect_runner)."""
SHORTEST_SECRET: Final = 24
"""Bytes; Standard Webhooks asks for 24 to 64."""
LONGEST_SECRET: Final = 64
_ENTRY: Final = re.compile(
    r"(?P<name>[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?)"
    r":(?P<url>https?://[^\s,]+?)"
    r"(?P<secrets>(?::whsec_[A-Za-z0-9+/=]+)+)"
    r"(?::(?P<marks>[a-z+-]+))?"
)


class Mark(StrEnum):
    """What a target may, besides hearing of public incidents at a public address."""

    PRIVATE = "private"
    DRILLS = "drills"
    PRIVATE_ADDRESS = "private-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalTarget:
    """`name`: as logs and lanes call it. The URL may hold a token as well, so it is in no representation."""

    name: str
    url: str = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    marks: frozenset[Mark] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether what it is told can be read on the way."""
        return self.url.startswith("http://")

    @property
    def may_be_private(self) -> bool:
        return Mark.PRIVATE_ADDRESS in self.marks


def read_targets(text: str) -> tuple[SignalTarget, ...]:
    """`name:url:secret`, marks after another colon; several separated by commas. Raises ValueError with a sentence."""
    parts = [part.strip() for part in text.split(",")]
    targets = tuple(_target(part, number) for number, part in enumerate(parts, start=1) if part)
    names = [target.name for target in targets]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"names {twice} twice: give each target a name of its own.")
    if len(targets) > MOST_TARGETS:
        raise ValueError(f"names {len(targets)} targets: {MOST_TARGETS} are the most; let one of them pass it on.")
    return targets


def _target(text: str, number: int) -> SignalTarget:
    found = _ENTRY.fullmatch(text)
    if found is None:
        raise ValueError(f"target {number} is not name:https://host/path:whsec_secret, with marks after another colon.")
    name, url = found["name"], found["url"]
    target = SignalTarget(
        name=name,
        url=_checked(url, name),
        secrets=tuple(_secret(each, name) for each in found["secrets"].split(":") if each),
        marks=frozenset(_marks(found["marks"], name)),
    )
    if target.is_plain and not target.may_be_private:
        raise ValueError(f"{name} must have an address with https://, unless it is marked {Mark.PRIVATE_ADDRESS}.")
    return target


def _checked(url: str, name: str) -> str:
    try:
        parts = urlsplit(url)
        is_good = _is_host(parts.hostname or "") and parts.port != 0 and "@" not in parts.netloc and not parts.fragment
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError(f"the address of {name} must be a URL with a host's name or address, and no user or fragment.")
    return url


def _is_host(host: str) -> bool:
    """What ends in a number is an address (URL Standard, 3.5), and those have one spelling here: no hexadecimal one."""
    if not re.search(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$", host):
        return bool(host)
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _secret(text: str, name: str) -> bytes:
    try:
        secret = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        secret = b""
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        make = 'echo "whsec_$(openssl rand -base64 32)"'
        raise ValueError(f"the secret of {name} must be whsec_ and {SHORTEST_SECRET} bytes or more in base64: {make}")
    return secret


def _marks(text: str | None, name: str) -> Sequence[Mark]:
    try:
        return [Mark(word) for word in text.split("+")] if text else []
    except ValueError:
        raise ValueError(f"{name} has an unknown mark: join some of {', '.join(Mark)} by +.") from None
