"""Work in a tenant's own tables within a transaction of the host's."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from crm_domain.tenancy import schema_name
from crm_storage.database import SHARED_SCHEMA, Session

AS_HOST = "RESET ROLE; SET LOCAL search_path = host, crm"
"""Ends acting as a tenant's role in its schema."""


@asynccontextmanager
async def within(session: Session, number: int) -> AsyncGenerator[None]:
    """What is done inside is done as the tenant's role in its schema; what fails there leaves the transaction unusable."""
    name = schema_name(number)
    await session.script(f"SET LOCAL search_path = {name}, {SHARED_SCHEMA}; SET LOCAL ROLE {name}")
    yield
    await session.script(AS_HOST)
