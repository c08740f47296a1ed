"""What a link field offers first: the records of another one that the form names already, and names that begin as typed."""

from typing import Any

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.meaning.show import show
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery, Row
from crm_domain.query.read import may_read
from crm_web.records.starting import given_ref
from crm_web.visit import Visit


def among_those(module: Module[Any], query: ListQuery, among: str) -> ListQuery:
    """The query narrowed to records that link to the one `<field>:<id>` names; as it was where that makes no sense."""
    key, _, id_ = among.partition(":")
    field = module.by_key.get(key)
    ref = given_ref(field, id_) if isinstance(field, kinds.Link) else None
    return msgspec.structs.replace(query, filter=both(query.filter, Condition(key, "eq", ref.id))) if ref else query


def telling(module: Module[Any]) -> str:
    """The field that tells namesakes apart in a short list: the first of the picker's that says it in a word or two."""
    said = kinds.Text | kinds.Link | kinds.Address
    keys = (path.partition(".")[0] for path in module.layout.picker if path != "name")
    return next((key for key in keys if isinstance(module.by_key.get(key), said)), "")


async def begun_first(visit: Visit, module: Module[Any], query: ListQuery, typed: str) -> tuple[Row, ...]:
    """The query's rows; names that begin with what is typed stand before those that only hold it, so a whole name is found."""
    rows = (await visit.work.store.page(module, query)).rows
    if not typed or not may_read(visit.access, module, "name"):
        return rows
    begun = msgspec.structs.replace(query, filter=both(query.filter, Condition("name", "starts", typed)))
    first = (await visit.work.store.page(module, begun)).rows
    known = {row.id for row in first}
    return (*first, *(row for row in rows if row.id not in known))[: query.limit]


def meta_of(visit: Visit, module: Module[Any], key: str, row: Row) -> str:
    """What a choice tells beside a record's name: one of its values, of an address the city."""
    if not key or not row[key]:
        return ""
    field = module.field(key)
    return row[key].city or "" if isinstance(field, kinds.Address) else show(field, row[key], visit.voice)
