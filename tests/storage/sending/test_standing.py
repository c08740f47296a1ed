"""An account's domain is asked for what it says of itself; a name system that is silent is no fault of the domain."""

from tests.mailing import KEYS, Office
from tests.storage.mail.test_dkim import RSA, pem

from crm_domain.problems import Refused
from crm_storage.mail.dkim import public_key
from crm_storage.records.context import Context
from crm_storage.sealing import Seals
from crm_storage.sending.standing import sender_of, standing
from crm_storage.sending.station import HOUSE
from crm_storage.vault import Vault


async def test_the_key_in_the_domain_is_compared_with_the_accounts(office: Office) -> None:
    account = await office.account(dkim_selector="s1", user_name=None)
    await office.run("UPDATE outbound_accounts SET dkim_mode = 'own'")
    vault = Vault(Seals(KEYS), office.number)
    async with office.station.session() as session:
        await vault.put(session, "outbound_accounts", account, "dkim_key", pem(RSA))
        sender = await sender_of(Context(session, office.station.schema, HOUSE, "test", "", vault), account)
    assert sender is not None
    asked: list[str] = []

    async def ask(name: str) -> list[str]:
        asked.append(name)
        if name.startswith("_dmarc."):
            raise Refused("outbound.unreachable")
        return [f"v=DKIM1; p={public_key(pem(RSA))}"] if "_domainkey" in name else []

    found = {rule.key: rule.state for rule in await standing(sender, ask)}
    assert sorted(asked) == ["_dmarc.company.example", "company.example", "s1._domainkey.company.example"]
    assert (found["dkim"], found["spf"], found["dmarc"], found["tls"]) == ("good", "bad", "unknown", "bad")
