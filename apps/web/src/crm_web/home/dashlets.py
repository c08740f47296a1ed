"""The boxes of the home page: which there are for a user, in what order, and what each one shows.

All of them follow from the modules: what has an open end gives a list of mine, a board with a sum gives the charts.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.definition.options import Options
from crm_domain.people.home_tabs import Box, Tab
from crm_domain.problems import NotFound
from crm_domain.query.filter import Filter, Mine, StillOpen, both
from crm_domain.query.page import ListQuery, parse_sort
from crm_domain.query.read import may_read, read_filter
from crm_domain.query.resolve import resolve
from crm_domain.text import numbers
from crm_web.campaigns.top import CHOICES, seen, top_campaigns
from crm_web.home.breakdowns import by_choice, closed_of_mine, outcomes, told_by
from crm_web.home.charts import figures, months, stages
from crm_web.home.day_boxes import ahead, letters
from crm_web.home.news import counted, entries, sources
from crm_web.home.report_box import report_box
from crm_web.lists.tables import columns_for, lines_for
from crm_web.visit import Visit

AT_HAND = 8
FIRST_LISTS = 4
EARLY = ("activities", "sales", "service")
"""Groups whose lists a new user sees first."""


class Dashlet(msgspec.Struct, frozen=True):
    """One box: its key names what it shows, `span` how many of twelve columns it takes."""

    key: str
    title: str
    span: str


def offered(
    visit: Visit, views: Sequence[tuple[str, str, str]] = (), reports: Sequence[tuple[str, str]] = ()
) -> dict[str, Dashlet]:
    """Every box this user may have, by key. `views` are saved views: id, name, module; `reports` have id and name."""
    found: list[Dashlet] = []
    modules = [module for module in visit.work.registry.modules.values() if visit.access.can(module.key, "list")]
    for module in modules:
        name = visit.voice.module(module)
        if pipeline(visit, module):
            found += [
                Dashlet(f"figures:{module.key}", visit.text("home.figures", name=name), "w12"),
                Dashlet(f"stages:{module.key}", visit.text("home.stages", name=name), "w7"),
                Dashlet(f"months:{module.key}", visit.text("home.months", name=name), "w5"),
                Dashlet(f"mystages:{module.key}", visit.text("home.mystages", name=name), "w6"),
                Dashlet(f"closed:{module.key}", visit.text("home.closed", name=name), "w6"),
            ]
            for key in (one for one in told_by(module) if one not in visit.access.hidden(module.key)):
                facts = {"name": name, "field": visit.voice.label(module, module.field(key))}
                found.append(Dashlet(f"by:{module.key}:{key}", visit.text("home.by", **facts), "w6"))
                found.append(Dashlet(f"ends:{module.key}:{key}", visit.text("home.ends", **facts), "w6"))
    found += [
        Dashlet(f"mine:{module.key}", visit.text("home.mine", name=visit.voice.module(module)), "w6")
        for module in sorted(modules, key=_eagerness)
        if module.group != "admin" and not module.kept
    ]
    found += [
        Dashlet("recent", visit.text("shell.recent"), "w6"),
        Dashlet("starred", visit.text("shell.favourites"), "w6"),
    ]
    if seen(visit):
        found += [Dashlet(f"top:{which}", visit.text(f"home.top.{which}"), "w6") for which in CHOICES]
    known = {module.key for module in modules}
    if any(module.schedule for module in modules):
        found.append(Dashlet("agenda", visit.text("home.agenda"), "w6"))
    if "emails" in known:
        found.append(Dashlet("letters", visit.text("home.letters"), "w6"))
    if "feed_items" in known:
        found.append(Dashlet("news", visit.text("nav.news"), "w6"))
    found += [Dashlet(f"view:{id_}", name, "w6") for id_, name, module in views if module in known]
    found += [Dashlet(f"report:{id_}", name, "w6") for id_, name in reports]
    return {dashlet.key: dashlet for dashlet in found}


def arranged(visit: Visit, every: dict[str, Dashlet]) -> tuple[Tab, ...]:
    """The user's own tabs, with the boxes he may still have; for who has not chosen, one of what everybody starts with."""
    chosen = visit.actor.preferences.home
    if not chosen:
        return (Tab(boxes=tuple(Box(key) for key in _first(visit, every))),)
    return tuple(Tab(tab.name, tuple(box for box in tab.boxes if box.key in every)) for tab in chosen)


def _first(visit: Visit, every: dict[str, Dashlet]) -> list[str]:
    """One module's charts, and the first lists of what has an open end."""
    registry = visit.work.registry
    lists = [key for key in every if key.startswith("mine:") and registry[key.partition(":")[2]].open_field]
    drawn = next((key.partition(":")[2] for key in every if key.startswith("figures:")), "")
    charts = (f"{kind}:{drawn}" for kind in ("figures", "stages", "months"))
    kept = {*charts, *lists[:FIRST_LISTS], "recent", "starred"}
    return [key for key in every if key in kept]


def pipeline(visit: Visit, module: Module[Any]) -> bool:
    """Whether records move over a board to a win, with an amount and a day: what the charts are drawn from, for who may read it."""
    drawn_from = (module.layout.board, module.layout.board_sum, module.due_field)
    if not all(may_read(visit.access, module, key) for key in drawn_from):
        return False
    axis = module.by_key.get(module.layout.board)
    wins = isinstance(axis, kinds.Choice | kinds.DependentChoice) and bool(won_keys(axis.options))
    return wins and bool(module.layout.board_sum) and bool(module.due_field)


