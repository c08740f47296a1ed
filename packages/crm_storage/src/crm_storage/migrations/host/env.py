"""Alembic's entry to the host history."""

from crm_storage.tenants.environment import run
from crm_storage.tenants.targets import HOST_OPTIONS, host_metadata

run(host_metadata(), **HOST_OPTIONS)
