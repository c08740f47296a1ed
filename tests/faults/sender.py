"""`python -m tests.faults.sender URL TENANT PORT BATCH`: a worker that does nothing but send, once it is told to; made to be
killed. So many rows it takes at a time, which its death keeps from the others for a while."""

import asyncio
import sys
from contextlib import suppress

from crm_storage.failures import UNAVAILABLE
from crm_storage.sending import lane, larder
from crm_storage.sending.tick import tick
from tests.mailing import open_office

LEFT = "SELECT id FROM email_queue WHERE state = 'ready' LIMIT 1"
"""What the dead hold is not waited for: it would be minutes until their leases end."""


async def main(url: str, number: int, port: int) -> None:
    async with open_office(url, number, port) as office:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        while True:
            with suppress(*UNAVAILABLE):
                if not (await tick(office.station)).accounts or not await office.rows(LEFT):
                    return
                await office.lane(seconds=5)


if __name__ == "__main__":
    lane.BATCH = larder.BATCH = int(sys.argv[4])
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
