"""A tenant's backups: the list, taking one, taking one home, rehearsing, and the two ways back."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect, Stream

from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue, NotFound, Refused
from crm_domain.tenancy import Tenant, checked_slug
from crm_domain.text.format import file_size
from crm_host.visit import Visit
from crm_host.words import locale_of, number, when
from crm_storage.backups.crate import packed
from crm_storage.backups.rows import Backup, backup_of, backups_of
from crm_storage.errands.rows import Errand, Kind, ask, errands_of
from crm_storage.operators.sign_in import check_code
from crm_storage.tenants.rows import tenant_by_slug

HUES = {"waiting": "gray", "running": "blue", "done": "green", "failed": "red"}
ICONS = {"waiting": "clock", "running": "loader", "done": "circle-check", "failed": "circle-alert"}
OPEN = ("waiting", "running")
TAR = "application/x-tar"


class BackupPages(Controller):
    """/tenants/<slug>/backups."""

    path = "/tenants/{slug:str}/backups"

    @get("/")
    async def index(self, visit: Visit, slug: str) -> Response[str]:
        return await _list(visit, await tenant_of(visit, slug))

    @post("/")
    async def take(self, visit: Visit, slug: str) -> Response[Any]:
        """Asks for a backup of how the tenant is now."""
        visit.allow("backups")
        tenant = await tenant_of(visit, slug)
        return await _asked(visit, tenant, "backup", {})

    @get("/{backup:uuid}")
    async def show(self, visit: Visit, slug: str, backup: UUID) -> Response[str]:
        tenant = await tenant_of(visit, slug)
        return await _one(visit, tenant, await _backup(visit, tenant, backup))

    @get("/{backup:uuid}/file")
    async def download(self, visit: Visit, slug: str, backup: UUID) -> Stream:
        """The backup as one file, sealed as it lies in the store."""
        visit.allow("backups")
        tenant = await tenant_of(visit, slug)
        found = await _backup(visit, tenant, backup)
        room = visit.console.room
        manifest = await room.crate(tenant.number).manifest(found.name)
        await visit.noted("backup_downloaded", tenant=slug, backup=found.name)
        return Stream(
            packed(room.shelf(tenant.number), manifest),
            media_type=TAR,
            headers={"Content-Disposition": f'attachment; filename="{file_name(tenant, found)}"'},
        )

    @post("/{backup:uuid}/rehearsal")
    async def rehearse(self, visit: Visit, slug: str, backup: UUID) -> Response[Any]:
        """Asks for a restoration that leaves nothing, to see whether the backup is whole."""
        visit.allow("backups")
        tenant = await tenant_of(visit, slug)
        found = await _backup(visit, tenant, backup)
        return await _asked(visit, tenant, "rehearse", {"backup": found.name})

    @post("/{backup:uuid}/copy")
    async def copy(self, visit: Visit, slug: str, backup: UUID, posted: FormMultiDict) -> Response[Any]:
        """Asks for a new tenant with what the backup holds, to be looked at."""
        visit.allow("backups")
        tenant = await tenant_of(visit, slug)
        found = await _backup(visit, tenant, backup)
        try:
            await _prove(visit, posted)
            facts = {"backup": found.name, "slug": checked_slug(posted.get("slug", "")), "name": posted.get("name", "")}
            async with visit.console.database.host() as session:
                if await tenant_by_slug(session, facts["slug"]):
                    raise BadValue("tenants.slug_taken", slug=facts["slug"])
        except BadValue as bad:
            return await _one(visit, tenant, found, visit.text(bad.problem.id, **bad.problem.facts), 422, posted)
        except Refused as refused:
            return await _one(visit, tenant, found, visit.text(refused.id, **refused.facts), 409, posted)
        return await _asked(visit, tenant, "restore_copy", facts)

    @post("/{backup:uuid}/place")
    async def place(self, visit: Visit, slug: str, backup: UUID, posted: FormMultiDict) -> Response[Any]:
        """Asks for the tenant to be put back to the backup's moment; it must be suspended (SEC-36, REL-37)."""
        visit.allow("backups")
        tenant = await tenant_of(visit, slug)
        found = await _backup(visit, tenant, backup)
        reason = posted.get("reason", "").strip()
        try:
            if tenant.state != "suspended":
                raise Refused("backups.not_suspended")
            if not reason or posted.get("confirm", "").strip() != slug:
                raise Refused("host.restore_needs")
            await _prove(visit, posted)
        except Refused as refused:
            return await _one(visit, tenant, found, visit.text(refused.id, **refused.facts), 409, posted)
        return await _asked(visit, tenant, "restore_in_place", {"backup": found.name, "reason": reason})


