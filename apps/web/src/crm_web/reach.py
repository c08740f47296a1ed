"""Getting at a record as its reader may."""

from typing import Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.problems import NotFound
from crm_domain.query.page import Row
from crm_storage.records.select_rows import STARRED
from crm_web.visit import Visit


async def one(visit: Visit, module: Module[Any], id_: UUID, action: str = "view") -> Row:
    """The record. Raises NotFound, also where the reader may not reach it (SEC-04)."""
    hidden = visit.access.hidden(module.key)
    columns = [field.key for field in module.fields if field.key not in hidden]
    rows = await visit.work.store.fetch(module, [id_], action=action, columns=(*columns, STARRED))
    if not rows:
        raise NotFound
    return rows[0]
