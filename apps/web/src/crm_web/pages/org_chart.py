"""The organisation as a chart, with one of its people marked."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.modules.employees import Employee
from crm_domain.modules.org_chart import Person, organisation
from crm_domain.text.numbers import format_number
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit


class OrgChartPages(Controller):
    """/employees/<id>/chart."""

    path = "/employees"

    @get("/{record_id:uuid}/chart")
    async def chart(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.work.module(Employee)
        visit.allow(module, "list")
        row = await one(visit, module, record_id)
        people = await organisation(visit.work)
        return await visit.page(
            "employees/chart.html",
            current=module.key,
            tab="chart",
            **await heading(visit, module, row),
            people=[_drawn(visit, person) for person in people],
            marked=record_id,
        )


def _drawn(visit: Visit, person: Person) -> dict[str, Any]:
    separator = visit.text("record.list_separator")
    return {
        "id": person.id,
        "href": f"/employees/{person.id}",
        "name": person.name,
        "post": separator.join(part for part in (person.title, person.department) if part),
        "initials": initials(person.name),
        "hue": hue_of(person.id.int),
        "user": person.user.name if person.user else "",
        "below": visit.text("org.below", number=format_number(person.below, visit.voice.locale))
        if person.below
        else "",
        "reports": [_drawn(visit, report) for report in person.reports],
    }
