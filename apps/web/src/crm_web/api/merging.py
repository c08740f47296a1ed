"""Merging over the API."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Controller, Response, post

from crm_domain.problems import FieldProblem, Invalid
from crm_domain.records.merge import ALL, merge
from crm_web.api.records import answer, read_body, record_json
from crm_web.reach import mergeable, one
from crm_web.visit import Visit


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ids` go into the record; `take` says by field whose value it gets: a record's, or `all` for lists and texts."""

    ids: list[UUID]
    take: dict[str, str] = {}


class MergeApi(Controller):
    """POST /api/v1/<module>/<id>/merge."""

    module_key: ClassVar[str]

    @post("/{record_id:uuid}/merge", status_code=200)
    async def merge(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        module = mergeable(visit, self.module_key)
        try:
            asked = msgspec.convert(await read_body(visit.request), Asked)
            take = {key: value if value == ALL else UUID(value) for key, value in asked.take.items()}
        except (msgspec.ValidationError, ValueError):
            raise Invalid({"ids": (FieldProblem("problems.unknown_record"),)}) from None
        if unknown := [key for key in asked.take if key not in module.by_key]:
            raise Invalid(dict.fromkeys(unknown, (FieldProblem("problems.unknown_field", {"field": unknown[0]}),)))
        moved = await merge(visit.work, module, [record_id, *asked.ids], take)
        record: dict[str, Any] = record_json(module, await one(visit, module, record_id))
        await visit.commit()
        return answer({**record, "moved": dict(moved)})
