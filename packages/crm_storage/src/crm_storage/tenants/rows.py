"""Tenants as the host's table holds them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from crm_domain.tenancy import Quotas, Tenant
from crm_storage.database import Session

COLUMNS = """t.number, t.id, t.slug, t.name, t.state, t.plan, p.quotas, t.language, t.time_zone, t.currency,
coalesce(t.domain, ''), t.overlay_version, t.created_at, t.delete_after"""
SELECT = f"SELECT {COLUMNS} FROM host.tenant t JOIN host.plan p ON p.key = t.plan"
ALL = SELECT + " ORDER BY t.number"
BY_NUMBER = SELECT + " WHERE t.number = %(number)s"
BY_SLUG = SELECT + " WHERE t.slug = %(slug)s"


async def all_tenants(session: Session) -> list[Tenant]:
    """Every tenant, whatever its state."""
    return [tenant_of(row) for row in await session.rows(ALL)]


async def tenant_by_number(session: Session, number: int) -> Tenant | None:
    row = await session.one(BY_NUMBER, {"number": number})
    return tenant_of(row) if row else None


async def tenant_by_slug(session: Session, slug: str) -> Tenant | None:
    row = await session.one(BY_SLUG, {"slug": slug})
    return tenant_of(row) if row else None


def tenant_of(row: Sequence[Any]) -> Tenant:
    """One row of COLUMNS."""
    number, id_, slug, name, state, plan, quotas, language, zone, currency, domain, overlay, created, delete_after = row
    return Tenant(
        number=number,
        id=id_,
        slug=slug,
        name=name,
        state=state,
        plan=plan,
        quotas=msgspec.convert(quotas, Quotas),
        language=language,
        time_zone=zone,
        currency=currency,
        domain=domain,
        overlay_version=overlay,
        created_at=created,
        delete_after=delete_after,
    )
