"""The order of a page's rows, and what lies beyond its cursor."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Text, Uuid, and_, bindparam, false, func, literal, or_, tuple_
from sqlalchemy.dialects.postgresql import array

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_storage.columns import leading
from crm_storage.records.reach import Clause, From
from crm_storage.records.shape import Slot


class Key(NamedTuple):
    """One sort key: its expression, whether it descends, whether it may be empty."""

    expression: ColumnElement[Any]
    descending: bool
    nullable: bool


def key_of(kind: Kind, table: From, part: str, linked: From | None, *, descending: bool) -> Key:
    """How a field sorts: choices in their list's order, text by letters; by their names those a link leads to, in `linked`."""
    match kind:
        case kinds.Link() | kinds.UserLink():
            assert linked is not None
            return Key(linked.c.sort_key, descending, True)
        case kinds.Choice() | kinds.DependentChoice():
            keys = array([literal(item.key, Text()) for item in kind.options.items])
            return Key(func.array_position(keys, table.c[kind.key]), descending, True)
        case kinds.Text() | kinds.LongText() | kinds.Url() | kinds.Address() | kinds.Phone():
            column = table.c[f"{kind.key}_{part or 'city'}"] if isinstance(kind, kinds.Address) else table.c[kind.key]
            return Key(func.nullif(func.crm.sort_key(column), ""), descending, True)
        case _:
            column = table.c[leading(kind)]
            return Key(column, descending, bool(column.nullable))


class Order(msgspec.Struct, frozen=True):
    """The order of one statement's rows. The id breaks ties, in the first key's direction."""

    keys: Sequence[Key]
    id: ColumnElement[Any]
    backward: bool
    """Whether the rows before the cursor are asked for: everything is turned round."""
    segment: str
    """"filled" or "empty": only rows whose first key is so."""
    cursor: Sequence[Slot | None] | None

    def columns(self) -> list[Any]:
        """For ORDER BY: empty values last."""
        found: list[Any] = []
        for number, (expression, descending, nullable) in enumerate(self.keys):
            down = descending != self.backward
            order = expression.desc() if down else expression.asc()
            segmented = number == 0 and self.segment
            if nullable and not segmented:
                order = order.nulls_first() if self.backward else order.nulls_last()
            if not (segmented and self.segment == "empty"):
                found.append(order)
        first_down = self._first_down()
        return [*found, self.id.desc() if first_down else self.id.asc()]

    def beyond(self) -> list[Clause]:
        """What lies past the cursor, within the segment."""
        conditions: list[Clause] = []
        if self.segment:
            first = self.keys[0].expression
            conditions.append(first.is_(None) if self.segment == "empty" else first.is_not(None))
        if self.cursor is None:
            return conditions
        *values, id_ = self.cursor
        assert id_ is not None
        bound_id = bindparam(id_.name, type_=Uuid())
        first_down = self._first_down()
        past_id = self.id < bound_id if first_down else self.id > bound_id
        if len(self.keys) == 1 and values[0] is not None:
            pair = tuple_(self.keys[0].expression, self.id)
            bound = tuple_(_bound(self.keys[0].expression, values[0]), bound_id)
            return [*conditions, pair < bound if first_down else pair > bound]
        return [*conditions, self._past(list(zip(self.keys, values, strict=True)), past_id)]

    def _first_down(self) -> bool:
        return bool(self.keys) and self.keys[0].descending != self.backward

    def _past(self, keys: list[tuple[Key, Slot | None]], past_id: Clause) -> Clause:
        if not keys:
            return past_id
        ((expression, descending, nullable), slot), *rest = keys
        down = descending != self.backward
        if slot is None:
            beyond: Clause = expression.is_not(None) if self.backward else false()
            return or_(beyond, and_(expression.is_(None), self._past(rest, past_id)))
        bound = _bound(expression, slot)
        beyond = expression < bound if down else expression > bound
        if nullable and not self.backward:
            beyond = or_(beyond, expression.is_(None))
        return or_(beyond, and_(expression == bound, self._past(rest, past_id)))


def _bound(expression: ColumnElement[Any], slot: Slot) -> ColumnElement[Any]:
    return bindparam(slot.name, type_=expression.type)
