"""Feeds as strangers send them (RSS, Atom, JSON Feed) read into entries; runs in the limited child only (SEC-17, SEC-22).

The parser's own reader drops declarations of entities before any XML is read, and loads nothing from elsewhere.
"""

# pyright: basic
# The parser leaves its answers untyped.

import calendar
import json
from datetime import UTC, datetime
from typing import Any

import feedparser

from crm_domain.problems import BadValue

MOST = 100
CODECS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "cp1252", "iso-8859-1", "iso-8859-6", "utf-32")
KEYS = ("guid", "title", "link", "author", "summary")
WARM = (
    b"<?xml version='1.0' encoding='windows-1256'?><rss version='2.0'><channel><item><title>a &amp; <b>b</b></title>"
    b"<pubDate>Wed, 25 Nov 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;c&lt;/p&gt;</description></item></channel></rss>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><updated>2026-11-25T10:00:00Z</updated>"
    b"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a</div></content></entry></feed>",
    b"<rss><channel><item><title>not & well formed</title></channel>",
)
Entry = dict[str, Any]


def ready() -> None:
    """Loads every codec and parser there may be need of: none can be loaded afterwards."""
    for codec in CODECS:
        "a".encode(codec).decode(codec)
    for body in WARM:
        _parsed(body, "")


def run(body: bytes, content_type: str = "") -> list[Entry]:
    """The entries, at most so many: `guid`, `title`, `link`, `author`, `summary`, `at` in seconds or None. Raises BadValue."""
    found = _of_json(body) if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else _parsed(body, content_type)
    if found is None:
        raise BadValue("feeds.no_feed")
    return [entry for entry in found[:MOST] if entry["guid"]]


def _parsed(body: bytes, content_type: str) -> list[Entry] | None:
    headers = {"content-type": content_type} if content_type else {}
    read: Any = feedparser.parse(body, response_headers=headers, resolve_relative_uris=False)
    if not read.version and not read.entries:
        return None
    return [_entry(item) for item in read.entries]


def _entry(item: Any) -> Entry:
    link, title = str(item.get("link") or ""), str(item.get("title") or "")
    bodies = item.get("content") or ()
    moment = item.get("published_parsed") or item.get("updated_parsed")
    return {
        "guid": str(item.get("id") or link or title),
        "title": title,
        "link": link,
        "author": str(item.get("author") or ""),
        "summary": str(item.get("summary") or (bodies[0].get("value") if bodies else "") or ""),
        "at": calendar.timegm(moment) if moment else None,
    }


def _of_json(body: bytes) -> list[Entry] | None:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    items = read.get("items")
    if not isinstance(items, list) or "jsonfeed.org" not in str(read.get("version")):
        return None
    return [_of_item(item) for item in items if isinstance(item, dict)]


def _of_item(item: dict[str, Any]) -> Entry:
    authors = item.get("authors")
    author = authors[0].get("name") if isinstance(authors, list) and authors and isinstance(authors[0], dict) else ""
    link = item.get("url") or item.get("external_url") or ""
    found = {
        "guid": item.get("id") or link,
        "title": item.get("title") or "",
        "link": link,
        "author": author or "",
        "summary": item.get("content_html") or item.get("summary") or item.get("content_text") or "",
    }
    return {key: str(found[key]) for key in KEYS} | {"at": _moment(item.get("date_published"))}


def _moment(text: Any) -> int | None:
    try:
        moment = datetime.fromisoformat(str(text))
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
