"""Which server is the master, by the word of its Sentinels. It sends none of our commands.

As Redis asks of clients (redis.io, "Guidelines for Redis clients with support for Redis Sentinel"), but all Sentinels
are asked at once and the newest knowledge counts, so that one which was cut off from the rest misleads nobody.
"""

from collections.abc import Mapping

from redis.exceptions import AuthenticationError, NoPermissionError, ResponseError

from bot.store.moving_pool import UNANSWERED, Unfound, all_at_once, asked
from bot.store.pool import NotSent, causes_of
from bot.store.several_servers import Address, SeveralServers


class SentinelFinder:
    """The protocol moving_pool.Finder."""

    slot: int | None = None

    def __init__(self, servers: SeveralServers) -> None:
        self._servers = servers

    async def find(self) -> Address:
        """The master that its Sentinels agree on, once it says itself that it is one."""
        urls = [self._servers.url_of_sentinel(address) for address in self._servers.addresses]
        heard = await all_at_once(self._state(url) for url in urls)
        states = [state for state in heard if not isinstance(state, Exception)]
        if not states:
            raise _nobody_knows(self._servers.service, [each for each in heard if isinstance(each, Exception)])
        newest = max(states, key=lambda state: int(state["config-epoch"]))
        if not {"s_down", "o_down"}.isdisjoint(newest["flags"].split(",")):
            raise Unfound("its master does not answer, and its Sentinels have not chosen another yet")
        master = Address(newest["ip"], int(newest["port"]))
        await self._confirm(master)
        return master

    async def _state(self, url: str) -> Mapping[str, str] | Exception:
        """What one Sentinel knows of the master, as fields; else why it says nothing."""
        try:
            said = await asked(url, "SENTINEL", "MASTER", self._servers.service)
        except UNANSWERED as error:
            return error
        return dict(zip(said[::2], said[1::2], strict=True))

    async def _confirm(self, master: Address) -> None:
        try:
            role = (await asked(self._servers.url_of_server(master), "ROLE"))[0]
        except NoPermissionError:
            return
        except UNANSWERED as error:
            raise NotSent(str(error)) from error
        if role != "master":
            raise Unfound("the server that its Sentinels name is not the master yet")


def _nobody_knows(service: str, failures: list[Exception]) -> NotSent:
    """The most telling of the failures."""
    for failure in (cause for each in failures for cause in (each, *causes_of(each))):
        match failure:
            case AuthenticationError() | NoPermissionError():
                reason = "its Sentinels refuse the user or password of REDIS_URL (sentinel_username, sentinel_password)"
                return Unfound(reason, retryable=False)
            case ResponseError() if "No such master" in str(failure):
                return Unfound(f"its Sentinels watch nothing by the name {service}; correct REDIS_URL", retryable=False)
    return Unfound("none of its Sentinels can be reached")
