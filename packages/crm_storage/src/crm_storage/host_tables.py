"""The tables of the host: who the tenants are, who runs them, what was done to them. Schema `host`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from crm_storage.columns import INSTANT

NOW = text("now()")
HOST = MetaData(schema="host")

PLAN = Table(
    "plan",
    HOST,
    Column("key", Text, primary_key=True),
    Column("quotas", JSONB, nullable=False, server_default=text("'{}'")),
)
TENANT = Table(
    "tenant",
    HOST,
    Column("number", Integer, Sequence("tenant_number", metadata=HOST), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("domain", Text, unique=True),
    Column("state", Text, nullable=False, server_default=text("'active'")),
    Column("plan", Text, ForeignKey(PLAN.c.key), nullable=False),
    Column("language", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("overlay_version", Integer, nullable=False, server_default=text("0")),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Column("delete_after", INSTANT),
)
TENANT_EVENT = Table(
    "tenant_event",
    HOST,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("tenant", Integer, nullable=False),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
)
Index("ix_tenant_event_tenant", TENANT_EVENT.c.tenant, TENANT_EVENT.c.at.desc())
MIGRATION = Table(
    "migration",
    HOST,
    Column("tenant", Integer, primary_key=True),
    Column("revision", Text, nullable=False),
    Column("started_at", INSTANT, nullable=False, server_default=NOW),
    Column("ended_at", INSTANT),
    Column("error", Text),
)
USAGE = Table(
    "usage",
    HOST,
    Column("tenant", Integer, primary_key=True),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("users", Integer, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("storage", BigInteger, nullable=False),
    Column("mails", BigInteger, nullable=False),
)
OPERATOR = Table(
    "operator",
    HOST,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False, server_default=text("'owner'")),
    Column("language", Text, nullable=False, server_default=text("'fa'")),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", LargeBinary),
    Column("totp_step", BigInteger, nullable=False, server_default=text("0")),
    Column("recovery", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("failed", Integer, nullable=False, server_default=text("0")),
    Column("locked_until", INSTANT),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
)
OPERATOR_SESSION = Table(
    "operator_session",
    HOST,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("operator_id", Uuid, ForeignKey(OPERATOR.c.id, ondelete="CASCADE"), nullable=False),
    Column("verified", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Column("last_seen_at", INSTANT, nullable=False, server_default=NOW),
    Column("address", Text, nullable=False, server_default=text("''")),
    Column("agent", Text, nullable=False, server_default=text("''")),
)
