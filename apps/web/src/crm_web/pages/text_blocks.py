"""Text blocks to put into a document that is being written."""

from litestar import Controller, Response, get

from crm_domain.modules.text_blocks import TextBlock
from crm_domain.problems import Denied
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
        if not visit.access.can("text_blocks", "list"):
            raise Denied
        asked = Condition("active", "eq", True)
        query = ListQuery(filter=asked, columns=("name", "body"), sort=parse_sort("name"), limit=MOST)
        rows = (await visit.work.store.page(visit.work.module(TextBlock), query)).rows
        return visit.part("text_blocks/offered.html", blocks=[(row["name"], row["body"] or "") for row in rows])
