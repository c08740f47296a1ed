"""The names of refs, and the names that flexible links show."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Text, Uuid, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from crm_domain.access.rights import Scope
from crm_domain.definition import Module, Ref, kinds
from crm_domain.query.page import Row
from crm_storage.records.context import Context
from crm_storage.records.reach import allowed, around, link_target
from crm_storage.records.shown import shown_name
from crm_storage.records.sql import Sql


async def names(context: Context, refs: Sequence[Ref]) -> Mapping[Ref, Ref]:
    """Current names, in one statement over the modules at hand; refs out of reach keep no name."""
    keys = sorted({ref.module for ref in refs if ref.module in context.registry})
    if not keys:
        return {}
    parts = [_part(context, key) for key in keys]
    whole = Sql(
        " UNION ALL ".join(part.text for part in parts), {k: v for part in parts for k, v in part.constants.items()}
    )
    ids = {f"ids_{key}": [ref.id for ref in refs if ref.module == key] for key in keys}
    return {
        Ref(key, id_): Ref(key, id_, name or "", deleted is not None)
        for key, id_, name, deleted in await context.rows(whole, **ids)
    }


def _part(context: Context, key: str) -> Sql:
    """One module's names. Parts are compiled by themselves, since nobody knows which modules come together."""
    scope = Scope.ALL if key == "users" else context.access.scope(key, "view")
    module, table = context.registry[key], context.tables[key]
    near = around(context.access, context.registry, module, "view")
    ids = bindparam(f"ids_{key}", type_=ARRAY(Uuid()))
    return context.remembered(
        ("names", key, scope, near),
        lambda: select(
            literal_column(f"'{key}'", Text()), table.c.id, shown_name(module, table), table.c.deleted_at
        ).where(table.c.id == ids.any_(), allowed(context.tables, module, table, scope, near)),
    )


async def name_flexible_links(
    context: Context, module: Module[Any], rows: Sequence[Row], beside: Sequence[Ref] = ()
) -> Mapping[Ref, Ref]:
    """Gives the links to records of any module, which no join can name, the names the reader may see.

    What is to be named beside them comes in the same statement; all names are returned.
    """
    paths = [path for path in (rows[0].values if rows else ()) if _is_flexible(context, module, path)]
    refs = [ref for row in rows for path in paths if (ref := row.values[path])]
    named = await names(context, tuple({*refs, *beside}))
    for row in rows:
        for path in paths:
            row.values[path] = named.get(row.values[path], row.values[path])
    return named


def _is_flexible(context: Context, module: Module[Any], path: str) -> bool:
    first, _, rest = path.partition(".")
    field = module.by_key.get(first)
    if field is not None and rest:
        target = context.registry.get(link_target(field))
        field = target.by_key.get(rest) if target else None
    return isinstance(field, kinds.AnyLink)
