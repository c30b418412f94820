"""Which addresses a signal may go to. Asked of each connection with the address that it goes to, whatever a name said
before: so no spelling of a number, no answer of DNS that changes, leads to where it may not.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

_TRANSLATED: Final = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96")))
"""RFC 6052, 8215 and 7915: the last 32 bits are an IPv4 address."""

Address = IPv4Address | IPv6Address


class AddressRefused(OSError):  # noqa: N818 - our answer, as the libraries that open connections understand it
    """Signals do not go there."""


def refusal(address: str, *, private: bool) -> str:
    """Why a target may not be there; empty: it may. `private`: it may be in a network of one's own."""
    met = _embedded(ip_address(address))
    if met.is_unspecified or met.is_multicast or met.is_link_local:
        return f"{address} is no address of a machine that signals could be meant for"
    if private or _is_public(met):
        return ""
    return f"{address} is in no public network"


def guarded(*, private: bool) -> Callable[[Any], socket.socket]:
    """What makes the sockets of connections, given what getaddrinfo answers. Raises AddressRefused."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, where = info
        if why := refusal(where[0], private=private):
            raise AddressRefused(why)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_reserved and not getattr(address, "is_site_local", False)


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 one leads to, where it does."""
    if not isinstance(address, IPv6Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in _TRANSLATED) or (int(address) >> 32 == 0 and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
