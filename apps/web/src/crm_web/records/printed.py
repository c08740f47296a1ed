"""A record on a printed page: the parts its reader chose, its related records and the summary of its activities among them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from crm_domain.definition import Module, kinds
from crm_domain.query.page import ListQuery, Row, parse_sort
from crm_domain.records.stream import Item, stream
from crm_domain.text import format as formats
from crm_domain.text.rich import to_plain
from crm_ui.cells import drawer
from crm_web.lists.tables import columns_for, lines_for
from crm_web.visit import Visit

ACTIVITIES = "activities"
ROWS = 200
"""Related records of one kind on paper."""
COLUMNS = 6


async def printed_parts(
    visit: Visit,
    module: Module[Any],
    row: Row,
    head: dict[str, Any],
    panels: Sequence[dict[str, Any]],
    asked: Collection[str],
) -> dict[str, Any]:
    """What is printed of what there is; without a choice the record's own properties."""
    own = [(f"panel-{place}", panel) for place, panel in enumerate(panels)]
    chosen = set(asked) or {key for key, _ in own}
    offered = [(key, str(panel["label"])) for key, panel in own]
    offered += [(ACTIVITIES, visit.text("activities.title"))] if head["activities"] else []
    offered += [(f"related-{key}", label) for key, label, _ in head["relations"]]
    return {
        "parts": [(key, label, key in chosen) for key, label in offered],
        "panels": [panel for key, panel in own if key in chosen],
        "summary": await _summary(visit, module, row.id) if head["activities"] and ACTIVITIES in chosen else None,
        "related": [
            (label, *await _related(visit, module, key, row.id))
            for key, label, _ in head["relations"]
            if f"related-{key}" in chosen
        ],
    }


async def _related(visit: Visit, module: Module[Any], key: str, id_: UUID) -> tuple[Any, Any]:
    """Columns and lines of related records; only of a relation whose records the reader may list."""
    relation = visit.work.relation(module.key, key)
    target = visit.module(relation.target)
    paths = [path for path in target.layout.columns if path != relation.link_field][:COLUMNS]
    columns = columns_for(visit, target, paths)
    query = ListQuery(
        columns=tuple(dict.fromkeys(("name", *(column.path for column in columns)))),
        sort=parse_sort(target.layout.sort),
        limit=ROWS,
    )
    page = await visit.work.store.related(relation, id_, query)
    return columns, lines_for(visit, target, columns, page.rows)


async def _summary(visit: Visit, module: Module[Any], id_: UUID) -> list[tuple[str, list[dict[str, Any]]]]:
    """What is planned and what was done, with its words."""
    found = await stream(visit.work, module.key, id_)
    words = await _words(visit, (*found.planned, *found.done))
    return [
        (visit.text(f"activities.{heading}"), [_line(visit, item, words.get(item.id, "")) for item in items])
        for heading, items in (("planned", found.planned), ("history", found.done))
        if items
    ]


async def _words(visit: Visit, items: Sequence[Item]) -> dict[UUID, str]:
    """What stands in each of them, as plain text."""
    found: dict[UUID, str] = {}
    for key in dict.fromkeys(item.module for item in items):
        of = visit.module(key)
        field = of.by_key.get("description")
        if field is None or field.key in visit.access.hidden(key):
            continue
        ids = [item.id for item in items if item.module == key]
        for row in await visit.work.store.fetch(of, ids, columns=("description",)):
            text = str(row["description"] or "")
            found[row.id] = to_plain(text) if isinstance(field, kinds.RichText) else text
    return found


def _line(visit: Visit, item: Item, words: str) -> dict[str, Any]:
    of = visit.module(item.module)
    status = of.by_key.get(of.open_field)
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    return {
        "kind": visit.voice.module(of, "one"),
        "name": item.name,
        "who": item.who.name if item.who else "",
        "about": item.about.name if item.about else "",
        "state": drawer(status, visit.voice)(item.status).text if isinstance(status, kinds.Choice) else "",
        "time": formats.format_datetime(item.at, locale, catalogue) if item.at else "",
        "words": words,
    }
