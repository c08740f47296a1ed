"""Subpanels: related records of one record, created in place, chosen from existing ones, unlinked."""

import json
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref, Relation
from crm_domain.problems import Denied, FieldProblem, Invalid, Refused
from crm_domain.query.page import Row
from crm_domain.records import linking as links
from crm_domain.records import remove, save
from crm_domain.records.stream import is_activity
from crm_ui.inputs import Draft
from crm_web.pages.forms import currencies, read_posted
from crm_web.reach import one
from crm_web.records.activities import activity_part
from crm_web.records.link_fields import link_values
from crm_web.records.related import related_facts
from crm_web.records.starting import linking, own_habits, starting_values
from crm_web.visit import Visit


class RelatedPages(Controller):
    """/<module>/<id>/related/<relation> and what can be done there."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/related/{key:str}")
    async def panel(self, visit: Visit, record_id: UUID, key: str, cursor: str = "", sort: str = "") -> Response[str]:
        module, relation, row = await _subject(visit, self.module_key, record_id, key)
        return await _panel(visit, module, relation, row, cursor=cursor, sort=sort)

    @get("/{record_id:uuid}/related/{key:str}/new")
    async def new_related(self, visit: Visit, record_id: UUID, key: str) -> Response[str]:
        """The short form, in a drawer; without a script the full form with the link filled in."""
        module, relation, row = await _subject(visit, self.module_key, record_id, key)
        target = visit.module(relation.target)
        visit.allow(target, "create")
        if not visit.fragment:
            return visit.go(linking(target, relation.link_field, Ref(module.key, record_id)))
        values = {**starting_values(visit, target), **_taken_over(module, target, row)}
        if relation.link_field:
            values[relation.link_field] = Ref(module.key, row.id, str(row["name"]))
        draft = Draft(target, visit.voice, values, currencies=await currencies(visit), prefix="")
        return _quick_form(visit, module, relation, row, target, draft)

    @post("/{record_id:uuid}/related/{key:str}/new")
    async def create_related(self, visit: Visit, record_id: UUID, key: str, posted: FormMultiDict) -> Response[Any]:
        module, relation, row = await _subject(visit, self.module_key, record_id, key)
        target = visit.module(relation.target)
        visit.allow(target, "create")
        form = await read_posted(visit, target, posted)
        if relation.link_field:
            form.values[relation.link_field] = Ref(module.key, record_id, str(row["name"]))
        problems = dict(form.problems)
        try:
            if not problems:
                id_ = await save.create(visit.work, target, {**own_habits(visit, target), **form.values})
                if relation.table:
                    await links.link(visit.work, relation, record_id, [id_], {})
                await visit.commit()
                said = visit.text("form.created", name=visit.voice.module(target, "one"))
                if is_activity(visit.work.registry, relation):
                    return await activity_part(visit, module, row, said=said)
                return await _panel(visit, module, relation, row, said=said)
        except Invalid as invalid:
            problems = dict(invalid.fields)
        except Refused as refused:
            problems = {"": (FieldProblem(refused.id, refused.facts),)}
        draft = Draft(
            target, visit.voice, form.values, raw=form.raw, problems=problems, currencies=await currencies(visit)
        )
        return _quick_form(visit, module, relation, row, target, draft, status=422)

    @post("/{record_id:uuid}/related/{key:str}/link")
    async def link(self, visit: Visit, record_id: UUID, key: str, posted: FormMultiDict) -> Response[Any]:
        """Links an existing record, or changes what a link says of itself (its role)."""
        module, relation, row = await _subject(visit, self.module_key, record_id, key, writes=True)
        target = visit.module(relation.target)
        other = _id(posted.get("target", ""))
        if not await visit.work.store.fetch(target, [other], columns=("name",)):
            raise Invalid({"target": (FieldProblem("problems.unknown_record"),)})
        if relation.table:
            await links.link(visit.work, relation, record_id, [other], link_values(visit, relation, posted))
        else:
            await save.update(
                visit.work, target, other, {relation.link_field: Ref(module.key, record_id, str(row["name"]))}
            )
        await visit.commit()
        said = visit.text("related.changed" if posted.get("whole") else "related.linked")
        return await _panel(visit, module, relation, row, said=said)

    @post("/{record_id:uuid}/related/{key:str}/unlink")
    async def unlink(self, visit: Visit, record_id: UUID, key: str, posted: FormMultiDict) -> Response[Any]:
        """Takes a link away; the record itself stays."""
        module, relation, row = await _subject(visit, self.module_key, record_id, key, writes=True)
        target, other = visit.module(relation.target), _id(posted.get("target", ""))
        if relation.table:
            await visit.work.store.unlink(relation, record_id, [other])
        else:
            await save.update(visit.work, target, other, {relation.link_field: None})
        await visit.commit()
        return await _panel(visit, module, relation, row, said=visit.text("related.unlinked"))

    @post("/{record_id:uuid}/related/{key:str}/delete")
    async def delete_related(self, visit: Visit, record_id: UUID, key: str, posted: FormMultiDict) -> Response[Any]:
        """Moves a related record to the trash."""
        module, relation, row = await _subject(visit, self.module_key, record_id, key)
        target = visit.module(relation.target)
        visit.allow(target, "delete")
        other = _id(posted.get("target", ""))
        found = await visit.work.store.fetch(target, [other], columns=("name",))
        removal = await remove.remove(visit.work, target, [other])
        await visit.commit()
        said = visit.text("record.deleted_toast", name=str(found[0]["name"] or "") if found else "")
        return await _panel(visit, module, relation, row, said=said, undo=f"/{target.key}/undo/{removal}")


async def _subject(
    visit: Visit, key: str, id_: UUID, relation: str, *, writes: bool = False
) -> tuple[Module[Any], Relation, Row]:
    """The record, within reach for what is wanted, and its relation."""
    module = visit.module(key)
    found = visit.work.relation(key, relation)
    visit.allow(visit.module(found.target), "list")
    row = await one(visit, module, id_)
    if writes and not await visit.work.store.fetch(module, [id_], action="edit", columns=("name",)):
        raise Denied
    return module, found, row


async def _panel(
    visit: Visit,
    module: Module[Any],
    relation: Relation,
    row: Row,
    *,
    cursor: str = "",
    sort: str = "",
    said: str = "",
    undo: str = "",
) -> Response[str]:
    facts = await related_facts(visit, module, relation, row, cursor=cursor, sort=sort)
    if not visit.fragment:
        return await visit.page("records/related_page.html", current=module.key, name=row["name"], row=row, **facts)
    toast = {"sadra:toast": {"text": said, "undo_url": undo}, "sadra:close-drawer": True}
    said_headers = {"HX-Trigger": json.dumps(toast)} if said else None
    return visit.part("records/related.html", headers=said_headers, **facts)


def _quick_form(
    visit: Visit,
    module: Module[Any],
    relation: Relation,
    row: Row,
    target: Module[Any],
    draft: Draft,
    *,
    status: int = 200,
) -> Response[str]:
    rows = target.layout.quick or tuple((field.key,) for field in target.fields if field.required)
    fields = [
        draft.input(key)
        for line in rows
        for key in line
        if not target.field(key).readonly and key != relation.link_field
    ]
    inside = {field.name for field in fields}
    loose = [(key, problem) for key, found in draft.problems.items() if key not in inside for problem in found]
    return visit.part(
        "records/quick_form.html",
        status=status,
        headers={"HX-Retarget": "#drawer-body", "HX-Reswap": "innerHTML"} if status != 200 else None,
        title=visit.text(f"{target.key}.new"),
        fields=fields,
        errors=[(f"{field.id}-field", f"{field.label}: {error}") for field in fields for error in field.errors]
        + [("", visit.text(problem.id, **problem.facts)) for _, problem in loose],
        url=f"/{module.key}/{row.id}/related/{relation.key}/new",
        panel="activities" if is_activity(visit.work.registry, relation) else f"related-{relation.key}",
        full=linking(target, relation.link_field, Ref(module.key, row.id)),
    )


def _taken_over(module: Module[Any], target: Module[Any], row: Row) -> dict[str, Any]:
    """What a new record takes over from the one it is created beside: the address, when both have one."""
    pairs = (("billing_address", "primary_address"), ("primary_address", "billing_address"), ("account", "account"))
    return {to: row[key] for key, to in pairs if key in module.by_key and to in target.by_key and row[key]}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"target": (FieldProblem("problems.unknown_record"),)}) from None
