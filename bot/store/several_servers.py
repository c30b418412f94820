"""The forms of REDIS_URL that name several servers: those of Sentinel and of Cluster. It connects to nothing.

    redis+sentinel://user:password@host1:26379,host2:26379/mymaster/0?sentinel_password=…
    redis+cluster://user:password@host1:6379,host2:6379

Both with `rediss` for TLS. Other tools of Python spell them so too (redis-sentinel-url, limits, prefect).
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode


class Address(NamedTuple):
    """IPv6 without brackets."""

    host: str
    port: int


class Guide(StrEnum):
    """Who knows which of the servers takes the writes."""

    SENTINEL = "sentinel"
    CLUSTER = "cluster"


_FORM: Final = re.compile(
    r"(?P<scheme>rediss?)\+(?P<guide>sentinel|cluster)://(?:(?P<user>[^@/]*)@)?"
    r"(?P<hosts>[^@/?#]+)(?:/(?P<path>[^?#]*))?(?:\?(?P<query>[^#]*))?"
)
_HOST: Final = re.compile(r"(?:\[(?P<ipv6>[0-9a-fA-F:.%]+)\]|(?P<name>[^\[\]:\s]+))(?::(?P<port>\d{1,5}))?")
_PORT: Final = {Guide.SENTINEL: 26379, Guide.CLUSTER: 6379}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralServers:
    """`addresses`: of the Sentinels, or of some nodes of the Cluster. `service`: what the Sentinels call the master."""

    guide: Guide
    addresses: tuple[Address, ...]
    service: str
    _scheme: str
    _user: str = field(repr=False)
    _database: str
    _options: tuple[tuple[str, str], ...] = field(repr=False)

    def url_of_server(self, address: Address) -> str:
        """A redis:// or rediss:// URL of one that keeps data."""
        options = [(name, value) for name, value in self._options if not name.startswith("sentinel_")]
        return self._url(self._user, address, self._database, options)

    def url_of_sentinel(self, address: Address) -> str:
        """As above, for a Sentinel: it has passwords of its own, and the same TLS."""
        options = dict(self._options)
        name, password = (quote(options.get(f"sentinel_{part}", ""), safe="") for part in ("username", "password"))
        user = f"{name}:{password}" if name or password else ""
        return self._url(user, address, "0", [each for each in self._options if each[0].startswith("ssl_")])

    def _url(self, user: str, address: Address, database: str, options: list[tuple[str, str]]) -> str:
        host = f"[{address.host}]" if ":" in address.host else address.host
        before, after = f"{user}@" if user else "", f"?{urlencode(options)}" if options else ""
        return f"{self._scheme}://{before}{host}:{address.port}/{database}{after}"


def several_servers(url: str) -> SeveralServers | None:
    """None for the URL of a single server. Raises ValueError for a wrong one, without repeating it."""
    if not re.match(r"rediss?\+", url):
        return None
    if not (found := _FORM.fullmatch(url)):
        raise ValueError("no hosts")
    guide = Guide(found["guide"])
    service, database = _path(guide, unquote(found["path"] or ""))
    return SeveralServers(
        guide=guide,
        addresses=tuple(_address(host, _PORT[guide]) for host in found["hosts"].split(",")),
        service=service,
        _scheme=found["scheme"],
        _user=found["user"] or "",
        _database=database,
        _options=tuple(parse_qsl(found["query"] or "")),
    )


def _path(guide: Guide, path: str) -> tuple[str, str]:
    """(service, database)."""
    service, _, database = path.partition("/") if guide is Guide.SENTINEL else ("", "", path)
    if bool(service) is not (guide is Guide.SENTINEL):
        raise ValueError("no service")
    if database and not (database.isdecimal() and (guide is Guide.SENTINEL or int(database) == 0)):
        raise ValueError("a wrong database")
    return service, database or "0"


def _address(text: str, port: int) -> Address:
    found = _HOST.fullmatch(text)
    if not found or not 0 < int(found["port"] or port) <= 65535:
        raise ValueError("a wrong host")
    return Address(unquote(found["ipv6"] or found["name"]), int(found["port"] or port))
