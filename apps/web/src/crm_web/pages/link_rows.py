"""One more row for the links in a record's form."""

from typing import ClassVar

from litestar import Controller, Response, get

from crm_domain.problems import NotFound
from crm_web.records.link_rows import LinkRow, held, line
from crm_web.visit import Visit


class LinkRowPages(Controller):
    """/<module>/new/linked/<relation> for relations whose links the form holds."""

    module_key: ClassVar[str]

    @get("/new/linked/{key:str}")
    async def more(self, visit: Visit, key: str) -> Response[str]:
        """Its inputs have names of their own among the rows there are."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        relation = next((one for one in held(visit, module) if one.key == key), None)
        if relation is None:
            raise NotFound
        if not visit.fragment:
            return visit.go(f"/{module.key}/new")
        return visit.part("records/link_row.html", line=line(visit, relation, LinkRow(), visit.work.new_id().hex))
