"""Inviting the guests of an event over the API; who they are a new event says itself, and later they are
linked like everything else, by `guest_users` and its like."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, post

from crm_domain.modules.activities.invite import invite
from crm_domain.problems import Refused
from crm_web.api.records import answer
from crm_web.calendar.guests import link_of
from crm_web.idempotency import once
from crm_web.reach import one
from crm_web.visit import Visit


class GuestActions(Controller):
    """/api/v1/<module>/<id>/actions/invite: a mail to every guest; answers `{"invited": <how many>}`."""

    module_key: ClassVar[str]

    @post("/{record_id:uuid}/actions/invite", status_code=200)
    async def send(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id, "edit")
        record = module.record(row.id, row.values)

        async def make() -> Any:
            number = await invite(visit.work, module, record, link_of(visit, module), company=visit.tenant.name)
            if not number:
                raise Refused("guests.nobody_to_invite")
            return {"invited": number}

        told = await once(visit, make)
        await visit.commit()
        return answer(told)
