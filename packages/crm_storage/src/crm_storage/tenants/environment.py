"""How Alembic runs both histories: as text for the runner, on a connection for comparing with the definitions."""

from typing import Any

from alembic import context
from sqlalchemy import MetaData


def run(metadata: MetaData, **options: Any) -> None:
    """What the `env.py` of a history does. The dialect leaves percent signs in texts alone."""
    if context.is_offline_mode():
        context.configure(
            dialect_name="postgresql", dialect_opts={"paramstyle": "named"}, transactional_ddl=False, **options
        )
    else:
        connection = context.config.attributes["connection"]
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transactional_ddl=False,
            compare_server_default=False,
            **options,
        )
    context.run_migrations()
