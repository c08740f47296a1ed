"""People's names as the reader wants them: a column of every statement that names records."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, and_, bindparam, case, func
from sqlalchemy.dialects.postgresql import JSONB

from crm_domain.definition import Module
from crm_domain.people.naming import FAMILY, GIVEN, TITLE, Naming
from crm_storage.records.reach import From

MARK = bindparam("family_mark", type_=Text())
TITLES = bindparam("titles", type_=JSONB())
USER = """CASE WHEN %(family_mark)s::text IS NOT NULL AND u.first_name <> ''
  THEN u.last_name || %(family_mark)s || u.first_name ELSE u.name END"""
"""The same of the user `u` in statements written by hand."""


def naming_params(naming: Naming) -> dict[str, Any]:
    """The parameters that names use."""
    return {"family_mark": naming.mark, "titles": msgspec.json.encode(naming.titles).decode()}


def shown_name(module: Module[Any], table: From) -> ColumnElement[Any]:
    """A record's name; of people in the reader's order, with their title where he wants it."""
    if not module.person:
        return table.c.name
    family_first = and_(MARK.is_not(None), table.c[GIVEN] != "")
    name = case((family_first, func.concat(table.c[FAMILY], MARK, table.c[GIVEN])), else_=table.c.name)
    if TITLE not in module.by_key:
        return name
    return func.concat_ws(" ", func.jsonb_extract_path_text(TITLES, module.key, table.c[TITLE]), name)
