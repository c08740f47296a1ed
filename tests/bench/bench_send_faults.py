"""Four workers send 20,000 mails while one after the other is killed, twenty times; then the books are compared with the server.

The figure is how many mails nobody knows the fate of; the floor what twenty killed workers may leave so.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crm_storage.sending.lane import GROUP
from tests.bench.mail_arena import arena
from tests.faults.drill import drill
from tests.sink import Sink

MAILS = 20_000
WORKERS, KILLS, SEED = 4, 20, 2026
CONNECTIONS = 10


async def main() -> None:
    sink = Sink()
    await sink.start()
    async with arena() as office:
        office.serve(sink.port)
        await office.campaign()
        await office.many(await office.list_of("default"), 1, MAILS)
        run, _ = await office.filled()
        started = time.perf_counter()
        found = await drill(office, sink, run, workers=WORKERS, kills=KILLS, seed=SEED)
        took = time.perf_counter() - started
    await sink.stop()
    lost = MAILS - sum(found.states.values()) + found.states.get("ready", 0)
    print(
        f"seed {SEED}: {found.kills} kills in {took:.0f} s, {found.states}; lost {lost}, doubled {found.doubled}, wrong {found.unexplained}"
    )
    uncertain = found.states.get("uncertain", 0)
    print(
        json.dumps(
            {
                "name": "uncertain after kills",
                "figure": uncertain,
                "unit": "mails",
                "floor": KILLS * (CONNECTIONS + GROUP),
            }
        )
    )
    if lost or found.doubled or found.unexplained:
        raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(main())
