"""The tables of a tenant about people: how they sign in, what they may do, what they prefer.

Users and teams themselves are modules; these rows hang on them and go with them.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from crm_storage.columns import INSTANT

NOW = text("now()")
NEW_ID = text("uuidv7()")


def people_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant, after its modules."""
    _credentials(metadata)
    _support(metadata)
    _secrets(metadata)
    _ways_in(metadata)
    _rights(metadata)
    _preferences(metadata)
    _log(metadata)
    _notices(metadata)


def _of_user(*, key: bool = False, name: str = "user_id") -> Column[object]:
    return Column(name, Uuid, ForeignKey("users.id", ondelete="CASCADE"), primary_key=key, nullable=False)


def _credentials(metadata: MetaData) -> None:
    """`version` grows with every change, so that what was handed out before stops to count."""
    Table(
        "user_credential",
        metadata,
        _of_user(key=True),
        Column("password_hash", Text),
        Column("changed_at", INSTANT, nullable=False, server_default=NOW),
        Column("must_change", Boolean, nullable=False, server_default=text("false")),
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("failed", Integer, nullable=False, server_default=text("0")),
        Column("locked_until", INSTANT),
    )


def _support(metadata: MetaData) -> None:
    """When support of the host asked to come in as which user, what was answered, until when it may stay."""
    Table(
        "support_access",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        Column("operator", Text, nullable=False),
        Column("reason", Text, nullable=False),
        _of_user(),
        Column("writes", Boolean, nullable=False),
        Column("minutes", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("asked_at", INSTANT, nullable=False, server_default=NOW),
        Column("decided_at", INSTANT),
        Column("decided_by", Uuid),
        Column("entry_hash", LargeBinary, unique=True),
        Column("entry_until", INSTANT),
        Column("until", INSTANT),
    )


def _secrets(metadata: MetaData) -> None:
    """Of every secret only its SHA-256 is kept (SEC-31). A session is made anew when it is proven; `opened_at` stays."""
    session = Table(
        "session",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        _of_user(),
        Column("token_hash", LargeBinary, nullable=False, unique=True),
        Column("opened_at", INSTANT, nullable=False, server_default=NOW),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("last_seen_at", INSTANT, nullable=False, server_default=NOW),
        Column("expires_at", INSTANT, nullable=False),
        Column("agent", Text, nullable=False, server_default=text("''")),
        Column("address", Text, nullable=False, server_default=text("''")),
        Column("support_id", Uuid, ForeignKey("support_access.id", ondelete="CASCADE")),
    )
    Index("ix_session_user", session.c.user_id, session.c.last_seen_at.desc())
    token = Table(
        "personal_token",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        _of_user(),
        Column("name", Text, nullable=False),
        Column("prefix", Text, nullable=False),
        Column("token_hash", LargeBinary, nullable=False, unique=True),
        Column("scopes", ARRAY(Text), nullable=False, server_default=text("'{}'")),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("expires_at", INSTANT),
        Column("last_used_at", INSTANT),
    )
    Index("ix_personal_token_user", token.c.user_id, token.c.created_at.desc())
    once = Table(
        "one_time_token",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        _of_user(),
        Column("purpose", Text, nullable=False),
        Column("token_hash", LargeBinary, nullable=False, unique=True),
        Column("credential_version", Integer, nullable=False),
        Column("expires_at", INSTANT, nullable=False),
        Column("used_at", INSTANT),
    )
    Index("ix_one_time_token_user", once.c.user_id, once.c.purpose)
    Table(
        "calendar_feed",
        metadata,
        _of_user(key=True),
        Column("secret_hash", LargeBinary, nullable=False, unique=True),
        Column("busy_hash", LargeBinary, unique=True),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
    )


def _ways_in(metadata: MetaData) -> None:
    """What there is besides passwords: a second factor, accounts elsewhere, browsers that are known."""
    Table(
        "second_factor",
        metadata,
        _of_user(key=True),
        Column("step", BigInteger, nullable=False),
        Column("recovery", ARRAY(LargeBinary), nullable=False),
        Column("set_at", INSTANT, nullable=False, server_default=NOW),
    )
    identity = Table(
        "sso_identity",
        metadata,
        Column("issuer", Text, primary_key=True),
        Column("subject", Text, primary_key=True),
        _of_user(),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("used_at", INSTANT, nullable=False, server_default=NOW),
    )
    Index("ix_sso_identity_user", identity.c.user_id)
    device = Table(
        "device",
        metadata,
        Column("token_hash", LargeBinary, primary_key=True),
        _of_user(key=True),
        Column("agent", Text, nullable=False, server_default=text("''")),
        Column("address", Text, nullable=False, server_default=text("''")),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("seen_at", INSTANT, nullable=False, server_default=NOW),
        Column("trusted_until", INSTANT),
    )
    Index("ix_device_user", device.c.user_id)


def _rights(metadata: MetaData) -> None:
    """`shipped` names the role the product brought; the tenant's own have none."""
    Table(
        "role",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        Column("name", Text, nullable=False, unique=True),
        Column("shipped", Text, unique=True),
        Column("grants", JSONB, nullable=False, server_default=text("'{}'")),
        Column("specials", ARRAY(Text), nullable=False, server_default=text("'{}'")),
        Column("fields", JSONB, nullable=False, server_default=text("'{}'")),
        Column("version", Integer, nullable=False, server_default=text("1")),
    )
    of_user = Table(
        "user_role",
        metadata,
        _of_user(key=True),
        Column("role_id", Uuid, ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
    )
    Index("ix_user_role_role", of_user.c.role_id)
    member = Table(
        "team_member",
        metadata,
        _of_user(key=True),
        Column("team_id", Uuid, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
        Column("is_leader", Boolean, nullable=False, server_default=text("false")),
    )
    Index("ix_team_member_team", member.c.team_id)


def _preferences(metadata: MetaData) -> None:
    """A user's own choices, and the tenant's settings by key."""
    Table("preference", metadata, _of_user(key=True), Column("body", JSONB, nullable=False))
    Table(
        "setting",
        metadata,
        Column("key", Text, primary_key=True),
        Column("value", JSONB, nullable=False),
    )


def _log(metadata: MetaData) -> None:
    """Every attempt to sign in, also of names nobody has, and how long to wait after failures."""
    event = Table(
        "login_event",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        Column("user_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
        Column("name", Text, nullable=False),
        Column("at", INSTANT, nullable=False, server_default=NOW),
        Column("ok", Boolean, nullable=False),
        Column("method", Text, nullable=False),
        Column("address", Text, nullable=False, server_default=text("''")),
        Column("agent", Text, nullable=False, server_default=text("''")),
    )
    Index("ix_login_event_at", event.c.at.desc())
    Index("ix_login_event_user", event.c.user_id, event.c.at.desc())
    Table(
        "login_throttle",
        metadata,
        Column("key", Text, primary_key=True),
        Column("failures", Integer, nullable=False, server_default=text("0")),
        Column("until", INSTANT),
    )


def _notices(metadata: MetaData) -> None:
    """What people were told, and how they want to be told. `mail_at` is when it is to be mailed, until it was."""
    notice = Table(
        "notification",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=NEW_ID),
        _of_user(),
        Column("kind", Text, nullable=False),
        Column("module", Text),
        Column("record_id", Uuid),
        Column("href", Text, nullable=False, server_default=text("''")),
        Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
        Column("actor_id", Uuid),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        Column("read_at", INSTANT),
        Column("snoozed_until", INSTANT),
        Column("page", Boolean, nullable=False, server_default=text("true")),
        Column("mail_at", INSTANT),
        Column("digest", Boolean, nullable=False, server_default=text("false")),
    )
    asleep = notice.c.snoozed_until
    Index("ix_notification_asleep", asleep, postgresql_where=asleep.is_not(None))
    Index("ix_notification_mail", notice.c.mail_at, postgresql_where=notice.c.mail_at.is_not(None))
    Index("ix_notification_user", notice.c.user_id, notice.c.id.desc())
    Index("ix_notification_unread", notice.c.user_id, postgresql_where=notice.c.read_at.is_(None))
    Table(
        "notification_choice",
        metadata,
        _of_user(key=True),
        Column("kind", Text, primary_key=True),
        Column("page", Boolean, nullable=False),
        Column("mail", Boolean, nullable=False),
        Column("digest", Boolean, nullable=False, server_default=text("false")),
    )
