"""SEC-24: what users name is reached outside only, at the address that was judged, and within bounds."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from crm_domain.problems import Refused
from crm_storage.outbound import Door, Rules, fetch
from crm_storage.outbound.addresses import is_outside, read

SPELLINGS = """
127.0.0.1 127.255.255.254 127.1 127.0.1 0x7f000001 0x7f.0.0.1 2130706433 0177.0.0.1 017700000001 0.0.0.0 0 localhost
LOCALHOST localhost. 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1.254 169.254.169.254
169.254.0.1 0xa9fea9fe 2852039166 100.64.0.1 100.127.255.255 192.0.0.1 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.7
203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.88.99.1 ::1 [::1] :: [::] ::ffff:127.0.0.1
[::ffff:127.0.0.1] ::ffff:7f00:1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 ::ffff:0:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1
64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1:: 2002:c0a8:101::1 2001::1 2001:0:7f00:1:: 2001:db8::1
fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1 100::1 3fff::1 5f00::1 2001:10::1 2001:2::1
"""
INSIDE = SPELLINGS.split()
OUTSIDE = ["8.8.8.8", "1.1.1.1", "185.143.233.1", "2606:4700:4700::1111", "2a00:1450:4001:800::200e"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def listening(answer: bytes = b"", drip: bool = False) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on loopback; its port, and the first words of everybody who came."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.write(answer)
        if drip:
            while not writer.is_closing():
                await writer.drain()
                writer.write(b"x" * 65536)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()


def answering(*addresses: str) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A name server that says the next of these each time, and the last one from then on."""
    left = list(addresses)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return (left.pop(0) if len(left) > 1 else left[0]).split()

    return resolve


@pytest.mark.parametrize("spelling", INSIDE)
async def test_sec_24_no_spelling_reaches_inside(spelling: str) -> None:
    for purpose, port in (("web", 80), ("mail", 25)):
        with pytest.raises(Refused):
            await Door().address(1, spelling, port, purpose)  # type: ignore[arg-type]


@pytest.mark.parametrize("spelling", INSIDE)
async def test_sec_24_no_url_reaches_inside(spelling: str) -> None:
    host = f"[{spelling}]" if ":" in spelling and not spelling.startswith("[") else spelling
    for url in (
        f"http://{host}/",
        f"https://{host}:8443/x",
        f"http://user:word@{host}/",
        f"http://{host}#@example.com/",
    ):
        with pytest.raises(Refused):
            await fetch(Door(), 1, url)


@pytest.mark.parametrize("scheme", ["file", "ftp", "gopher", "dict", "unix", "data", "ldap", "javascript", ""])
async def test_sec_24_only_the_web_is_fetched(scheme: str) -> None:
    with pytest.raises(Refused):
        await fetch(Door(), 1, f"{scheme}://example.com/etc/passwd")


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_are_outside(address: str) -> None:
    assert is_outside(read(address))


async def test_sec_24_one_inner_address_among_several_is_enough_to_refuse() -> None:
    with pytest.raises(Refused, match="not_allowed"):
        await Door(resolver=answering("8.8.8.8 10.0.0.1")).address(1, "mixed.example", 443, "web")


async def test_sec_24_a_name_server_that_changes_its_mind_reaches_nothing() -> None:
    """The address is asked for once and connected to as it was judged."""
    async with listening() as (port, heard):
        door = Door(Rules.read([f"rebound.example:{port}"]), answering("198.18.0.1", "127.0.0.1"))
        assert await door.address(1, "rebound.example", port, "web") == "198.18.0.1"
        strict = Door(resolver=answering("8.8.8.8", "127.0.0.1"))
        assert await strict.address(1, "rebound.example", 443, "web") == "8.8.8.8"
        with pytest.raises(Refused, match="not_allowed"):
            await strict.address(1, "rebound.example", 443, "web")
        assert heard == []


