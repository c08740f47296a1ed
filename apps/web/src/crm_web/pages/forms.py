"""Creating and editing: the full form, the short one in a drawer, duplicates while typing, conflicts, pickers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.show import show
from crm_domain.modules.activities.spread import read_which
from crm_domain.modules.activities.spread import update as update_occurrences
from crm_domain.problems import Conflict, Denied, FieldProblem, Invalid, Refused
from crm_domain.query.filter import EVERYTHING, Condition, Quick, StillOpen, both
from crm_domain.query.page import ListQuery, Row, Sort, parse_sort
from crm_domain.query.resolve import quick_words
from crm_domain.records import save
from crm_domain.records.forms import Form, read_form, unparsed_links
from crm_ui.cells import hue_of
from crm_ui.inputs import Currencies, Draft, Input
from crm_ui.templates import initials
from crm_web.occurrences import choices, rule_values
from crm_web.reach import one
from crm_web.specials import special_hints
from crm_web.uploads import taken_in
from crm_web.visit import Visit

PICK_LIMIT = 12
WIDE = ("long_text", "rich_text", "emails", "multi_choice", "files", "bill")
HALF = ("address",)
FILE_KINDS = ("file", "files", "image")


async def currencies(visit: Visit) -> Currencies:
    """The active currencies as code and label, the base one first."""
    rows = await visit.session.rows(
        "SELECT iso4217, name FROM currencies WHERE deleted_at IS NULL AND status = 'active' ORDER BY is_base DESC, iso4217"
    )
    return [(code, code) for code, _ in rows]


async def resolve_typed_links(visit: Visit, module: Module[Any], form: Form) -> None:
    """Links typed by name, where no script made ids of them: taken when exactly one record has that name."""
    for key, (target_key, label) in unparsed_links(module, form.raw).items():
        target = visit.module(target_key)
        query = ListQuery(filter=Condition("name", "eq", label), columns=("name",), limit=2)
        page = await visit.work.store.page(target, query)
        if len(page.rows) == 1:
            form.values[key] = Ref(target.key, page.rows[0].id, label)
            form.problems.pop(key, None)
        else:
            form.problems[key] = (FieldProblem("problems.unknown_name", {"name": label}),)


class FormPages(Controller):
    """GET /<module>/new, /<module>/<id>/edit and their posts."""

    module_key: ClassVar[str]

    @get("/new")
    async def new(self, visit: Visit, copy: UUID | None = None) -> Response[str]:
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        values = await (_copied(visit, module, copy) if copy else _prefilled(visit, module))
        draft = Draft(module, visit.voice, values, currencies=await currencies(visit))
        return await _form(visit, module, draft, None)

    @post("/")
    async def create(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        form = await read_posted(visit, module, posted)
        return await _saved(visit, module, form, posted, None)

    @get("/{record_id:uuid}/edit")
    async def edit(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.module(self.module_key)
        row = await _editable(visit, module, record_id)
        values = {**row.values, **await rule_values(visit, module, row)}
        draft = Draft(module, visit.voice, values, currencies=await currencies(visit))
        return await _form(visit, module, draft, row)

    @post("/{record_id:uuid}")
    async def save(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        row = await _editable(visit, module, record_id)
        form = await read_posted(visit, module, posted)
        return await _saved(visit, module, form, posted, row)

    @get("/pick")
    async def pick(self, visit: Visit, q: str = "") -> Response[str]:
        """What a link field offers: the newest, or those that the words find."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        words = quick_words(q)
        alive = StillOpen() if module.catalogue else EVERYTHING
        sort = _pick_order(module, words)
        meta = next(
            (
                key
                for key in module.layout.picker
                if key != "name" and isinstance(module.by_key.get(key), kinds.Text | kinds.Link)
            ),
            "",
        )
        query = ListQuery(
            filter=both(alive, Quick(words)) if words else alive,
            columns=("name", *((meta,) if meta else ())),
            sort=sort,
            limit=PICK_LIMIT,
        )
        page = await visit.work.store.page(module, query)
        items = [
            (
                row.id,
                row["name"] or "",
                initials(str(row["name"] or "")),
                hue_of(row.id.int),
                _meta(visit, module, meta, row),
            )
            for row in page.rows
        ]
        return visit.part("records/pick.html", items=items)

    @post("/alike")
    async def alike(self, visit: Visit, posted: FormMultiDict) -> Response[str]:
        """Records that what is being typed may already be."""
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        form = await read_posted(visit, module, posted)
        values = {key: value for key, value in form.values.items() if value}
        try:
            values = save.cleaned(module, values)
        except Invalid as invalid:
            values = {key: value for key, value in values.items() if key not in invalid.fields}
        rows = await visit.work.store.alike(module, values)
        return visit.part(
            "records/alike.html",
            module=module,
            rows=[(row.id, row["name"], _line(visit, module, row)) for row in rows],
            hints=await special_hints(visit, module, values),
        )


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
    return await _form(visit, module, draft, row, conflict=conflict, refused=refused, status=status, posted=posted)


