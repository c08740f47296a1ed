"""`./sadra token`: API tokens without the browser."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from crm_storage.people.accounts import account_by_login
from crm_storage.people.tokens import create_token
from sadra_cli.children import Failed
from sadra_cli.installation import opened, tenant_number
from sadra_cli.places import DATA

app = App(name="token", help="Make API tokens.")


@app.command
def create(
    *,
    tenant: str,
    user: str,
    name: str = "command line",
    days: int = 365,
    read_only: Annotated[bool, Parameter(negative=())] = False,
    data: Path = DATA,
) -> int:
    """Print a new API token of a user; it cannot be shown again.

    Example: ./sadra token create --tenant demo --user admin

    Parameters
    ----------
    tenant
        Name of the tenant.
    user
        User name or e-mail.
    name
        What the token is called in the user's settings.
    days
        How long it works.
    read_only
        It may read but change nothing.
    data
        Folder that `up` runs from.
    """
    print(asyncio.run(_create(data, tenant, user, name, days, read_only=read_only)))
    return 0


async def _create(data: Path, tenant: str, user: str, name: str, days: int, *, read_only: bool) -> str:
    now = datetime.now(UTC)
    async with opened(data) as (database, _):
        async with database.host() as session:
            number = await tenant_number(session, tenant)
        async with database.tenant(number) as session:
            account = await account_by_login(session, user)
            if account is None:
                raise Failed(f"There is no active user {user}.")
            scopes = frozenset({"read"} if read_only else {"read", "write"})
            secret = await create_token(
                session, account.id, name=name, scopes=scopes, expires_at=now + timedelta(days=days), now=now
            )
            await session.commit()
            return secret
