"""The tables of a tenant that serve every module: addresses, audit, outbox, overlay, shelves."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from crm_storage.columns import INSTANT
from crm_storage.database import ASKED_FROM, IN_HANDS_OF
from crm_storage.tenant_tables.news import news_tables
from crm_storage.tenant_tables.work import work_tables

NOW = text("now()")
ADDRESS = text(f"nullif(current_setting('{ASKED_FROM}', true), '')")
"""Where the unit of work was asked for from; NULL for what the house does by itself."""
SUPPORT = text(f"nullif(current_setting('{IN_HANDS_OF}', true), '')")
"""The operator in whose hands the user's session is; NULL for everybody's own work."""


def machinery_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant."""
    _addresses(metadata)
    _record_keeping(metadata)
    work_tables(metadata)
    _follows(metadata)
    _shelves(metadata)
    _customisation(metadata)
    _secrets(metadata)
    _files(metadata)
    news_tables(metadata)


def _addresses(metadata: MetaData) -> None:
    address = Table(
        "email_address",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
        Column("address", Text, nullable=False),
        Column("address_key", Text, nullable=False, unique=True),
        Column("opted_out", Boolean, nullable=False, server_default=text("false")),
        Column("invalid", Boolean, nullable=False, server_default=text("false")),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("domain", Text, Computed("substring(address_key from '[^@]*$')", persisted=True)),
        Column("opted_out_at", INSTANT),
        Column("opted_out_source", Text),
        Column("invalid_at", INSTANT),
        Column("invalid_reason", Text),
        Column("complained_at", INSTANT),
        Column("optin_state", Text, nullable=False, server_default=text("'none'")),
        Column("optin_at", INSTANT),
        Column("soft_bounces", Integer, nullable=False, server_default=text("0")),
        Column("last_success_at", INSTANT),
        Column("heard_at", INSTANT),
    )
    Index(
        "ix_email_address_search",
        address.c.address_key,
        postgresql_using="gin",
        postgresql_ops={"address_key": "crm.gin_trgm_ops"},
    )
    link = Table(
        "email_link",
        metadata,
        Column("module", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("address_id", Uuid, ForeignKey("email_address.id", ondelete="CASCADE"), nullable=False),
        Column("is_primary", Boolean, nullable=False, server_default=text("false")),
        Column("position", Integer, nullable=False, server_default=text("0")),
        PrimaryKeyConstraint("record_id", "address_id", name="pk_email_link"),
    )
    Index("ix_email_link_address", link.c.address_id, link.c.module, link.c.record_id)
    Index("ux_email_link_primary", link.c.record_id, unique=True, postgresql_where=link.c.is_primary)


def _record_keeping(metadata: MetaData) -> None:
    audit = Table(
        "audit_event",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
        Column("at", INSTANT, nullable=False, server_default=NOW),
        Column("actor_id", Uuid),
        Column("source", Text, nullable=False),
        Column("request_id", Text, nullable=False),
        Column("module", Text, nullable=False),
        Column("record_id", Uuid),
        Column("action", Text, nullable=False),
        Column("changes", JSONB, nullable=False, server_default=text("'{}'")),
        Column("version", Integer),
        Column("address", Text, server_default=ADDRESS),
        Column("support", Text, server_default=SUPPORT),
    )
    Index("ix_audit_event_record", audit.c.record_id, audit.c.at.desc())
    Index("ix_audit_event_actor", audit.c.actor_id, audit.c.at.desc())
    Index("ix_audit_event_at", audit.c.at.desc(), audit.c.id.desc())
    Table(
        "audit_seal",
        metadata,
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("first_event", Uuid, nullable=False),
        Column("last_event", Uuid, nullable=False),
        Column("events", Integer, nullable=False),
        Column("digests", LargeBinary, nullable=False),
        Column("chain", LargeBinary, nullable=False),
        Column("sealed_at", INSTANT, nullable=False),
    )
    Table(
        "removal",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("at", INSTANT, nullable=False, server_default=NOW),
        Column("actor_id", Uuid),
        Column("module", Text, nullable=False),
        Column("number", Integer, nullable=False),
        Column("merged_into", Uuid),
    )
    Table(
        "idempotency",
        metadata,
        Column("key", Text, primary_key=True),
        Column("user_id", Uuid, nullable=False),
        Column("answer", JSONB),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
    )


def _follows(metadata: MetaData) -> None:
    """Who is told when a record changes."""
    follow = Table(
        "follow",
        metadata,
        Column("user_id", Uuid, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        PrimaryKeyConstraint("user_id", "record_id", name="pk_follow"),
    )
    Index("ix_follow_record", follow.c.record_id)


def _shelves(metadata: MetaData) -> None:
    """What people keep at hand: stars, recent records, views, their state per module."""
    favourite = Table(
        "favourite",
        metadata,
        Column("user_id", Uuid, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        PrimaryKeyConstraint("user_id", "record_id", name="pk_favourite"),
    )
    Index("ix_favourite_user", favourite.c.user_id, favourite.c.created_at.desc())
    recent = Table(
        "recent_item",
        metadata,
        Column("user_id", Uuid, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("last_seen_at", INSTANT, nullable=False, server_default=NOW),
        Column("visits", Integer, nullable=False, server_default=text("1")),
        PrimaryKeyConstraint("user_id", "record_id", name="pk_recent_item"),
    )
    Index("ix_recent_item_user", recent.c.user_id, recent.c.last_seen_at.desc())
    Table(
        "list_view",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
        Column("module", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("owner_id", Uuid, nullable=False),
        Column("shared", Boolean, nullable=False, server_default=text("false")),
        Column("audience", Uuid),
        Column("body", JSONB, nullable=False),
        Column("position", Integer, nullable=False, server_default=text("0")),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("version", Integer, nullable=False, server_default=text("1")),
    )
    Table(
        "user_module_state",
        metadata,
        Column("user_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("body", JSONB, nullable=False),
        PrimaryKeyConstraint("user_id", "module", name="pk_user_module_state"),
    )
    _form_drafts(metadata)


def _form_drafts(metadata: MetaData) -> None:
    """What somebody has typed into a form and not saved; of a new record under the empty id."""
    drafts = Table(
        "form_draft",
        metadata,
        Column("user_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("pairs", JSONB, nullable=False),
        Column("kept_at", INSTANT, nullable=False, server_default=NOW),
        PrimaryKeyConstraint("user_id", "module", "record_id", name="pk_form_draft"),
    )
    Index("ix_form_draft_kept", drafts.c.kept_at)


def _customisation(metadata: MetaData) -> None:
    Table(
        "overlay",
        metadata,
        Column("module", Text, primary_key=True),
        Column("body", JSONB, nullable=False),
        Column("changed_at", INSTANT, nullable=False, server_default=NOW),
        Column("changed_by", Uuid),
    )
    Sequence("custom_field_number", metadata=metadata)


def _secrets(metadata: MetaData) -> None:
    """Secrets of records, and the keys they are sealed with, each wrapped by the installation's key (SEC-51)."""
    Table(
        "secret",
        metadata,
        Column("record_id", Uuid, nullable=False),
        Column("field", Text, nullable=False),
        Column("module", Text, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("set_at", INSTANT, nullable=False, server_default=NOW),
        PrimaryKeyConstraint("record_id", "field", name="pk_secret"),
    )
    Table(
        "data_key",
        metadata,
        Column("number", Integer, Identity(always=True), primary_key=True),
        Column("wrapped", LargeBinary, nullable=False),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
    )


def _files(metadata: MetaData) -> None:
    """What lies in the file door, and which records hold it: a file that no record holds is swept away."""
    blob = Table(
        "blob",
        metadata,
        Column("key", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("media_type", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("pictured", Boolean, nullable=False, server_default=text("false")),
        Column("state", Text, nullable=False),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("created_by", Uuid),
    )
    Index("ix_blob_created", blob.c.created_at)
    link = Table(
        "blob_link",
        metadata,
        Column("key", Text, ForeignKey("blob.key"), nullable=False),
        Column("module", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("field", Text, nullable=False),
        PrimaryKeyConstraint("key", "record_id", "field", name="pk_blob_link"),
    )
    Index("ix_blob_link_record", link.c.record_id, link.c.field)
