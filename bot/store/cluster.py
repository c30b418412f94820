"""Which node of a Cluster is the master of our slot, by the word of its nodes. It sends none of our commands."""

import random
from collections import Counter
from typing import Any, Final

from redis.crc import key_slot
from redis.exceptions import AuthenticationError, NoPermissionError, ResponseError

from bot.store.moving_pool import UNANSWERED, Unfound, all_at_once, asked
from bot.store.pool import NotSent, causes_of
from bot.store.several_servers import Address, SeveralServers

_ASKED_AT_ONCE: Final = 5


class ClusterFinder:
    """The protocol moving_pool.Finder. `tag`: the hash tag that all keys share."""

    def __init__(self, servers: SeveralServers, tag: str) -> None:
        self.slot: int | None = key_slot(f"{{{tag}}}".encode())
        self._servers = servers
        self._nodes: frozenset[Address] = frozenset(servers.addresses)

    async def find(self) -> Address:
        """The node that most of those asked name: one that was cut off from the rest still thinks of itself as owner.

        A wrong one does no harm: it answers MOVED, or CLUSTERDOWN once it notices.
        """
        nodes = random.sample(sorted(self._nodes), min(len(self._nodes), _ASKED_AT_ONCE))
        heard = await all_at_once(self._slots(node) for node in nodes)
        maps = [each for each in heard if not isinstance(each, Exception)]
        if not maps:
            raise _nobody_knows([each for each in heard if isinstance(each, Exception)])
        self._nodes = frozenset(self._servers.addresses).union(*(_all_nodes(each) for each in maps))
        owners = Counter(owner for each in maps if (owner := self._owner(each)))
        if not owners:
            raise Unfound("no server of the Cluster takes the writes for it at the moment")
        return owners.most_common(1)[0][0]

    async def _slots(self, node: Address) -> list[tuple[range, list[Address]]] | Exception:
        """Who serves which slots, as this node knows it, masters first; else why it says nothing."""
        try:
            said = await asked(self._servers.url_of_server(node), "CLUSTER", "SLOTS")
        except UNANSWERED as error:
            return error
        return [(range(first, last + 1), [_address(each, node) for each in nodes]) for first, last, *nodes in said]

    def _owner(self, slots: list[tuple[range, list[Address]]]) -> Address | None:
        return next((nodes[0] for share, nodes in slots if self.slot in share), None)


def _address(node: list[Any], asked_node: Address) -> Address:
    """A node that does not know its own name leaves it out: it is then where it was asked."""
    return Address(asked_node.host if node[0] in {None, "", "?"} else node[0], node[1])


def _all_nodes(slots: list[tuple[range, list[Address]]]) -> frozenset[Address]:
    return frozenset(node for _, nodes in slots for node in nodes)


def _nobody_knows(failures: list[Exception]) -> NotSent:
    """The most telling of the failures."""
    for failure in (cause for each in failures for cause in (each, *causes_of(each))):
        match failure:
            case AuthenticationError() | NoPermissionError():
                return Unfound("it refuses the user or password of REDIS_URL", retryable=False)
            case ResponseError() if "cluster support disabled" in str(failure):
                reason = "the server of REDIS_URL is no Cluster; write redis://… instead of redis+cluster://…"
                return Unfound(reason, retryable=False)
    return Unfound("none of the Cluster's servers can be reached")
