"""Documents over the API."""

from typing import ClassVar
from uuid import UUID

from litestar import Controller, Response, get

from crm_web.files import attachment
from crm_web.papers.document import printable, printed, source_for
from crm_web.reach import one
from crm_web.visit import Visit


class PaperApi(Controller):
    """/api/v1/<module>/<id>/pdf: the record's document, by its own template or the one that is named."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/pdf")
    async def pdf(self, visit: Visit, record_id: UUID, template: UUID | None = None) -> Response[bytes]:
        module = printable(visit, self.module_key)
        row = await one(visit, module, record_id, "print")
        made = await printed(visit, module, record_id, await source_for(visit, module, row, template))
        await visit.work.store.note(module, record_id, "print", made.facts)
        await visit.commit()
        return attachment(made.name, "application/pdf", made.body)
