"""A mailing end to end (lease, compose, begin, hand over, conclude) beside a client that only hands over ready bytes.

Both use ten connections to the same server; the median of three interleaved pairs counts. The whole mailing keeps its
books in a durable database meanwhile; the other keeps none.
"""

import asyncio
import json
import resource
import statistics
import time

import aiosmtplib
import uvloop

from crm_domain.sending.plan import RELAY
from crm_storage.sending.lane import Lane
from crm_storage.sending.larder import Larder
from tests.bench.mail_arena import HTML, arena
from tests.mailing import Office

MAILS = 3000
CONNECTIONS = 10


async def ours(office: Office) -> float:
    """Seconds for one mailing, from the first lease to the last result."""
    await office.campaign(html=HTML, subject="خبرنامهٔ {{ contact.first_name }}")
    await office.attach(office.list_id)
    run, _ = await office.filled()
    async with office.station.session() as session:
        outlet = await office.station.outlet(session, RELAY)
    assert outlet
    lane = Lane(office.station, RELAY, outlet)
    started = time.perf_counter()
    running = asyncio.create_task(lane.run(asyncio.Event(), 300))
    while lane.concluded < MAILS and not running.done():  # noqa: ASYNC110 - a lane tells nobody of its last mail
        await asyncio.sleep(0.005)
    took = time.perf_counter() - started
    await running
    assert await office.states(run) == {"sent": MAILS}
    return took


async def floor(port: int, content: bytes) -> float:
    """Seconds for handing over as many ready mails."""
    left = iter(range(MAILS))

    async def one() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False) as client:
            for number in left:
                await client.sendmail("b@b.example", [f"r{number}@x.example"], content)

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return time.perf_counter() - started


async def sample(office: Office) -> bytes:
    await office.campaign(html=HTML, subject="خبرنامهٔ {{ contact.first_name }}")
    await office.attach(office.list_id)
    await office.filled()
    async with office.station.session() as session:
        outlet = await office.station.outlet(session, RELAY)
    assert outlet
    larder = Larder(office.station, RELAY, outlet)
    await larder.fill()
    content = larder.pieces[0].mail.content
    await office.run("UPDATE mkt_run SET state = 'cancelled'")
    return content


async def main() -> None:
    async with arena() as office:
        office.list_id = await office.list_of("default", attach=False)
        await office.many(office.list_id, 1, MAILS)
        content = await sample(office)
        pairs = []
        for _ in range(3):
            pairs.append((await ours(office), await floor(office.port, content)))
        mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        rate, base = MAILS / mine, MAILS / theirs
        print(
            f"{len(content)} bytes a mail; whole mailing {rate:.0f}/s, ready bytes by aiosmtplib {base:.0f}/s, {rate / base:.0%}"
        )
        print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
        print(
            json.dumps(
                {"name": "send, end to end", "figure": 1e6 * mine / MAILS, "unit": "us", "floor": 1e6 * theirs / MAILS}
            )
        )


if __name__ == "__main__":
    uvloop.run(main())
