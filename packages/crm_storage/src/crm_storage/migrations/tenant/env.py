"""Alembic's entry to the tenant history."""

from crm_storage.tenants.environment import run
from crm_storage.tenants.targets import tenant_metadata

run(tenant_metadata())