async def tenant_of(visit: Visit, slug: str) -> Tenant:
    """The tenant of the address. Raises NotFound."""
    async with visit.console.database.host() as session:
        tenant = await tenant_by_slug(session, slug)
    if tenant is None:
        raise NotFound
    return tenant


def file_name(tenant: Tenant, backup: Backup) -> str:
    """What a downloaded backup is called."""
    return f"{tenant.slug}-{backup.taken_at:%Y-%m-%d-%H%M}.sadra-backup"


async def _prove(visit: Visit, posted: FormMultiDict) -> None:
    """A fresh code of the second factor. Raises Refused."""
    async with visit.console.database.host() as session:
        try:
            await check_code(session, visit.operator.email, posted.get("code", ""), visit.console.now())
        finally:
            await session.commit()


async def _backup(visit: Visit, tenant: Tenant, id_: UUID) -> Backup:
    async with visit.console.database.host() as session:
        found = await backup_of(session, tenant.number, id_)
    if found is None:
        raise NotFound
    return found


async def _asked(visit: Visit, tenant: Tenant, kind: Kind, facts: dict[str, Any]) -> Redirect:
    async with visit.console.database.host() as session:
        await ask(session, tenant.number, kind, facts, actor=visit.operator.email)
        await visit.note(session, f"asked_{kind}", tenant=tenant.slug, **facts)
        await session.commit()
    return Redirect(f"/tenants/{tenant.slug}/backups", status_code=303)


async def _list(visit: Visit, tenant: Tenant) -> Response[str]:
    async with visit.console.database.host() as session:
        backups = await backups_of(session, tenant.number)
        errands = await errands_of(session, tenant.number)
    quotas = tenant.quotas
    kept = {
        "days": number(visit, quotas.backup_days),
        "weeks": number(visit, quotas.backup_weeks),
        "months": number(visit, quotas.backup_months),
    }
    return visit.page(
        "backups.html",
        slug=tenant.slug,
        name=tenant.name,
        rows=[_row(visit, one) for one in backups],
        work=[_work(visit, one) for one in errands],
        busy=any(one.state in OPEN for one in errands),
        kept=visit.text("host.backups_hint", **kept),
        may=visit.operator.may("backups"),
    )


async def _one(
    visit: Visit,
    tenant: Tenant,
    backup: Backup,
    problem: str = "",
    status: int = 200,
    posted: FormMultiDict | None = None,
) -> Response[str]:
    typed = {key: (posted or {}).get(key, "") for key in ("slug", "name", "reason")}
    return visit.page(
        "backup.html",
        status=status,
        slug=tenant.slug,
        name=tenant.name,
        row=_row(visit, backup),
        suspended=tenant.state == "suspended",
        typed=typed,
        problem=problem,
        may=visit.operator.may("backups"),
    )


def _row(visit: Visit, backup: Backup) -> dict[str, Any]:
    return {
        "id": str(backup.id),
        "at": when(visit, backup.taken_at),
        "kind": visit.text(f"host.backup.{backup.kind}"),
        "actor": backup.actor if backup.kind != "nightly" else "",
        "rows": number(visit, backup.rows),
        "files": number(visit, backup.files),
        "size": file_size(backup.size, locale_of(visit), catalogue(visit.language)),
        "version": backup.schema_version,
        "missing": visit.text("host.backup_missing", number=number(visit, backup.missing)) if backup.missing else "",
    }


def _work(visit: Visit, errand: Errand) -> dict[str, str]:
    return {
        "at": when(visit, errand.ended_at or errand.created_at),
        "what": visit.text(f"host.errand.{errand.kind}"),
        "actor": errand.actor,
        "state": visit.text(f"host.errand_state.{errand.state}"),
        "hue": HUES[errand.state],
        "icon": ICONS[errand.state],
        "outcome": _outcome(visit, errand),
    }


def _outcome(visit: Visit, errand: Errand) -> str:
    said = errand.outcome
    if errand.state == "failed":
        return visit.text(said["problem"], **said["facts"])
    if errand.state != "done":
        return ""
    figures = {key: number(visit, said[key]) for key in ("rows", "files")}
    return visit.text("host.backup_taken" if errand.kind == "backup" else "host.backup_compared", **figures)
