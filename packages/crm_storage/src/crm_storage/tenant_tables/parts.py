"""Columns that many tables have, in short."""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Text, Uuid, text

from crm_storage.columns import INSTANT

NOW = text("now()")
NEW_ID = text("uuidv7()")


def new_id_column() -> Column[Any]:
    return Column("id", Uuid, primary_key=True, server_default=NEW_ID)


def reference(name: str, table: str, *, key: bool = False) -> Column[Any]:
    """A reference to a row with which this one goes."""
    return Column(name, Uuid, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, primary_key=key)


def stamp(name: str) -> Column[Any]:
    return Column(name, INSTANT, nullable=False, server_default=NOW)


def word(name: str, default: str = "") -> Column[Any]:
    return Column(name, Text, nullable=False, server_default=text(f"'{default}'"))


def number(name: str, default: int = 0) -> Column[Any]:
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


def flag(name: str, *, on: bool = False) -> Column[Any]:
    return Column(name, Boolean, nullable=False, server_default=text(str(on).lower()))
