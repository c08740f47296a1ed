"""Creating and editing: the full form, the short one in a drawer, duplicates while typing, conflicts, pickers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.modules.activities.spread import read_which
from crm_domain.modules.activities.spread import update as update_occurrences
from crm_domain.problems import Conflict, Denied, FieldProblem, Invalid, Refused
from crm_domain.query.filter import EVERYTHING, Quick, StillOpen, both
from crm_domain.query.page import ListQuery, Row, Sort, parse_sort
from crm_domain.query.resolve import quick_words
from crm_domain.records import save
from crm_domain.records.forms import Form, read_form, unparsed_links
from crm_domain.records.named import meant
from crm_domain.text.digits import plain_number
from crm_domain.text.money import money_unit
from crm_storage.records.currencies import active_currencies
from crm_ui.cells import hue_of
from crm_ui.inputs import Currencies, Draft
from crm_ui.templates import initials
from crm_web.calendar.new_guests import take_guests
from crm_web.calendar.occurrences import rule_values
from crm_web.letters.begin import file_letter, letter_values
from crm_web.reach import one
from crm_web.records.alike import alike_part
from crm_web.records.drafts import kept_draft, typed_before
from crm_web.records.form import form_page
from crm_web.records.link_rows import drop_links, take_links
from crm_web.records.picking import among_those, begun_first, meta_of, telling
from crm_web.records.starting import copied, prefilled
from crm_web.uploads import taken_in
from crm_web.visit import Visit

PICK_LIMIT = 12


async def currencies(visit: Visit) -> Currencies:
    """The active currencies as code and the unit the reader counts in, the base one first."""
    voice = visit.voice
    codes = await active_currencies(visit.session)
    return [(code, money_unit(code, voice.locale, voice.catalogue)) for code in codes]


async def resolve_typed_links(visit: Visit, module: Module[Any], form: Form) -> None:
    """Links typed by name, where no script made ids of them: taken when exactly one record has that name."""
    for key, (target_key, label) in unparsed_links(module, form.raw).items():
        if ref := await meant(visit.work, visit.module(target_key), label):
            form.values[key] = ref
            form.problems.pop(key, None)
        else:
            form.problems[key] = (FieldProblem("problems.unknown_name", {"name": label}),)


class FormPages(Controller):
    """GET /<module>/new, /<module>/<id>/edit and their posts."""

    module_key: ClassVar[str]

    @get("/new")
    async def new(
        self, visit: Visit, copy: UUID | None = None, letter: UUID | None = None, draft: str = ""
    ) -> Response[str]:
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        if draft and (typed := await typed_before(visit, module, None)):
            return await _typed_on(visit, module, typed, None, {})
        if letter:
            values = await letter_values(visit, module, letter)
        else:
            values = await (copied(visit, module, copy) if copy else prefilled(visit, module))
        begun = Draft(module, visit.voice, values, currencies=await currencies(visit))
        return await form_page(visit, module, begun, None, kept=await kept_draft(visit, module, None))

    @post("/")
    async def create(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        form = await read_posted(visit, module, posted)
        return await _saved(visit, module, form, posted, None)

    @get("/{record_id:uuid}/edit")
    async def edit(self, visit: Visit, record_id: UUID, draft: str = "") -> Response[str]:
        module = visit.module(self.module_key)
        row = await editable(visit, module, record_id)
        values = {**row.values, **await rule_values(visit, module, row)}
        if draft and (typed := await typed_before(visit, module, row)):
            return await _typed_on(visit, module, typed, row, values)
        begun = Draft(module, visit.voice, values, currencies=await currencies(visit))
        return await form_page(visit, module, begun, row, kept=await kept_draft(visit, module, row))

    @post("/{record_id:uuid}")
    async def save(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        row = await editable(visit, module, record_id)
        form = await read_posted(visit, module, posted)
        return await _saved(visit, module, form, posted, row)

    @get("/pick")
    async def pick(self, visit: Visit, q: str = "", among: str = "") -> Response[str]:
        """What a link field offers: the newest, or those that the words find; of the record `among` names where it has any."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        words = quick_words(q)
        alive = StillOpen() if module.catalogue else EVERYTHING
        sort = _pick_order(module, words)
        meta = telling(module)
        query = ListQuery(
            filter=both(alive, Quick(words)) if words else alive,
            columns=("name", *((meta,) if meta else ())),
            sort=sort,
            limit=PICK_LIMIT,
        )
        rows = await begun_first(visit, module, among_those(module, query, among), q.strip())
        if among and not rows:
            rows = await begun_first(visit, module, query, q.strip())
        items = [
            (
                row.id,
                row["name"] or "",
                initials(str(row["name"] or "")),
                hue_of(row.id.int),
                meta_of(visit, module, meta, row),
            )
            for row in rows
        ]
        return visit.part("records/pick.html", items=items)

    @post("/alike")
    async def alike(self, visit: Visit, posted: FormMultiDict) -> Response[str]:
        """Records that what is being typed may already be."""
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        return await alike_part(visit, module, await read_posted(visit, module, posted), None)

    @post("/{record_id:uuid}/alike")
    async def still_alike(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[str]:
        """The same of a record that is being changed: what the changed fields have in common with others."""
        module = visit.module(self.module_key)
        row = await editable(visit, module, record_id)
        return await alike_part(visit, module, await read_posted(visit, module, posted), row)


def _pick_order(module: Module[Any], words: str) -> tuple[Sort, ...]:
    """Things to choose stand in the order of their list, other records by what was last at hand."""
    if words:
        return (Sort("name"),)
    return parse_sort(module.layout.sort) if module.catalogue else (Sort("modified_at", descending=True),)


async def read_posted(visit: Visit, module: Module[Any], posted: FormMultiDict, keys: Sequence[str] = ()) -> Form:
    """What a form says of these fields, or of all that may be written: links typed by name found, files taken in."""
    wanted = keys or [field.key for field in module.writable()]
    writable = [key for key in wanted if visit.access.field(module.key, key) == "write"]
    pairs, refused = await taken_in(visit, module, posted, writable)
    form = read_form(module, pairs, writable, visit.voice)
    form.problems.update(refused)
    await resolve_typed_links(visit, module, form)
    return form


async def _typed_on(
    visit: Visit, module: Module[Any], typed: FormMultiDict, row: Row | None, values: Mapping[str, Any]
) -> Response[str]:
    """The form as it was left, over the edition of the record that it was begun with."""
    form = await read_posted(visit, module, typed)
    draft = Draft(module, visit.voice, {**values, **form.values}, raw=form.raw, currencies=await currencies(visit))
    return await form_page(visit, module, draft, row, posted=typed, version=typed.get("version", ""))


async def _saved(
    visit: Visit, module: Module[Any], form: Form, posted: FormMultiDict, row: Row | None
) -> Response[Any]:
    """Saves and goes on, or shows the form again with what is wrong."""
    problems = dict(form.problems)
    conflict: Conflict | None = None
    refused = ""
    if not problems:
        try:
            return await _store(visit, module, form.values, posted, row)
        except Invalid as invalid:
            problems = dict(invalid.fields)
        except Conflict as found:
            conflict = found
        except Refused as found:
            refused = visit.text(found.id, **found.facts)
    values = {**(row.values if row else {}), **form.values}
    draft = Draft(module, visit.voice, values, raw=form.raw, problems=problems, currencies=await currencies(visit))
    status = 409 if conflict else 422
    begun = posted.get("version", "")
    return await form_page(
        visit, module, draft, row, conflict=conflict, refused=refused, status=status, posted=posted, version=begun
    )


async def _store(
    visit: Visit, module: Module[Any], values: Mapping[str, Any], posted: FormMultiDict, row: Row | None
) -> Response[Any]:
    name = visit.voice.module(module, "one")
    if row is None:
        id_ = await save.create(visit.work, module, values)
        told = await take_guests(visit, module, id_, posted)
        await take_links(visit, module, id_, posted)
        await file_letter(visit, module, posted, id_)
        await visit.work.store.shelf.drop_draft(module.key, None)
        await visit.commit()
        path = f"/{module.key}/new" if posted.get("then") == "new" else f"/{module.key}/{id_}"
        return visit.go(path, told or visit.text("form.created", name=name))
    version = plain_number(posted.get("version", ""))
    kept = {key: value for key, value in values.items() if posted.get(f"keep.{key}") != "theirs"}
    which = read_which(posted.get("occurrences", ""))
    await drop_links(visit, module, row.id, posted)
    merged = await update_occurrences(visit.work, module, row.id, kept, which, version=version)
    await take_links(visit, module, row.id, posted)
    await visit.work.store.shelf.drop_draft(module.key, row.id)
    await visit.commit()
    said = visit.text("form.saved", name=name)
    if merged:
        labels = visit.text("record.list_separator").join(
            visit.voice.label(module, module.field(key)) for key in merged
        )
        said = visit.text("form.merged", fields=labels)
    return visit.go(f"/{module.key}/{row.id}", said)


async def editable(visit: Visit, module: Module[Any], id_: UUID) -> Row:
    """The record, which the reader may change. Raises NotFound, Denied."""
    row = await one(visit, module, id_)
    if not await visit.work.store.fetch(module, [id_], action="edit", columns=("name",)):
        raise Denied
    visit.allow(module, "edit")
    return row
