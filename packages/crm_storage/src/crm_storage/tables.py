"""A tenant's tables, made from the definitions. One metadata for all tenants: the search path says whose."""

from typing import Any

from sqlalchemy import (
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from crm_domain.definition import ManyToAny, ManyToMany, Module, Registry, RelationTable, kinds
from crm_domain.definition.kinds import Kind
from crm_storage.columns import INSTANT, columns_of, leading
from crm_storage.tenant_tables.campaigns import campaign_tables
from crm_storage.tenant_tables.letters import letter_tables
from crm_storage.tenant_tables.machinery import machinery_tables
from crm_storage.tenant_tables.people import people_tables
from crm_storage.tenant_tables.reports import report_tables
from crm_storage.tenant_tables.selling import selling_tables
from crm_storage.tenant_tables.tracking import tracking_tables
from crm_storage.tenant_tables.web_forms import web_form_tables

ALIVE = text("deleted_at IS NULL")
NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
BEGINNING = "beginning"
"""Under what a table's facts hold the statement that fills it where it is new."""
PREFIX_LENGTH = 40
"""How much of the search key serves searches of one or two letters, which trigrams cannot."""
STAMPS = ("created_at", "created_by", "modified_at", "modified_by", "version", "deleted_at", "deleted_by")


def metadata_of(registry: Registry) -> MetaData:
    """Every table of a tenant: modules, relations, machinery, campaigns, people."""
    metadata = MetaData(naming_convention=NAMING)
    for module in registry.modules.values():
        module_table(module, metadata)
    for relation in registry.tables.values():
        relation_table(relation, metadata)
    machinery_tables(metadata)
    campaign_tables(metadata)
    people_tables(metadata)
    report_tables(metadata)
    selling_tables(metadata)
    tracking_tables(metadata)
    letter_tables(metadata)
    web_form_tables(metadata)
    return metadata


def module_table(module: Module[Any], metadata: MetaData) -> Table:
    """The module's own table, named by its key: columns, search and sort keys, an index for every offered sort and for
    each text and number of a phone by which a record is told or likened to others."""
    fields = [field for field in module.fields if field.key not in STAMPS]
    table = Table(
        module.key,
        metadata,
        Column("id", Uuid, primary_key=True),
        *(column for field in fields for column in columns_of(field, module.key)),
        Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
        Column("created_by", Uuid),
        Column("modified_at", INSTANT, nullable=False, server_default=text("now()")),
        Column("modified_by", Uuid),
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("deleted_at", INSTANT),
        Column("deleted_by", Uuid),
        Column("removal", Uuid),
        Column(
            "search_key", Text(collation="C"), Computed(f"crm.search_key({_joined(_searched(fields))})", persisted=True)
        ),
        Column("sort_key", Text(collation="C"), Computed(f"crm.sort_key({_joined(_sorted(module))})", persisted=True)),
        *(_foreign_key(field) for field in fields if isinstance(field, kinds.Link)),
    )
    _index_module(module, table)
    return table


def relation_table(relation: RelationTable, metadata: MetaData) -> Table:
    """A relation of many with many, with the link's own fields; where the right end may be of any module, it is named."""
    table = Table(
        relation.key,
        metadata,
        Column("left_id", Uuid, ForeignKey(f"{relation.left}.id", ondelete="CASCADE"), primary_key=True),
        *_right_end(relation),
        *(column for field in relation.kinds() for column in columns_of(field, relation.key)),
        Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
        Column("created_by", Uuid),
        info=_beginning(relation),
    )
    Index(f"ix_{relation.key}_right", table.c.right_id, table.c.left_id)
    if relation.primary:
        primary = table.c[relation.primary]
        Index(f"ux_{relation.key}_primary", table.c.right_id, unique=True, postgresql_where=primary)
    return table


def _beginning(relation: RelationTable) -> dict[str, str]:
    """The statement that fills the table, new in a tenant that has records, from the link field it took the place of."""
    if not relation.began_as:
        return {}
    own = "".join(f", {column.name}" for field in relation.kinds() for column in columns_of(field, relation.key))
    return {
        BEGINNING: f"INSERT INTO {relation.key} (left_id, right_id, created_at, created_by{own})\n"
        f"  SELECT id, {relation.began_as}, modified_at, modified_by{own} FROM {relation.left}\n"
        f"  WHERE {relation.began_as} IS NOT NULL"
    }


def _right_end(relation: RelationTable) -> list[Column[Any]]:
    match relation:
        case ManyToMany():
            return [Column("right_id", Uuid, ForeignKey(f"{relation.right}.id", ondelete="CASCADE"), primary_key=True)]
        case ManyToAny():
            return [Column("right_id", Uuid, primary_key=True), Column("module", Text, nullable=False)]


def _foreign_key(field: kinds.Link) -> ForeignKeyConstraint:
    """Within the tenant's schema only. Deferred, so that a load may come in any order; a purge empties the link."""
    return ForeignKeyConstraint(
        [field.key], [f"{field.target}.id"], ondelete="SET NULL", use_alter=True, deferrable=True, initially="DEFERRED"
    )


def _searched(fields: list[Kind]) -> list[str]:
    return [_as_text(field) for field in fields if field.search]


def _as_text(field: Kind) -> str:
    return f"{field.key}::text" if isinstance(field, kinds.AutoNumber) else field.key


def _sorted(module: Module[Any]) -> list[str]:
    return [module.sort_field] if module.sort_field == "name" else [module.sort_field, "name"]


def _joined(columns: list[str]) -> str:
    return " || ' ' || ".join(f"coalesce({column}, '')" for column in columns) or "''"


def _index_module(module: Module[Any], table: Table) -> None:
    key, c = module.key, table.c
    Index(f"ix_{key}_name", c.sort_key, c.id, postgresql_where=ALIVE)
    Index(
        f"ix_{key}_search",
        c.search_key,
        postgresql_using="gin",
        postgresql_ops={"search_key": "crm.gin_trgm_ops"},
        postgresql_where=ALIVE,
    )
    Index(f"ix_{key}_prefix", text(f"left(search_key, {PREFIX_LENGTH})"), c.id, postgresql_where=ALIVE)
    Index(f"ix_{key}_deleted", c.deleted_at.desc(), c.id, postgresql_where=text("deleted_at IS NOT NULL"))
    for field in module.likened():
        # of partial indexes the planner takes no statistics on expressions, and then believes in none
        Index(f"ix_{key}_told_{field.key}", func.search_key(c[field.key]))
    for field in module.fields:
        if isinstance(field, kinds.Phone):
            Index(f"ix_{key}_told_{field.key}", c[field.key], postgresql_where=c[field.key].is_not(None))
        if field.indexed or isinstance(field, kinds.Link | kinds.AnyLink):
            _index_field(field, key, table)
        if field.unique:
            column = func.lower(c[field.key]) if isinstance(field, kinds.Text) else c[field.key]
            Index(f"ux_{key}_{field.key}", column, unique=True, postgresql_where=ALIVE)


def _index_field(field: Kind, key: str, table: Table) -> None:
    """Grouping fields serve "only these, newest first"; ordering fields both directions with empty values last."""
    column = table.c[leading(field)]
    name = f"ix_{key}_{field.key}"
    match field:
        case kinds.Link() | kinds.UserLink() | kinds.Choice() | kinds.DependentChoice() | kinds.AnyLink():
            Index(name, column, table.c.created_at.desc(), table.c.id.desc(), postgresql_where=ALIVE)
        case kinds.Text() | kinds.Phone() | kinds.Url():
            Index(name, column, postgresql_where=ALIVE)
        case _:
            Index(name, column, table.c.id, postgresql_where=ALIVE)
            if column.nullable:
                Index(f"{name}_desc", column.desc().nulls_last(), table.c.id.desc(), postgresql_where=ALIVE)
