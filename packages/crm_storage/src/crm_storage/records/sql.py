"""Expressions as SQL text: compiled once, run by psycopg with named parameters."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.sql.base import Executable

DIALECT = psycopg.dialect()


class Sql(NamedTuple):
    """A statement's text and the values that are part of it."""

    text: str
    constants: Mapping[str, Any]


def compiled(statement: Executable) -> Sql:
    """The statement with `%(name)s` for every parameter; those without a value come with each run."""
    found = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined] - all that comes here has it
    return Sql(str(found), {name: value for name, value in found.params.items() if value is not None})
