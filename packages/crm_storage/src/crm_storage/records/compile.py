"""Filters and rights as WHERE: the only place where either becomes SQL (SEC-10, SEC-39)."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec
from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, false, func, literal, not_, or_, select, true
from sqlalchemy import Text as SqlText
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import Alias, NamedFromClause

from crm_domain.access.rights import Access, Scope
from crm_domain.definition import ADDRESS_PARTS, ManyToAny, Module, Options, Registry, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.problems import NotFound
from crm_domain.query.filter import AnyOf, Condition, Filter, Group, Linked, Mine, Quick, Starred, StillOpen
from crm_storage.columns import column_type, leading
from crm_storage.records.shape import Slot, Word
from crm_storage.tables import PREFIX_LENGTH

Clause = ColumnElement[bool]
From = Table | Alias | NamedFromClause[Any]
ME = bindparam("me", type_=SqlUuid())
ANY_CURRENCY = Options("currency", ())
PERCENT = literal("%", SqlText())
MY_TEAMS = bindparam("my_teams", type_=ARRAY(SqlUuid()))

COMPARE: Mapping[str, Callable[[Any, Any], Clause]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column.is_distinct_from(value),
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
}


def access_params(access: Access) -> dict[str, Any]:
    """The parameters that rights predicates use."""
    return {"me": access.user, "my_teams": list(access.teams)}


def reach(scope: Scope, table: From) -> Clause:
    """The rows within a scope. The owner is who is assigned, else who created."""
    own = or_(table.c.assigned_to == ME, and_(table.c.assigned_to.is_(None), table.c.created_by == ME))
    match scope:
        case Scope.ALL:
            return true()
        case Scope.TEAM:
            return or_(own, table.c.team == MY_TEAMS.any_())
        case Scope.OWN:
            return own
        case Scope.NONE:
            return false()


CHANGING = ("edit", "delete", "mass_update", "merge")


class Around(msgspec.Struct, frozen=True):
    """How far the actor sees what the reach of these records hangs on besides themselves.

    `whole`: the records they are parts of; `links`: by module, those that open what is private.
    """

    whole: Scope = Scope.ALL
    links: tuple[tuple[str, Scope], ...] = ()


def around(access: Access, registry: Registry, module: Module[Any], action: str) -> Around:
    """What surrounds a module's records, as the actor sees it. What opens private ones opens them for reading."""
    whole = access.scope(link_target(module.field(module.part_of)), "view") if module.part_of else Scope.ALL
    if module.privacy is None or action in CHANGING:
        return Around(whole)
    table = registry.tables[module.privacy.links]
    assert isinstance(table, ManyToAny)
    seen = ((key, access.scope(key, "view")) for key in table.rights)
    return Around(whole, tuple((key, scope) for key, scope in seen if scope is not Scope.NONE))


def allowed(tables: Mapping[str, Table], module: Module[Any], table: From, scope: Scope, near: Around) -> Clause:
    """The rows within the actor's reach: by scope, by what they are linked to, and by their whole."""
    return and_(_by_privacy(tables, module, table, scope, near.links), _within_whole(tables, module, table, near.whole))


def _by_privacy(
    tables: Mapping[str, Table], module: Module[Any], table: From, scope: Scope, links: tuple[tuple[str, Scope], ...]
) -> Clause:
    """Private rows are their owner's and his teams', unless a linked record within reach opens them."""
    if module.privacy is None or scope in (Scope.NONE, Scope.OWN):
        return reach(scope, table)
    link = tables[module.privacy.links].alias("opening")
    mine = link.c.left_id == table.c.id
    whole = literal([key for key, seen in links if seen is Scope.ALL], ARRAY(SqlText()))
    opened: list[Clause] = [exists().where(mine, link.c.module == whole.any_())]
    for key, seen in links:
        if seen is not Scope.ALL:
            partner = tables[key].alias(f"opening_{key}")
            opened.append(
                exists().where(
                    mine, link.c.right_id == partner.c.id, partner.c.deleted_at.is_(None), reach(seen, partner)
                )
            )
    if scope is Scope.ALL:
        opened.append(not_(func.coalesce(table.c[module.privacy.field], false())))
    return or_(reach(Scope.TEAM, table), *opened)


