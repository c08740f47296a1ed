"""The tables of a tenant behind tracking: what recipients did, counted three ways, and what came back.

Raw events are kept for a while; the log holds one row for each message, activity and link; statistics are sums of the
log by hour, kept by the statements that change it, so that no chart counts rows.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy import Identity as Numbered

from crm_storage.columns import INSTANT
from crm_storage.tenant_tables.parts import reference

NOW = text("now()")
NOTHING = text("''")
ZERO = text("0")
CLICK = 1
"""`crm_domain.tracking.tokens.Kind.CLICK` as it stands in the rows."""


def tracking_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant."""
    _links(metadata)
    _events(metadata)
    _log(metadata)
    _visits(metadata)
    _returned(metadata)


def _links(metadata: MetaData) -> None:
    """What the number in a click's token leads to. A mailing's links have numbers in a row."""
    Table(
        "link",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("marketing_id", Uuid),
        Column("version_id", Uuid),
        Column("position", Integer, nullable=False),
        Column("url", Text, nullable=False),
        Column("tracker", Text, nullable=False, server_default=NOTHING),
        Column("created_at", INSTANT, nullable=False, server_default=NOW),
        UniqueConstraint("marketing_id", "version_id", "position"),
    )


def _event_columns() -> list[Column[object]]:
    return [
        Column("at", INSTANT, nullable=False),
        Column("kind", SmallInteger, nullable=False),
        Column("message", BigInteger, nullable=False),
        Column("link", Integer, nullable=False),
        Column("marks", SmallInteger, nullable=False),
        Column("via", Text, nullable=False),
        Column("network", Text, nullable=False),
        Column("agent", Text, nullable=False),
        Column("said", Text, nullable=False),
    ]


def _events(metadata: MetaData) -> None:
    """`tracking_inbox` holds a batch between COPY and insertion, within one transaction."""
    Table("tracking_inbox", metadata, Column("id", Uuid, nullable=False), *_event_columns(), prefixes=["UNLOGGED"])
    event = Table("tracking_event", metadata, Column("id", Uuid, primary_key=True), *_event_columns())
    clicks = text(f"kind = {CLICK}")
    Index("ix_tracking_event_message", event.c.message, event.c.at, postgresql_where=clicks)
    Index("ix_tracking_event_at", event.c.at, postgresql_where=clicks)


def _log(metadata: MetaData) -> None:
    """`class` is default, seed or test, as in the queue; `via` who did it: a human, an image proxy, a scanner …

    Every index is paid for by each click: what a person got is found through the queue, by message.
    """
    log = Table(
        "campaign_log",
        metadata,
        Column("id", BigInteger, Numbered(always=True), primary_key=True),
        Column("campaign_id", Uuid, nullable=False),
        Column("marketing_id", Uuid),
        Column("message", BigInteger),
        Column("activity", Text, nullable=False),
        Column("link", Integer, nullable=False, server_default=ZERO),
        Column("class", Text, nullable=False, server_default=text("'default'")),
        Column("via", Text, nullable=False, server_default=text("'human'")),
        Column("module", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("address_id", Uuid),
        Column("hits", Integer, nullable=False, server_default=text("1")),
        Column("machine_hits", Integer, nullable=False, server_default=ZERO),
        Column("reason", Text, nullable=False, server_default=NOTHING),
        Column("first_at", INSTANT, nullable=False, server_default=NOW),
        Column("last_at", INSTANT, nullable=False, server_default=NOW),
    )
    c = log.c
    Index("ux_campaign_log_message", c.message, c.activity, c.link, unique=True)
    Index("ix_campaign_log_campaign", c.campaign_id, c.activity, c.id)
    bounced = text("activity IN ('send_error', 'invalid')")
    Index("ix_campaign_log_bounced", c.address_id, c.first_at, postgresql_where=bounced)
    Table(
        "tracking_state",
        metadata,
        Column("key", Text, primary_key=True),
        Column("at", INSTANT, nullable=False),
    )
    Table(
        "campaign_stat",
        metadata,
        Column("campaign_id", Uuid, nullable=False),
        Column("marketing_id", Uuid, nullable=False),
        Column("activity", Text, nullable=False),
        Column("class", Text, nullable=False),
        Column("module", Text, nullable=False),
        Column("via", Text, nullable=False),
        Column("hour", INSTANT, nullable=False),
        Column("rows", BigInteger, nullable=False, server_default=ZERO),
        Column("hits", BigInteger, nullable=False, server_default=ZERO),
        PrimaryKeyConstraint(
            "campaign_id", "marketing_id", "activity", "class", "module", "via", "hour", name="pk_campaign_stat"
        ),
    )


def _visits(metadata: MetaData) -> None:
    """Visits of public links by day, and the marks by which a day's visitors are told apart, kept until no visit of that day
    can come any more. Days are those of UTC, as in the marks."""
    Table(
        "link_visit",
        metadata,
        reference("tracker_url", "tracker_urls", key=True),
        Column("day", Date, primary_key=True),
        Column("visits", BigInteger, nullable=False, server_default=ZERO),
        Column("visitors", BigInteger, nullable=False, server_default=ZERO),
        Column("machines", BigInteger, nullable=False, server_default=ZERO),
        Column("last_at", INSTANT),
    )
    Table(
        "link_visitor",
        metadata,
        reference("tracker_url", "tracker_urls", key=True),
        Column("day", Date, primary_key=True),
        Column("mark", Text, primary_key=True),
    )


def _returned(metadata: MetaData) -> None:
    """Every mail a bounce account received, raw and as it was judged, so that better rules can judge it again."""
    mail = Table(
        "inbound_mail",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
        Column("account_id", Uuid, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("uid", Text, nullable=False, server_default=NOTHING),
        Column("received_at", INSTANT, nullable=False, server_default=NOW),
        Column("sender", Text, nullable=False, server_default=NOTHING),
        Column("subject", Text, nullable=False, server_default=NOTHING),
        Column("raw", LargeBinary, nullable=False),
        Column("sort", Text, nullable=False),
        Column("message", BigInteger),
        Column("status", Text, nullable=False, server_default=NOTHING),
        Column("rule", Text, nullable=False, server_default=NOTHING),
        Column("decision", Text, nullable=False, server_default=NOTHING),
        UniqueConstraint("account_id", "digest"),
    )
    Index("ix_inbound_mail_uid", mail.c.account_id, mail.c.uid)
    Index("ix_inbound_mail_sort", mail.c.sort, mail.c.received_at.desc())
    Index("ix_inbound_mail_message", mail.c.message, postgresql_where=mail.c.message.is_not(None))
    Table(
        "bounce_reading",
        metadata,
        Column("account_id", Uuid, primary_key=True),
        Column("uid_validity", BigInteger, nullable=False, server_default=ZERO),
        Column("last_uid", BigInteger, nullable=False, server_default=ZERO),
        Column("claimed_until", INSTANT),
        Column("read_at", INSTANT),
        Column("failures", Integer, nullable=False, server_default=ZERO),
        Column("error", Text, nullable=False, server_default=NOTHING),
    )
