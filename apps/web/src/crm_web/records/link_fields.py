"""What a link says of itself: a role, since when, whether it is the main one; shown, and changed where it stands."""

from typing import Any

import msgspec
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref, Relation
from crm_domain.meaning.clean import clean
from crm_domain.meaning.parse import parse
from crm_domain.meaning.show import show
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.page import Row
from crm_domain.records.forms import gather
from crm_storage.records.related import LINK_PREFIX
from crm_ui.inputs import Draft, Input
from crm_web.visit import Visit


def link_texts(visit: Visit, relation: Relation, row: Row | None) -> list[tuple[str, str, str]]:
    """The link's own fields: label and, for a row, the value and the address of the record it points at."""
    if relation.table is None:
        return []
    found: list[tuple[str, str, str]] = []
    for field in relation.table.kinds():
        value = row[LINK_PREFIX + field.key] if row else None
        shown = show(field, value, visit.voice) if row else ""
        href = f"/{value.module}/{value.id}" if isinstance(value, Ref) and value.name and not value.gone else ""
        if not field.key.endswith("_date"):
            found.append((visit.voice.link_label(relation.table, field), shown, href))
    return found


def link_inputs(visit: Visit, relation: Relation, row: Row | None) -> list[Input]:
    """The inputs of a new link's fields, or of those that a row's link holds."""
    if relation.table is None:
        return []
    fields = [field for field in relation.table.kinds() if not field.readonly]
    held = {field.key: row[LINK_PREFIX + field.key] for field in fields} if row else {}
    draft = Draft(visit.module(relation.target), visit.voice, held, prefix="link.")
    found = [draft.input_of(field, visit.voice.link_label(relation.table, field)) for field in fields]
    ending = f"-{relation.key}-{row.id if row else 'new'}"
    return [msgspec.structs.replace(one, id=one.id + ending) for one in found]


def link_values(visit: Visit, relation: Relation, posted: FormMultiDict) -> dict[str, Any]:
    """What the form says of a link. What a new link leaves open is not said; `whole` says it all, also what is emptied.

    Raises Invalid.
    """
    assert relation.table is not None
    raw = gather(posted.multi_items()).get("link", {})
    found: dict[str, Any] = {}
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    for field in relation.table.kinds():
        if isinstance(raw, dict) and field.key in raw and not field.readonly:
            try:
                found[field.key] = clean(field, parse(field, raw[field.key], visit.voice))
            except BadValue as bad:
                problems[field.key] = (bad.problem,)
    if problems:
        raise Invalid(problems)
    return found if posted.get("whole") else {key: value for key, value in found.items() if value not in (None, False)}
