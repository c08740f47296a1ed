"""The first door: only a company that is running is let through by its host name (SEC-07)."""

import asyncio
from types import SimpleNamespace
from typing import Any, get_args
from uuid import UUID

import pytest

from crm_domain.tenancy import State, Tenant
from crm_web.gate import TenantClosed, TenantGate

STATES: tuple[State, ...] = get_args(State)


@pytest.mark.parametrize("state", STATES)
def test_sec_07_only_running_companies_are_served(state: State) -> None:
    tenant = Tenant(number=1, id=UUID(int=1), slug="one", name="One", state=state)
    installation: Any = SimpleNamespace(
        directory=SimpleNamespace(find=lambda _host: tenant), settings=SimpleNamespace(support_contact="")
    )
    served: list[str] = []

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        served.append(state)

    async def nothing(*_: Any) -> Any:
        return None

    scope: Any = {"type": "http", "path": "/leads", "headers": [(b"host", b"one.example")]}
    opened = TenantGate(app, installation)(scope, nothing, nothing)
    if state in ("active", "read_only"):
        asyncio.run(opened)
        assert served == [state]
    else:
        with pytest.raises(TenantClosed):
            asyncio.run(opened)
        assert served == []
