"""The studio's option lists: every list people choose from, worded, ordered, coloured and added to by the tenant."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.customising.lists import TenantList, lists_of
from crm_domain.customising.revise_list import HUES, Entry, revised
from crm_domain.definition import Option, Registry
from crm_domain.modules import REGISTRY
from crm_domain.problems import BadValue, FieldProblem, Invalid, NotFound, Refused
from crm_domain.query.resolve import quick_words
from crm_domain.text.normalise import search_key
from crm_domain.text.numbers import parse_decimal
from crm_storage.customising import Part, current, edition, keep
from crm_storage.option_use import held
from crm_web.admin.frame import by
from crm_web.admin.studio import languages, latest, list_title, publish, use_label, worded
from crm_web.admin.studio_rows import Problems, row_facts
from crm_web.visit import Visit


class StudioListPages(Controller):
    """/admin/studio/lists."""

    path = "/admin/studio/lists"

    @get("/")
    async def index(self, visit: Visit, q: str = "") -> Response[str]:
        registry = await latest(visit)
        words = quick_words(q)
        rows = [
            row
            for found in lists_of(REGISTRY, registry).values()
            for row in [_line(visit, registry, found)]
            if all(word in search_key(f"{row['title']} {' '.join(row['uses'])}") for word in words)
        ]
        return await visit.page("studio/lists.html", current="admin", tab="studio", room="lists", rows=rows, words=q)

    @get("/{name:str}")
    async def show(self, visit: Visit, name: str) -> Response[str]:
        registry = await latest(visit)
        found = _found(registry, name)
        return await _page(visit, registry, found, seen=edition(await current(visit.session, _part(found))))

    @post("/{name:str}")
    async def save(self, visit: Visit, name: str, posted: FormMultiDict) -> Response[Any]:
        """Keeps the whole list as the form has it; a button may move a value, take one away or go back to the product's."""
        registry = await latest(visit)
        found = _found(registry, name)
        seen, entries, problems = str(posted.get("seen", "")), *_entries(posted)
        try:
            if problems:
                raise Invalid(problems)
            options = await _wanted(visit, found, entries, posted)
            part = _part(found)
            kept = options if found.shipped is None or options != found.shipped.items else None
            value = await _as_kept(visit, part, kept)
            changed = await keep(visit.session, by(visit), visit.tenant.number, part, value, seen=seen)
        except (Invalid, Refused) as problem:
            fields = problem.fields if isinstance(problem, Invalid) else {}
            said = [visit.text(problem.id)] if isinstance(problem, Refused) else []
            return await _page(visit, registry, found, seen=seen, entries=entries, problems=fields, said=said)
        if changed:
            await publish(visit)
        return visit.go(f"/admin/studio/lists/{name}", visit.text("settings.saved"))


def _found(registry: Registry, name: str) -> TenantList:
    """Raises NotFound."""
    found = lists_of(REGISTRY, registry).get(name)
    if found is None:
        raise NotFound
    return found


def _part(found: TenantList) -> Part:
    """Where the list is kept: with the field the tenant added, or among the lists of all modules."""
    if found.shipped is None:
        return Part("field", found.uses[0].module, found.uses[0].field.key)
    return Part("options", name=found.name)


async def _as_kept(visit: Visit, part: Part, options: tuple[Option, ...] | None) -> Any:
    if part.sort == "options":
        return options
    return msgspec.structs.replace(await current(visit.session, part), options=options)


async def _wanted(visit: Visit, found: TenantList, entries: list[Entry], posted: FormMultiDict) -> tuple[Option, ...]:
    """The list's values as the form wants them. Raises Invalid, and Refused for taking away what records hold."""
    if posted.get("reset") and found.shipped is not None:
        own = [item for item in found.options.items if found.own(item.key)]
        used = await held(visit.session, visit.context.schema, found.uses) if own else {}
        return (*found.shipped.items, *(msgspec.structs.replace(item, active=False) for item in own if used[item.key]))
    remove = str(posted.get("remove", ""))
    if remove and (not found.own(remove) or (await held(visit.session, visit.context.schema, found.uses))[remove]):
        raise Refused("studio.value_used")
    by_, _, key = str(posted.get("move", "")).partition(".")
    if key:
        _move(entries, key, -1 if by_ == "up" else 1)
    return revised(found, entries, worded(found.name), remove)


def _move(entries: list[Entry], key: str, by_: int) -> None:
    at = next((place for place, entry in enumerate(entries) if entry.key == key), -1)
    if at >= 0 and 0 <= at + by_ < len(entries):
        entries[at], entries[at + by_] = entries[at + by_], entries[at]


def _entries(posted: FormMultiDict) -> tuple[list[Entry], Problems]:
    """The form's values in their order; of those to be added only what was filled in."""
    entries: list[Entry] = []
    problems: Problems = {}
    for place in dict.fromkeys(map(str, posted.getall("place", []))):
        facts = {name: str(posted.get(f"{place}.{name}", "")) for name in ("key", "fa", "en", "hue", "weight", "kind")}
        labels = {language: facts[language] for language in ("fa", "en")}
        if not facts["key"] and not any(label.strip() for label in labels.values()):
            continue
        weight = None
        try:
            weight = parse_decimal(facts["weight"]) if facts["weight"].strip() else None
        except BadValue as bad:
            problems[f"{place}.weight"] = (bad.problem,)
        entries.append(
            Entry(
                place=place,
                key=facts["key"],
                labels=labels,
                hue=facts["hue"],
                weight=weight,
                kind=facts["kind"],
                parent=tuple(map(str, posted.getall(f"{place}.parent", []))),
                active=bool(posted.get(f"{place}.active")),
            )
        )
    return entries, problems


def _line(visit: Visit, registry: Registry, found: TenantList) -> dict[str, Any]:
    """A list among all lists."""
    modules = list(dict.fromkeys(use.module for use in found.uses))
    return {
        "href": f"/admin/studio/lists/{found.name}",
        "title": list_title(visit, registry, found),
        "uses": [visit.voice.module(registry[key]) for key in modules],
        "count": sum(item.active for item in found.options.items),
        "own": found.shipped is None,
        "changed": found.shipped is not None and found.options.items != found.shipped.items,
    }


async def _page(
    visit: Visit,
    registry: Registry,
    found: TenantList,
    *,
    seen: str,
    entries: list[Entry] | None = None,
    problems: Mapping[str, tuple[FieldProblem, ...]] | None = None,
    said: list[str] | None = None,
) -> Response[str]:
    used = await held(visit.session, visit.context.schema, found.uses)
    wrong = {place: [visit.text(one.id, **one.facts) for one in ones] for place, ones in (problems or {}).items()}
    return await visit.page(
        "studio/list.html",
        status=422 if wrong or said else 200,
        current="admin",
        tab="studio",
        room="lists",
        found=found,
        title=list_title(visit, registry, found),
        uses=[(visit.voice.module(registry[use.module]), use_label(visit, registry, use)) for use in found.uses],
        seen=seen,
        languages=languages(visit),
        hues=[(hue, visit.text(f"studio.hue.{hue}")) for hue in HUES] if found.coloured else [],
        kinds=[(kind, visit.text(f"studio.kind.{kind}")) for kind in found.kinds],
        leading=[(item.key, visit.voice.option_label(found.leader, item)) for item in found.leader.items]
        if found.parted and found.leader
        else [],
        rows=row_facts(visit, found, used, entries, wrong),
        changed=found.shipped is not None and found.options.items != found.shipped.items,
        said=[*(said or []), *wrong.get("list", [])],
    )
