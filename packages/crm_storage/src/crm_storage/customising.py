"""Changing how a tenant's pages look: part by part, each change in the audit with what stood there before, so that it can be undone."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal
from uuid import UUID
from zlib import crc32

import msgspec
from psycopg.errors import LockNotAvailable

from crm_domain.customising.lists import TenantList
from crm_domain.definition import Layout, Module, Option
from crm_domain.definition.overlay import CustomField, Menu, Overlay
from crm_domain.problems import NotFound, Refused
from crm_storage.database import Session
from crm_storage.option_use import held
from crm_storage.overlays import add_field, load_overlay, lock_overlays, raise_version, remove_field, save_overlay
from crm_storage.people.log import By
from crm_storage.records.context import Schema

MODULE = "customise"
"""Under which the audit holds these changes."""
LOG = f"""
INSERT INTO audit_event (actor_id, source, request_id, module, action, changes)
VALUES (%(user)s, %(source)s, %(request)s, '{MODULE}', %(action)s, %(changes)s::jsonb)
"""
CHANGES = f"""
SELECT e.id, e.at, u.id, coalesce(u.name, u.user_name, ''), e.action, e.changes
FROM audit_event e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.module = '{MODULE}' AND e.record_id IS NULL AND (%(id)s::uuid IS NULL OR e.id = %(id)s)
ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s
"""
ADDED, REMOVED = "field_added", "field_removed"
Sort = Literal["options", "labels", "layout", "field", "menu"]
TYPES: dict[Sort, Any] = {
    "options": tuple[Option, ...], "labels": dict[str, dict[str, str]], "layout": Layout, "field": CustomField,
    "menu": Menu,
}  # fmt: skip


class Part(msgspec.Struct, frozen=True):
    """What is changed as a whole: an option list of all modules, a module's wording, its layout, one of its own fields; the menu."""

    sort: Sort
    module: str = ""
    name: str = ""
    """The list's, or the field's key."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change as the audit tells it; None stands for what the product ships."""

    id: UUID
    at: datetime
    user: UUID | None
    user_name: str
    action: str
    part: Part
    before: Any
    after: Any

    @property
    def undoable(self) -> bool:
        """Fields that came or went have columns of their own, which do not come back."""
        return self.action not in (ADDED, REMOVED)


async def current(session: Session, part: Part) -> Any:
    """What stands in the part now; None for what the product ships."""
    return _held(await load_overlay(session, part.module), part)


def edition(value: Any) -> str:
    """A mark of what a form was made from."""
    return f"{crc32(msgspec.json.encode(value)):08x}"


async def keep(session: Session, by: By, tenant: int, part: Part, value: Any, *, seen: str | None = None) -> bool:
    """Puts a value into a part, for all processes as soon as the caller commits; whether that changed anything.

    Raises Refused when the part is no longer what the form with the mark `seen` was made from.
    """
    await lock_overlays(session)
    overlay = await load_overlay(session, part.module)
    before = _held(overlay, part)
    if seen is not None and seen != edition(before):
        raise Refused("studio.changed_since")
    if before == value:
        return False
    await save_overlay(session, part.module, _with(overlay, part, value), by=by.access.user)
    await _noted(session, by, part.sort, part, before, value)
    await raise_version(session, tenant)
    return True


async def add(session: Session, by: By, tenant: int, module: Module[Any], field: CustomField) -> CustomField:
    """Adds a field of the tenant's own to a module. Raises Refused while others hold the module's table."""
    async with _unhindered(session):
        added = await add_field(session, module, field, by=by.access.user)
    await _noted(session, by, ADDED, Part("field", module.key, added.key), None, added)
    await raise_version(session, tenant)
    return added


async def remove(session: Session, by: By, tenant: int, module: Module[Any], key: str) -> None:
    """Removes such a field, when it is out of use, with all that records hold in it. Raises NotFound, Refused."""
    field = await current(session, part := Part("field", module.key, key))
    if field is None:
        raise NotFound
    if field.active:
        raise Refused("studio.still_used")
    async with _unhindered(session):
        await remove_field(session, module, field, by=by.access.user)
    await _noted(session, by, REMOVED, part, field, None)
    await raise_version(session, tenant)


