"""Links to other records as rows of a record's own form: whom it is linked with, and what each link says of itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref, Relation, kinds
from crm_domain.meaning.clean import clean
from crm_domain.meaning.parse import parse
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records import linking
from crm_domain.records.forms import gather
from crm_domain.records.save import within_reach
from crm_storage.records.related import LINK_PREFIX
from crm_ui.inputs import Draft, Input
from crm_web.visit import Visit

MOST = 100
"""Links of a record that its form holds."""
SHOWN = "shown"
"""Says of a form that it holds the links, so that those it leaves out are meant to go."""


class LinkRow(msgspec.Struct):
    """One link: the record, its name as it was typed, what the link says, and what is wrong with that by field."""

    target: Ref | None = None
    label: str = ""
    values: dict[str, Any] = {}
    raw: Mapping[str, Any] = {}
    problems: dict[str, tuple[FieldProblem, ...]] = {}


async def link_sections(
    visit: Visit, module: Module[Any], row: Row | None, posted: FormMultiDict | None
) -> list[dict[str, Any]]:
    """Every relation whose links the form holds, as `records/link_rows.html` draws it, with an empty row at the end."""
    found: list[dict[str, Any]] = []
    for relation in held(visit, module):
        if posted and posted.get(f"{relation.key}.{SHOWN}"):
            rows = await _typed(visit, relation, posted)
        else:
            rows = await _there(visit, relation, row.id) if row else []
        found.append(
            {
                "key": relation.key,
                "title": visit.voice.relation(relation),
                "rows": [line(visit, relation, one, str(n)) for n, one in enumerate([*rows, LinkRow()])],
                "more": f"/{module.key}/new/linked/{relation.key}",
            }
        )
    return found


def held(visit: Visit, module: Module[Any]) -> list[Relation]:
    """The relations whose links the module's form holds for the reader."""
    relations = [visit.work.relation(module.key, key) for key in module.layout.linked]
    return [relation for relation in relations if visit.access.can(relation.target, "list")]


def line(visit: Visit, relation: Relation, row: LinkRow, key: str) -> dict[str, Any]:
    """A row as inputs, named `<relation>.<key>.<part>`."""
    assert relation.table is not None
    name = f"{relation.key}.{key}"
    target, label = visit.module(relation.target), visit.voice.module(visit.module(relation.target), "one")
    draft = Draft(target, visit.voice, row.values, raw=row.raw, problems=row.problems, prefix=f"{name}.")
    errors = tuple(visit.text(problem.id, **problem.facts) for problem in row.problems.get("target", ()))
    return {
        "target": Input(
            kind="link",
            name=f"{name}.target",
            id=f"f-{relation.key}-{key}-target",
            label=label,
            value={"": str(row.target.id) if row.target else "", "label": row.target.name if row.target else row.label},
            errors=errors,
            extra={"url": f"/{relation.target}/pick", "among": _among(target)},
        ),
        "label_name": f"{name}.label",
        "inputs": [
            draft.input_of(field, visit.voice.link_label(relation.table, field))
            for field in relation.table.kinds()
            if not field.readonly
        ],
    }


def _among(target: Module[Any]) -> str:
    """The field whose record is asked first, as where such a record names another one of its kind."""
    own = (field.among for field in target.fields if isinstance(field, kinds.Link) and field.target == target.key)
    return next((key for key in own if key), "")


async def drop_links(visit: Visit, module: Module[Any], id_: UUID, posted: FormMultiDict) -> None:
    """Takes away the links that the form leaves out, before the record's own rules look at them. Raises Invalid."""
    for relation in held(visit, module):
        if posted.get(f"{relation.key}.{SHOWN}"):
            wanted = await _wanted(visit, relation, posted)
            former = await _values(visit, relation, id_)
            if gone := [other for other in former if other not in wanted]:
                await visit.work.store.unlink(relation, id_, gone)


async def take_links(visit: Visit, module: Module[Any], id_: UUID, posted: FormMultiDict) -> None:
    """Makes the links that the form adds or changes. Raises Invalid, also where a rule of the relation stands against one."""
    for relation in held(visit, module):
        if posted.get(f"{relation.key}.{SHOWN}"):
            former = await _values(visit, relation, id_)
            for other, values in (await _wanted(visit, relation, posted)).items():
                if former.get(other) != values:
                    await linking.link(visit.work, relation, id_, [other], values)


async def _wanted(visit: Visit, relation: Relation, posted: FormMultiDict) -> dict[UUID, dict[str, Any]]:
    rows = await _typed(visit, relation, posted)
    wrong = [problem for row in rows for found in row.problems.values() for problem in found]
    if wrong:
        raise Invalid({relation.key: (wrong[0],)})
    return {row.target.id: row.values for row in rows if row.target}


async def _values(visit: Visit, relation: Relation, id_: UUID) -> dict[UUID, dict[str, Any]]:
    return {row.target.id: row.values for row in await _there(visit, relation, id_) if row.target}


async def _there(visit: Visit, relation: Relation, id_: UUID) -> list[LinkRow]:
    """The links there are, as far as the reader may see where they lead."""
    assert relation.table is not None
    query = ListQuery(columns=("name",), sort=(Sort("name"),), limit=MOST)
    page = await visit.work.store.related(relation, id_, query)
    own = [field for field in relation.table.kinds() if not field.readonly]
    return [
        LinkRow(
            target=Ref(relation.target, row.id, str(row["name"] or "")),
            values={field.key: row[LINK_PREFIX + field.key] for field in own},
        )
        for row in page.rows
    ]


async def _typed(visit: Visit, relation: Relation, posted: FormMultiDict) -> list[LinkRow]:
    """What the form says, in its order; rows that name nothing are left out."""
    raw = gather(posted.multi_items()).get(relation.key)
    lines = [one for one in raw.values() if isinstance(one, dict)][:MOST] if isinstance(raw, dict) else []
    rows = [row for one in lines if (row := await _row(visit, relation, one))]
    named = await visit.names([row.target for row in rows if row.target])
    there = await within_reach(visit.work, [row.target for row in rows if row.target])
    for row in rows:
        if row.target and row.target not in there:
            row.problems = {**row.problems, "target": (FieldProblem("problems.unknown_record"),)}
        elif row.target:
            row.target = named.get(row.target, row.target)
    return rows


async def _row(visit: Visit, relation: Relation, raw: Mapping[str, Any]) -> LinkRow | None:
    assert relation.table is not None
    id_, label = str(raw.get("target", "")).strip(), str(raw.get("label", "")).strip()
    if not id_ and not label:
        return None
    row = LinkRow(label=label, raw=raw)
    row.target = _ref(relation.target, id_) or await _by_name(visit, relation, label)
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    if row.target is None:
        problems["target"] = (FieldProblem("problems.unknown_name", {"name": label[:80]}),)
    for field in relation.table.kinds():
        if field.key in raw and not field.readonly:
            try:
                row.values = {**row.values, field.key: clean(field, parse(field, raw[field.key], visit.voice))}
            except BadValue as bad:
                problems[field.key] = (bad.problem,)
    row.problems = problems
    return row


def _ref(module: str, text: str) -> Ref | None:
    try:
        return Ref(module, UUID(text))
    except ValueError:
        return None


async def _by_name(visit: Visit, relation: Relation, label: str) -> Ref | None:
    """The one record of that name."""
    query = ListQuery(filter=Condition("name", "eq", label), columns=("name",), limit=2)
    rows: Sequence[Row] = (await visit.work.store.page(visit.module(relation.target), query)).rows
    return Ref(relation.target, rows[0].id, str(rows[0]["name"])) if len(rows) == 1 else None
