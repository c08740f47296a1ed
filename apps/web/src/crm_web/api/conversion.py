"""The actions of leads over the API."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post

from crm_domain.modules.leads.convert import Conversion, Section, convert_lead
from crm_domain.problems import FieldProblem, Invalid
from crm_web.api.records import answer, read_body, values_of
from crm_web.idempotency import once
from crm_web.visit import Visit

SECTIONS = {"contact": "contacts", "account": "accounts", "opportunity": "opportunities"}


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One section: an existing record's id, or values for a new one."""

    id: UUID | None = None
    values: dict[str, Any] = {}


class LeadActions(Controller):
    """/api/v1/leads/<id>/actions/convert: `{"contact": {…}, "account": {…} | null, "opportunity": {…} | null}`."""

    path = "/v1/leads"

    @post("/{record_id:uuid}/actions/convert", status_code=200)
    async def convert(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        visit.allow(visit.module("leads"), "edit")
        body = await read_body(visit.request)
        if unknown := set(body) - set(SECTIONS):
            raise Invalid({key: (FieldProblem("problems.unknown_field", {"field": key}),) for key in unknown})
        sections = {name: _section(visit, name, body) for name in SECTIONS}
        contact = sections["contact"] or Section()
        wanted = Conversion(contact=contact, account=sections["account"], opportunity=sections["opportunity"])

        async def make() -> Any:
            return msgspec.to_builtins(await convert_lead(visit.work, record_id, wanted))

        done = await once(visit, make)
        await visit.commit()
        return answer(done)


def _section(visit: Visit, name: str, body: dict[str, Any]) -> Section | None:
    """Contact and account are made unless the body says otherwise; a deal only when it asks for one."""
    if name not in body:
        return None if name == "opportunity" else Section()
    if body[name] is None:
        return None
    try:
        wanted = msgspec.convert(body[name], Wanted)
    except msgspec.ValidationError:
        raise Invalid({name: (FieldProblem("problems.not_an_object"),)}) from None
    return Section(existing=wanted.id, values=values_of(visit.module(SECTIONS[name]), wanted.values))
