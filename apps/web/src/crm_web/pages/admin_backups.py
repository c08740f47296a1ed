"""The company's backups as its administrators see them, and taking one home where the plan lets them."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.response import Stream

from crm_domain.problems import Denied, NotFound
from crm_domain.text.format import file_size, format_datetime
from crm_domain.text.numbers import format_number
from crm_storage.backups.crate import Crate, Stored, packed
from crm_storage.backups.rows import backup_of, backups_of
from crm_storage.files.store import backups_at
from crm_storage.people.preferences import noted
from crm_web.admin.frame import need_administrator
from crm_web.files import given_out
from crm_web.proof import prove
from crm_web.supported import CLOSED
from crm_web.visit import Visit

TAR = "application/x-tar"


class AdminBackupPages(Controller):
    """/admin/backups."""

    path = "/admin/backups"
    opt = CLOSED

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        locale, words = visit.voice.locale, visit.voice.catalogue
        async with visit.installation.database.host() as session:
            found = await backups_of(session, visit.tenant.number)
        rows = [
            {
                "id": one.id,
                "at": format_datetime(one.taken_at, locale, words),
                "kind": visit.text(f"backups.kind.{one.kind}"),
                "rows": format_number(one.rows, locale),
                "files": format_number(one.files, locale),
                "size": file_size(one.size, locale, words),
            }
            for one in found
        ]
        may = visit.tenant.quotas.backup_download
        return await visit.page("admin/backups.html", current="admin", tab="backups", rows=rows, may_download=may)

    @get("/{backup_id:uuid}/file")
    async def download(self, visit: Visit, backup_id: UUID) -> Stream:
        """The whole backup, sealed with the installation's secret; the password is asked for (SEC-36)."""
        need_administrator(visit)
        if not visit.tenant.quotas.backup_download:
            raise Denied
        await prove(visit)
        number, installation = visit.tenant.number, visit.installation
        async with installation.database.host() as session:
            found = await backup_of(session, number, backup_id)
        if found is None:
            raise NotFound
        shelf = Stored(backups_at(installation.settings.blob_url), number)
        manifest = await Crate(shelf, installation.keys, number).manifest(found.name)
        request = visit.request_id
        await noted(visit.session, "backup_download", {"backup": found.name}, by=visit.access.user, request=request)
        await visit.commit()
        name = f"{visit.tenant.slug}-{found.taken_at:%Y-%m-%d-%H%M}.sadra-backup"
        return given_out(name, TAR, packed(shelf, manifest))
