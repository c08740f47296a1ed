"""Events into the tables, with log and sums, beside COPY of the same rows; returned mail beside the bare mail parser; and
what a campaign's figures cost when its log is long."""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg
from flufl.bounce import scan_message

from crm_domain.bounces.judge import judge
from crm_domain.bounces.read import read
from crm_domain.tracking.events import Act, decode_batch, encode_batch, encode_event
from crm_storage.database import Session
from crm_storage.marketing.responses import behind, figures_of, runs, sums
from crm_storage.tracking.ingest import COLUMNS, packed, take
from tests.bench.bare import QUICK, report
from tests.installation import open_installation
from tests.storage.bounces.mails import report as returned
from tests.storage.bounces.mails import sign
from tests.storage.mailing import Mailing

EVENTS, MESSAGES, BATCH = (40_000, 20_000, 10_000) if QUICK else (200_000, 100_000, 10_000)
LOG_ROWS = 1_000_000 if QUICK else 10_000_000
MAILS = 400
LOG = """
INSERT INTO campaign_log (campaign_id, marketing_id, message, activity, module, record_id, first_at)
SELECT %(campaign)s, %(marketing)s, -n, (ARRAY['viewed', 'link', 'clicked', 'removed'])[n %% 4 + 1], 'contacts', gen_random_uuid(),
  now() - make_interval(secs => n %% 600000) FROM generate_series(1, %(rows)s) AS n
"""
SUMS = """
INSERT INTO campaign_stat (campaign_id, marketing_id, activity, class, module, via, hour, rows, hits)
SELECT campaign_id, marketing_id, activity, class, module, via, date_trunc('hour', first_at), count(*), count(*)
FROM campaign_log WHERE message < 0 GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


async def main() -> None:
    with open_installation() as installation:
        async with installation.database() as database:
            mailing = await Mailing(database, await installation.tenant(database)).open()
            await events(mailing, await mailing.sent(MESSAGES))
            bounces(mailing)
            await figures(await mailing.open(name="Winter"), installation.url)


async def events(mailing: Mailing, messages: list[int]) -> None:
    """Batches as the bus delivers them, half of them opens."""
    chance = random.Random(1)
    made = [
        mailing.event(Act.CLICK if n % 2 else Act.OPEN, chance.choice(messages), chance.randrange(86_400), link=n % 5 + 1,
                      network=f"10.{n % 250}.{n // 250 % 250}.0/24")
        for n in range(EVENTS)
    ]  # fmt: skip
    batches = [encode_batch([encode_event(one) for one in made[at : at + BATCH]]) for at in range(0, EVENTS, BATCH)]
    copy = f"COPY tracking_event ({COLUMNS}) FROM STDIN (FORMAT binary)"
    async with mailing.database.tenant(mailing.tenant.number) as session:
        started = time.perf_counter()
        for batch in batches:
            await session.pour(copy, packed(decode_batch(batch)))
        floor = time.perf_counter() - started
    taken = 0.0
    for batch in batches:
        async with mailing.database.tenant(mailing.tenant.number) as session:
            started = time.perf_counter()
            await take(session, decode_batch(batch))
            await session.commit()
            taken += time.perf_counter() - started
    print(f"ingest {EVENTS / taken:,.0f} events/s, COPY {EVENTS / floor:,.0f}/s", file=sys.stderr)
    report("ingest, one event with log and sums", 1e6 * taken / EVENTS, "µs", 1e6 * floor / EVENTS)


def bounces(mailing: Mailing) -> None:
    """Reports read and judged."""
    mails = [returned("5.1.1", to=f"b-{sign(mailing.tenant.number, n)}@r.example") for n in range(MAILS)]
    started = time.perf_counter()
    for raw in mails:
        BytesParser(policy=compat32).parsebytes(raw)
    floor = time.perf_counter() - started
    started = time.perf_counter()
    for raw in mails:
        found = read(raw, lambda mail: set(scan_message(mail)))
        judge(found.recipients[0].action, found.recipients[0].status, found.recipients[0].diagnostic)
    taken = time.perf_counter() - started
    print(f"bounces {MAILS / taken:,.0f}/s", file=sys.stderr)
    report("returned mail, read and judged", 1e3 * taken / MAILS, "ms", 1e3 * floor / MAILS)


async def figures(mailing: Mailing, url: str) -> None:
    """What View Status reads of a campaign, beside asking the database for nothing."""
    facts = {"campaign": mailing.campaign, "marketing": mailing.marketing, "rows": LOG_ROWS}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SET search_path = {mailing.tenant.schema}, crm".encode())
        connection.execute(LOG.encode(), facts)
        connection.execute(SUMS.encode())
        connection.execute(b"ANALYZE campaign_stat, campaign_log")
    async with mailing.database.tenant(mailing.tenant.number) as session:
        floor = await _median(lambda: session.one("SELECT 1"))
        status = await _median(lambda: _status(session, mailing.campaign))
        people = await _median(lambda: behind(session, mailing.campaign, "link", marketing=None, before=None, limit=51))
    report(f"View Status' figures, {LOG_ROWS:,} rows in the log", 1e3 * status, "ms", 1e3 * floor)
    report(f"the people behind a bar, {LOG_ROWS:,} rows in the log", 1e3 * people, "ms", 1e3 * floor)


async def _status(session: Session, campaign: UUID) -> None:
    figures_of(await sums(session, campaign), await runs(session, campaign))


async def _median(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds of the middle of nine."""
    times: list[float] = []
    for _ in range(9):
        started = time.perf_counter()
        await work()
        times.append(time.perf_counter() - started)
    return sorted(times)[4]


if __name__ == "__main__":
    asyncio.run(main())
