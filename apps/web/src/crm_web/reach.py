"""Getting at a record as its reader may."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crm_domain.access.rights import Scope
from crm_domain.definition import Module
from crm_domain.problems import Denied, NotFound
from crm_domain.query.page import Row
from crm_storage.records.select_rows import FOLLOWED, STARRED
from crm_web.visit import Visit


def may_merge(visit: Visit, module: Module[Any]) -> bool:
    """Whether the reader may make one of several of these records."""
    return (
        module.mergeable
        and not module.closed_to(admin=visit.access.admin)
        and all(visit.access.can(module.key, action) for action in ("merge", "edit", "delete"))
    )


def mergeable(visit: Visit, key: str) -> Module[Any]:
    """The module, for somebody who may make one of several of its records. Raises Denied."""
    module = visit.module(key)
    if not may_merge(visit, module):
        raise Denied
    return module


async def reaches(visit: Visit, module: Module[Any], id_: UUID, action: str) -> bool:
    """Whether the reader's right to do this reaches the record that he sees."""
    if not visit.access.can(module.key, action):
        return False
    if visit.access.scope(module.key, action) is Scope.ALL and module.privacy is None:
        return True
    return bool(await visit.work.store.fetch(module, [id_], action=action, columns=("name",)))


async def reached(visit: Visit, module: Module[Any], ids: Sequence[UUID], action: str) -> frozenset[str]:
    """The ids, as text, of those records to which the reader's right to do this reaches."""
    if not ids or not visit.access.can(module.key, action) or module.closed_to(admin=visit.access.admin):
        return frozenset()
    rows = await visit.work.store.fetch(module, ids, action=action, columns=("name",))
    return frozenset(str(row.id) for row in rows)


async def one(visit: Visit, module: Module[Any], id_: UUID, action: str = "view") -> Row:
    """The record. Raises NotFound, also where the reader may not reach it (SEC-04)."""
    hidden = visit.access.hidden(module.key)
    columns = [field.key for field in module.fields if field.key not in hidden]
    rows = await visit.work.store.fetch(module, [id_], action=action, columns=(*columns, STARRED, FOLLOWED))
    if not rows:
        raise NotFound
    return rows[0]
