"""Writing the next revision of a history: what the definitions have more than it, as SQL text one can read.

`python -m crm_storage.tenants.revise host|tenant MESSAGE` does it with the help of the installation at
SADRA_DATABASE_URL, which it leaves as it was.
"""

import os
import re
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import psycopg
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops
from sqlalchemy import Connection, MetaData, Sequence, Table, create_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSequence

from crm_storage.tables import BEGINNING
from crm_storage.tenants.ddl import create_all, psycopg_dialect
from crm_storage.tenants.revisions import HOST, TENANT, History
from crm_storage.tenants.targets import HOST_OPTIONS, host_metadata, tenant_metadata

SCRATCH = "scratch_revision"
REVISION = '''"""{message}."""

from pathlib import Path

from alembic import op

revision = "{number}"
down_revision = "{head}"


def upgrade() -> None:
    """Colons are escaped because Alembic takes a word behind one for a parameter."""
    op.execute(Path(__file__).with_suffix(".sql").read_text("utf-8").replace(":", r"\\:"))
'''


def write_revision(url: str, history: History, message: str) -> bool:
    """Writes the next revision; False when the definitions have nothing the history lacks."""
    sql = missing(url, history)
    if not sql:
        return False
    number = f"{int(history.head) + 1:04d}"
    slug = "_".join(re.findall(r"[a-z0-9]+", message.lower()))[:40].strip("_")
    file = history.folder / "versions" / f"{number}_{slug}.py"
    file.write_text(REVISION.format(message=message.rstrip("."), number=number, head=history.head), "utf-8")
    file.with_suffix(".sql").write_text(sql, "utf-8")
    return True


def missing(url: str, history: History) -> str:
    """The statements that lead from the history's newest revision to the definitions; empty when there are none."""
    metadata, options = (host_metadata(), HOST_OPTIONS) if history.name == "host" else (tenant_metadata(), {})
    with comparable(url, history) as connection:
        found = produce_migrations(MigrationContext.configure(connection, opts=options), metadata)
    upgrade = found.upgrade_ops
    if upgrade is None or upgrade.is_empty():
        return ""
    new = {(step.schema, step.table_name) for step in upgrade.ops if isinstance(step, ops.CreateTableOp)}
    tables = [table for table in metadata.sorted_tables if (table.schema, table.name) in new]
    return _made(metadata, tables) + _changed(_steps(upgrade.ops, new))


@contextmanager
def comparable(url: str, history: History) -> Generator[Connection]:
    """A connection to tables at the history's newest revision, to be compared with definitions; rolled back after.

    A tenant's are made for it in a schema of their own; the host's are those of the installation.
    """
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    with engine.connect() as connection:
        if history.name == "tenant":
            driver: Any = connection.connection.driver_connection
            driver.execute(f"CREATE SCHEMA {SCRATCH}; SET LOCAL search_path = {SCRATCH}, crm")
            driver.execute(history.script("").encode())
        yield connection
        connection.rollback()
    engine.dispose()


def _made(metadata: MetaData, tables: list[Table]) -> str:
    """New tables, and what they begin with: it stands in columns that the changes after them may drop. Beside records that are
    as new there is nothing to begin with."""
    filled = "".join(
        f"{table.info[BEGINNING]};\n"
        for table in tables
        if BEGINNING in table.info and not any(key.references(other) for key in table.foreign_keys for other in tables)
    )
    return create_all(metadata, tables) + filled if tables else ""


def _steps(found: Iterable[ops.MigrateOperation], new: set[tuple[str | None, str]]) -> Iterator[ops.MigrateOperation]:
    """The changes of tables there are already; a new table brings its indexes and keys along."""
    for step in found:
        match step:
            case ops.CreateTableOp():
                continue
            case ops.ModifyTableOps():
                yield from _steps(step.ops, new)
            case ops.CreateIndexOp() if (step.schema, step.table_name) in new:
                continue
            case ops.CreateForeignKeyOp() if (step.kw.get("source_schema"), step.source_table) in new:
                continue
            case _:
                yield step


def _changed(steps: Iterable[ops.MigrateOperation]) -> str:
    output = StringIO()
    context = MigrationContext.configure(dialect=psycopg_dialect(), opts={"as_sql": True, "output_buffer": output})
    operations = Operations(context)
    for step in steps:
        if isinstance(step, ops.AddColumnOp) and isinstance(step.column.default, Sequence):
            operations.execute(CreateSequence(step.column.default))
        operations.invoke(step)
    return "".join(f"{line.rstrip()}\n" for line in output.getvalue().splitlines() if line.strip())


def main(words: list[str]) -> int:
    """The command of this file."""
    match words:
        case [("host" | "tenant") as name, message]:
            write_revision(os.environ["SADRA_DATABASE_URL"], HOST if name == "host" else TENANT, message)
            return 0
        case _:
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
