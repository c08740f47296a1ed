"""What sending needs of a tenant: its units of work, its secrets, the door to its mail servers."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from crm_domain.access.rights import Access
from crm_domain.sending.plan import RELAY
from crm_domain.tracking.tokens import Tokens
from crm_storage.database import Database, Session
from crm_storage.outbound import Door
from crm_storage.records.context import Context, Schema
from crm_storage.smtp.account import Account, Security
from crm_storage.vault import Vault

HOUSE = Access(user=UUID(int=0), admin=True)
"""Whose rights recipients' values are read with: a mailing was allowed when it was scheduled."""
READ = """
SELECT host, port, security, coalesce(user_name, ''), coalesce(connections, 10), coalesce(per_connection, 100), per_second,
  per_hour, per_day, dkim_mode, coalesce(dkim_selector, ''), from_addr
FROM outbound_accounts WHERE id = %(id)s AND deleted_at IS NULL AND (%(disabled)s OR coalesce(state, '') <> 'disabled')
"""
MODULE = "outbound_accounts"


class Pace(msgspec.Struct, frozen=True):
    """An account's limits; None means none."""

    per_second: int | None = None
    per_hour: int | None = None
    per_day: int | None = None


class Outlet(msgspec.Struct, frozen=True):
    """An account ready for use: its server, how many connections at once, its limits, and its own signature if any."""

    account: Account
    connections: int = 10
    pace: Pace = Pace()
    dkim: tuple[str, str, str] | None = None
    """Domain, selector and key."""
    own: bool = False
    """The installation's relay, whose address the operator set: no tenant named it, so the door does not judge it."""


class Station(NamedTuple):
    """One tenant's; `number` is its own."""

    database: Database
    number: int
    schema: Schema
    vault: Vault
    door: Door
    tokens: Tokens
    relay: Account
    clock: Callable[[], datetime]
    daily: int = 0
    """Mails a day that the tenant's plan allows; 0 means any number."""

    @asynccontextmanager
    async def work(self) -> AsyncGenerator[Context]:
        """A unit of work of the tenant; lasts only when its session is committed."""
        async with self.database.tenant(self.number) as session:
            yield Context(session, self.schema, HOUSE, "job", "")

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[Session]:
        async with self.database.tenant(self.number) as session:
            yield session

    async def outlet(self, session: Session, account: UUID, *, disabled: bool = False) -> Outlet | None:
        """The account by id; None when it is gone or, unless `disabled` is allowed, was stopped."""
        if account == RELAY:
            return Outlet(self.relay, own=True)
        row = await session.one(READ, {"id": account, "disabled": disabled})
        if row is None:
            return None
        (
            host,
            port,
            security,
            user,
            connections,
            per_connection,
            per_second,
            per_hour,
            per_day,
            mode,
            selector,
            sender,
        ) = row
        password = await self.vault.read(session, MODULE, account, "password") or ""
        server = Account(
            host=host,
            port=port,
            security=_security(security),
            user=user,
            password=password,
            helo=self.relay.helo,
            per_connection=per_connection,
        )
        key = await self.vault.read(session, MODULE, account, "dkim_key") if mode == "own" else None
        dkim = (sender.rpartition("@")[2], selector, key) if key and selector else None
        return Outlet(server, connections, Pace(per_second, per_hour, per_day), dkim)


def _security(word: str) -> Security:
    return "tls" if word == "tls" else "starttls" if word == "starttls" else "none"
