"""Records over the API: the same use cases, rights and rules as the pages; values as JSON."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.enums import MediaType

from crm_domain.definition import Module, Ref
from crm_domain.meaning.wire import from_json, to_json
from crm_domain.modules.activities.spread import read_which
from crm_domain.modules.activities.spread import remove as remove_occurrences
from crm_domain.modules.activities.spread import update as update_occurrences
from crm_domain.problems import BadValue, Conflict, FieldProblem, Invalid, NotFound
from crm_domain.query.page import ListQuery, Row, parse_sort
from crm_domain.query.read import may_read, read_filter, read_path
from crm_domain.query.resolve import resolve
from crm_domain.records import linking, save
from crm_domain.text.digits import plain_number
from crm_domain.text.locale import Locale
from crm_web.api.new_guests import GUESTS, bring_named, has_guests
from crm_web.idempotency import once
from crm_web.lists.listing import cursor_text, read_cursor
from crm_web.reach import one
from crm_web.visit import Visit

DEFAULT_LIMIT = 50
MOST = 200
PLAIN = Locale("en", "gregorian", "latin", "UTC", 0, True, "rial")
"""How the API writes: ISO dates, UTC, Latin digits, rials as rials."""


class RecordApi(Controller):
    """/api/v1/<module> and /api/v1/<module>/<id>."""

    module_key: ClassVar[str]

    @get("/")
    async def index(self, visit: Visit) -> Response[bytes]:
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        counted = visit.request.query_params.get("count") in ("true", "1")
        query = msgspec.structs.replace(list_query(visit, module), counted=counted)
        page = await visit.work.store.page(module, query)
        number = page.count.number if counted else None
        items = [record_json(module, row, query.columns) for row in page.rows]
        return answer({"items": items, "next": cursor_text(page.after) or None, "count": number})

    @post("/", status_code=201)
    async def create(self, visit: Visit) -> Response[bytes]:
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        body = await read_body(visit.request)
        guests = body.pop(GUESTS, None) if has_guests(module) else None

        async def make() -> dict[str, Any]:
            id_ = await save.create(visit.work, module, values_of(visit, module, body))
            if guests is not None:
                await bring_named(visit, module, id_, guests)
            return record_json(module, await one(visit, module, id_))

        made = await once(visit, make)
        await visit.commit()
        return answer(made, status=201)

    @get("/{record_id:uuid}")
    async def show(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        module = visit.module(self.module_key)
        return answer(record_json(module, await one(visit, module, record_id)))

    @patch("/{record_id:uuid}")
    async def change(self, visit: Visit, record_id: UUID, occurrences: str = "") -> Response[bytes]:
        """`occurrences` is one, following or all, for what is in a series."""
        module = visit.module(self.module_key)
        body = await read_body(visit.request)
        version = body.pop("version", None)
        if not isinstance(version, int):
            raise Invalid({"version": (FieldProblem("problems.required"),)})
        which = read_which(occurrences)
        try:
            await update_occurrences(
                visit.work, module, record_id, values_of(visit, module, body), which, version=version
            )
        except Conflict as conflict:
            return await _conflict(visit, module, record_id, body, conflict)
        row = await one(visit, module, record_id)
        await visit.commit()
        return answer(record_json(module, row))

    @delete("/{record_id:uuid}", status_code=204)
    async def remove(self, visit: Visit, record_id: UUID, occurrences: str = "") -> None:
        """`occurrences` is one, following or all, for what is in a series."""
        module = visit.module(self.module_key)
        which = read_which(occurrences)
        await remove_occurrences(visit.work, module, record_id, which, company=visit.tenant.name)
        await visit.commit()


class RelationApi(Controller):
    """/api/v1/<module>/<id>/<relation>: related records, linking, unlinking."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/{relation:str}")
    async def related(self, visit: Visit, record_id: UUID, relation: str) -> Response[bytes]:
        module = visit.module(self.module_key)
        found = visit.work.relation(module.key, relation)
        await one(visit, module, record_id)
        target = visit.module(found.target)
        visit.allow(target, "list")
        query = list_query(visit, target)
        page = await visit.work.store.related(found, record_id, query)
        items: list[dict[str, Any]] = []
        for row in page.rows:
            link = {key.removeprefix("link."): value for key, value in row.values.items() if key.startswith("link.")}
            items.append({**record_json(target, row, query.columns), **({"link": link} if link else {})})
        return answer({"items": items, "next": cursor_text(page.after) or None, "count": None})

    @post("/{record_id:uuid}/{relation:str}", status_code=204)
    async def link(self, visit: Visit, record_id: UUID, relation: str) -> None:
        """`{"ids": […], "link": {…}}`, the link's own fields where the relation has any."""
        module = visit.module(self.module_key)
        found = visit.work.relation(module.key, relation)
        ids, facts = await _linked(visit, module, record_id, found.target)
        if found.table:
            kinds = {field.key: field for field in found.table.kinds() if not field.readonly}
            if unknown := set(facts) - set(kinds):
                raise Invalid({key: (FieldProblem("problems.unknown_field", {"field": key}),) for key in unknown})
            own = {key: from_json(kinds[key], value) for key, value in facts.items()}
            await linking.link(visit.work, found, record_id, ids, own)
        else:
            target = visit.module(found.target)
            for id_ in ids:
                await save.update(visit.work, target, id_, {found.link_field: Ref(module.key, record_id)})
        await visit.commit()

    @delete("/{record_id:uuid}/{relation:str}", status_code=204)
    async def unlink(self, visit: Visit, record_id: UUID, relation: str) -> None:
        module = visit.module(self.module_key)
        found = visit.work.relation(module.key, relation)
        ids, _ = await _linked(visit, module, record_id, found.target)
        if found.table:
            await visit.work.store.unlink(found, record_id, ids)
        else:
            target = visit.module(found.target)
            for id_ in ids:
                await save.update(visit.work, target, id_, {found.link_field: None})
        await visit.commit()


