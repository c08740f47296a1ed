"""Runs the host history on the connection it is given, within that connection's transaction."""

from alembic import context

from crm_storage.tenants.targets import host_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=host_metadata(),
    transactional_ddl=False,
    version_table_schema="host",
    include_schemas=True,
    include_name=lambda name, type_, parents: type_ != "schema" or name == "host",
    compare_server_default=False,
)
context.run_migrations()
