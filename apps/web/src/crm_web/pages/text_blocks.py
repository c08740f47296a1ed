"""Text blocks to put into a document that is being written."""

from litestar import Controller, Response, get

from crm_domain.modules.text_blocks import TextBlock
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, parse_sort
from crm_web.visit import Visit

MOST = 100


class TextBlockPages(Controller):
    """/text_blocks/offered."""

    path = "/text_blocks"

    @get("/offered")
    async def offered(self, visit: Visit) -> Response[str]:
        """The menu of an editor: the active blocks with their words. Raises Denied for whoever may not list them."""
        module = visit.work.module(TextBlock)
        visit.allow(module, "list")
        asked = Condition("active", "eq", True)
        query = ListQuery(filter=asked, columns=("name", "body"), sort=parse_sort("name"), limit=MOST)
        rows = (await visit.work.store.page(module, query)).rows
        return visit.part("text_blocks/offered.html", blocks=[(row["name"], row["body"] or "") for row in rows])