def answer(body: Any, status: int = 200) -> Response[bytes]:
    """JSON, encoded once."""
    return Response(msgspec.json.encode(body), status_code=status, media_type=MediaType.JSON)


async def read_body(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The request's JSON object. Raises Invalid."""
    try:
        return msgspec.json.decode(await request.body(), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise Invalid({"body": (FieldProblem("problems.not_an_object"),)}) from None


def values_of(visit: Visit, module: Module[Any], body: dict[str, Any]) -> dict[str, Any]:
    """Typed values of the fields a body names; unknown and readonly ones are refused (SEC-11)."""
    writable = {field.key: field for field in module.writable()}
    values: dict[str, Any] = {}
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    for key, given in body.items():
        field = writable.get(key)
        if field is None:
            problems[key] = (
                FieldProblem(
                    "problems.not_writable" if key in module.by_key else "problems.unknown_field", {"field": key}
                ),
            )
            continue
        try:
            values[key] = from_json(field, given, visit.voice.locale.zone)
        except BadValue as bad:
            problems[key] = (bad.problem,)
    if problems:
        raise Invalid(problems)
    return values


def record_json(module: Module[Any], row: Row, columns: tuple[str, ...] = ()) -> dict[str, Any]:
    """A record: its id and its fields by key, those of a link as the path that was asked for."""
    found: dict[str, Any] = {"id": str(row.id)}
    for key, value in row.values.items():
        if columns and key not in columns:
            continue
        field = module.by_key.get(key)
        if field is not None:
            found[key] = to_json(field, value)
        elif "." in key and not key.startswith("link."):
            found[key] = value if isinstance(value, str | int | bool | None) else str(value)
    return found


def list_query(visit: Visit, module: Module[Any]) -> ListQuery:
    params = visit.request.query_params
    plain = msgspec.structs.replace(visit.voice, locale=PLAIN)
    asked = read_filter(visit.work.registry, module, params.multi_items(), plain)
    resolved = resolve(asked, visit.work.registry, module, visit.access, visit.voice)
    if resolved.dropped:
        raise Invalid({path: (FieldProblem("problems.unknown_field", {"field": path}),) for path in resolved.dropped})
    fields = tuple(part for part in params.get("fields", "").split(",") if part)
    hidden = visit.access.hidden(module.key)
    for path in (*fields, *(sort.field for sort in parse_sort(params.get("sort", "")))):
        if not may_read(visit.access, module, path):
            raise Invalid({path: (FieldProblem("problems.unknown_field", {"field": path}),)})
        try:
            read_path(visit.work.registry, module, path)
        except BadValue as bad:
            raise Invalid({path: (bad.problem,)}) from None
    limit = plain_number(params.get("limit", "") or str(DEFAULT_LIMIT))
    if limit is None or not 1 <= limit <= MOST:
        raise Invalid({"limit": (FieldProblem("problems.too_large", {"most": MOST}),)})
    return ListQuery(
        filter=resolved.filter,
        columns=fields or tuple(field.key for field in module.fields if field.key not in hidden),
        sort=parse_sort(params.get("sort", "") or module.layout.sort),
        limit=limit,
        cursor=read_cursor(params["cursor"]) if params.get("cursor") else None,
    )


async def _conflict(
    visit: Visit, module: Module[Any], id_: UUID, mine: dict[str, Any], conflict: Conflict
) -> Response[bytes]:
    """Both states, so that a program can decide."""
    theirs = record_json(module, await one(visit, module, id_))
    body = {
        "type": "about:blank",
        "title": visit.text("shell.status_409"),
        "status": 409,
        "code": "conflict",
        "detail": visit.text(conflict.id),
        "fields": sorted(conflict.fields),
        "yours": mine,
        "theirs": theirs,
    }
    return Response(msgspec.json.encode(body), status_code=409, media_type="application/problem+json")


async def _linked(visit: Visit, module: Module[Any], id_: UUID, target: str) -> tuple[list[UUID], dict[str, Any]]:
    """The ids a body names, all within reach, for a record that may be edited."""
    await one(visit, module, id_, "edit")
    body = await read_body(visit.request)
    try:
        ids = msgspec.convert(body.get("ids"), list[UUID])
        facts = msgspec.convert(body.get("link", {}), dict[str, Any])
    except msgspec.ValidationError:
        raise Invalid({"ids": (FieldProblem("problems.unknown_record"),)}) from None
    rows = await visit.work.store.fetch(visit.module(target), ids[:MOST], columns=("name",))
    if len(rows) != len(set(ids)):
        raise NotFound
    return ids, facts
