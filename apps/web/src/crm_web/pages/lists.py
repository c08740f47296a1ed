"""The list of a module: table or board, its filter, views, columns, and what can be done with a selection."""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref, kinds
from crm_domain.modules.pdf_templates import PAPER_MODULES
from crm_domain.modules.reports import BASES
from crm_domain.query.page import MAX_SORTS, PAGE_SIZES, Count
from crm_domain.query.read import may_read
from crm_domain.records.assigning import FIELD
from crm_domain.records.bulk import mass_fields
from crm_domain.records.gather import gathering
from crm_domain.records.shelf import SavedView
from crm_domain.records.task_many import may_be_tasked
from crm_domain.text import numbers
from crm_domain.text.digits import plain_number
from crm_storage.records.select_rows import STARRED
from crm_web.campaigns.newsletters import manageable
from crm_web.letters.many import mailable
from crm_web.lists.board import board, count_text, due_paths
from crm_web.lists.filters import chips_of, conditions, filter_fields, filter_row_facts, filter_rows
from crm_web.lists.linked import Named, linked_names, linked_refs
from crm_web.lists.listing import Listing, cursor_text, list_query, read_listing
from crm_web.lists.tables import columns_for, field_label, lines_for, sortable
from crm_web.lists.views import arranged, audience_text
from crm_web.reach import may_merge
from crm_web.records.actions import beside, list_actions
from crm_web.records.starting import given_value
from crm_web.records.view import inline
from crm_web.visit import Visit

EVERY_RECORD = 1_000_000_000
"""Beyond what any company has: a count up to here is exact."""
WRITING = ("create", "edit", "delete", "import", "mass_update")