def won_keys(options: Options) -> tuple[str, ...]:
    """The options that mean a win."""
    return tuple(item.key for item in options.items if item.kind == "won")


async def content(visit: Visit, box: Box) -> tuple[str, dict[str, Any]]:
    """What a box shows: the template of its body, and its facts. Raises NotFound, also without the right to list."""
    kind, _, rest = box.key.partition(":")
    match kind:
        case "recent" | "starred":
            shelf = visit.work.store.shelf
            refs = await (shelf.recent(AT_HAND) if kind == "recent" else shelf.starred(AT_HAND))
            return "home/records.html", {"links": [_link(visit, ref) for ref in await visit.named(refs)]}
        case "top":
            return await top_campaigns(visit, rest)
        case "agenda":
            return "home/agenda.html", await ahead(visit)
        case "letters":
            return "home/letters.html", await letters(visit)
        case "by" | "ends":
            key, _, field = rest.partition(":")
            return await _of_choice(visit, kind, visit.module(key), field)
        case "news":
            return "home/news.html", await _news(visit)
        case "report":
            return "home/report.html", await report_box(visit, rest)
        case "view":
            return "home/list.html", await _view(visit, rest, box.rows)
        case "mine" | "figures" | "stages" | "months" | "mystages" | "closed":
            return await _of_module(visit, kind, visit.module(rest), box.rows)
        case _:
            raise NotFound


async def _news(visit: Visit) -> dict[str, Any]:
    """The newest entries of the reader's feeds. Raises NotFound without the right to list them."""
    if not visit.access.can("feed_items", "list"):
        raise NotFound
    mine = await sources(visit)
    lines = await entries(visit, [source.id for source in mine], AT_HAND)
    return {"href": "/news", "count": counted(visit, mine), "lines": lines}


async def _of_module(visit: Visit, kind: str, module: Module[Any], rows: int) -> tuple[str, dict[str, Any]]:
    if not visit.access.can(module.key, "list"):
        raise NotFound
    if kind == "mine":
        href = f"/{module.key}?mine=1&open=1" if module.open_field else f"/{module.key}?mine=1"
        sort = _day(module) or "-modified_at"
        asked = both(Mine(), StillOpen())
        filter_ = resolve(asked, visit.work.registry, module, visit.access, visit.voice).filter
        return "home/list.html", await _rows(visit, module, filter_, sort, href, rows)
    if not pipeline(visit, module):
        raise NotFound
    if kind == "mystages":
        return "home/stages.html", await stages(visit, module, mine=True)
    draw = {"figures": figures, "stages": stages, "months": months, "closed": closed_of_mine}[kind]
    return f"home/{kind}.html", await draw(visit, module)


async def _of_choice(visit: Visit, kind: str, module: Module[Any], key: str) -> tuple[str, dict[str, Any]]:
    """A pipeline by one of its choices. Raises NotFound, also for a choice the reader may not see."""
    listed = visit.access.can(module.key, "list") and pipeline(visit, module)
    if not listed or key not in told_by(module) or key in visit.access.hidden(module.key):
        raise NotFound
    if kind == "by":
        return "home/stages.html", await by_choice(visit, module, key)
    return "home/outcomes.html", await outcomes(visit, module, key)


def _day(module: Module[Any]) -> str:
    """The field that says when a record is due or takes place; empty where none does."""
    return module.due_field or (module.schedule.start if module.schedule else "")


async def _rows(visit: Visit, module: Module[Any], filter_: Filter, sort: str, href: str, rows: int) -> dict[str, Any]:
    due = _day(module)
    paths = [path for path in module.layout.columns if path not in ("name", "assigned_to", due)]
    state = module.open_field or next(iter(paths), "name")
    columns = columns_for(visit, module, dict.fromkeys(("name", state, due or "modified_at")))
    wanted = dict.fromkeys(("name", module.open_field or "name", *(column.path for column in columns)))
    query = ListQuery(filter=filter_, columns=tuple(wanted), sort=parse_sort(sort), limit=rows, counted=True)
    page = await visit.work.store.page(module, query)
    may_create = visit.access.can(module.key, "create") and not module.closed_to(admin=visit.access.admin)
    return {
        "module": module,
        "href": href,
        "count": numbers.format_number(page.count.number, visit.voice.locale),
        "columns": columns,
        "lines": lines_for(visit, module, columns, page.rows),
        "create": f"/{module.key}/new" if may_create else "",
        "create_label": visit.text(f"{module.key}.new"),
    }


async def _view(visit: Visit, id_: str, rows: int) -> dict[str, Any]:
    """A saved view's first rows, with the view's own question within the reader's rights."""
    view = next((view for view in await visit.work.store.shelf.views() if str(view.id) == id_), None)
    if view is None or not visit.access.can(view.module, "list"):
        raise NotFound
    module = visit.module(view.module)
    asked = read_filter(visit.work.registry, module, view.state.params, visit.voice)
    filter_ = resolve(asked, visit.work.registry, module, visit.access, visit.voice).filter
    return await _rows(visit, module, filter_, view.state.sort or module.layout.sort, f"/{module.key}?view={id_}", rows)


def _eagerness(module: Module[Any]) -> int:
    return EARLY.index(module.group) if module.group in EARLY else len(EARLY)


def _link(visit: Visit, ref: Any) -> tuple[str, str, str, str]:
    module = visit.module(ref.module)
    return ref.name, f"/{ref.module}/{ref.id}", module.icon, visit.voice.module(module, "one")
