"""Keeping what is typed into the form of a record, and throwing it away."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.text.format import format_time
from crm_web.pages.forms import editable
from crm_web.records.drafts import worth_keeping
from crm_web.visit import Visit


class FormDraftPages(Controller):
    """/<module>/draft and /<module>/<id>/draft."""

    module_key: ClassVar[str]

    @post("/draft")
    async def keep_new(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        return await _keep(visit, module, None, posted)

    @post("/{record_id:uuid}/draft")
    async def keep_change(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        await editable(visit, module, record_id)
        return await _keep(visit, module, record_id, posted)

    @post("/draft/drop")
    async def drop_new(self, visit: Visit) -> Response[Any]:
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        return await _drop(visit, module, None, f"/{module.key}/new")

    @post("/{record_id:uuid}/draft/drop")
    async def drop_change(self, visit: Visit, record_id: UUID) -> Response[Any]:
        module = visit.module(self.module_key)
        await editable(visit, module, record_id)
        return await _drop(visit, module, record_id, f"/{module.key}/{record_id}/edit")


async def _keep(visit: Visit, module: Module[Any], record: UUID | None, posted: FormMultiDict) -> Response[Any]:
    await visit.work.store.shelf.keep_draft(module.key, record, worth_keeping(module, posted))
    await visit.commit()
    time = format_time(visit.voice.now, visit.voice.locale, visit.voice.catalogue)
    return Response({"said": visit.text("my_mail.kept_at", time=time)})


async def _drop(visit: Visit, module: Module[Any], record: UUID | None, back: str) -> Response[Any]:
    await visit.work.store.shelf.drop_draft(module.key, record)
    await visit.commit()
    return visit.go(back, visit.text("form.draft_dropped"))
