"""What a run over many records is to do, asked and taken in: fields to set, people to deal out to, a task to make."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Sort
from crm_domain.records import bulk, run_many
from crm_domain.records.deal_out import PEOPLE
from crm_domain.records.forms import Form, read_form
from crm_domain.records.runs import Run
from crm_domain.records.task_many import FIELDS, TASKS
from crm_storage.people.administer import members
from crm_ui.inputs import Draft
from crm_web.lists.run_view import run_page
from crm_web.pages.forms import currencies, resolve_typed_links
from crm_web.visit import Visit

COLLEAGUES = 500
"""So many are offered; more than that nobody deals out among."""
TEAMS = 200


async def ask(visit: Visit, module: Module[Any], run: Run, only: str) -> Response[str]:
    """The form of a run that has not begun, with what was said before."""
    match run.action:
        case "deal":
            return await _ask_people(visit, module, run, {UUID(id_) for id_ in run.changes.get(PEOPLE, ())})
        case "tasks":
            tasks = visit.module(TASKS)
            return await _ask_task(visit, module, run, Form(bulk.as_values(tasks, run.changes), {}, {}))
        case _:
            form = Form(bulk.as_values(module, run.changes), {}, {})
            return await _ask_changes(visit, module, run, form, tuple(run.changes) or ((only,) if only else ()))


async def take(visit: Visit, module: Module[Any], run: Run, posted: FormMultiDict) -> Response[str] | None:
    """Plans the run by what the form says; the form again where something is wrong with that."""
    match run.action:
        case "deal":
            return await _take_people(visit, module, run, posted)
        case "tasks":
            return await _take_task(visit, module, run, posted)
        case _:
            return await _take_changes(visit, module, run, posted)


async def _take_changes(visit: Visit, module: Module[Any], run: Run, posted: FormMultiDict) -> Response[str] | None:
    """The ticked fields; an empty one is to be cleared."""
    ticked = [key for key in posted.getall("change", []) if key in bulk.mass_fields(visit.work, module)]
    form = await _read(visit, module, posted, ticked)
    try:
        if form.problems:
            raise Invalid(form.problems)
        await run_many.plan(visit.work, run, {key: form.values.get(key) for key in ticked})
    except Invalid as invalid:
        form.problems = {**form.problems, **invalid.fields}
        return await _ask_changes(visit, module, run, form, tuple(ticked), status=422)
    return None


async def _ask_changes(
    visit: Visit, module: Module[Any], run: Run, form: Form, ticked: tuple[str, ...], *, status: int = 200
) -> Response[str]:
    draft = await _draft(visit, module, form)
    offered = sorted(bulk.mass_fields(visit.work, module), key=lambda key: key not in ticked)
    fields = [(draft.input(key), key in ticked) for key in offered]
    nothing = status != 200 and not ticked
    return await run_page(visit, module, run, "records/bulk_change.html", status=status, fields=fields, nothing=nothing)


async def _take_people(visit: Visit, module: Module[Any], run: Run, posted: FormMultiDict) -> Response[str] | None:
    """The ticked colleagues, and with a team everybody of it who still signs in."""
    try:
        people = [UUID(text) for text in posted.getall("person", [])]
        team = UUID(posted["team"]) if posted.get("team") else None
    except ValueError:
        raise Invalid({PEOPLE: (FieldProblem("problems.unknown_record"),)}) from None
    offered = [id_ for id_, _ in await _colleagues(visit)]
    if team and await visit.work.store.fetch(visit.module("teams"), [team], columns=("name",)):
        inside = {member.user for member in await members(visit.session, team)}
        people += [id_ for id_ in offered if id_ in inside]
    try:
        await run_many.plan_deal(visit.work, run, list(dict.fromkeys(people)))
    except Invalid as invalid:
        problems = invalid.fields.get(PEOPLE, ())
        return await _ask_people(visit, module, run, people, problems or next(iter(invalid.fields.values())))
    return None


async def _ask_people(
    visit: Visit, module: Module[Any], run: Run, chosen: Collection[UUID], problems: Sequence[FieldProblem] = ()
) -> Response[str]:
    teams = ListQuery(columns=("name",), sort=(Sort("name"),), limit=TEAMS)
    may = visit.access.can("teams", "list")
    found = (await visit.work.store.page(visit.module("teams"), teams)).rows if may else ()
    return await run_page(
        visit,
        module,
        run,
        "records/bulk_deal.html",
        status=422 if problems else 200,
        people=[(id_, name, id_ in chosen) for id_, name in await _colleagues(visit)],
        teams=[(row.id, row["name"]) for row in found],
        errors=[visit.text(problem.id, **problem.facts) for problem in problems],
    )


async def _colleagues(visit: Visit) -> list[tuple[UUID, str]]:
    """Everybody who signs in, by name."""
    asked = Condition("status", "eq", "active")
    query = ListQuery(filter=asked, columns=("name",), sort=(Sort("name"),), limit=COLLEAGUES)
    return [(row.id, row["name"]) for row in (await visit.work.store.page(visit.module("users"), query)).rows]


async def _take_task(visit: Visit, module: Module[Any], run: Run, posted: FormMultiDict) -> Response[str] | None:
    tasks = visit.module(TASKS)
    keys = [key for key in FIELDS if visit.access.field(TASKS, key) == "write"]
    form = await _read(visit, tasks, posted, keys)
    try:
        if form.problems:
            raise Invalid(form.problems)
        await run_many.plan_tasks(visit.work, run, {key: value for key, value in form.values.items() if value})
    except Invalid as invalid:
        form.problems = {**form.problems, **invalid.fields}
        return await _ask_task(visit, module, run, form, status=422)
    return None


async def _ask_task(visit: Visit, module: Module[Any], run: Run, form: Form, *, status: int = 200) -> Response[str]:
    tasks = visit.module(TASKS)
    usual = {"priority": tasks.field("priority").default} if not form.values else {}
    draft = await _draft(visit, tasks, Form({**usual, **form.values}, form.problems, form.raw))
    fields = [draft.input(key) for key in FIELDS if visit.access.field(TASKS, key) == "write"]
    return await run_page(visit, module, run, "records/bulk_tasks.html", status=status, fields=fields)


async def _read(visit: Visit, module: Module[Any], posted: FormMultiDict, keys: Sequence[str]) -> Form:
    form = read_form(module, posted.multi_items(), keys, visit.voice)
    await resolve_typed_links(visit, module, form)
    return form


async def _draft(visit: Visit, module: Module[Any], form: Form) -> Draft:
    return Draft(
        module, visit.voice, form.values, raw=form.raw, problems=form.problems, currencies=await currencies(visit)
    )