def _within_whole(tables: Mapping[str, Table], module: Module[Any], table: From, scope: Scope) -> Clause:
    """The rows whose whole is within a scope."""
    if scope is Scope.ALL:
        return true()
    whole = tables[link_target(module.field(module.part_of))].alias("whole")
    return exists().where(whole.c.id == table.c[module.part_of], reach(scope, whole))


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
            case Group():
                parts = [self.clause(item) for item in filter_.items]
                clause = or_(false(), *parts) if filter_.any else and_(true(), *parts)
                return not_(func.coalesce(clause, false())) if filter_.negate else clause
            case Mine():
                return reach(Scope.TEAM if filter_.team else Scope.OWN, self.table)
            case Starred():
                stars = self.tables["favourite"]
                return exists().where(stars.c.user_id == ME, stars.c.record_id == self.table.c.id)
            case StillOpen():
                return self._open()
            case Linked():
                return linked(self.registry, self.tables, self.module, self.table, filter_)
            case Quick():
                return and_(true(), *(self._word(word) for word in cast("tuple[Word, ...]", filter_.words)))

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
            case kinds.MultiChoice():
                return _multiple(table.c[kind.key], op, value)
            case kinds.Text() | kinds.LongText() | kinds.RichText() | kinds.Url() | kinds.Address():
                column = (
                    table.c[f"{kind.key}_{part or 'city'}"] if isinstance(kind, kinds.Address) else table.c[kind.key]
                )
                return _text(column, op, value)
            case kinds.Phone():
                return _phone(table.c[kind.key], op, value)
            case kinds.Computed() if kind.result == "text":
                return _text(table.c[kind.key], op, value)
            case kinds.Boolean():
                return func.coalesce(table.c[kind.key], false()) == _bind(kind, value)
            case kinds.UserLink() if op in ("me", "my_team"):
                return self._person(table.c[kind.key], op)
            case _:
                return _plain(kind, table.c[leading(kind)], op, value)

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
                    found.where(address.c.address_key.like(literal("%@", SqlText()) + func.lower(_slot(value))))
                )
            case "eq":
                return exists(found.where(address.c.address_key == func.lower(_slot(value))))
            case "starts":
                return exists(found.where(address.c.address_key.like(func.lower(_slot(value)) + PERCENT)))
            case _:
                return exists(found.where(address.c.address_key.like(PERCENT + func.lower(_slot(value)) + PERCENT)))

    def _secret(self, kind: kinds.Secret, table: From, *, wanted: bool) -> Clause:
        secret = self.tables["secret"]
        found = exists().where(secret.c.record_id == table.c.id, secret.c.field == kind.key)
        return found if wanted else not_(found)

    def _word(self, word: Word) -> Clause:
        pattern = bindparam(word.slot.name, type_=SqlText())
        has_emails = any(isinstance(field, kinds.Emails) for field in self.module.fields)
        if not (word.latin and has_emails):
            return _keyed(self.table, word, pattern)
        link, address = self.tables["email_link"], self.tables["email_address"]
        plain = self.tables[self.module.key]
        by_key = select(plain.c.id).where(_keyed(plain, word, pattern), plain.c.deleted_at.is_(None))
        by_address = (
            select(link.c.record_id)
            .select_from(link.join(address, address.c.id == link.c.address_id))
            .where(link.c.module == self.module.key, address.c.address_key.like(pattern))
        )
        return self.table.c.id.in_(by_key.union(by_address))


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


def _keyed(table: From, word: Word, pattern: Any) -> Clause:
    key = table.c.search_key
    return func.left(key, PREFIX_LENGTH).like(pattern) if word.short else key.like(pattern)


def link_target(kind: Kind) -> str:
    """The module a link field points at; empty for other kinds."""
    match kind:
        case kinds.Link():
            return kind.target
        case kinds.UserLink():
            return "users"
        case _:
            return ""


def _slot(value: Any) -> Any:
    assert isinstance(value, Slot)
    return bindparam(value.name, type_=SqlText())


def _bind(kind: Kind, value: Any, *, many: bool = False) -> Any:
    assert isinstance(value, Slot)
    type_ = column_type(kind)
    return bindparam(value.name, type_=ARRAY(type_) if many else type_)


def _plain(kind: Kind, column: ColumnElement[Any], op: str, value: Any) -> Clause:
    match op:
        case "empty":
            return column.is_(None) if value else column.is_not(None)
        case "in":
            return column == _bind(kind, value, many=True).any_()
        case "nin":
            return or_(column.is_(None), column != _bind(kind, value, many=True).all_())
        case "between":
            low, high = value
            return column.between(_bind(kind, low), _bind(kind, high))
        case _:
            return COMPARE[op](column, _bind(kind, value))


def _text(column: ColumnElement[Any], op: str, value: Any) -> Clause:
    """Text compares blind to letter variants, digits, ZWNJ and case: both sides pass through the search key."""
    if op == "empty":
        return func.coalesce(column, "") == "" if value else func.coalesce(column, "") != ""
    key = func.crm.search_key(column)
    if op in ("in", "nin"):
        wanted = bindparam(value.name, type_=ARRAY(SqlText()))
        return key == wanted.any_() if op == "in" else or_(column.is_(None), key != wanted.all_())
    text = func.crm.search_key(_slot(value))
    match op:
        case "contains":
            return key.like(PERCENT + text + PERCENT)
        case "starts":
            return key.like(text + PERCENT)
        case "ends":
            return key.like(PERCENT + text)
        case _:
            return COMPARE[op](key, text)


def _phone(column: ColumnElement[Any], op: str, value: Any) -> Clause:
    match op:
        case "empty":
            return func.coalesce(column, "") == "" if value else func.coalesce(column, "") != ""
        case "ends":
            return column.like(PERCENT + _slot(value))
        case "contains":
            return column.like(PERCENT + _slot(value) + PERCENT)
        case _:
            return COMPARE[op](column, _slot(value))


def _multiple(column: ColumnElement[Any], op: str, value: Any) -> Clause:
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
