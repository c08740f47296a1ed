"""`python -m tests.faults.sender URL TENANT PORT`: a worker that does nothing but send, once it is told to; made to be killed."""

import asyncio
import sys
from contextlib import suppress

from crm_storage.failures import UNAVAILABLE
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
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
