"""The actions of leads over the API."""

from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Controller, Response, post

from crm_domain.modules.leads.along import BESIDE, Along
from crm_domain.modules.leads.convert import Conversion, Section, convert_lead
from crm_domain.modules.leads.lists import Lists
from crm_domain.problems import FieldProblem, Invalid
from crm_storage.people.conversion import conversion_habits
from crm_web.api.records import answer, read_body, values_of
from crm_web.idempotency import once
from crm_web.visit import Visit

SECTIONS = {"contact": "contacts", "account": "accounts", "opportunity": "opportunities"}


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One section: an existing record's id, or values for a new one."""

    id: UUID | None = None
    values: dict[str, Any] = {}


class LeadActions(Controller):
    """/api/v1/leads/<id>/actions/convert: `{"contact": {…}, "account": {…} | null, "opportunity": {…} | null}`, and on wish
    the values of a new `note`, `call`, `meeting` or `task`, `{"activities": {"how": "copy" | "move", "to": ["account"]}}` and
    `{"lists": "stay" | "copy" | "move"}`; what is not said of activities and lists is as the company settled it."""

    path = "/v1/leads"

    @post("/{record_id:uuid}/actions/convert", status_code=200)
    async def convert(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        visit.allow(visit.module("leads"), "edit")
        body = await read_body(visit.request)
        if unknown := set(body) - {*SECTIONS, *BESIDE, "activities", "lists"}:
            raise Invalid({key: (FieldProblem("problems.unknown_field", {"field": key}),) for key in unknown})
        sections = {name: _section(visit, name, body) for name in SECTIONS}
        contact = sections["contact"] or Section()
        habits = await conversion_habits(visit.session)
        parts = [name for name, section in sections.items() if section]
        wanted = Conversion(
            contact=contact,
            account=sections["account"],
            opportunity=sections["opportunity"],
            beside={name: _beside(visit, name, body[name]) for name in BESIDE if body.get(name) is not None},
            along=_along(body["activities"]) if body.get("activities") else habits.along_to(parts),
            account_needed=habits.account_needed,
            lists=_lists(body["lists"]) if body.get("lists") else habits.lists,
        )

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
    return Section(existing=wanted.id, values=values_of(visit, visit.module(SECTIONS[name]), wanted.values))


def _beside(visit: Visit, name: str, values: Any) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise Invalid({name: (FieldProblem("problems.not_an_object"),)})
    return values_of(visit, visit.module(BESIDE[name]), cast("dict[str, Any]", values))


def _along(wanted: Any) -> Along:
    try:
        return msgspec.convert(wanted, Along)
    except msgspec.ValidationError:
        raise Invalid({"activities": (FieldProblem("problems.not_an_object"),)}) from None


def _lists(wanted: Any) -> Lists:
    try:
        return msgspec.convert(wanted, Lists)
    except msgspec.ValidationError:
        raise Invalid({"lists": (FieldProblem("problems.not_an_option", {"value": str(wanted)[:80]}),)}) from None
