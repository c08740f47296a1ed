"""What each kind of column is compared with, by operator."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, false, func, literal, not_, or_
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import ARRAY

from crm_domain.definition.kinds import Kind
from crm_storage.columns import column_type
from crm_storage.records.reach import Clause
from crm_storage.records.shape import Slot

PERCENT = literal("%", SqlText())

COMPARE: Mapping[str, Callable[[Any, Any], Clause]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column.is_distinct_from(value),
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
}


def text_slot(value: Any) -> Any:
    """The text bound to a filter value."""
    assert isinstance(value, Slot)
    return bindparam(value.name, type_=SqlText())


def slot_like(kind: Kind, value: Any, *, many: bool = False) -> Any:
    """The value of a filter, or an array of them, bound with the type of the field."""
    assert isinstance(value, Slot)
    type_ = column_type(kind)
    return bindparam(value.name, type_=ARRAY(type_) if many else type_)


def compare_plain(kind: Kind, column: ColumnElement[Any], op: str, value: Any) -> Clause:
    """Values of one column that compare as the database compares them."""
    match op:
        case "empty":
            return column.is_(None) if value else column.is_not(None)
        case "in":
            return column == slot_like(kind, value, many=True).any_()
        case "nin":
            return or_(column.is_(None), column != slot_like(kind, value, many=True).all_())
        case "between":
            low, high = value
            return column.between(slot_like(kind, low), slot_like(kind, high))
        case _:
            return COMPARE[op](column, slot_like(kind, value))


def compare_text(column: ColumnElement[Any], op: str, value: Any) -> Clause:
    """Text compares blind to letter variants, digits, ZWNJ and case: both sides pass through the search key."""
    if op == "empty":
        return func.coalesce(column, "") == "" if value else func.coalesce(column, "") != ""
    key = func.crm.search_key(column)
    if op in ("in", "nin"):
        wanted = bindparam(value.name, type_=ARRAY(SqlText()))
        return key == wanted.any_() if op == "in" else or_(column.is_(None), key != wanted.all_())
    text = func.crm.search_key(text_slot(value))
    match op:
        case "contains":
            return key.like(PERCENT + text + PERCENT)
        case "starts":
            return key.like(text + PERCENT)
        case "ends":
            return key.like(PERCENT + text)
        case _:
            return COMPARE[op](key, text)


def compare_phone(column: ColumnElement[Any], op: str, value: Any) -> Clause:
    """Telephone numbers, whose column holds digits alone."""
    match op:
        case "empty":
            return func.coalesce(column, "") == "" if value else func.coalesce(column, "") != ""
        case "ends":
            return column.like(PERCENT + text_slot(value))
        case "contains":
            return column.like(PERCENT + text_slot(value) + PERCENT)
        case "in":
            return column == bindparam(value.name, type_=ARRAY(SqlText())).any_()
        case _:
            return COMPARE[op](column, text_slot(value))


def compare_many(column: ColumnElement[Any], op: str, value: Any) -> Clause:
    """Columns that hold several options."""
    if op == "empty":
        return func.coalesce(func.cardinality(column), 0) == 0 if value else func.cardinality(column) > 0
    wanted = bindparam(value.name, type_=ARRAY(SqlText()))
    match op:
        case "has_all":
            return column.op("@>")(wanted)
        case "has_none":
            return not_(func.coalesce(column.op("&&")(wanted), false()))
        case _:
            return column.op("&&")(wanted)
