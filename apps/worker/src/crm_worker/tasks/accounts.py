"""`account.try` and `mail.checkup`: whether an outbound account, or all that mail needs, works. Twice is harmless."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from crm_domain.tenancy import Tenant
from crm_storage.sending.account_trial import try_account
from crm_storage.sending.checkup import check_up
from crm_worker.workshop import Workshop


async def try_outbound(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """What the server said is told to the user, not tried again."""
    station = await shop.station(tenant)
    outcome = await try_account(station, UUID(payload["account"]), UUID(payload["user"]))
    structlog.get_logger().info("account.tried", tenant=tenant.number, outcome=outcome.key if outcome else "gone")


async def check_mail(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """What was found stands on the page from which it was asked."""
    report = await check_up(await shop.station(tenant), shop.names, UUID(payload["user"]))
    structlog.get_logger().info("mail.checked", tenant=tenant.number, domains=len(report.domains))
