"""What a bill comes to while it is being written, and what a product brings to its line."""

from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.meaning.bills import parse_bill
from crm_domain.modules.blocks.document import completed, line_of_product
from crm_domain.problems import BadValue, Invalid, NotFound
from crm_domain.records.forms import gather
from crm_domain.selling.arithmetic import figures, groups
from crm_ui.bills import amount_text, totals, typed_line
from crm_web.visit import Visit


class BillPages(Controller):
    """/bills: for the script of the lines; without it the saved page tells the same."""

    path = "/bills"

    @post("/figures", status_code=200)
    async def figures(self, visit: Visit, posted: FormMultiDict) -> dict[str, Any]:
        """Each line's net, a heading's that of its group, the tax it gets by itself, and the totals; nothing while unclear."""
        field = posted.get("field", "")
        try:
            bill = parse_bill(gather(posted.multi_items()).get(field), visit.voice)
            bill = bill and await completed(visit.work, bill)
        except (BadValue, Invalid):
            bill = None
        if bill is None:
            return {"lines": [], "rates": [], "totals": []}
        found = figures(bill)
        sums = {group.start: group.net for group in groups(bill, found)}
        nets = [
            amount_text(amounts.net, bill, visit.voice)
            if line.charged
            else amount_text(sums[place], bill, visit.voice)
            if place in sums
            else ""
            for place, (line, amounts) in enumerate(zip(bill.lines, found.lines, strict=True))
        ]
        rates = [typed_line(line, bill.currency, visit.voice)["tax_rate"] for line in bill.lines]
        return {"lines": nets, "rates": rates, "totals": totals(bill, found, visit.voice)}

    @get("/product/{product:uuid}")
    async def product(self, visit: Visit, product: UUID, currency: str = "") -> dict[str, str]:
        """The texts of a product's line, in the reader's way."""
        money = currency or visit.voice.base_currency
        line = await line_of_product(visit.work, product, money)
        if line is None:
            raise NotFound
        return typed_line(line, money, visit.voice)
