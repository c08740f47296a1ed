"""The names of refs, and the names that flexible links show."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crm_domain.access.rights import Scope
from crm_domain.definition import Module, Ref, kinds
from crm_domain.query.page import Row
from crm_storage.records.compile import link_target, reach
from crm_storage.records.context import Context
from crm_storage.records.statements import IDS


async def names(context: Context, refs: Sequence[Ref]) -> Mapping[Ref, Ref]:
    """Current names, one statement per module; refs out of reach keep no name."""
    found: dict[Ref, Ref] = {}
    for key in {ref.module for ref in refs if ref.module in context.registry}:
        table = context.tables[key]
        scope = Scope.ALL if key == "users" else context.access.scope(key, "view")
        sql = context.remembered(
            ("names", key, scope),
            lambda table=table, scope=scope: select(table.c.id, table.c.name, table.c.deleted_at).where(
                table.c.id == IDS.any_(), reach(scope, table)
            ),
        )
        for id_, name, deleted in await context.rows(sql, ids=[ref.id for ref in refs if ref.module == key]):
            found[Ref(key, id_)] = Ref(key, id_, name or "", deleted is not None)
    return found


async def name_flexible_links(context: Context, module: Module[Any], rows: Sequence[Row]) -> None:
    """Gives the links to records of any module, which no join can name, the names the reader may see."""
    paths = [path for path in (rows[0].values if rows else ()) if _is_flexible(context, module, path)]
    refs = [ref for row in rows for path in paths if (ref := row.values[path])]
    if not refs:
        return
    named = await names(context, refs)
    for row in rows:
        for path in paths:
            row.values[path] = named.get(row.values[path], row.values[path])


def _is_flexible(context: Context, module: Module[Any], path: str) -> bool:
    first, _, rest = path.partition(".")
    field = module.by_key.get(first)
    if field is not None and rest:
        target = context.registry.get(link_target(field))
        field = target.by_key.get(rest) if target else None
    return isinstance(field, kinds.AnyLink)
