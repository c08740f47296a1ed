"""News feeds: fetched from a real server through the outbound door, each entry once, whatever the server sends."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
import pytest

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.modules import REGISTRY
from crm_domain.problems import Invalid
from crm_domain.records import save
from crm_worker.slots.feeds import gather_news
from crm_worker.workshop import Workshop
from tests.worker.conftest import Plant
from tests.worker.test_bulk import working

FEEDS = REGISTRY["feeds"]
RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Trade</title>{items}</channel></rss>"""
ITEM = "<item><guid>{guid}</guid><title>{title}</title><link>{link}</link><description>{text}</description></item>"
HOSTILE = (
    "&lt;p onclick='x()'&gt;Read &lt;b&gt;this&lt;/b&gt;&lt;img src='https://spy.example/1.gif'&gt;"
    "&lt;script&gt;steal()&lt;/script&gt;&lt;a href='javascript:steal()'&gt;here&lt;/a&gt;&lt;/p&gt;"
)
AGE = "UPDATE feeds SET fetched_at = now() - interval '1 hour'"


class Press:
    """A web server that says what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status, self.headers, self.body = "200 OK", {"Content-Type": "application/rss+xml"}, b""
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/feed"

    def says(self, body: str | bytes, status: str = "200 OK", **headers: str) -> None:
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = body.encode() if isinstance(body, str) else body

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode().lower())
        head = {**self.headers, "Content-Length": str(len(self.body)), "Connection": "close"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        writer.write(f"HTTP/1.1 {self.status}\r\n{lines}\r\n".encode() + self.body)
        await writer.drain()
        writer.close()


@pytest.fixture
async def press() -> AsyncGenerator[Press]:
    press = Press()
    server = await asyncio.start_server(press.serve, "127.0.0.1", 0)
    press.port = server.sockets[0].getsockname()[1]
    yield press
    server.close()


@asynccontextmanager
async def shop_of(plant: Plant, press: Press) -> AsyncGenerator[Workshop]:
    """A worker's parts; the press lies inside, so the operator has to allow it."""
    settings = msgspec.structs.replace(plant.settings, outbound_allowed=(f"localhost:{press.port}",))
    shop = Workshop(settings, {})
    await shop.database.open()
    await shop.directory.start()
    yield shop
    await shop.directory.stop()
    await shop.database.close()


@pytest.fixture
async def shop(plant: Plant, press: Press) -> AsyncGenerator[Workshop]:
    async with shop_of(plant, press) as shop:
        yield shop


async def add(shop: Workshop, plant: Plant, url: str, **values: Any) -> UUID:
    """A feed of the administrator's."""
    async with shop.database.tenant(plant.tenant.number) as session:
        actor = await shop.actor(session, plant.tenant, await plant.admin())
        assert actor is not None
        work = await shop.work(session, plant.tenant, actor, "")
        id_ = await save.create(work, FEEDS, {"name": "Trade", "url": url, **values})
        await session.commit()
    return id_


async def items(plant: Plant) -> list[Mapping[str, Any]]:
    rows = await plant.rows("SELECT name, link, summary, author FROM feed_items ORDER BY name")
    return [dict(zip(("name", "link", "summary", "author"), row, strict=True)) for row in rows]


async def state(plant: Plant) -> tuple[Any, ...]:
    [row] = await plant.rows("SELECT active, failures, fetched_at IS NOT NULL FROM feeds")
    return row


def rss(*entries: Mapping[str, str], encoding: str = "utf-8") -> str:
    given = {"link": "https://trade.example/1", "text": "", "title": "News"}
    return RSS.format(encoding=encoding, items="".join(ITEM.format(**{**given, **entry}) for entry in entries))


async def test_entries_come_once_newest_feed_first_and_cleaned(plant: Plant, press: Press, shop: Workshop) -> None:
    await add(shop, plant, press.url)
    bad = {"guid": "2", "title": "&lt;b&gt;Bold&lt;/b&gt;", "text": HOSTILE, "link": "javascript:steal()"}
    press.says(rss({"guid": "1", "title": "Agreed"}, bad))
    await gather_news(shop)
    first, second = await items(plant)
    assert (first["name"], first["link"]) == ("Agreed", "https://trade.example/1")
    assert (second["name"], second["link"]) == ("Bold", None)
    assert "<b>this</b>" in second["summary"]
    assert not any(word in second["summary"] for word in ("img", "script", "steal", "onclick"))
    await plant.change(AGE)
    press.says(rss({"guid": "3", "title": "Zinc"}, {"guid": "1", "title": "Agreed"}))
    await gather_news(shop)
    assert [item["name"] for item in await items(plant)] == ["Agreed", "Bold", "Zinc"]


