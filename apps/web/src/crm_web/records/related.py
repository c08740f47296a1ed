"""A record's related records as a part of its page: columns, rows with what may be done to each, the way to more."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from crm_domain.definition import Module, Relation, kinds
from crm_domain.query.page import ListQuery, Page, Row, parse_sort
from crm_domain.text import numbers
from crm_ui.inputs import Input
from crm_web.lists.listing import cursor_text, read_cursor
from crm_web.lists.tables import Column, columns_for, lines_for, sortable
from crm_web.reach import reached, reaches
from crm_web.records.link_fields import link_inputs, link_texts
from crm_web.visit import Visit

ROWS = 10
COLUMNS = 5


async def related_facts(
    visit: Visit, module: Module[Any], relation: Relation, row: Row, *, cursor: str = "", sort: str = ""
) -> dict[str, Any]:
    """Everything the part `records/related.html` draws; `sort` is one of its columns, the other way round with a minus."""
    target = visit.module(relation.target)
    columns = columns_for(
        visit, target, _paths(target, relation)[: COLUMNS - bool(relation.table and relation.table.kinds())]
    )
    known = {column.path for column in columns if sortable(visit, target, column.path)}
    sort = sort if sort.removeprefix("-") in known else ""
    spared = (column.spared for column in columns if column.spared)
    query = ListQuery(
        columns=tuple(dict.fromkeys(("name", *(column.path for column in columns), *spared))),
        sort=parse_sort(sort or target.layout.sort),
        limit=ROWS,
        cursor=read_cursor(cursor) if cursor else None,
        counted=True,
    )
    page = await visit.work.store.related(relation, row.id, query)
    url = f"/{module.key}/{row.id}/related/{relation.key}"
    ids = [found.id for found in page.rows]
    return {
        **_facts(visit, module, relation, page, columns),
        "columns": [_sorted(column, known, sort or target.layout.sort, url) for column in columns],
        "url": url,
        "whole": f"/{target.key}?{urlencode({f'filter[{relation.link_field}]': row.id, 'all': 1})}"
        if relation.link_field
        else "",
        "next": _further(url, sort, cursor_text(page.after)),
        "previous": _further(url, sort, cursor_text(page.before)),
        "may_link": _may_link(visit, module, target, relation) and await reaches(visit, module, row.id, "edit"),
        "editable": await reached(visit, target, ids, "edit"),
        "deletable": await reached(visit, target, ids, "delete"),
    }


def _paths(target: Module[Any], relation: Relation) -> list[str]:
    """The target's columns but for the one that would name this record in every row."""
    mirrored = relation.table.mirrors if relation.table and relation.left else ""
    return [path for path in target.layout.columns if path not in (relation.link_field, mirrored or None)]


def _sorted(column: Column, known: set[str], sort: str, url: str) -> Column:
    """A column with the address that sorts by it."""
    if column.path not in known:
        return column
    order = {column.path: "ascending", f"-{column.path}": "descending"}.get(sort.split(",", maxsplit=1)[0], "")
    other = f"-{column.path}" if order == "ascending" else column.path
    return msgspec.structs.replace(column, href=f"{url}?{urlencode({'sort': other})}", order=order)


def _further(url: str, sort: str, cursor: str) -> str:
    """The address of a neighbouring page; empty where there is none."""
    asked = {"cursor": cursor, **({"sort": sort} if sort else {})}
    return f"{url}?{urlencode(asked)}" if cursor else ""


def _facts(
    visit: Visit, module: Module[Any], relation: Relation, page: Page, columns: Sequence[Column]
) -> dict[str, Any]:
    target = visit.module(relation.target)
    return {
        "module": module,
        "relation": relation,
        "target": target,
        "title": visit.voice.relation(relation),
        "one": visit.voice.module(target, "one"),
        "count": numbers.format_number(page.count.number, visit.voice.locale),
        "link_labels": [label for label, _, _ in link_texts(visit, relation, None)],
        "lines": [
            (line, [shown for _, *shown in link_texts(visit, relation, found)], link_inputs(visit, relation, found))
            for line, found in zip(lines_for(visit, target, columns, page.rows), page.rows, strict=True)
        ],
        "may_create": visit.access.can(target.key, "create")
        and not target.closed_to(admin=visit.access.admin)
        and not _follows(target, relation),
        "picker": _picker(visit, target, relation),
        "link_inputs": link_inputs(visit, relation, None),
    }


def _may_link(visit: Visit, module: Module[Any], target: Module[Any], relation: Relation) -> bool:
    """Whether records may be chosen here: a link that stands in them also asks for the right to write them."""
    admin = visit.access.admin
    closed = target.kept if relation.table else target.closed_to(admin=admin)
    return (
        visit.access.can(module.key, "edit")
        and not closed
        and not module.closed_to(admin=admin)
        and not _owned(target, relation)
        and not _follows(target, relation)
    )


def _picker(visit: Visit, target: Module[Any], relation: Relation) -> Input:
    return Input(
        kind="link",
        name="target",
        id=f"pick-{relation.key}",
        label=visit.text("related.choose", name=visit.voice.module(target, "one")),
        value={"": "", "label": ""},
        extra={"url": f"/{target.key}/pick"},
    )


def _owned(target: Module[Any], relation: Relation) -> bool:
    """Records that live and go with this one are made here, not chosen or taken away."""
    field = target.by_key.get(relation.link_field)
    return isinstance(field, kinds.Link) and field.required and field.on_delete == "cascade"


def _follows(target: Module[Any], relation: Relation) -> bool:
    """Links that come about by what is done elsewhere (a conversion, a renewal) are not made by hand."""
    return relation.link_field in target.by_key and target.field(relation.link_field).readonly