async def _store(
    visit: Visit, module: Module[Any], values: Mapping[str, Any], posted: FormMultiDict, row: Row | None
) -> Response[Any]:
    name = visit.voice.module(module, "one")
    if row is None:
        id_ = await save.create(visit.work, module, values)
        await visit.commit()
        path = f"/{module.key}/new" if posted.get("then") == "new" else f"/{module.key}/{id_}"
        return visit.go(path, visit.text("form.created", name=name))
    text = posted.get("version", "")
    version = int(text) if text.isdigit() else None
    kept = {key: value for key, value in values.items() if posted.get(f"keep.{key}") != "theirs"}
    which = read_which(posted.get("occurrences", ""))
    merged = await update_occurrences(visit.work, module, row.id, kept, which, version=version)
    await visit.commit()
    said = visit.text("form.saved", name=name)
    if merged:
        labels = visit.text("record.list_separator").join(
            visit.voice.label(module, module.field(key)) for key in merged
        )
        said = visit.text("form.merged", fields=labels)
    return visit.go(f"/{module.key}/{row.id}", said)


async def _form(
    visit: Visit,
    module: Module[Any],
    draft: Draft,
    row: Row | None,
    *,
    conflict: Conflict | None = None,
    refused: str = "",
    status: int = 200,
    posted: FormMultiDict | None = None,
) -> Response[str]:
    sections = [
        {
            "label": visit.text(f"{module.key}.panel.{panel.key}")
            if panel.key != "custom"
            else visit.text("record.panel.custom"),
            "fields": [
                (field, _span(field))
                for line in panel.rows
                for key in line
                if (field := _input(visit, module, draft, key))
            ],
        }
        for panel in module.layout.panels
    ]
    shown = [field for section in sections for field, _ in section["fields"]]
    errors = [(f"{field.id}-field", f"{field.label}: {error}") for field in shown for error in field.errors]
    inside = {field.name for field in shown}
    errors += [
        ("", visit.text(problem.id, **problem.facts))
        for key, found in draft.problems.items()
        if key not in inside
        for problem in found
    ]
    if refused:
        errors.append(("", refused))
    name = str(row["name"] or "") if row else ""
    return await visit.page(
        "records/form.html",
        status=status,
        current=module.key,
        module=module,
        row=row,
        title=visit.text("form.edit_title", name=name) if row else visit.text(f"{module.key}.new"),
        modules_name=visit.voice.module(module),
        sections=sections,
        errors=errors,
        action=f"/{module.key}/{row.id}" if row else f"/{module.key}",
        uploads=any(field.kind in FILE_KINDS for field in shown),
        version=conflict.version if conflict else row["version"] if row else "",
        clashes=_clashes(visit, module, conflict) if conflict else [],
        back=f"/{module.key}/{row.id}" if row else f"/{module.key}",
        occurrences=choices(visit, module, row) if row else [],
        which=posted.get("occurrences", "one") if posted else "one",
    )


def _input(visit: Visit, module: Module[Any], draft: Draft, key: str) -> Input | None:
    """The field's input; None where the user may not even read it, or a rule alone writes it."""
    field = module.field(key)
    right = visit.access.field(module.key, key)
    if right == "hidden" or field.readonly or isinstance(field, kinds.Computed | kinds.AutoNumber):
        return None
    return draft.input(key, readonly=right == "read")


def _span(field: Input) -> str:
    return "x6" if field.kind in WIDE else "x3" if field.kind in HALF else ""


def _clashes(visit: Visit, module: Module[Any], conflict: Conflict) -> list[tuple[str, str, str, str, str]]:
    """Each field two people changed: key, label, original, theirs, mine."""
    found: list[tuple[str, str, str, str, str]] = []
    for key, clash in conflict.fields.items():
        field = module.field(key)
        label = visit.voice.label(module, field)
        original, theirs, mine = (_shown(field, value, visit) for value in (clash.original, clash.theirs, clash.mine))
        found.append((key, label, original, theirs, mine))
    return found


