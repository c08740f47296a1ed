"""Trash: what goes there together comes back together, and only a purge is for good."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, select

from crm_domain.access.rights import Scope
from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Link
from crm_storage.records.context import Context
from crm_storage.records.memberships import leave_all
from crm_storage.records.reach import Around, around
from crm_storage.records.statements import (
    IDS,
    Scopes,
    remove_statement,
    restore_records_statement,
    restore_statement,
)

EVERYWHERE: Scopes = (Scope.ALL, Around())
NOTE_REMOVAL = "INSERT INTO removal (id, actor_id, module, number) VALUES (%(id)s, %(me)s, %(module)s, %(number)s)"


async def remove(context: Context, module: Module[Any], ids: Sequence[UUID], removal: UUID) -> list[UUID]:
    """Moves the records within reach to the trash, and with them those whose links say so; the records asked for that went."""
    scopes = (context.access.scope(module.key, "delete"), around(context.access, context.registry, module, "delete"))
    taken = await _take(context, module, ids, removal, scopes)
    number = len(taken)
    frontier = [(module, taken)]
    while frontier:
        owner, owners = frontier.pop()
        for other, link in _links_to(context, owner, "cascade"):
            children = await _children(context, other, link, owners)
            gone = await _take(context, other, children, removal, EVERYWHERE) if children else []
            number += len(gone)
            if gone:
                frontier.append((other, gone))
    if taken:
        await context.session.execute(
            NOTE_REMOVAL, {"id": removal, "me": context.access.user, "module": module.key, "number": number}
        )
    return taken


async def restore(context: Context, removal: UUID) -> Mapping[str, Sequence[UUID]]:
    """Brings back everything one removal took, of every module the actor may write and delete in; which records, by module."""
    back: dict[str, Sequence[UUID]] = {}
    for module in context.registry.modules.values():
        if context.access.can(module.key, "delete") and (context.access.admin or not module.admin_only):
            sql = context.remembered(
                ("restore", module.key), lambda module=module: restore_statement(context.tables, module)
            )
            back[module.key] = [row[0] for row in await context.rows(sql, removal=removal, **context.origin())]
    return back


async def restore_records(context: Context, module: Module[Any], ids: Sequence[UUID]) -> int:
    """Brings back these records and, by the links that took them along, what went with each in the same removal."""
    removals = await _removals(context, module, ids)
    number, frontier = 0, [(module, list(ids))]
    while frontier:
        owner, owners = frontier.pop()
        sql = context.remembered(
            ("restore_records", owner.key), lambda owner=owner: restore_records_statement(context.tables, owner)
        )
        back = [row[0] for row in await context.rows(sql, ids=owners, removals=removals, **context.origin())]
        number += len(back)
        for other, link in _links_to(context, owner, "cascade") if back else ():
            if context.access.can(other.key, "delete"):
                frontier.append((other, await _children(context, other, link, back, gone=True)))
    return number


async def _removals(context: Context, module: Module[Any], ids: Sequence[UUID]) -> list[UUID]:
    table = context.tables[module.key]
    sql = context.remembered(
        ("removals", module.key),
        lambda: select(table.c.removal).distinct().where(table.c.id == IDS.any_(), table.c.removal.is_not(None)),
    )
    return [row[0] for row in await context.rows(sql, ids=list(ids))]


async def purge(context: Context, module: Module[Any], ids: Sequence[UUID]) -> int:
    """Deletes records in the trash for good, with the links of their addresses and files, secrets, stars and memberships."""
    table = context.tables[module.key]
    gone = and_(table.c.id == IDS.any_(), table.c.deleted_at.is_not(None))
    sql = context.remembered(("purge", module.key), lambda: delete(table).where(gone).returning(table.c.id))
    found = [row[0] for row in await context.rows(sql, ids=list(ids))]
    for shelf in ("email_link", "blob_link", "secret", "line_item", "favourite", "follow", "recent_item"):
        await context.session.execute(f"DELETE FROM {shelf} WHERE record_id = ANY(%(ids)s)", {"ids": found})
    await leave_all(context, module, found)
    return len(found)


async def blockers(context: Context, module: Module[Any], ids: Sequence[UUID]) -> Mapping[str, int]:
    """How many live records hang on these through links that block, by relation key."""
    found: dict[str, int] = {}
    for other, link in _links_to(context, module, "block"):
        table = context.tables[other.key]
        sql = context.remembered(
            ("blockers", other.key, link.key),
            lambda table=table, link=link: select(func.count()).where(
                table.c[link.key] == IDS.any_(), table.c.deleted_at.is_(None)
            ),
        )
        number = (await context.rows(sql, ids=list(ids)))[0][0]
        if number:
            found[link.inverse or f"{other.key}.{link.key}"] = number
    return found


def _links_to(context: Context, module: Module[Any], rule: str) -> list[tuple[Module[Any], Link]]:
    return [
        (other, field)
        for other in context.registry.modules.values()
        for field in other.fields
        if isinstance(field, kinds.Link) and field.target == module.key and field.on_delete == rule
    ]


async def _take(
    context: Context, module: Module[Any], ids: Sequence[UUID], removal: UUID, scopes: Scopes
) -> list[UUID]:
    sql = context.remembered(("remove", module.key, scopes), lambda: remove_statement(context.tables, module, scopes))
    return [row[0] for row in await context.rows(sql, ids=list(ids), removal=removal, **context.origin())]


async def _children(
    context: Context, module: Module[Any], link: Link, owners: Sequence[UUID], *, gone: bool = False
) -> list[UUID]:
    """The records, live or `gone`, whose link points at one of the owners."""
    table = context.tables[module.key]
    there = table.c.deleted_at.is_not(None) if gone else table.c.deleted_at.is_(None)
    sql = context.remembered(
        ("children", module.key, link.key, gone),
        lambda: select(table.c.id).where(table.c[link.key] == IDS.any_(), there),
    )
    return [row[0] for row in await context.rows(sql, ids=list(owners))]
