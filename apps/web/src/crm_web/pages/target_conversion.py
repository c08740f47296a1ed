"""Making a lead of a target, after a look at leads that may be the same person."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.modules.convert_target import convert_target, lead_values
from crm_domain.modules.leads import Lead
from crm_domain.modules.targets import Target
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit


class TargetConversionPages(Controller):
    """/targets/<id>/convert."""

    path = "/targets"

    @get("/{record_id:uuid}/convert")
    async def show(self, visit: Visit, record_id: UUID) -> Response[str]:
        visit.allow(visit.work.module(Lead), "create")
        module = visit.work.module(Target)
        row = await one(visit, module, record_id, "edit")
        leads = visit.work.module(Lead)
        alike = await visit.work.store.alike(leads, lead_values(visit.work, Target(record_id, row.values)))
        return await visit.page(
            "targets/convert.html",
            current="targets",
            **await heading(visit, module, row),
            tab="convert",
            alike=[(str(found["name"]), f"/leads/{found.id}") for found in alike],
            converted=bool(row["converted"]),
        )

    @post("/{record_id:uuid}/convert")
    async def convert(self, visit: Visit, record_id: UUID) -> Response[Any]:
        lead = await convert_target(visit.work, record_id)
        await visit.commit()
        return visit.go(f"/leads/{lead}/edit", visit.text("targets.converted_toast"))
