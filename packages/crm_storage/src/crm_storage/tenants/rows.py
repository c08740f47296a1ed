"""Tenants as the host's tables hold them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from crm_domain.tenancy import Quotas, Tenant
from crm_domain.text.locale import Locale
from crm_storage.database import Session

COLUMNS = """t.number, t.id, t.slug, t.name, t.state, t.plan,
p.quotas || coalesce((SELECT jsonb_object_agg(o.name, o.amount) FROM host.quota_override o
  WHERE o.tenant = t.number AND (o.expires_at IS NULL OR o.expires_at > now())), '{}'),
t.locale, t.currency,
ARRAY(SELECT d.name FROM host.domain d WHERE d.tenant = t.number AND d.verified_at IS NOT NULL ORDER BY d.verified_at),
t.schema_version, t.overlay_version, t.created_at, t.delete_after"""
SELECT = f"SELECT {COLUMNS} FROM host.tenant t JOIN host.plan p ON p.key = t.plan"
ALL = SELECT + " ORDER BY t.number"
BY_NUMBER = SELECT + " WHERE t.number = %(number)s"
BY_SLUG = SELECT + " WHERE t.slug = %(slug)s"


async def all_tenants(session: Session) -> list[Tenant]:
    """Every tenant, whatever its state."""
    return [tenant_of(row) for row in await session.rows(ALL)]


async def tenant_by_number(session: Session, number: int) -> Tenant | None:
    """The tenant of that number."""
    row = await session.one(BY_NUMBER, {"number": number})
    return tenant_of(row) if row else None


async def tenant_by_slug(session: Session, slug: str) -> Tenant | None:
    """The tenant of that slug."""
    row = await session.one(BY_SLUG, {"slug": slug})
    return tenant_of(row) if row else None


def tenant_of(row: Sequence[Any]) -> Tenant:
    """One row of COLUMNS."""
    facts = dict(zip(Tenant.__struct_fields__, row, strict=True))
    facts["quotas"] = msgspec.convert(facts["quotas"], Quotas)
    facts["locale"] = msgspec.convert(facts["locale"], Locale)
    facts["domains"] = tuple(facts["domains"])
    return Tenant(**facts)
