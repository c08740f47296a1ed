"""A worker process that tests may kill: it counts messages, and runs jobs in many small slices."""

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from crm_domain.jobs import Step
from crm_domain.tenancy import Tenant
from crm_storage.bus.broker import Patience
from crm_storage.settings import load
from crm_worker.app import Worker
from crm_worker.slices import Slice
from crm_worker.tasks import JOBS, TASKS, turns
from crm_worker.workshop import Workshop

COUNT = "INSERT INTO setting (key, value) VALUES (%(key)s, '1') ON CONFLICT (key) DO NOTHING"
MARK = "INSERT INTO setting (key, value) VALUES (%(key)s, '1')"
"""Without any care for keys that are there: a slice that ran twice would break the job."""


async def count(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    async with shop.database.tenant(tenant.number) as session:
        await session.execute(COUNT, {"key": f"count.{payload['number']}"})
        await session.commit()


async def marks(slice_: Slice) -> Step:
    done = slice_.job.done + 1
    await slice_.session.execute(MARK, {"key": f"mark.{done}"})
    return Step(done=done, finished=done == slice_.job.request["marks"])


if __name__ == "__main__":
    turns.SLICE_S = 0.05
    jobs = {**JOBS, "marks": marks}
    worker = Worker(load(os.environ), {**TASKS, "count": count}, jobs, Patience(lease_s=2, pauses_s=(0.2,) * 100))
    asyncio.run(worker.run())
