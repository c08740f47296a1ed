"""Runs the tenant history on the connection it is given, within that connection's transaction."""

from alembic import context

from crm_storage.tenants.targets import tenant_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tenant_metadata(),
    transactional_ddl=False,
    compare_server_default=False,
)
context.run_migrations()
