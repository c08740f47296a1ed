"""The tables of a tenant behind its web forms: what each asks, in order, and what people filled in."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from crm_storage.columns import INSTANT
from crm_storage.tenant_tables.parts import flag, reference, word


def web_form_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant, after its modules. A ticket is filled in once."""
    Table(
        "web_form_field",
        metadata,
        reference("form_id", "web_forms", key=True),
        Column("key", Text, primary_key=True),
        Column("position", Integer, nullable=False),
        word("label"),
        flag("required"),
    )
    submission = Table(
        "web_form_submission",
        metadata,
        Column("id", Uuid, primary_key=True),
        reference("form_id", "web_forms"),
        Column("ticket", BigInteger, nullable=False),
        Column("at", INSTANT, nullable=False),
        word("network"),
        Column("said", JSONB, nullable=False),
        word("state", "new"),
        Column("problems", JSONB),
        word("module"),
        Column("record_id", Uuid),
        Column("settled_by", Uuid),
        Column("settled_at", INSTANT),
        UniqueConstraint("form_id", "ticket"),
    )
    c = submission.c
    Index("ix_web_form_submission_form", c.form_id, c.id.desc())
    Index("ix_web_form_submission_record", c.record_id)
