"""Putting the ticked records of a list, or its entire result, into a list of their own kind: which one, then the work."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import ManyToAny, Module, Relation
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_domain.query.page import COUNT_CAP
from crm_domain.query.read import read_filter
from crm_domain.query.resolve import resolve
from crm_domain.records.gather import Choice, gather, gathering, note_gathered
from crm_domain.text import numbers
from crm_web.campaigns.list_choice import chosen_list, list_picker
from crm_web.lists.listing import is_question
from crm_web.visit import Visit

MOST = 10_000_000
"""How far a result is counted before it is put into a list."""


class GatheringPages(Controller):
    """POST /<module>/gather: first asks for the list, then adds the records."""

    module_key: ClassVar[str]

    @post("/gather")
    async def gather(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        relation = gathering(visit.work, module.key)
        if relation is None or not visit.access.can(relation.module, "edit"):
            raise NotFound
        choice = _choice(visit, module, posted)
        number = len(choice.ids) if choice.ids is not None else await _count(visit, module, choice)
        problem = ""
        if posted.get("decided"):
            try:
                owner = await chosen_list(visit, relation, posted)
                if owner is None:
                    raise Invalid({"list": (FieldProblem("problems.required"),)})
                return await _add(visit, module, relation, owner, choice, number, posted)
            except Invalid:
                problem = visit.text("gathering.no_list")
        return await _ask(visit, module, relation, number, posted, problem)


async def _add(
    visit: Visit,
    module: Module[Any],
    relation: Relation,
    owner: UUID,
    choice: Choice,
    number: int,
    posted: FormMultiDict,
) -> Response[Any]:
    """At once while a person waits gladly; a large result becomes a job whose progress shows."""
    if number > COUNT_CAP:
        request = {"module": module.key, "list": str(owner), "along": choice.along, "question": _question(posted)}
        job = await visit.work.store.jobs.start("gather", request, total=number)
        await visit.commit()
        return visit.go(f"/jobs/{job}")
    done = await gather(visit.work, relation, owner, choice)
    await note_gathered(visit.work, relation, owner, done.added)
    await visit.commit()
    added, there = (numbers.format_number(count, visit.voice.locale) for count in (done.added, _there(done, choice)))
    return visit.go(f"/{relation.module}/{owner}", visit.text("gathering.done", added=added, there=there))


def _there(done: Any, choice: Choice) -> int:
    return 0 if choice.along else done.seen - done.added


def _choice(visit: Visit, module: Module[Any], posted: FormMultiDict) -> Choice:
    """The ticked ids, or the question whose whole result is meant."""
    along = bool(posted.get("along"))
    if posted.get("all"):
        asked = read_filter(visit.work.registry, module, _question(posted), visit.voice)
        resolved = resolve(asked, visit.work.registry, module, visit.access, visit.voice)
        return Choice(filter=resolved.filter, along=along)
    ids = tuple(_id(text) for text in posted.getall("id", []))
    if not ids:
        raise Invalid({"id": (FieldProblem("list.nothing_selected"),)})
    return Choice(ids=ids, along=along)


def _question(posted: FormMultiDict) -> list[tuple[str, str]]:
    return [(name, value) for name, value in posted.multi_items() if is_question(name)]


async def _count(visit: Visit, module: Module[Any], choice: Choice) -> int:
    return (await visit.work.store.count(module, choice.filter, cap=MOST)).number


async def _ask(
    visit: Visit, module: Module[Any], relation: Relation, number: int, posted: FormMultiDict, problem: str
) -> Response[str]:
    lists = visit.module(relation.module)
    one = visit.voice.module(lists, "one")
    table = relation.table
    assert isinstance(table, ManyToAny)
    along = table.along.get(module.key, "")
    with_them = visit.voice.relation(visit.work.relation(module.key, along)) if along else ""
    return await visit.page(
        "records/gather.html",
        status=422 if problem else 200,
        current=module.key,
        title=visit.text(
            "gathering.title",
            number=numbers.format_number(number, visit.voice.locale),
            records=visit.voice.module(module),
            list=one,
        ),
        modules_name=visit.voice.module(module),
        module=module,
        lists=lists,
        one=one,
        problem=problem,
        kept=[(name, value) for name, value in posted.multi_items() if _kept(name)],
        picker=list_picker(visit, relation),
        may_create=visit.access.can(lists.key, "create"),
        along=visit.text("gathering.along", relation=with_them) if with_them else "",
        large=number > COUNT_CAP,
    )


def _kept(name: str) -> bool:
    return name in ("id", "all") or is_question(name)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"id": (FieldProblem("problems.unknown_record"),)}) from None
