"""Asks the name system what an account's domain says of itself, and judges it by the receivers' rules (7.5)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from crm_domain.problems import Refused
from crm_domain.sending.mime import ascii_domain
from crm_domain.sending.standing import Rule, Sender, judge
from crm_storage.mail.dkim import BadKey, public_key
from crm_storage.records.context import Context

Ask = Callable[[str], Awaitable[Sequence[str]]]
MODULE = "outbound_accounts"
READ = """
SELECT from_addr, host, security, dkim_mode, coalesce(dkim_selector, '') FROM outbound_accounts
WHERE id = %(id)s AND deleted_at IS NULL
"""


async def sender_of(context: Context, account: UUID) -> Sender | None:
    """The account as receivers see it; None when it is gone."""
    row = await context.session.one(READ, {"id": account})
    if row is None:
        return None
    address, host, security, mode, selector = row
    pem = None
    if context.vault and mode == "own" and selector:
        pem = await context.vault.read(context.session, MODULE, account, "dkim_key")
    domain = ascii_domain(address).rpartition("@")[2].lower()
    return Sender(domain=domain, host=host, security=security, selector=selector, key=_public(pem) if pem else "")


async def standing(sender: Sender, ask: Ask) -> tuple[Rule, ...]:
    """Every rule, judged by what the name system says now."""
    names = sender.names
    return judge(sender, dict(zip(names, await asyncio.gather(*(_asked(ask, name) for name in names)), strict=True)))


async def _asked(ask: Ask, name: str) -> Sequence[str] | None:
    try:
        return await ask(name)
    except Refused:
        return None


def _public(pem: str) -> str:
    try:
        return public_key(pem)
    except BadKey:
        return ""
