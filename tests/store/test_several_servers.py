"""The URLs of Sentinel and Cluster, read without a connection."""

import pytest

from bot.ports import Unavailable
from bot.store.connection import connect
from bot.store.several_servers import Address, Guide, several_servers


@pytest.mark.parametrize("url", ["redis://host:1", "rediss://host", "unix:///run/redis.sock"])
def test_a_single_server_is_none_of_several(url: str) -> None:
    assert several_servers(url) is None


def test_sentinels_are_named_with_what_they_call_the_master() -> None:
    servers = several_servers("redis+sentinel://one:5000,two,[::1]:5002/mymaster/3")
    assert servers
    assert (servers.guide, servers.service) == (Guide.SENTINEL, "mymaster")
    assert servers.addresses == (Address("one", 5000), Address("two", 26379), Address("::1", 5002))
    assert servers.url_of_server(Address("10.0.0.7", 6379)) == "redis://10.0.0.7:6379/3"


def test_sentinels_have_a_password_of_their_own() -> None:
    servers = several_servers(
        "rediss+sentinel://ada:p%40w@one/mymaster?sentinel_password=s%2Fp&ssl_ca_certs=/ca.pem&client_name=muster"
    )
    assert servers
    assert servers.url_of_sentinel(Address("one", 1)) == "rediss://:s%2Fp@one:1/0?ssl_ca_certs=%2Fca.pem"
    wanted = "rediss://ada:p%40w@two:2/0?ssl_ca_certs=%2Fca.pem&client_name=muster"
    assert servers.url_of_server(Address("two", 2)) == wanted


def test_some_nodes_of_a_cluster_are_enough() -> None:
    servers = several_servers("rediss+cluster://:pw@one,two:7001/0")
    assert servers
    assert (servers.guide, servers.service) == (Guide.CLUSTER, "")
    assert servers.addresses == (Address("one", 6379), Address("two", 7001))
    assert servers.url_of_server(Address("fd00::7", 7002)) == "rediss://:pw@[fd00::7]:7002/0"


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://one:26379",
        "redis+sentinel://one:26379/mymaster/first",
        "redis+sentinel://one:99999/mymaster",
        "redis+cluster://one:7000/1",
        "redis+cluster://one:port",
        "redis+cluster://one,,two",
        "redis+cluster://",
        "redis+proxy://one",
    ],
)
def test_a_wrong_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Unavailable, match="REDIS_URL must be") as refused:
        connect(url.replace("://", "://ada:secret@"))
    assert "secret" not in str(refused.value)
    assert not refused.value.retryable


def test_what_is_printed_of_them_holds_no_password() -> None:
    servers = several_servers("redis+sentinel://ada:secret@one/mymaster?sentinel_password=secret")
    assert "secret" not in repr(servers)