async def test_only_what_has_changed_is_sent_and_only_what_is_due_is_asked(
    plant: Plant, press: Press, shop: Workshop
) -> None:
    await add(shop, plant, press.url)
    press.says(rss({"guid": "1"}), ETag='"seven"', Last_Modified="Wed, 25 Nov 2026 10:00:00 GMT")
    await gather_news(shop)
    await gather_news(shop)
    assert len(press.asked) == 1
    await plant.change(AGE)
    press.says("", status="304 Not Modified")
    await gather_news(shop)
    assert 'if-none-match: "seven"' in press.asked[1]
    assert "if-modified-since: wed, 25 nov 2026 10:00:00 gmt" in press.asked[1]
    assert await state(plant) == (True, 0, True)
    assert len(await items(plant)) == 1


FORMS = (
    rss({"guid": "1", "title": "سلام 1"}, encoding="windows-1256").encode("cp1256"),
    rss({"guid": "2", "title": "سلام 2"}, encoding="utf-16").encode("utf-16"),
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>3</id><title>سلام 3</title></entry></feed>".encode(),
    '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 4, "title": "سلام 4"}]}'.encode(),
)


async def test_every_form_of_feed_is_read(plant: Plant, press: Press, shop: Workshop) -> None:
    await add(shop, plant, press.url)
    for body in FORMS:
        press.says(body)
        await gather_news(shop)
        await plant.change(AGE)
    assert [item["name"] for item in await items(plant)] == [f"سلام {number}" for number in range(1, 5)]


async def test_sec_17_declared_entities_mean_nothing(plant: Plant, press: Press, shop: Workshop) -> None:
    await add(shop, plant, press.url)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    file = '<!ENTITY file SYSTEM "file:///etc/passwd">'
    press.says(
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{laughs}{file}]><rss version="2.0"><channel>'
        "<item><guid>1</guid><title>A &l9;</title></item><item><guid>2</guid><title>B &file;</title></item>"
        "</channel></rss>"
    )
    await gather_news(shop)
    found = [item["name"] for item in await items(plant)]
    assert [name[0] for name in found] == ["A", "B"]
    assert not any("lol" in name or "root:" in name for name in found)


NO_FEEDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("<html><body>no feed</body></html>", "200 OK", {}),
    ("{" * 100_000, "200 OK", {}),
    ("x" * (2 * 1024**2 + 1), "200 OK", {}),
    (rss({"guid": "1"}), "500 Oops", {}),
    ("", "302 Found", {"Location": "http://169.254.169.254/latest/"}),
    ("", "302 Found", {"Location": "http://127.0.0.1:5432/"}),
    ("", "302 Found", {"Location": "file:///etc/passwd"}),
)


async def test_sec_24_what_is_no_feed_or_leads_inside_is_a_failure(plant: Plant, press: Press, shop: Workshop) -> None:
    await add(shop, plant, press.url)
    for number, (body, status, headers) in enumerate(NO_FEEDS, start=1):
        press.says(body, status, **headers)
        await gather_news(shop)
        assert await state(plant) == (True, number, True), status
        await plant.change(AGE)
    assert await items(plant) == []


async def test_after_ten_failures_a_feed_is_paused_and_its_owner_told(
    plant: Plant, press: Press, shop: Workshop
) -> None:
    id_ = await add(shop, plant, press.url)
    await plant.change("UPDATE feeds SET failures = 9")
    press.says("", "404 Not Found")
    await gather_news(shop)
    assert await state(plant) == (False, 10, True)
    assert await plant.rows("SELECT kind, href FROM notification") == [("feed_paused", f"/feeds/{id_}")]
    await plant.change(AGE)
    await gather_news(shop)
    assert len(press.asked) == 1


INSIDE = ("http://127.0.0.1/feed", "http://169.254.169.254/", "http://[::1]/", "http://10.0.0.1/", "file:///etc/passwd")


async def test_42_an_address_inside_cannot_be_added(plant: Plant, shop: Workshop) -> None:
    for url in INSIDE:
        with pytest.raises(Invalid) as refused:
            await add(shop, plant, url)
        assert set(refused.value.fields) == {"url"}


async def test_only_administrators_put_a_feed_before_everybody(plant: Plant) -> None:
    role = Role(id=await plant.admin(), name="rep", grants={"feeds": {"create": Scope.ALL, "list": Scope.ALL}})
    async with working(plant, Access(user=await plant.admin(), roles=(role,))) as work:
        with pytest.raises(Invalid) as refused:
            await save.create(work, FEEDS, {"name": "Mine", "url": "https://mine.example", "published": True})
    assert set(refused.value.fields) == {"published"}
