"""The tenant's background work as its administrators see it: everybody's jobs, and the dead letters with what to do."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.definition import Ref
from crm_domain.problems import NotFound
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_storage.bus import outbox_life
from crm_web.admin.frame import need_administrator
from crm_web.job_view import job_view
from crm_web.visit import Visit


class AdminJobPages(Controller):
    """/admin/jobs."""

    path = "/admin/jobs"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        jobs = await visit.work.store.jobs.recent(everybody=True)
        owners = [Ref("users", job.owner) for job in jobs if job.owner]
        names = await visit.work.store.names(owners)
        shown = [
            job_view(visit, job, names[ref].name if job.owner and (ref := Ref("users", job.owner)) in names else "")
            for job in jobs
        ]
        letters = [_letter(visit, letter) for letter in await outbox_life.dead_letters(visit.session)]
        return await visit.page("admin/jobs.html", current="admin", tab="jobs", jobs=shown, letters=letters)

    @post("/{letter_id:uuid}/retry")
    async def retry(self, visit: Visit, letter_id: UUID) -> Response[Any]:
        """Sends a dead letter out anew."""
        return await self._settle(visit, letter_id, "retried")

    @post("/{letter_id:uuid}/discard")
    async def discard(self, visit: Visit, letter_id: UUID) -> Response[Any]:
        """Gives a dead letter up for good."""
        return await self._settle(visit, letter_id, "discarded")

    async def _settle(self, visit: Visit, letter_id: UUID, how: str) -> Response[Any]:
        need_administrator(visit)
        settle = outbox_life.retry if how == "retried" else outbox_life.discard
        if not await settle(visit.session, letter_id):
            await visit.commit()
            raise NotFound
        await visit.commit()
        return visit.go("/admin/jobs", visit.text(f"jobs.letter_{how}"))


def _letter(visit: Visit, letter: outbox_life.DeadLetter) -> dict[str, str]:
    locale, words = visit.voice.locale, visit.voice.catalogue
    return {
        "id": str(letter.id),
        "name": visit.text(f"jobs.message.{letter.subject}"),
        "error": letter.error,
        "tries": numbers.format_number(letter.tries, locale),
        "created": formats.relative_time(letter.created_at, visit.voice.now, locale, words),
        "dead": formats.relative_time(letter.dead_at, visit.voice.now, locale, words),
    }
