"""What a link field offers first: the records of another one that the form names already."""

from typing import Any

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery
from crm_web.records.starting import given_ref


def among_those(module: Module[Any], query: ListQuery, among: str) -> ListQuery:
    """The query narrowed to records that link to the one `<field>:<id>` names; as it was where that makes no sense."""
    key, _, id_ = among.partition(":")
    field = module.by_key.get(key)
    ref = given_ref(field, id_) if isinstance(field, kinds.Link) else None
    return msgspec.structs.replace(query, filter=both(query.filter, Condition(key, "eq", ref.id))) if ref else query
