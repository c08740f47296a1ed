"""Claimed domains are proven anew by the clock: without its record a domain stops serving (SEC-47)."""

from typing import Any, cast

from crm_domain.problems import Refused
from crm_host.slots import prove_domains
from crm_storage.tenants.domains import PROOF_RECORD, claim, domains_of
from tests.installation import Installation


class Parts:
    """What of the console the proof needs."""

    def __init__(self, database: Any) -> None:
        self.database = database


async def test_sec_47_a_domain_serves_while_its_proof_stands(installation: Installation) -> None:
    async with installation.database("sadra_host") as host, installation.database() as owner:
        tenant = await installation.tenant(owner)
        claimed = await claim(host, tenant.number, "crm.proofs.example", actor="tests")
        records: dict[str, list[str]] = {}
        silent = False

        async def lookup(name: str) -> list[str]:
            if silent:
                raise Refused("outbound.unreachable")
            return records.get(name, [])

        async def serves() -> bool:
            await prove_domains(cast(Any, Parts(host)), lookup)
            [domain] = await domains_of(host, tenant.number)
            return domain.verified_at is not None

        assert not await serves()
        records[PROOF_RECORD + "crm.proofs.example"] = ["v=other", claimed.proof]
        assert await serves()
        silent = True
        records.clear()
        assert await serves()
        silent = False
        assert not await serves()
