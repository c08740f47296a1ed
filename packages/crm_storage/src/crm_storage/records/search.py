"""Looking for records: the search box over all modules, and likely duplicates."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from msgspec import structs
from sqlalchemy import ColumnElement, Integer, Subquery, Text, bindparam, case, func, literal, or_, select, union_all
from sqlalchemy import cast as cast_to

from crm_domain.definition import Module, Ref, kinds
from crm_domain.ports import Hit
from crm_domain.query.filter import EVERYTHING, AnyOf, Condition, Filter, Group, Quick
from crm_domain.query.page import ListQuery, Row
from crm_domain.records.alike import compared, identifies, text_at
from crm_storage.records import reads
from crm_storage.records.compile import Where, by_address, no_joins, seen_emails
from crm_storage.records.context import Context
from crm_storage.records.reach import allowed, around
from crm_storage.records.shape import Values, Word, shape
from crm_storage.records.shown import shown_name
from crm_storage.records.statements import Scopes

CANDIDATES = 200
"""How many matches are ranked; beyond that a search is too wide to rank well."""
ALIKE_LIMIT = 10
OTHER = 3
"""The rank of who matches, but not by his name."""


async def search(
    context: Context, modules: Sequence[Module[Any]], words: str, *, limit: int, within: Filter = EVERYTHING
) -> Mapping[str, list[Hit]]:
    """The best hits by module in one statement; a module the actor may not list has none, not even counted."""
    allowed = [module for module in modules if context.access.can(module.key, "list")]
    if not allowed or not words.strip():
        return {}
    values = Values()
    quick = cast("Quick", shape(Quick(words), values, frozenset()))
    parts = tuple(
        (
            module.key,
            (context.access.scope(module.key, "list"), around(context.access, context.registry, module, "list")),
            _detail(context, module),
            tuple(sorted(context.access.hidden(module.key))),
        )
        for module in allowed
    )
    sql = context.remembered(
        ("search", parts, quick, within), lambda: union_all(*(_hits(context, part, quick, within) for part in parts))
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
    """The column of the picker's first plain text, or part of an address, that the actor may read; empty without one."""
    hidden = context.access.hidden(module.key)
    for path in module.layout.picker:
        key, _, part = path.partition(".")
        match None if key == "name" or key in hidden else module.by_key.get(key):
            case kinds.Text() | kinds.Phone() | kinds.Url():
                return key
            case kinds.Address() if part:
                return f"{key}_{part}"
            case _:
                pass
    return ""


def _hits(context: Context, part: tuple[str, Scopes, str, tuple[str, ...]], quick: Quick, within: Filter) -> Any:
    """A module's best hits: names that are, begin with or contain the words before matches in other fields."""
    key, (scope, near), detail, unseen = part
    module = context.registry[key]
    table = context.tables[key].alias("t")
    where = Where(context.registry, context.tables, module, table, no_joins)
    others = [field.key for field in module.fields if field.search and field.key not in ("name", *unseen)]
    candidates = (
        select(
            table.c.id,
            table.c.name,
            shown_name(module, table).label("shown"),
            (table.c[detail] if detail else literal("", Text())).label("detail"),
            table.c.modified_at,
            *(cast_to(table.c[other], Text()).label(f"in_{other}") for other in others),
        )
        .where(
            table.c.deleted_at.is_(None),
            allowed(context.tables, module, table, scope, near),
            where.clause(structs.replace(quick, unseen=unseen)),
            where.clause(within),
        )
        .limit(CANDIDATES)
        .subquery()
    )
    rank = _rank(candidates.c.name)
    best = (
        select(*candidates.c, rank.label("rank"))
        .order_by(rank, candidates.c.modified_at.desc())
        .limit(bindparam("per_module", type_=Integer()))
        .subquery()
    )
    reason = _reason(context, module, best, [(other, best.c[f"in_{other}"]) for other in others], quick, unseen)
    named = select(literal(key, Text()).label("module"), best.c.id, best.c.shown, best.c.detail, best.c.rank, reason)
    return named.order_by(best.c.rank, best.c.modified_at.desc()).subquery().select()


def _rank(column: ColumnElement[Any]) -> ColumnElement[int]:
    name = func.crm.search_key(column)
    return case(
        (name == bindparam("whole", type_=Text()), 0),
        (name.like(bindparam("beginning", type_=Text())), 1),
        (name.like(bindparam("inside", type_=Text())), 2),
        else_=OTHER,
    )


def _reason(
    context: Context,
    module: Module[Any],
    best: Subquery,
    others: Sequence[tuple[str, ColumnElement[Any]]],
    quick: Quick,
    unseen: Sequence[str],
) -> ColumnElement[str]:
    """Which field holds one of the words: the name when it ranks by its name, or when no other does."""
    words = [(word, bindparam(word.slot.name, type_=Text())) for word in cast("tuple[Word, ...]", quick.words)]
    tests: list[tuple[ColumnElement[bool], str]] = [(best.c.rank < OTHER, "name")]
    for key, column in others:
        tests.append((or_(*(func.crm.search_key(column).like(pattern) for _, pattern in words)), key))
    emails = seen_emails(module, unseen)
    latin = [pattern for word, pattern in words if word.latin]
    if emails and latin:
        tests.append((or_(*(best.c.id.in_(by_address(context.tables, module, pattern)) for pattern in latin)), emails))
    return case(*tests, else_="name").label("reason")


async def alike(
    context: Context, module: Module[Any], values: Mapping[str, Any], *, except_id: UUID | None
) -> list[Row]:
    """Records with the same e-mail, phone or identifier, or alike by the module's own rules; within the actor's reach."""
    tests = [*_contact_tests(module, values, context.access.hidden(module.key)), *_rule_tests(module, values)]
    if not tests:
        return []
    hidden = context.access.hidden(module.key)
    columns = dict.fromkeys(("name", *module.layout.picker, *(key for key in compared(module) if key not in hidden)))
    query = ListQuery(filter=Group(tuple(tests), any=True, apart=True), columns=tuple(columns), limit=ALIKE_LIMIT)
    page = await reads.page(context, module, query)
    return [row for row in page.rows if row.id != except_id]


def _contact_tests(module: Module[Any], values: Mapping[str, Any], hidden: frozenset[str]) -> list[Filter]:
    """The same e-mail address, phone or identifier, in whichever field the reader may see."""
    seen = [field for field in module.fields if field.key not in hidden]
    phones = tuple(field.key for field in seen if isinstance(field, kinds.Phone))
    tests: list[Filter] = []
    for field in seen:
        value = values.get(field.key)
        if not value:
            continue
        if isinstance(field, kinds.Emails):
            tests += [Condition(field.key, "eq", entry.address) for entry in value]
        elif isinstance(field, kinds.Phone):
            tests.append(AnyOf(phones, "eq", value))
        elif identifies(field):
            tests.append(Condition(field.key, "eq", value))
    return tests


def _rule_tests(module: Module[Any], values: Mapping[str, Any]) -> list[Filter]:
    """A rule speaks when everything it wants the same is given; of the beginnings, those that are given count."""
    found: list[Filter] = []
    for rule in module.duplicates:
        same = {key: text_at(values, key) for key in rule.same}
        starts = {key: text for key in rule.starts if (text := text_at(values, key))}
        if all(same.values()) and (same or starts):
            equal = (Condition(key, "eq", text) for key, text in same.items())
            found.append(Group((*equal, *(Condition(key, "starts", text) for key, text in starts.items()))))
    return found
