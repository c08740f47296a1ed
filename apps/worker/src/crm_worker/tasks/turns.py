"""`job.run`: one turn of a job, slice after slice, until it ends, is wished to end, or its time is over."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from crm_domain.jobs import Job, Step
from crm_domain.problems import Problem
from crm_domain.records import import_many
from crm_domain.tenancy import Tenant
from crm_storage.database import Session
from crm_storage.jobs import run
from crm_storage.jobs.rows import find
from crm_worker.slices import HUNG_S, SLICE_S, TURN_S, Slice
from crm_worker.workshop import Workshop

SOURCES = {import_many.RUN: "import", import_many.UNDO: "import"}


async def run_turn(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """A turn whose message comes again does nothing: the job's number of turns has grown, or it has ended (REL-02)."""
    async with shop.database.tenant(tenant.number) as session:
        job = await run.take(session, UUID(payload["job"]), payload["turn"])
        await session.commit()
    if job is None:
        return
    with structlog.contextvars.bound_contextvars(request_id=job.request_id, job=str(job.id), kind=job.kind):
        ends = time.monotonic() + TURN_S
        while await _slice(shop, tenant, job, ends):
            pass


async def _slice(shop: Workshop, tenant: Tenant, job: Job, ends: float) -> bool:
    """One slice in one transaction; whether this turn goes on."""
    async with shop.database.tenant(tenant.number) as session:
        now = await find(session, job.id)
        if now is None or now.ended or now.fence != job.fence:
            return False
        if now.cancelling:
            return await _ended(session, run.end(session, now, "cancelled"))
        actor = await shop.actor(session, tenant, now.owner)
        if actor is None:
            return await _ended(session, run.end(session, now, "failed", message="jobs.owner_left"))
        work = await shop.work(session, tenant, actor, now.request_id, SOURCES.get(now.kind, "job"))
        slice_ = Slice(
            now, tenant, actor, work, shop.voice(actor, work.registry), session, shop, time.monotonic() + SLICE_S
        )
        try:
            async with asyncio.timeout(HUNG_S):
                step = await shop.jobs[now.kind](slice_)
        except Problem as problem:
            await session.rollback()
            return await _ended(session, run.end(session, now, "failed", message=problem.id, **problem.facts))
        except Exception:
            await session.rollback()
            await run.troubled(session, now)
            await session.commit()
            raise
        return await _kept(session, now, step, over=time.monotonic() > ends)


async def _kept(session: Session, job: Job, step: Step, *, over: bool) -> bool:
    """Keeps the slice's changes with its progress, unless another run has taken the job over (REL-03)."""
    kept = await run.keep(session, job, step, pass_on=over and not step.finished)
    if kept and step.finished:
        kept = await run.end(session, job, "done", step)
    if not kept:
        return False
    await session.commit()
    return not over and not step.finished


async def _ended(session: Session, ending: Any) -> bool:
    await ending
    await session.commit()
    return False
