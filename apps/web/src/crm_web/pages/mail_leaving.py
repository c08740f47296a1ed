"""What its writer may do about a letter on its way: take it back, hurry it, settle what nobody knows, send it again."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post

from crm_domain.modules.emails.write import count_as_sent, send_again, send_now, take_back
from crm_web.supported import CLOSED
from crm_web.visit import Visit


class LeavingPages(Controller):
    """/mail/<id>/back, /now, /again, /arrived."""

    path = "/mail/{record_id:uuid}"
    opt = CLOSED

    @post("/back")
    async def back(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """A draft again, if it has not left meanwhile."""
        await take_back(visit.work, record_id)
        await visit.commit()
        return visit.go(f"/mail/compose?draft={record_id}", visit.text("my_mail.taken_back"))

    @post("/now")
    async def now(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Waits no longer."""
        await send_now(visit.work, record_id)
        return await self._leaving(visit, record_id)

    @post("/again")
    async def again(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Sends once more what could not be sent, or of which nobody knows."""
        await send_again(visit.work, record_id)
        return await self._leaving(visit, record_id)

    @post("/arrived")
    async def arrived(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Settles what nobody knew: it has left."""
        await count_as_sent(visit.work, record_id)
        await visit.commit()
        return visit.go(f"/mail/{record_id}", visit.text("my_mail.settled"))

    async def _leaving(self, visit: Visit, id_: UUID) -> Response[Any]:
        await visit.commit()
        return visit.go(f"/mail/{id_}", visit.text("my_mail.leaving"))
