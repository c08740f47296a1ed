"""What becomes of quotes and contracts: editions, contracts, invoices, opportunities, renewals."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post

from crm_domain.modules.contracts import renew
from crm_domain.modules.quotes.convert import contract_from, invoice_from, opportunity_from
from crm_domain.modules.quotes.revise import revise
from crm_web.visit import Visit


class QuotePages(Controller):
    """/quotes/<id>/revise, /contract, /invoice, /opportunity."""

    path = "/quotes"

    @post("/{record_id:uuid}/revise")
    async def revise(self, visit: Visit, record_id: UUID) -> Response[Any]:
        made = await revise(visit.work, record_id)
        return await _on(visit, f"/quotes/{made}/edit", "quotes.revised")

    @post("/{record_id:uuid}/contract")
    async def contract(self, visit: Visit, record_id: UUID) -> Response[Any]:
        made = await contract_from(visit.work, record_id)
        return await _on(visit, f"/contracts/{made}/edit", "quotes.contract_made")

    @post("/{record_id:uuid}/invoice")
    async def invoice(self, visit: Visit, record_id: UUID) -> Response[Any]:
        made = await invoice_from(visit.work, record_id)
        return await _on(visit, f"/invoices/{made}/edit", "quotes.invoice_made")

    @post("/{record_id:uuid}/opportunity")
    async def opportunity(self, visit: Visit, record_id: UUID) -> Response[Any]:
        made = await opportunity_from(visit.work, record_id)
        return await _on(visit, f"/opportunities/{made}", "quotes.opportunity_made")


class ContractPages(Controller):
    """/contracts/<id>/renew."""

    path = "/contracts"

    @post("/{record_id:uuid}/renew")
    async def renew(self, visit: Visit, record_id: UUID) -> Response[Any]:
        made = await renew(visit.work, record_id)
        return await _on(visit, f"/contracts/{made}/edit", "contracts.renewed")


async def _on(visit: Visit, path: str, said: str) -> Response[Any]:
    await visit.commit()
    return visit.go(path, visit.text(said))