async def test_sec_24_what_no_name_server_knows_is_refused() -> None:
    async def nobody(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror

    with pytest.raises(Refused, match="unreachable"):
        await Door(resolver=nobody).address(1, "nowhere.example", 443, "web")


@pytest.mark.parametrize("port", [22, 5432, 4222, 6379, 9200, 11211])
async def test_sec_24_ports_of_other_services_stay_closed(port: int) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        await Door(resolver=answering("8.8.8.8")).address(1, "example.com", port, "web")


async def test_sec_24_an_allowed_host_is_reached_at_its_port_only() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as (port, heard):
        door = Door(Rules.read([f"localhost:{port}"]))
        answer = await fetch(door, 1, f"http://localhost:{port}/feed?x=1#part", headers={"X-Mine": "1"})
        assert (answer.status, answer.body) == (200, b"hi")
        assert heard[0].startswith(b"GET /feed?x=1 HTTP/1.1\r\n")
        assert f"\r\nHost: localhost:{port}\r\n".lower().encode() in heard[0].lower()
        with pytest.raises(Refused, match="not_allowed"):
            await fetch(door, 1, f"http://127.0.0.1:{port}/")
        with pytest.raises(Refused, match="not_allowed"):
            await door.address(1, "localhost", 5432, "web")


async def test_sec_24_every_hop_of_a_redirect_is_judged() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret") as (inner, heard):
        for target in (
            f"http://127.0.0.1:{inner}/",
            "http://169.254.169.254/latest/",
            "file:///etc/passwd",
            "//[::1]/",
        ):
            moved = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()
            async with listening(moved) as (port, _):
                with pytest.raises(Refused):
                    await fetch(Door(Rules.read([f"localhost:{port}"])), 1, f"http://localhost:{port}/")
        assert heard == []


async def test_sec_24_three_redirects_are_followed_and_no_fourth() -> None:
    async with listening(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n") as (port, heard):
        with pytest.raises(Refused):
            await fetch(Door(Rules.read(["localhost"])), 1, f"http://localhost:{port}/")
        assert len(heard) == 4


async def test_sec_24_posted_bodies_follow_nowhere() -> None:
    async with listening(b"HTTP/1.1 307 Moved\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n") as (port, heard):
        answer = await fetch(Door(Rules.read(["localhost"])), 1, f"http://localhost:{port}/", method="POST", body=b"{}")
        assert (answer.status, len(heard)) == (307, 1)


async def test_sec_24_an_answer_without_end_is_cut() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\n\r\n", drip=True) as (port, _):
        with pytest.raises(Refused, match="too_large"):
            await fetch(Door(Rules.read(["localhost"])), 1, f"http://localhost:{port}/")


async def test_sec_24_a_packed_answer_is_not_unfolded() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    async with listening(head) as (port, _):
        with pytest.raises(Refused, match="too_large"):
            await fetch(Door(Rules.read(["localhost"])), 1, f"http://localhost:{port}/")


async def test_sec_24_a_silent_server_costs_a_bounded_time() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n") as (port, _):
        with pytest.raises(Refused, match="unreachable"):
            await fetch(Door(Rules.read(["localhost"])), 1, f"http://localhost:{port}/", seconds=0.2)


async def test_sec_24_closed_and_silent_ports_answer_alike() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(Refused) as refused:
            await Door(Rules.read(["localhost"])).streams(1, "localhost", port, tls=False)
    async with listening(b"no TLS here") as (port, _):
        with pytest.raises(Refused) as wrong:
            await Door(Rules.read(["localhost"])).streams(1, "localhost", port, tls=True)
    assert (refused.value.id, refused.value.facts) == (wrong.value.id, wrong.value.facts)


async def test_sec_24_a_tenant_has_a_budget_and_others_have_theirs() -> None:
    door = Door(resolver=answering("8.8.8.8"))
    with pytest.raises(Refused, match="too_many"):
        for _ in range(200):
            await door.address(1, "example.com", 443, "web")
    assert await door.address(2, "example.com", 443, "web") == "8.8.8.8"


async def test_streams_and_sockets_carry_what_is_said() -> None:
    async with listening(b"220 ready\r\n") as (port, heard):
        door = Door(Rules.read(["localhost"]))
        reader, writer = await door.streams(1, "localhost", port, tls=False)
        writer.write(b"EHLO a\r\n")
        assert await reader.readline() == b"220 ready\r\n"
        writer.close()
        plain = await door.socket(1, "localhost", port, tls=False)
        await asyncio.to_thread(plain.sendall, b"EHLO b\r\n")
        assert await asyncio.to_thread(plain.recv, 100) == b"220 ready\r\n"
        plain.close()
        assert heard == [b"EHLO a\r\n", b"EHLO b\r\n"]
