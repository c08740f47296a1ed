"""The tables of a tenant about reports that are mailed: when and to whom, and what became of the last time."""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from crm_storage.columns import INSTANT
from crm_storage.tenant_tables.parts import flag, new_id_column, reference, stamp, word


def report_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant, after its modules."""
    schedule = Table(
        "report_schedule",
        metadata,
        new_id_column(),
        reference("report_id", "reports"),
        Column("owner_id", Uuid, nullable=False),
        Column("every", Text, nullable=False),
        Column("day", Integer, nullable=False),
        Column("minute", Integer, nullable=False),
        Column("zone", Text, nullable=False),
        Column("calendar", Text, nullable=False),
        Column("forms", JSONB, nullable=False),
        Column("people", JSONB, nullable=False),
        Column("send_empty", Boolean, nullable=False),
        flag("paused"),
        Column("due_at", INSTANT),
        Column("last_due", INSTANT),
        stamp("created_at"),
    )
    Index("ix_report_schedule_due", schedule.c.due_at, postgresql_where=~schedule.c.paused)
    Index("ix_report_schedule_report", schedule.c.report_id)
    delivery = Table(
        "report_delivery",
        metadata,
        new_id_column(),
        reference("schedule_id", "report_schedule"),
        Column("due", INSTANT, nullable=False),
        Column("user_id", Uuid),
        word("address"),
        word("state", "waiting"),
        word("problem"),
        Column("at", INSTANT),
        UniqueConstraint("schedule_id", "due", "user_id", "address", postgresql_nulls_not_distinct=True),
    )
    Index("ix_report_delivery_schedule", delivery.c.schedule_id)
