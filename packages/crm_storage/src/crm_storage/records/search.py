"""Looking for records: the search box over all modules, and likely duplicates."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, bindparam, case, func, literal, select, union_all

from crm_domain.definition import Module, Ref, kinds
from crm_domain.ports import Hit
from crm_domain.problems import NotFound
from crm_domain.query.filter import AnyOf, Condition, Filter, Group, Quick
from crm_domain.query.page import ListQuery, Row
from crm_storage.records import reads
from crm_storage.records.compile import Where
from crm_storage.records.context import Context
from crm_storage.records.reach import allowed, around
from crm_storage.records.shape import Values, shape
from crm_storage.records.statements import Scopes

CANDIDATES = 200
"""How many matches are ranked; beyond that a search is too wide to rank well."""
ALIKE_LIMIT = 10


async def search(
    context: Context, modules: Sequence[Module[Any]], words: str, *, limit: int
) -> Mapping[str, list[Hit]]:
    """The best hits by module in one statement; a module the actor may not list has none, not even counted."""
    allowed = [module for module in modules if context.access.can(module.key, "list")]
    if not allowed or not words.strip():
        return {}
    values = Values()
    quick = shape(Quick(words), values)
    parts = tuple(
        (
            module.key,
            (context.access.scope(module.key, "list"), around(context.access, context.registry, module, "list")),
            _detail(context, module),
        )
        for module in allowed
    )
    sql = context.remembered(
        ("search", parts, quick), lambda: union_all(*(_hits(context, part, quick) for part in parts))
    )
    facts = {
        "whole": words.strip(),
        "beginning": f"{words.strip()}%",
        "inside": f"% {words.strip()}%",
        "per_module": limit,
    }
    found: dict[str, list[Hit]] = {}
    for module, id_, name, detail, rank, reason in await context.rows(sql, **values.params, **facts):
        found.setdefault(module, []).append(Hit(Ref(module, id_, name or ""), reason, detail or "", rank))
    return found


def _detail(context: Context, module: Module[Any]) -> str:
    """The picker's first plain text column the actor may read."""
    hidden = context.access.hidden(module.key)
    plain = (kinds.Text, kinds.Phone, kinds.Url)
    return next(
        (
            key
            for key in module.layout.picker
            if key != "name" and key not in hidden and isinstance(module.by_key.get(key), plain)
        ),
        "",
    )


def _hits(context: Context, part: tuple[str, Scopes, str], quick: Filter) -> Any:
    """A module's best hits: names that are, begin with or contain the words before matches in other fields."""
    key, (scope, near), detail = part
    table = context.tables[key].alias("t")
    where = Where(context.registry, context.tables, context.registry[key], table, _no_joins)
    candidates = (
        select(
            table.c.id,
            table.c.name,
            table.c[detail] if detail else literal("", Text()).label("detail"),
            table.c.modified_at,
        )
        .where(
            table.c.deleted_at.is_(None),
            allowed(context.tables, context.registry[key], table, scope, near),
            where.clause(quick),
        )
        .limit(CANDIDATES)
        .subquery()
    )
    name = func.crm.search_key(candidates.c.name)
    rank = case(
        (name == bindparam("whole", type_=Text()), 0),
        (name.like(bindparam("beginning", type_=Text())), 1),
        (name.like(bindparam("inside", type_=Text())), 2),
        else_=3,
    )
    reason = case((rank < 3, "name"), else_="other")
    columns = list(candidates.c)
    return (
        select(
            literal(key, Text()).label("module"),
            columns[0],
            columns[1],
            columns[2],
            rank.label("rank"),
            reason.label("reason"),
        )
        .order_by(rank, candidates.c.modified_at.desc())
        .limit(bindparam("per_module", type_=Integer()))
        .subquery()
        .select()
    )


def _no_joins(key: str) -> Any:
    raise NotFound


async def alike(
    context: Context, module: Module[Any], values: Mapping[str, Any], *, except_id: UUID | None
) -> list[Row]:
    """Records with the same e-mail, phone or identifier, or alike by the module's own rules; within the actor's reach."""
    tests = [*_contact_tests(module, values), *_rule_tests(module, values)]
    if not tests:
        return []
    columns = tuple(key for key in module.layout.picker if key != "name")
    query = ListQuery(filter=Group(tuple(tests), any=True), columns=("name", *columns), limit=ALIKE_LIMIT)
    page = await reads.page(context, module, query)
    return [row for row in page.rows if row.id != except_id]


def _contact_tests(module: Module[Any], values: Mapping[str, Any]) -> list[Filter]:
    """The same e-mail address, phone or identifier, in whichever field."""
    phones = tuple(field.key for field in module.fields if isinstance(field, kinds.Phone))
    tests: list[Filter] = []
    for field in module.fields:
        value = values.get(field.key)
        if not value:
            continue
        if isinstance(field, kinds.Emails):
            tests += [Condition(field.key, "eq", entry.address) for entry in value]
        elif isinstance(field, kinds.Phone):
            tests.append(AnyOf(phones, "eq", value))
        elif isinstance(field, kinds.Text) and field.check in ("national_id", "legal_id"):
            tests.append(Condition(field.key, "eq", value))
    return tests


def _rule_tests(module: Module[Any], values: Mapping[str, Any]) -> list[Filter]:
    """A rule speaks when everything it wants the same is given; of the beginnings, those that are given count."""
    found: list[Filter] = []
    for rule in module.duplicates:
        same = {key: _text(values, key) for key in rule.same}
        starts = {key: text for key in rule.starts if (text := _text(values, key))}
        if all(same.values()) and (same or starts):
            equal = (Condition(key, "eq", text) for key, text in same.items())
            found.append(Group((*equal, *(Condition(key, "starts", text) for key, text in starts.items()))))
    return found


def _text(values: Mapping[str, Any], path: str) -> str:
    """A given text, also of one part of an address."""
    first, _, part = path.partition(".")
    value = values.get(first)
    value = getattr(value, part, "") if part else value
    return value if isinstance(value, str) else ""
