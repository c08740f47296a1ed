"""What became of the demo company's mailings: a log as the product keeps it, and the counters made of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.world import Batch, Row, World

FIRST_MESSAGE = 1 << 50
"""Numbers of mails that no queue will reach; each load begins somewhere else."""
FATES = Weights({"delivered": 94.5, "invalid": 2.5, "send_error": 3.0})
READERS = Weights({"human": 46, "image_proxy": 30, "proxy_open": 24})
OPENED, FOLLOWED, LEFT, BECAME_LEAD = 0.44, 0.24, 0.05, 0.08
LEFT_OUT = {"opt_out": 9, "no_primary": 14, "invalid": 6, "by_domain": 2, "duplicate": 5}
LATER_DAYS = 9.0
VISITED_DAYS = 30


class Mailing(msgspec.Struct, frozen=True):
    """A marketing record that was sent at that time."""

    id: UUID
    campaign: UUID
    at: datetime
    links: tuple[int, ...]
    """The numbers of the links in its mails."""


def responses(
    world: World, chance: Chance, mailings: Sequence[Mailing], people: Sequence[tuple[str, UUID]]
) -> Iterator[Batch]:
    """Runs, log and counters of mailings to these people."""
    number = chance.whole(FIRST_MESSAGE, 2 * FIRST_MESSAGE)
    for mailing in mailings:
        rows: list[Row] = []
        for who in people:
            number += 1
            rows += _of_one(world, chance, mailing, number, who)
        sent = [row for row in rows if row["activity"] == "targeted"]
        yield Batch("mkt_run", [_run(chance, mailing, len(sent))])
        yield Batch("campaign_log", rows)
        yield Batch("campaign_stat", _counted(rows))


def visits(world: World, chance: Chance, links: Sequence[UUID]) -> list[Row]:
    """Who followed the public links, day by day: fewer as time passes."""
    now, rows = world.setting.now, list[Row]()
    for link in links:
        most = chance.whole(4, 30)
        for ago in range(VISITED_DAYS):
            at = now - timedelta(days=ago, hours=chance.whole(1, 12))
            number = chance.whole(0, most * (ago + 5) // VISITED_DAYS + 1)
            if number:
                facts = {"visits": number, "visitors": number - number // 4, "machines": chance.whole(0, 2)}
                rows.append({"tracker_url": link, "day": at.date(), "last_at": at, **facts})
    return list({(row["tracker_url"], row["day"]): row for row in rows}.values())


def _of_one(world: World, chance: Chance, mailing: Mailing, number: int, who: tuple[str, UUID]) -> Iterator[Row]:
    sent = mailing.at + timedelta(seconds=(number % 900) * 0.7)
    base = {
        "campaign_id": mailing.campaign,
        "marketing_id": mailing.id,
        "message": number,
        "module": who[0],
        "record_id": who[1],
    }
    yield _line(base, "targeted", sent)
    fate = chance.weighted(FATES)
    if fate != "delivered":
        yield _line(base, fate, chance.after(sent, 0, 0.3, world.setting.now))
    elif chance.maybe(OPENED):
        yield from _read(world, chance, mailing, base, sent)


def _read(world: World, chance: Chance, mailing: Mailing, base: Row, sent: datetime) -> Iterator[Row]:
    reader = chance.weighted(READERS)
    opened = chance.after(sent, 0, chance.between(0, LATER_DAYS), world.setting.now)
    yield _line(base, "viewed", opened, via=reader, hits=chance.whole(1, 3))
    if reader == "proxy_open":
        return
    if chance.maybe(FOLLOWED):
        link = _line(base, "link", opened, link=chance.pick(mailing.links), hits=chance.whole(1, 2))
        yield link
        yield {**link, "activity": "clicked", "link": 0}
        if chance.maybe(BECAME_LEAD) and world.made["leads"]:
            lead = chance.pick(world.made["leads"])
            yield {**_line(base, "lead", opened), "message": None, "module": "leads", "record_id": lead["id"]}
    elif chance.maybe(LEFT):
        yield _line(base, "removed", opened)


def _line(base: Row, activity: str, at: datetime, *, via: str = "human", hits: int = 1, link: int = 0) -> Row:
    facts: dict[str, Any] = {"activity": activity, "link": link, "via": via, "hits": hits, "class": "default"}
    return {**base, **facts, "first_at": at, "last_at": at}


def _run(chance: Chance, mailing: Mailing, sent: int) -> Row:
    ended = mailing.at + timedelta(minutes=12)
    return {
        "id": chance.id(mailing.at),
        "marketing_id": mailing.id,
        "campaign_id": mailing.campaign,
        "kind": "live",
        "state": "finished",
        "state_at": ended,
        "scheduled_for": mailing.at,
        "started_at": mailing.at,
        "finished_at": ended,
        "audience": msgspec.json.encode({"skipped": LEFT_OUT}).decode(),
        "total": sent,
        "attempted": sent,
        "sent": sent,
        "created_at": mailing.at - timedelta(hours=3),
    }


def _counted(rows: Sequence[Row]) -> list[Row]:
    """Sums by hour, as the statements that write the log keep them."""
    number: Counter[tuple[Any, ...]] = Counter()
    hits: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        hour = row["first_at"].replace(minute=0, second=0, microsecond=0)
        key = (row["campaign_id"], row["marketing_id"], row["activity"], row["class"], row["module"], row["via"], hour)
        number[key] += 1
        hits[key] += row["hits"]
    names = ("campaign_id", "marketing_id", "activity", "class", "module", "via", "hour")
    return [{**dict(zip(names, key, strict=True)), "rows": number[key], "hits": hits[key]} for key in number]
