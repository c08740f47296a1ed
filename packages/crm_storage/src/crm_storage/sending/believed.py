"""What the name system says of the domains a company's mail comes from, beside what it should say."""

from collections.abc import Awaitable, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from crm_domain.problems import Refused
from crm_domain.sending.checkup import DomainReport, Entry, Verdict, judge
from crm_domain.sending.mime import ascii_domain
from crm_storage.database import Session
from crm_storage.mail.dkim import BadKey, public_part
from crm_storage.outbound.dns import Names
from crm_storage.vault import Vault

MOST = 10
"""Domains that one look asks about."""
ACCOUNTS = """
SELECT id, from_addr, host, dkim_mode = 'own', coalesce(dkim_selector, '') FROM outbound_accounts
WHERE deleted_at IS NULL ORDER BY bulk DESC NULLS LAST, created_at, id LIMIT 20
"""
RETURNS = """
SELECT return_domain, host FROM bounce_accounts
WHERE deleted_at IS NULL AND active AND return_domain <> '' ORDER BY created_at, id LIMIT 20
"""


class Sender(NamedTuple):
    """An outbound account, by what its domain must say; `signs` with a key of its own."""

    id: UUID
    address: str
    host: str
    signs: bool
    selector: str

    @property
    def domain(self) -> str:
        return ascii_domain(self.address).rpartition("@")[2].lower()


async def wanted_records(session: Session, vault: Vault) -> list[DomainReport]:
    """The records that should be there, not yet looked for."""
    senders = [Sender(*row) for row in await session.rows(ACCOUNTS)]
    keys = {one.id: await vault.read(session, "outbound_accounts", one.id, "dkim_key") for one in senders if one.signs}
    entries: dict[str, dict[str, Entry]] = {}
    for one in senders:
        for entry in _of_sender(one, keys.get(one.id)):
            entries.setdefault(one.domain, {}).setdefault(entry.name + entry.part, entry)
    for domain, host in await session.rows(RETURNS):
        name = ascii_domain(domain).removeprefix("@").lower()
        entries.setdefault(name, {})["mx"] = Entry(part="mx", name=name, kind="MX", wanted=f"10 {host}.")
    return [DomainReport(name, tuple(found.values())) for name, found in list(entries.items())[:MOST]]


def _of_sender(one: Sender, pem: str | None) -> list[Entry]:
    domain = one.domain
    found = [
        Entry(part="spf", name=domain, kind="TXT", wanted=f"v=spf1 mx a:{one.host} ~all"),
        Entry(
            part="dmarc",
            name=f"_dmarc.{domain}",
            kind="TXT",
            wanted=f"v=DMARC1; p=quarantine; rua=mailto:{one.address}",
        ),
    ]
    if one.signs and one.selector and pem:
        try:
            wanted = f"v=DKIM1; k=rsa; p={public_part(pem)}"
        except BadKey:
            return found
        found.insert(1, Entry(part="dkim", name=f"{one.selector}._domainkey.{domain}", kind="TXT", wanted=wanted))
    return found


async def looked_up(names: Names, report: DomainReport) -> DomainReport:
    """The same with what is there, judged."""
    return DomainReport(report.name, tuple([await _looked_up(names, entry) for entry in report.entries]))


async def _looked_up(names: Names, entry: Entry) -> Entry:
    asked: Awaitable[Sequence[str]] = names.exchangers(entry.name) if entry.kind == "MX" else names.texts(entry.name)
    try:
        found = tuple(await asked)
    except Refused:
        return msgspec.structs.replace(entry, verdict=Verdict("unknown", "no_answer"))
    key = entry.wanted.partition("p=")[2] if entry.part == "dkim" else ""
    shown = [text for text in found if entry.part != "spf" or text.lower().startswith("v=spf1")]
    return msgspec.structs.replace(
        entry, found=tuple(text[:1000] for text in shown[:5]), verdict=judge(entry.part, found, key)
    )
