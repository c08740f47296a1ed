"""What the name system says of the domains that a company's mail comes from, and of those to which it returns."""

from crm_domain.problems import Refused
from crm_domain.sending.checkup import DomainReport, ReturnReport
from crm_domain.sending.mime import ascii_domain
from crm_domain.sending.standing import Sender
from crm_storage.database import Session
from crm_storage.outbound.dns import Names
from crm_storage.records.context import Context
from crm_storage.sending.standing import sender_of, standing

MOST = 10
"""Domains that one look asks about."""
ACCOUNTS = """
SELECT id FROM outbound_accounts WHERE deleted_at IS NULL ORDER BY bulk DESC NULLS LAST, created_at, id LIMIT 20
"""
RETURNS = """
SELECT return_domain, host FROM bounce_accounts
WHERE deleted_at IS NULL AND active AND return_domain <> '' ORDER BY created_at, id LIMIT 10
"""


async def senders_of(context: Context) -> list[Sender]:
    """The accounts as receivers see them, one for each domain: the one that mailings use, or that signs by itself."""
    found: dict[str, Sender] = {}
    for (id_,) in await context.session.rows(ACCOUNTS):
        sender = await sender_of(context, id_)
        if sender and (sender.domain not in found or (sender.key and not found[sender.domain].key)):
            found[sender.domain] = sender
    return list(found.values())[:MOST]


async def returns_of(session: Session) -> list[tuple[str, str]]:
    """The domains to which mail returns, each with the server that is read for it."""
    rows = await session.rows(RETURNS)
    return [(ascii_domain(domain).removeprefix("@").lower(), host) for domain, host in rows]


async def believed(names: Names, sender: Sender) -> DomainReport:
    """A sender's domain by the receivers' rules."""
    return DomainReport(sender.domain, await standing(sender, names.texts))


async def returning(names: Names, domain: str, host: str) -> ReturnReport:
    """Which servers take a domain's mail."""
    try:
        return ReturnReport(domain, host, tuple(await names.exchangers(domain)))
    except Refused:
        return ReturnReport(domain, host, None)