@asynccontextmanager
async def _unhindered(session: Session) -> AsyncGenerator[None]:
    """A table that is in use cannot be changed at this moment; who asked can be told so in a transaction that is whole."""
    try:
        yield
    except LockNotAvailable:
        await session.rollback()
        raise Refused("studio.busy") from None


async def _noted(session: Session, by: By, action: str, part: Part, before: Any, after: Any) -> None:
    facts = {"of": part, "before": before, "after": after}
    await session.execute(
        LOG,
        {
            "user": by.access.user,
            "source": by.source,
            "request": by.request_id,
            "action": action,
            "changes": msgspec.json.encode(facts).decode(),
        },
    )


async def changes(session: Session, *, limit: int) -> list[Change]:
    """The latest changes, newest first."""
    return [_change(row) for row in await session.rows(CHANGES, {"id": None, "limit": limit})]


async def undo(
    session: Session, schema: Schema, by: By, tenant: int, id_: UUID, lists: Mapping[str, TenantList]
) -> Part:
    """Puts back what stood there before a change; values it added stay, out of use, where records hold them.

    `lists` are the tenant's, as `lists_of` gives them. Raises NotFound, and Refused when it was changed again since.
    """
    row = await session.one(CHANGES, {"id": id_, "limit": 1})
    if row is None:
        raise NotFound
    change = _change(row)
    if not change.undoable or await current(session, change.part) != change.after:
        raise Refused("studio.changed_since")
    await keep(session, by, tenant, change.part, await _without_loss(session, schema, change, lists))
    return change.part


async def _without_loss(session: Session, schema: Schema, change: Change, lists: Mapping[str, TenantList]) -> Any:
    """What stood there before, with the values that came since and that records hold."""
    part, before, after = change.part, change.before, change.after
    found = lists.get(part.name if part.sort == "options" else f"{part.module}_{part.name}")
    if part.sort not in ("options", "field") or not found or not after:
        return before
    if part.sort == "field":
        items = before.options or ()
        kept = await _held_since(session, schema, found, items, after.options or ())
        return msgspec.structs.replace(before, options=(*items, *kept)) if kept else before
    items = before if before is not None else found.shipped.items if found.shipped else ()
    kept = await _held_since(session, schema, found, items, after)
    return (*items, *kept) if kept else before


async def _held_since(
    session: Session, schema: Schema, found: TenantList, before: Sequence[Option], after: Sequence[Option]
) -> tuple[Option, ...]:
    known = {item.key for item in before}
    added = [item for item in after if item.key not in known]
    if not added:
        return ()
    used = await held(session, schema, found.uses)
    return tuple(msgspec.structs.replace(item, active=False) for item in added if used[item.key])


def _change(row: Sequence[Any]) -> Change:
    id_, at, user, name, action, facts = row
    part = msgspec.convert(facts["of"], Part)
    before, after = (_typed(part.sort, facts[key]) for key in ("before", "after"))
    return Change(id=id_, at=at, user=user, user_name=name, action=action, part=part, before=before, after=after)


def _typed(sort: Sort, value: Any) -> Any:
    return None if value is None else msgspec.convert(value, TYPES[sort])


def _held(overlay: Overlay, part: Part) -> Any:
    match part.sort:
        case "options":
            return overlay.options.get(part.name)
        case "labels":
            return {key: dict(labels) for key, labels in overlay.labels.items()} or None
        case "layout":
            return overlay.layout
        case "menu":
            return overlay.menu
        case "field":
            return next((field for field in overlay.fields if field.key == part.name), None)


def _with(overlay: Overlay, part: Part, value: Any) -> Overlay:
    match part.sort:
        case "options":
            others = {name: options for name, options in overlay.options.items() if name != part.name}
            return msgspec.structs.replace(overlay, options=others if value is None else {**others, part.name: value})
        case "labels":
            return msgspec.structs.replace(overlay, labels=value or {})
        case "layout":
            return msgspec.structs.replace(overlay, layout=value)
        case "menu":
            return msgspec.structs.replace(overlay, menu=value)
        case "field":
            fields = tuple(value if field.key == part.name else field for field in overlay.fields)
            return msgspec.structs.replace(overlay, fields=fields)
