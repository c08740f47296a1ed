"""`./sadra user`: people of a tenant without the browser."""

import asyncio
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cyclopts import App

from crm_domain.access.rights import Access
from crm_domain.definition import EmailEntry
from crm_domain.modules import REGISTRY
from crm_domain.modules.users import User
from crm_domain.records.work import Work
from crm_domain.text.locale import ENGLISH
from crm_storage.hashing import Hasher
from crm_storage.people.accounts import account_by_login
from crm_storage.people.administer import By, assign_roles, roles
from crm_storage.people.passwords import set_password
from crm_storage.records.context import Context, Schema
from crm_storage.store import TenantStore
from sadra_cli.children import Failed
from sadra_cli.installation import opened, tenant_number
from sadra_cli.places import DATA

app = App(name="user", help="Create users of a tenant.")
SOURCE = "command"


class SystemClock:
    """The machine's time, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@app.command
def create(
    user_name: str,
    *,
    tenant: str,
    last_name: str,
    email: str,
    first_name: str = "",
    role: str = "sales_rep",
    user_type: Literal["regular", "administrator"] = "regular",
    password: str = "",
    data: Path = DATA,
) -> int:
    """Create a user; his password is printed once when none is given, and he changes it at first sign-in.

    Example: ./sadra user create sara --tenant demo --first-name Sara --last-name Ahmadi --email sara@acme.example

    Parameters
    ----------
    user_name
        What he signs in with.
    tenant
        Name of the tenant.
    last_name
        Family name.
    email
        His primary address.
    first_name
        Given name.
    role
        A shipped role: sales_rep, sales_manager, marketing, support_agent, support_manager, read_only, import_operator.
    user_type
        regular or administrator.
    password
        Made up when empty.
    data
        Folder that `up` runs from.
    """
    chosen = password or secrets.token_urlsafe(12)
    asyncio.run(_create(data, tenant, user_name, first_name, last_name, email, role, user_type, chosen))
    print(f"{user_name}  {'(the given password)' if password else chosen}")
    return 0


async def _create(
    data: Path, tenant: str, user_name: str, first: str, last: str, email: str, role: str, user_type: str, password: str
) -> None:
    async with opened(data) as (database, _):
        async with database.host() as session:
            number = await tenant_number(session, tenant)
        async with database.tenant(number) as session:
            admin = await account_by_login(session, "admin")
            if admin is None:
                raise Failed(f"The tenant {tenant} has no user named admin.")
            access = Access(user=admin.id, admin=True)
            store = TenantStore(Context(session, Schema(REGISTRY), access, SOURCE, SOURCE), SystemClock())
            work = Work(store, REGISTRY, SystemClock(), ENGLISH, "IRR")
            made = await work.create(
                User,
                User.user_name.to(user_name),
                User.first_name.to(first or None),
                User.last_name.to(last),
                User.emails.to((EmailEntry(email, primary=True),)),
                User.user_type.to(user_type),
            )
            wanted = next((found.id for found in await roles(session) if found.shipped == role), None)
            if wanted is None:
                raise Failed(f"There is no role {role}.")
            await assign_roles(session, REGISTRY, By(access, SOURCE, SOURCE), made, [wanted])
            await set_password(session, Hasher(), user_name, password)
            await session.commit()
