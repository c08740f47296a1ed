"""Filters as WHERE: the only place where they become SQL (SEC-10, SEC-39)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import Text as SqlText
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY

from crm_domain.access.rights import Scope
from crm_domain.definition import ADDRESS_PARTS, Module, Options, Registry, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.problems import NotFound
from crm_domain.query.filter import AnyOf, Condition, Filter, Followed, Group, Linked, Mine, Quick, Starred, StillOpen
from crm_storage.columns import leading
from crm_storage.records.compare import (
    PERCENT,
    compare_many,
    compare_phone,
    compare_plain,
    compare_text,
    slot_like,
    text_slot,
)
from crm_storage.records.reach import ME, MY_TEAMS, Clause, From, link_target, reach
from crm_storage.records.shape import Slot, Word
from crm_storage.tables import PREFIX_LENGTH

ANY_CURRENCY = Options("currency", ())
KeyOf = Callable[[From], ColumnElement[Any]]


class Where:
    """Compiles one module's filters. Fields are looked up in the definition; what is not there does not exist."""

    def __init__(
        self,
        registry: Registry,
        tables: Mapping[str, Table],
        module: Module[Any],
        table: From,
        joined: Callable[[str], From],
    ) -> None:
        self.registry = registry
        self.tables = tables
        self.module = module
        self.table = table
        self.joined = joined
        """Gives the alias of a link field's target, joining it when first asked."""

    def clause(self, filter_: Filter) -> Clause:
        match filter_:
            case Condition():
                return self._condition(filter_.field, filter_.op, filter_.value)
            case AnyOf():
                return or_(*(self._condition(field, filter_.op, filter_.value) for field in filter_.fields))
            case Group(any=True, apart=True):
                return self.table.c.id.in_(union_all(*(self._apart(item) for item in filter_.items)))
            case Group():
                parts = [self.clause(item) for item in filter_.items]
                clause = or_(false(), *parts) if filter_.any else and_(true(), *parts)
                return not_(func.coalesce(clause, false())) if filter_.negate else clause
            case Mine():
                return reach(Scope.TEAM if filter_.team else Scope.OWN, self.table)
            case Starred() | Followed():
                shelf = self.tables["favourite" if isinstance(filter_, Starred) else "follow"]
                return exists().where(shelf.c.user_id == ME, shelf.c.record_id == self.table.c.id)
            case StillOpen():
                return self._open()
            case Linked():
                return linked(self.registry, self.tables, self.module, self.table, filter_)
            case Quick():
                key = seen_key(self.module, filter_.unseen)
                words = cast("tuple[Word, ...]", filter_.words)
                return and_(true(), *(self._word(word, key, filter_.unseen) for word in words))

    def _apart(self, filter_: Filter) -> Select[tuple[Any]]:
        """The ids of those rows alone; by fields of the table itself."""
        plain = self.tables[self.module.key].alias()
        where = Where(self.registry, self.tables, self.module, plain, no_joins)
        return select(plain.c.id).where(where.clause(filter_))

    def field(self, path: str) -> tuple[Kind, From, str]:
        """A field by key or one-hop path, the table it stands in, and the address part if one is meant. Raises NotFound."""
        first, _, rest = path.partition(".")
        kind = self.module.by_key.get(first)
        if kind is None:
            raise NotFound
        if not rest:
            return kind, self.table, ""
        if isinstance(kind, kinds.Address) and rest in ADDRESS_PARTS:
            return kind, self.table, rest
        if isinstance(kind, kinds.Money) and rest == "currency":
            return kinds.Choice(key=f"{first}_currency", options=ANY_CURRENCY), self.table, ""
        target = link_target(kind)
        other = self.registry[target].by_key.get(rest) if target else None
        if other is None:
            raise NotFound
        return other, self.joined(first), ""

    def _open(self) -> Clause:
        if not self.module.open_field:
            return true()
        kind = self.module.field(self.module.open_field)
        assert isinstance(kind, kinds.Choice | kinds.DependentChoice)
        column = self.table.c[kind.key]
        closed = literal(list(kind.options.closed_keys()), ARRAY(SqlText()))
        return or_(column.is_(None), column != closed.all_())

    def _condition(self, path: str, op: str, value: Any) -> Clause:
        kind, table, part = self.field(path)
        match kind:
            case kinds.Emails():
                return self._emails(table, op, value)
            case kinds.Secret():
                return self._secret(kind, table, wanted=not value)
            case kinds.Bill():
                return self._lines(kind, table, value)
            case kinds.MultiChoice():
                return compare_many(table.c[kind.key], op, value)
            case kinds.Text() | kinds.LongText() | kinds.RichText() | kinds.Url() | kinds.Address():
                column = (
                    table.c[f"{kind.key}_{part or 'city'}"] if isinstance(kind, kinds.Address) else table.c[kind.key]
                )
                return compare_text(column, op, value)
            case kinds.Phone():
                return compare_phone(table.c[kind.key], op, value)
            case kinds.Computed() if kind.result == "text":
                return compare_text(table.c[kind.key], op, value)
            case kinds.Boolean():
                return func.coalesce(table.c[kind.key], false()) == slot_like(kind, value)
            case kinds.UserLink() if op in ("me", "my_team"):
                return self._person(table.c[kind.key], op)
            case _:
                return compare_plain(kind, table.c[leading(kind)], op, value)

    def _person(self, column: ColumnElement[Any], op: str) -> Clause:
        if op == "me":
            return column == ME
        members = self.tables["team_member"]
        return column.in_(select(members.c.user_id).where(members.c.team_id == MY_TEAMS.any_()))

    def _emails(self, table: From, op: str, value: Any) -> Clause:
        link, address = self.tables["email_link"], self.tables["email_address"]
        found = (
            select(literal(1))
            .select_from(link.join(address, address.c.id == link.c.address_id))
            .where(link.c.record_id == table.c.id)
        )
        match op:
            case "empty":
                return not_(exists(found)) if value else exists(found)
            case "opted_out":
                flagged = exists(found.where(address.c.opted_out))
                return flagged if value else not_(flagged)
            case "domain":
                return exists(
                    found.where(address.c.address_key.like(literal("%@", SqlText()) + func.lower(text_slot(value))))
                )
            case "eq":
                return exists(found.where(address.c.address_key == func.lower(text_slot(value))))
            case "in":
                wanted = bindparam(value.name, type_=ARRAY(SqlText()))
                return exists(found.where(address.c.address_key == wanted.any_()))
            case "starts":
                return exists(found.where(address.c.address_key.like(func.lower(text_slot(value)) + PERCENT)))
            case _:
                return exists(found.where(address.c.address_key.like(PERCENT + func.lower(text_slot(value)) + PERCENT)))

    def _secret(self, kind: kinds.Secret, table: From, *, wanted: bool) -> Clause:
        secret = self.tables["secret"]
        found = exists().where(secret.c.record_id == table.c.id, secret.c.field == kind.key)
        return found if wanted else not_(found)

    def _lines(self, kind: kinds.Bill, table: From, value: Any) -> Clause:
        """Whether a line of the bill is of one of these products."""
        line = self.tables["line_item"]
        wanted = bindparam(value.name, type_=ARRAY(SqlUuid()))
        return exists().where(
            line.c.product == wanted.any_(),
            line.c.record_id == table.c.id,
            line.c.field == literal(kind.key, SqlText()),
        )

    def _word(self, word: Word, key: KeyOf, unseen: tuple[str, ...]) -> Clause:
        pattern = bindparam(word.slot.name, type_=SqlText())
        if not (word.latin and seen_emails(self.module, unseen)):
            return _keyed(key(self.table), word, pattern)
        plain = self.tables[self.module.key]
        by_key = select(plain.c.id).where(_keyed(key(plain), word, pattern), plain.c.deleted_at.is_(None))
        return self.table.c.id.in_(by_key.union(by_address(self.tables, self.module, pattern)))


