"""A tenant's customisation: kept as rows, laid over the definitions, with real typed columns for its own fields (SEC-09)."""

from typing import Any

import msgspec
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.schema import CreateColumn

from crm_domain.definition import Layout, Module, Registry
from crm_domain.definition.overlay import (
    NO_OVERLAY,
    CustomField,
    Overlay,
    custom_field,
    effective,
    effective_table,
    in_menu,
)
from crm_storage.columns import columns_of
from crm_storage.database import Session

READ = "SELECT module, body FROM overlay"
READ_ONE = "SELECT body FROM overlay WHERE module = %(module)s"
LOCK = "LOCK TABLE overlay IN SHARE ROW EXCLUSIVE MODE"
WRITE = """
INSERT INTO overlay (module, body, changed_by) VALUES (%(module)s, %(body)s::jsonb, %(me)s)
ON CONFLICT (module) DO UPDATE SET body = excluded.body, changed_at = now(), changed_by = excluded.changed_by
"""
NEXT_NUMBER = "SELECT nextval('custom_field_number')"
RISE = "UPDATE host.tenant SET overlay_version = overlay_version + 1 WHERE number = %(number)s"
DIALECT = psycopg.dialect()
EVERY_MODULE = ""
"""The overlay that holds the option lists, for a list is the same in all modules that use it; and the menu."""


async def load_registry(session: Session, static: Registry, version: int) -> Registry:
    """The tenant's effective modules."""
    overlays = {module: msgspec.convert(body, Overlay) for module, body in await session.rows(READ)}
    shared = overlays.get(EVERY_MODULE, NO_OVERLAY)

    def overlay(key: str) -> Overlay:
        return msgspec.structs.replace(overlays.get(key, NO_OVERLAY), options=shared.options)

    modules = [effective(module, overlay(module.key)) for module in static.modules.values()]
    modules = in_menu(modules, shared.menu)
    return Registry(modules, [effective_table(table, shared) for table in static.tables.values()], version)


async def lock_overlays(session: Session) -> None:
    """Lets one administrator at a time change the tenant's overlays, until the work ends."""
    await session.execute(LOCK)


async def load_overlay(session: Session, module: str) -> Overlay:
    """One module's overlay."""
    row = await session.one(READ_ONE, {"module": module})
    return msgspec.convert(row[0], Overlay) if row else NO_OVERLAY


async def usual_layout(session: Session, module: Module[Any]) -> Layout:
    """How a module's pages are made when the tenant has said nothing of it: the product's layout with the tenant's own fields."""
    overlay = await load_overlay(session, module.key)
    return effective(module, msgspec.structs.replace(overlay, layout=None)).layout


async def save_overlay(session: Session, module: str, overlay: Overlay, *, by: Any) -> None:
    """Keeps an overlay. Whoever changed one raises the tenant's version."""
    body = msgspec.json.encode(overlay).decode()
    await session.execute(WRITE, {"module": module, "body": body, "me": by})


async def add_field(session: Session, module: Module[Any], field: CustomField, *, by: Any) -> CustomField:
    """Adds a field of the tenant's own: a typed column whose name is a number the server allots, and the overlay's row."""
    row = await session.one(NEXT_NUMBER)
    assert row is not None
    numbered = msgspec.structs.replace(field, number=row[0])
    await lock_overlays(session)
    overlay = await load_overlay(session, module.key)
    for column in columns_of(custom_field(numbered, module.key), module.key):
        definition = str(CreateColumn(column).compile(dialect=DIALECT)).strip()
        await session.script(f"ALTER TABLE {module.key} ADD COLUMN {definition}")
    await save_overlay(session, module.key, msgspec.structs.replace(overlay, fields=(*overlay.fields, numbered)), by=by)
    return numbered


async def remove_field(session: Session, module: Module[Any], field: CustomField, *, by: Any) -> None:
    """Drops a field of the tenant's own with its columns and all they hold."""
    await lock_overlays(session)
    overlay = await load_overlay(session, module.key)
    for column in columns_of(custom_field(field, module.key), module.key):
        await session.script(f"ALTER TABLE {module.key} DROP COLUMN {column.name}")
    others = tuple(other for other in overlay.fields if other.number != field.number)
    await save_overlay(session, module.key, msgspec.structs.replace(overlay, fields=others), by=by)


async def raise_version(session: Session, number: int) -> None:
    """Tells every process to read the tenant's overlays again, as soon as the work is committed. The last thing it does:

    a tenant's own role may not touch the host's tables, so the work goes on under the app's.
    """
    await session.execute("SET LOCAL ROLE NONE")
    await session.execute(RISE, {"number": number})
    await session.script("NOTIFY host_tenants")
