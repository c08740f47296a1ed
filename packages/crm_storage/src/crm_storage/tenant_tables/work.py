"""The tables of a tenant about work to be done: what leaves for the bus, and long work with its progress."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from crm_storage.columns import INSTANT

NOW = text("now()")
NEW_ID = text("uuidv7()")
ZERO = text("0")
EMPTY = text("'{}'")
NO_TEXT = text("''")


def work_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant."""
    _outbox(metadata)
    _job(metadata)
    _bulk(metadata)
    _import(metadata)
    _reminder(metadata)


def _reminder(metadata: MetaData) -> None:
    """Whom a reminder has reached. The time is part of the key, so that what was moved reminds again."""
    Table(
        "reminder_sent",
        metadata,
        Column("record_id", Uuid, primary_key=True),
        Column("user_id", Uuid, primary_key=True),
        Column("channel", Text, primary_key=True),
        Column("seconds", Integer, primary_key=True),
        Column("at", INSTANT, primary_key=True),
    )


def _outbox(metadata: MetaData) -> None:
    """A row is waiting, then on the bus (in that life of it), then handled or dead. `round` counts how often it went out anew."""
    outbox = Table(
        "outbox",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        Column("subject", Text, nullable=False),
        Column("payload", JSONB, nullable=False),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("published_at", INSTANT),
        Column("life", Text, nullable=False, server_default=NO_TEXT),
        Column("handled_at", INSTANT),
        Column("dead_at", INSTANT),
        Column("tries", Integer, nullable=False, server_default=ZERO),
        Column("round", Integer, nullable=False, server_default=ZERO),
        Column("error", Text, nullable=False, server_default=NO_TEXT),
        Column("not_before", INSTANT),
    )
    c = outbox.c
    Index("ix_outbox_waiting", c.id, postgresql_where=c.published_at.is_(None))
    Index("ix_outbox_flying", c.id, postgresql_where=c.published_at.is_not(None) & c.handled_at.is_(None))
    Index("ix_outbox_handled", c.handled_at, postgresql_where=c.handled_at.is_not(None))


def _job(metadata: MetaData) -> None:
    """`turn` says which message may run it, `fence` which run may write (REL-03)."""
    job = Table(
        "job",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("user_id", Uuid),
        Column("state", Text, nullable=False, server_default=text("'waiting'")),
        Column("request", JSONB, nullable=False),
        Column("checkpoint", JSONB, nullable=False, server_default=EMPTY),
        Column("outcome", JSONB, nullable=False, server_default=EMPTY),
        Column("done", BigInteger, nullable=False, server_default=ZERO),
        Column("total", BigInteger),
        Column("message", Text, nullable=False, server_default=NO_TEXT),
        Column("facts", JSONB, nullable=False, server_default=EMPTY),
        Column("cancelling", Boolean, nullable=False, server_default=text("false")),
        Column("request_id", Text, nullable=False, server_default=NO_TEXT),
        Column("turn", Integer, nullable=False, server_default=ZERO),
        Column("fence", Integer, nullable=False, server_default=ZERO),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("started_at", INSTANT),
        Column("moved_at", INSTANT, nullable=False, server_default=NOW),
        Column("finished_at", INSTANT),
    )
    Index("ix_job_user", job.c.user_id, job.c.id.desc())
    Index("ix_job_open", job.c.moved_at, postgresql_where=job.c.finished_at.is_(None))


def _bulk(metadata: MetaData) -> None:
    """What was done to many records at once, and what came of each."""
    run = Table(
        "bulk_run",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        Column("user_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("changes", JSONB, nullable=False, server_default=EMPTY),
        Column("state", Text, nullable=False, server_default=text("'draft'")),
        Column("total", Integer, nullable=False),
        Column("job", Uuid),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("finished_at", INSTANT),
    )
    Index("ix_bulk_run_user", run.c.user_id, run.c.id.desc())
    item = Table(
        "bulk_item",
        metadata,
        Column("run_id", Uuid, ForeignKey("bulk_run.id", ondelete="CASCADE"), primary_key=True),
        Column("record_id", Uuid, primary_key=True),
        Column("status", Text, nullable=False, server_default=text("'waiting'")),
        Column("reason", Text, nullable=False, server_default=NO_TEXT),
        Column("facts", JSONB, nullable=False, server_default=EMPTY),
        Column("before", JSONB, nullable=False, server_default=EMPTY),
        Column("after", JSONB, nullable=False, server_default=EMPTY),
    )
    Index("ix_bulk_item_status", item.c.run_id, item.c.status, item.c.record_id)


def _import(metadata: MetaData) -> None:
    """Files taken in, row by row: what each row says, what came of it, and what it replaced."""
    run = Table(
        "import_run",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        Column("user_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("file", Text, nullable=False),
        Column("heads", JSONB, nullable=False),
        Column("mapping", JSONB, nullable=False),
        Column("mode", Text, nullable=False, server_default=text("'create'")),
        Column("key", Text, nullable=False, server_default=NO_TEXT),
        Column("state", Text, nullable=False, server_default=text("'draft'")),
        Column("total", Integer, nullable=False),
        Column("job", Uuid),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("finished_at", INSTANT),
        Column("gather_into", Uuid),
    )
    Index("ix_import_run_module", run.c.module, run.c.id.desc())
    saved = Table(
        "import_mapping",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        Column("user_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("shared", Boolean, nullable=False),
        Column("columns", JSONB, nullable=False),
        Column("mode", Text, nullable=False),
        Column("key", Text, nullable=False),
    )
    Index("ux_import_mapping_name", saved.c.user_id, saved.c.module, saved.c.name, unique=True)
    row = Table(
        "import_row",
        metadata,
        Column("run_id", Uuid, ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("cells", JSONB, nullable=False),
        Column("status", Text, nullable=False, server_default=text("'waiting'")),
        Column("record_id", Uuid),
        Column("reason", Text, nullable=False, server_default=NO_TEXT),
        Column("facts", JSONB, nullable=False, server_default=EMPTY),
        Column("before", JSONB, nullable=False, server_default=EMPTY),
        Column("after", JSONB, nullable=False, server_default=EMPTY),
    )
    Index("ix_import_row_status", row.c.run_id, row.c.status, row.c.number)