def no_joins(key: str) -> Any:
    """For conditions that may look at the table's own fields alone. Raises NotFound."""
    raise NotFound


def seen_key(module: Module[Any], unseen: Sequence[str]) -> KeyOf:
    """What quick search matches: the stored key, or one made of what the reader may see of its fields."""
    searched = [field for field in module.fields if field.search]
    seen = [field.key for field in searched if field.key not in unseen]
    if len(seen) == len(searched):
        return lambda table: table.c.search_key
    return lambda table: func.crm.search_key(func.concat_ws(" ", *(table.c[key] for key in seen), ""))


def seen_emails(module: Module[Any], unseen: Sequence[str]) -> str:
    """The field of e-mail addresses that the reader may see; empty when there is none."""
    fields = (field.key for field in module.fields if isinstance(field, kinds.Emails))
    return next((key for key in fields if key not in unseen), "")


def by_address(tables: Mapping[str, Table], module: Module[Any], pattern: Any) -> Select[tuple[Any]]:
    """The ids of a module's records with an e-mail address like the pattern."""
    link, address = tables["email_link"], tables["email_address"]
    return (
        select(link.c.record_id)
        .select_from(link.join(address, address.c.id == link.c.address_id))
        .where(link.c.module == module.key, address.c.address_key.like(pattern))
    )


def linked(
    registry: Registry, tables: Mapping[str, Table], module: Module[Any], table: From, filter_: Linked
) -> Clause:
    """Rows that a many-to-many relation links to one of the filter's records; a slot, or one bound value, says which."""
    relation = registry.relations(module.key).get(filter_.relation)
    if relation is None or relation.table is None:
        raise NotFound
    links = tables[relation.table.key]
    mine, other = (links.c.left_id, links.c.right_id) if relation.left else (links.c.right_id, links.c.left_id)
    wanted = other == (
        bindparam(filter_.value.name, type_=ARRAY(SqlUuid())).any_()
        if isinstance(filter_.value, Slot)
        else filter_.value
    )
    return exists().where(mine == table.c.id, wanted)


def _keyed(key: ColumnElement[Any], word: Word, pattern: Any) -> Clause:
    return func.left(key, PREFIX_LENGTH).like(pattern) if word.short else key.like(pattern)
