"""The filter of a list on a page of its own, where no script opens it beside the list."""

from typing import Any, ClassVar

from litestar import Controller, Response, get

from crm_web.lists.listing import read_listing
from crm_web.lists.plain_filter import plain_rows
from crm_web.visit import Visit


class PlainFilterPages(Controller):
    """GET /<module>/filter: a form that leads to the list it asks for."""

    module_key: ClassVar[str]

    @get("/filter")
    async def plain_filter(self, visit: Visit) -> Response[Any]:
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        listing, _ = await read_listing(visit, module)
        rows, kept = plain_rows(visit, module, listing)
        return await visit.page(
            "records/filter.html",
            current=module.key,
            module=module,
            title=visit.voice.module(module),
            listing=listing,
            asked=dict(listing.params),
            rows=rows,
            kept=kept,
        )
