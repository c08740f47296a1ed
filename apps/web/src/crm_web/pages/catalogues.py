"""A catalogue to look at, to print and to keep."""

import io
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.definition import Ref, Upload
from crm_domain.modules.catalogues import Catalogue
from crm_domain.modules.documents import Document
from crm_domain.problems import NotFound
from crm_domain.records import save
from crm_web.papers.catalogue_sheet import sheet_of
from crm_web.papers.document import printed, source_for
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit


class CataloguePages(Controller):
    """/catalogues/<id>/sheet and /catalogues/<id>/keep."""

    path = "/catalogues"

    @get("/{record_id:uuid}/sheet")
    async def sheet(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.work.module(Catalogue)
        row = await one(visit, module, record_id)
        return await visit.page(
            "catalogues/sheet.html",
            current=module.key,
            **await heading(visit, module, row),
            tab="sheet",
            keeps=visit.access.can("documents", "create") and visit.access.can(module.key, "edit"),
            sheet=await sheet_of(visit, record_id, visit.voice),
        )

    @post("/{record_id:uuid}/keep")
    async def keep(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """As a document of its own or, where it was kept before, as that one's next revision."""
        visit.allow(visit.work.module(Document), "create")
        module = visit.work.module(Catalogue)
        row = await one(visit, module, record_id, "edit")
        made = await printed(visit, module, record_id, await source_for(visit, module, row, None))
        house = visit.installation
        blob = await house.files.receive(
            house.database, visit.tenant, visit.access.user, made.name, io.BytesIO(made.body)
        )
        document = await _kept(visit, row["document"], row["name"], Upload(blob.key))
        if row["document"] is None or row["document"].id != document.id:
            await visit.work.update(Catalogue, record_id, Catalogue.document.to(Ref("documents", document.id)))
        await visit.commit()
        return visit.go(f"/documents/{document.id}", visit.text("catalogues.kept", revision=document.revision or ""))


async def _kept(visit: Visit, before: Ref | None, name: str, file: Upload) -> Document:
    documents = visit.work.module(Document)
    if before is not None:
        try:
            await save.update(visit.work, documents, before.id, {"file": file})
            return await visit.work.get(Document, before.id)
        except NotFound:
            pass  # it was deleted, or is out of reach: the catalogue is kept anew
    id_ = await save.create(visit.work, documents, {"name": name[:255], "file": file, "category": "sales"})
    return await visit.work.get(Document, id_)
