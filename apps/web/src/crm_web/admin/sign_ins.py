"""A user's latest attempts to sign in, as pages show them: to himself and to who manages users."""

from typing import Any
from uuid import UUID

from crm_domain.people.devices import named_device
from crm_domain.text.format import format_datetime
from crm_storage.people.sign_in import login_history
from crm_web.visit import Visit

FAILED = {"totp": "sign_ins.failed_code", "sso": "sign_ins.failed_sso"}
"""How a failure is called that is no wrong password."""


async def sign_ins(visit: Visit, user: UUID) -> list[dict[str, Any]]:
    """When, how and whether he got in, from which address, with which browser."""
    found = await login_history(visit.session, user)
    return [
        {
            "at": format_datetime(one.at, visit.voice.locale, visit.voice.catalogue),
            "ok": one.ok,
            "failed": FAILED.get(one.method, "sign_ins.failed"),
            "how": visit.text(f"sign_ins.{one.method}"),
            "address": one.address,
            "device": device_name(visit, one.agent),
        }
        for one in found
    ]


def device_name(visit: Visit, agent: str) -> str:
    """A browser in words."""
    browser, system = named_device(agent)
    if browser and system:
        return visit.text("sign_ins.device", browser=browser, system=system)
    return browser or system or "—"