def _shown(field: Kind, value: Any, visit: Visit) -> str:
    return show(field, value, visit.voice) or visit.text("components.nothing")


async def _editable(visit: Visit, module: Module[Any], id_: UUID) -> Row:
    row = await one(visit, module, id_)
    if not await visit.work.store.fetch(module, [id_], action="edit", columns=("name",)):
        raise Denied
    visit.allow(module, "edit")
    return row


async def _copied(visit: Visit, module: Module[Any], id_: UUID) -> dict[str, Any]:
    """A record's values for a new one: without stamps, unique identifiers and what rules wrote."""
    row = await one(visit, module, id_)
    fields = {
        field.key: field for field in module.own_fields() if field.copied and not field.readonly and not field.unique
    }
    kept = {key: row[key] for key in fields if visit.access.field(module.key, key) == "write"}
    return {**starting_values(visit, module), **kept}


def starting_values(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """What a new record begins with: the definition's defaults, its maker as the one responsible, a start soon."""
    found = {field.key: field.default for field in module.fields if field.default is not None}
    mine = (field.key for field in module.fields if isinstance(field, kinds.UserLink) and field.mine)
    me = Ref("users", visit.access.user, visit.actor.name)
    present = [field.key for field in module.fields if isinstance(field, kinds.DateTime) and field.now]
    now = visit.voice.now.replace(second=0, microsecond=0)
    return {**found, **dict.fromkeys(mine, me), **dict.fromkeys(present, now), **soon(visit, module)}


async def _prefilled(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """Defaults, and what the address brings along (`?account=<id>` from a subpanel)."""
    values = starting_values(visit, module)
    for key, text in visit.request.query_params.items():
        field = module.by_key.get(key)
        if field and not field.readonly and (given := _given(visit, field, text)) is not None:
            values[key] = given
    links = {key: value for key, value in values.items() if isinstance(value, Ref) and not value.name}
    named = await visit.work.store.names(list(links.values()))
    return values | {key: named.get(ref) for key, ref in links.items()}


def _given(visit: Visit, field: Kind, text: str) -> Any:
    """What an address says of a field; None where it makes no sense. Times are local, as a calendar's slots are."""
    try:
        match field:
            case kinds.Text():
                return text[: field.max_length]
            case kinds.Choice():
                return text if text in field.options else None
            case kinds.Date():
                return date.fromisoformat(text)
            case kinds.DateTime():
                return datetime.fromisoformat(text).replace(tzinfo=visit.voice.locale.zone).astimezone(UTC)
            case _:
                return given_ref(field, text)
    except ValueError:
        return None


def soon(visit: Visit, module: Module[Any]) -> dict[str, datetime]:
    """The next half hour as the start of what needs one."""
    start = module.by_key.get(module.schedule.start) if module.schedule else None
    if not isinstance(start, kinds.DateTime) or not start.required:
        return {}
    past = timedelta(minutes=visit.voice.now.minute % 30, seconds=visit.voice.now.second)
    return {start.key: (visit.voice.now - past + timedelta(minutes=30)).replace(microsecond=0)}


def given_ref(field: Kind | None, text: str) -> Ref | None:
    """The link that an address names: an id, or `module:id` where the module is open."""
    match field:
        case kinds.Link():
            module, id_ = field.target, text
        case kinds.AnyLink():
            module, _, id_ = text.partition(":")
        case _:
            return None
    try:
        return Ref(module, UUID(id_))
    except ValueError:
        return None


def linking(target: Module[Any], link_field: str, ref: Ref) -> str:
    """The address of a new record's form with that link filled in: the reverse of `given_ref`."""
    given = f"{ref.module}:{ref.id}" if isinstance(target.by_key.get(link_field), kinds.AnyLink) else ref.id
    return f"/{target.key}/new?{link_field}={given}" if link_field else f"/{target.key}/new"


def _meta(visit: Visit, module: Module[Any], key: str, row: Row) -> str:
    return show(module.field(key), row[key], visit.voice) if key and row[key] else ""


def _line(visit: Visit, module: Module[Any], row: Row) -> str:
    shown = [_meta(visit, module, key, row) for key in module.layout.picker if key != "name" and key in module.by_key]
    return " · ".join(part for part in shown if part)
