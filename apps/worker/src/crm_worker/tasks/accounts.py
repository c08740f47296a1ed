"""`account.try`: a mail by an outbound account to whoever asked whether it works. Twice is harmless."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from crm_domain.tenancy import Tenant
from crm_storage.sending.account_trial import try_account
from crm_worker.workshop import Workshop


async def try_outbound(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """What the server said is told to the user, not tried again."""
    station = await shop.station(tenant)
    outcome = await try_account(station, UUID(payload["account"]), UUID(payload["user"]))
    structlog.get_logger().info("account.tried", tenant=tenant.number, outcome=outcome.key if outcome else "gone")
