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
NEW_ID = text("uuidv7()")
NOTHING = text("'{}'")
NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}
HOST = MetaData(schema="host", naming_convention=NAMING)

PLAN = Table(
    "plan",
    HOST,
    Column("key", Text, primary_key=True),
    Column("quotas", JSONB, nullable=False, server_default=NOTHING),
)
QUOTA_OVERRIDE = Table(
    "quota_override",
    HOST,
    Column("tenant", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("expires_at", INSTANT),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
)
"""What one tenant has instead of its plan's limit, until a moment or for good."""
NUMBERS = Sequence("tenant_number", metadata=HOST)
TENANT = Table(
    "tenant",
    HOST,
    Column("number", Integer, NUMBERS, server_default=NUMBERS.next_value(), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'active'")),
    Column("plan", Text, ForeignKey(PLAN.c.key), nullable=False),
    Column("locale", JSONB, nullable=False),
    Column("currency", Text, nullable=False),
    Column("schema_version", Text, nullable=False),
    Column("overlay_version", Integer, nullable=False, server_default=text("0")),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Column("delete_after", INSTANT),
)
Index("ix_tenant_schema_version", TENANT.c.schema_version)
DOMAIN = Table(
    "domain",
    HOST,
    Column("name", Text, primary_key=True),
    Column("tenant", Integer, ForeignKey(TENANT.c.number, ondelete="CASCADE"), primary_key=True),
    Column("proof", Text, nullable=False),
    Column("verified_at", INSTANT),
    Column("checked_at", INSTANT),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
)
Index("ix_domain_tenant", DOMAIN.c.tenant)
Index("ux_domain_verified", DOMAIN.c.name, unique=True, postgresql_where=DOMAIN.c.verified_at.is_not(None))
TENANT_EVENT = Table(
    "tenant_event",
    HOST,
    Column("id", Uuid, primary_key=True, server_default=NEW_ID),
    Column("tenant", Integer, nullable=False),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("facts", JSONB, nullable=False, server_default=NOTHING),
)
Index("ix_tenant_event_tenant", TENANT_EVENT.c.tenant, TENANT_EVENT.c.at.desc())
MIGRATION = Table(
    "migration",
    HOST,
    Column("tenant", Integer, ForeignKey(TENANT.c.number, ondelete="CASCADE"), primary_key=True),
    Column("revision", Text, nullable=False),
    Column("started_at", INSTANT, nullable=False, server_default=NOW),
    Column("ended_at", INSTANT),
    Column("error", Text),
)
USAGE = Table(
    "usage",
    HOST,
    Column("tenant", Integer, ForeignKey(TENANT.c.number, ondelete="CASCADE"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("users", Integer, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("storage", BigInteger, nullable=False),
    Column("mails", BigInteger, nullable=False),
)
Table(
    "anchor",
    HOST,
    Column("tenant", Integer, ForeignKey(TENANT.c.number, ondelete="CASCADE"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("seal", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("at", INSTANT, nullable=False, server_default=NOW),
)
SLOT = Table(
    "slot",
    HOST,
    Column("name", Text, primary_key=True),
    Column("due", INSTANT, primary_key=True),
    Column("fence", Integer, nullable=False, server_default=text("1")),
    Column("started_at", INSTANT, nullable=False, server_default=NOW),
    Column("leased_until", INSTANT, nullable=False),
    Column("finished_at", INSTANT),
    Column("error", Text, nullable=False, server_default=text("''")),
)
"""What is done by the clock: one row for each period of each thing (REL-18)."""
OPERATOR = Table(
    "operator",
    HOST,
    Column("id", Uuid, primary_key=True, server_default=NEW_ID),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False, server_default=text("'owner'")),
    Column("language", Text, nullable=False, server_default=text("'fa'")),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", LargeBinary),
    Column("totp_step", BigInteger, nullable=False, server_default=text("0")),
    Column("recovery", ARRAY(LargeBinary), nullable=False, server_default=NOTHING),
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
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Column("last_seen_at", INSTANT, nullable=False, server_default=NOW),
    Column("address", Text, nullable=False, server_default=text("''")),
    Column("agent", Text, nullable=False, server_default=text("''")),
)
Index("ix_operator_session_operator", OPERATOR_SESSION.c.operator_id)
OPERATOR_AUDIT = Table(
    "operator_audit",
    HOST,
    Column("id", Uuid, primary_key=True, server_default=NEW_ID),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("operator_id", Uuid),
    Column("action", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=text("''")),
    Column("facts", JSONB, nullable=False, server_default=NOTHING),
)
Index("ix_operator_audit_at", OPERATOR_AUDIT.c.at.desc())
Table(
    "setting",
    HOST,
    Column("key", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
)
BACKUP = Table(
    "backup",
    HOST,
    Column("id", Uuid, primary_key=True),
    Column("tenant", Integer, nullable=False),
    Column("taken_at", INSTANT, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("schema_version", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("files", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
)
"""Backups that are whole, also of tenants whose row is gone while their parts are being dropped."""
Index("ix_backup_tenant", BACKUP.c.tenant, BACKUP.c.taken_at.desc())
ERRAND = Table(
    "errand",
    HOST,
    Column("id", Uuid, primary_key=True, server_default=NEW_ID),
    Column("tenant", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("facts", JSONB, nullable=False, server_default=NOTHING),
    Column("actor", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'waiting'")),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Column("started_at", INSTANT),
    Column("leased_until", INSTANT),
    Column("ended_at", INSTANT),
    Column("outcome", JSONB, nullable=False, server_default=NOTHING),
)
"""Long work of the host's for one tenant, one at a time: backups and restorations."""
Index("ix_errand_tenant", ERRAND.c.tenant, ERRAND.c.created_at.desc())
Index("ix_errand_waiting", ERRAND.c.created_at, postgresql_where=text("state = 'waiting'"))
Index("ux_errand_running", ERRAND.c.tenant, unique=True, postgresql_where=text("state = 'running'"))
