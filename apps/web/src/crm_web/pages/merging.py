"""Duplicates: found from a record, laid side by side, made one."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.page import Row
from crm_domain.records.merge import ALL, candidates, choosable, merge, unites, usual
from crm_domain.records.save import same
from crm_domain.text.digits import plain_number
from crm_domain.text.numbers import format_number
from crm_ui.cells import drawer
from crm_web.lists.tables import columns_for, lines_for
from crm_web.reach import mergeable, one
from crm_web.visit import Visit

PICK, VERSION = "pick-", "version-"


class MergePages(Controller):
    """/<module>/merge and /<module>/<id>/duplicates."""

    module_key: ClassVar[str]

    @get("/merge")
    async def compare(self, visit: Visit) -> Response[str]:
        """The records of `id` side by side; the one of `keep`, or the first, stays."""
        module = mergeable(visit, self.module_key)
        query = visit.request.query_params
        ids = _ids(query.getall("id", []))
        keep = _ids([query["keep"]])[0] if query.get("keep") else None
        rows = await candidates(visit.work, module, _first(ids, keep))
        return await _page(visit, module, rows)

    @post("/merge")
    async def unite(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = mergeable(visit, self.module_key)
        ids = _first(_ids(posted.getall("id", [])), _ids([posted.get("keep", "")])[0])
        versions = {
            UUID(key.removeprefix(VERSION)): int(value) for key, value in posted.items() if _is_version(key, value)
        }
        choices = {key.removeprefix(PICK): _choice(value) for key, value in posted.items() if key.startswith(PICK)}
        moved = await merge(visit.work, module, ids, choices, versions)
        await visit.commit()
        number = format_number(sum(moved.values()), visit.voice.locale)
        return visit.go(f"/{module.key}/{ids[0]}", visit.text("merge.done", number=number))

    @get("/{record_id:uuid}/duplicates")
    async def duplicates(self, visit: Visit, record_id: UUID) -> Response[str]:
        """Records that may be the same as this one, to be ticked."""
        module = mergeable(visit, self.module_key)
        row = await one(visit, module, record_id, "edit")
        alike = await visit.work.store.alike(module, row.values, except_id=record_id)
        columns = columns_for(visit, module, module.layout.picker)
        paths = tuple(dict.fromkeys(("name", *(column.path for column in columns))))
        rows = await visit.work.store.fetch(module, [found.id for found in alike], columns=paths)
        return await visit.page(
            "records/duplicates.html",
            current=module.key,
            module=module,
            modules_name=visit.voice.module(module),
            name=row["name"],
            record_id=record_id,
            columns=columns,
            lines=lines_for(visit, module, columns, rows),
        )


async def _page(visit: Visit, module: Module[Any], rows: Sequence[Row]) -> Response[str]:
    fields = choosable(module, visit.access)
    proposed = usual(fields, rows)
    compared = [_compared(visit, module, field, rows, proposed) for field in fields]
    return await visit.page(
        "records/merge.html",
        current=module.key,
        module=module,
        modules_name=visit.voice.module(module),
        rows=[(row.id, row["name"], row["version"]) for row in rows],
        differing=[item for item in compared if item["differs"]],
        equal=[item for item in compared if not item["differs"] and item["cells"][0].text],
        moving=await _moving(visit, module, rows[1:]),
        others=[f"id={row.id}" for row in rows],
    )


def _compared(
    visit: Visit, module: Module[Any], field: Any, rows: Sequence[Row], proposed: Mapping[str, Any]
) -> dict[str, Any]:
    """One field of all records, and which is proposed."""
    draw = drawer(field, visit.voice)
    values = [row[field.key] for row in rows]
    return {
        "key": field.key,
        "label": visit.voice.label(module, field),
        "cells": [draw(value) for value in values],
        "ids": [str(row.id) for row in rows],
        "chosen": str(proposed[field.key]),
        "unites": unites(field),
        "differs": any(not same(value, values[0]) for value in values[1:]),
    }


async def _moving(visit: Visit, module: Module[Any], rows: Sequence[Row]) -> list[tuple[str, str]]:
    """What goes along to the survivor: how many of each relation."""
    relations = [r for r in visit.work.registry.relations(module.key).values() if visit.access.can(r.target, "list")]
    totals = dict.fromkeys((relation.key for relation in relations), 0)
    for row in rows:
        for key, count in (await visit.work.store.related_counts(relations, row.id)).items():
            totals[key] += count.number
    return [
        (visit.voice.relation(relation), format_number(totals[relation.key], visit.voice.locale))
        for relation in relations
        if totals[relation.key]
    ]


def _ids(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Invalid({"id": (FieldProblem("problems.unknown_record"),)}) from None


def _first(ids: Sequence[UUID], keep: UUID | None) -> list[UUID]:
    """The survivor before the others."""
    if keep is None or keep not in ids:
        return list(ids)
    return [keep, *(id_ for id_ in ids if id_ != keep)]


def _choice(text: str) -> UUID | str:
    return ALL if text == ALL else _ids([text])[0]


def _is_version(key: str, value: object) -> bool:
    return (
        key.startswith(VERSION)
        and isinstance(value, str)
        and plain_number(value) is not None
        and len(_ids([key.removeprefix(VERSION)])) == 1
    )