class ListPages(Controller):
    """GET /<module> and everything that belongs to its list."""

    module_key: ClassVar[str]

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        listing, views = await read_listing(visit, module)
        content = await _content(visit, module, listing)
        names = await linked_names(visit, module, listing)
        facts = {**_frame(visit, module, listing, views, names), **content}
        return await visit.page(f"records/{listing.mode}.html", current=module.key, **facts)

    @post("/columns")
    async def keep_columns(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """The user's own columns and page size for this module."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        offered = (*module.layout.columns, *module.layout.offered)
        chosen = tuple(path for path in posted.getall("column", []) if path in offered)
        size = plain_number(posted.get("size", ""))
        number = size if size in PAGE_SIZES else 0
        former = (await visit.desk(module.key)).state
        columns = () if posted.get("reset") else chosen
        state = msgspec.structs.replace(former, columns=columns, page_size=number)
        await visit.work.store.shelf.keep_state(module.key, state)
        await visit.commit()
        return visit.go(_back(module, posted))

    @get("/filter-row")
    async def filter_row(self, visit: Visit, field: str = "") -> Response[str]:
        """The operators and the input of one field, for a row of the advanced filter."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        return visit.part("records/filter_row.html", row=filter_row_facts(visit, module, field, "", ""))


def _back(module: Module[Any], posted: FormMultiDict) -> str:
    query = posted.get("back", "")
    return f"/{module.key}?{query}" if query and not query.startswith("/") else f"/{module.key}"


def _frame(
    visit: Visit, module: Module[Any], listing: Listing, views: Sequence[SavedView], names: Named
) -> dict[str, Any]:
    """What list and board have in common: title, tabs, bar, chips, panels."""
    special = visit.access.special("shared_views")
    laid = arranged(visit, views, listing.state, listing.view)
    chips = chips_of(visit, module, listing, names)
    return {
        "module": module,
        "title": visit.voice.module(module),
        "listing": listing,
        "words": dict(listing.params).get("q", ""),
        "asked": dict(listing.params),
        "views": [
            (visit.text("list.all"), f"/{module.key}?all=1", listing.view is None and not listing.params, ""),
            *[(view.name, f"/{module.key}?view={view.id}", listing.view is view, "") for view in laid.tabs],
            *[(action.label, action.url, False, "") for action in beside(visit, module)],
        ],
        "waiting": [(view.name, f"/{module.key}?view={view.id}") for view in laid.waiting],
        "arranging": laid.offered,
        "audience": audience_text(listing.view) if listing.view else "",
        "chips": chips,
        "chip_count": numbers.format_number(len(chips), visit.voice.locale) if chips else "",
        "filter_rows": filter_rows(visit, module, listing, names),
        "filter_fields": filter_fields(visit, module),
        "offered": _offered(visit, module, listing),
        "page_sizes": [(size, numbers.format_number(size, visit.voice.locale)) for size in PAGE_SIZES],
        "may": {
            action: visit.access.can(module.key, action)
            and not (action in WRITING and module.closed_to(admin=visit.access.admin))
            for action in ("create", "edit", "delete", "import", "export", "print", "mass_update")
        }
        | {"merge": may_merge(visit, module)},
        **_deeds(visit, module),
        "gathers": _gathers(visit, module),
        "mailable": mailable(visit, module),
        "subscribes": manageable(visit, module),
        "special": list_actions(visit, module),
        "on_paper": module.key in PAPER_MODULES,
        "reported": module.key in BASES and visit.access.can("reports", "create"),
        "may_share": special,
        "opens_here": bool(listing.view and listing.opens_with == str(listing.view.id)),
        "may_change_view": bool(
            listing.view and (listing.view.owner == visit.access.user or (listing.view.shared and special))
        ),
    }


def _deeds(visit: Visit, module: Module[Any]) -> dict[str, bool]:
    """What may be done to chosen records besides what each right by itself allows."""
    may_set = visit.access.can(module.key, "mass_update") and not module.closed_to(admin=visit.access.admin)
    settable = mass_fields(visit.work, module) if may_set else ()
    return {
        "assignable": FIELD in settable,
        "dealable": FIELD in settable,
        "teamable": "team" in settable,
        "taskable": may_be_tasked(visit.work, module),
    }


def _gathers(visit: Visit, module: Module[Any]) -> str:
    """The module of the lists that hold records of this one, where the reader may fill them."""
    relation = gathering(visit.work, module.key)
    return relation.module if relation and visit.access.can(relation.module, "edit") else ""


async def _content(visit: Visit, module: Module[Any], listing: Listing) -> dict[str, Any]:
    """The records, and with them, in one statement, the names of all that the page shows around them."""
    beside = (*await visit.at_hand(), *linked_refs(visit, module, listing))
    if listing.mode == "board":
        visit.learn(beside, await visit.work.store.names(beside))
        return await board(visit, module, listing)
    return await _table(visit, module, listing, beside)


async def _table(visit: Visit, module: Module[Any], listing: Listing, beside: Sequence[Ref]) -> dict[str, Any]:
    columns = [
        msgspec.structs.replace(column, inline=inline(visit, module, column.path))
        for column in columns_for(visit, module, listing.columns)
    ]
    asked = (column.spared for column in columns if column.spared)
    paths = dict.fromkeys(("name", *(column.path for column in columns), *asked, *due_paths(module), STARRED))
    query, dropped = list_query(visit, module, listing, tuple(paths), counted=True)
    page = await visit.work.store.page(module, query, beside=beside)
    visit.learn(beside, page.named)
    count = page.count
    if count.capped and "exact" in visit.request.query_params:
        count = await visit.work.store.count(module, query.filter, cap=EVERY_RECORD)
    here = _sorted_columns(visit, module, listing, columns)
    return {
        "columns": here,
        "here": visit.request.url.query,
        "lines": lines_for(visit, module, columns, page.rows),
        "count": count_text(visit, count.number, capped=count.capped),
        "total": count.number,
        "exact": listing.href(exact="1") if count.capped else "",
        "begin": _begun(visit, module, listing),
        "pager_text": _range_text(visit, listing, len(page.rows), count),
        "next": listing.href(cursor=cursor_text(page.after), **_from(listing.start + len(page.rows)))
        if page.after
        else "",
        "previous": listing.href(cursor=cursor_text(page.before), **_from(listing.start - listing.size))
        if page.before
        else "",
        "dropped": [field_label(visit, module, path) for path in dropped],
    }


def _begun(visit: Visit, module: Module[Any], listing: Listing) -> str:
    """The address of a new record that would be among those asked for, as far as a form can begin with what is asked."""
    given: dict[str, str] = {}
    for _, path, op, value in conditions(listing):
        field = module.by_key.get(path)
        if field and not field.readonly and op in ("", "eq", "in") and given_value(visit, field, value) is not None:
            given[path] = value
    words = dict(listing.params).get("q", "")
    if words and isinstance(module.by_key.get("name"), kinds.Text):
        given.setdefault("name", words)
    return f"/{module.key}/new?{urlencode(given)}" if given else f"/{module.key}/new"


def _from(start: int) -> dict[str, str]:
    return {"from": str(max(1, start))}


def _range_text(visit: Visit, listing: Listing, number: int, count: Count) -> str:
    """«۱ تا ۵۰ از ۱٬۲۰۴»."""
    first, last = (
        numbers.format_number(place, visit.voice.locale) for place in (listing.start, listing.start + number - 1)
    )
    return visit.text("list.range", first=first, last=last, number=count_text(visit, count.number, capped=count.capped))


def _sorted_columns(visit: Visit, module: Module[Any], listing: Listing, columns: Any) -> list[Any]:
    """The columns with the addresses that sort by them."""
    keys = [key for key in listing.sort.split(",") if key][:MAX_SORTS]
    found: list[Any] = []
    for column in columns:
        if not sortable(visit, module, column.path):
            found.append(column)
            continue
        up, down = column.path, f"-{column.path}"
        here = next((place for place, key in enumerate(keys) if key in (up, down)), None)
        order = "" if here is None else "ascending" if keys[here] == up else "descending"
        other = down if order == "ascending" else up
        # A further column comes last; beyond the most that lists sort by, it takes the place of the last one.
        also = [*keys[: MAX_SORTS - 1], other] if here is None else [*keys[:here], other, *keys[here + 1 :]]
        facts = {
            "href": listing.href(sort=other if here == 0 else up),
            "also": listing.href(sort=",".join(also)),
            "order": order,
            "rank": numbers.format_number(here + 1, visit.voice.locale) if here else "",
        }
        found.append(msgspec.structs.replace(column, **facts))
    return found


def _offered(visit: Visit, module: Module[Any], listing: Listing) -> list[tuple[str, str, bool]]:
    """The columns chooser: the shown ones in their order, then the others."""
    every = dict.fromkeys((*listing.columns, *module.layout.columns, *module.layout.offered))
    return [
        (path, field_label(visit, module, path), path in listing.columns)
        for path in every
        if may_read(visit.access, module, path)
    ]
