"""The tables of a tenant behind sending: runs, the queue, and who may not be mailed.

Campaigns, lists, templates and marketing records themselves are modules; these rows hang on them.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from crm_domain.tracking.events import FIRST_CONFIRMATION
from crm_storage.columns import INSTANT
from crm_storage.tenant_tables.parts import flag, new_id_column, number, reference, stamp, word

OVER = "('finished', 'cancelled', 'failed')"
"""States in which a run has ended."""


def campaign_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant, after its modules."""
    _suppressions(metadata)
    _templates(metadata)
    _runs(metadata)
    _frozen(metadata)
    _queue(metadata)
    _limits(metadata)


def _suppressions(metadata: MetaData) -> None:
    """Whom nobody mails: by list, by newsletter, by the whole company (`paused_until` is the recipient's own wish, whatever
    staff decide besides), and how consent changed."""
    Table(
        "target_list_domain",
        metadata,
        reference("list_id", "target_lists", key=True),
        Column("domain", Text, primary_key=True),
        flag("include_subdomains", on=True),
    )
    Table(
        "target_list_address",
        metadata,
        reference("list_id", "target_lists", key=True),
        Column("address_key", Text, primary_key=True),
        stamp("created_at"),
    )
    rule = Table(
        "target_list_rule",
        metadata,
        reference("list_id", "target_lists", key=True),
        Column("module", Text, primary_key=True),
        word("name"),
        Column("question", JSONB, nullable=False),
        Column("owner_id", Uuid, nullable=False),
        Column("refreshed_at", INSTANT),
        word("problem"),
    )
    Index("ix_target_list_rule_refreshed", rule.c.refreshed_at)
    optout = Table(
        "newsletter_optout",
        metadata,
        reference("campaign_id", "campaigns", key=True),
        reference("address_id", "email_address", key=True),
        Column("marketing_id", Uuid),
        word("source"),
        stamp("at"),
    )
    Index("ix_newsletter_optout_address", optout.c.address_id)
    Table(
        "suppression",
        metadata,
        new_id_column(),
        Column("kind", Text, nullable=False),
        Column("value", Text, nullable=False),
        flag("include_subdomains", on=True),
        word("reason", "manual"),
        word("note"),
        Column("expires_at", INSTANT),
        Column("paused_until", INSTANT),
        stamp("created_at"),
        Column("created_by", Uuid),
        UniqueConstraint("kind", "value"),
    )
    consent = Table(
        "consent_log",
        metadata,
        new_id_column(),
        reference("address_id", "email_address"),
        stamp("at"),
        Column("campaign_id", Uuid),
        word("old"),
        word("new"),
        word("source"),
        Column("actor_id", Uuid),
        Column("evidence", JSONB, nullable=False, server_default=text("'{}'")),
    )
    Index("ix_consent_log_address", consent.c.address_id, consent.c.at.desc())
    asked = Table(
        "consent_asking",
        metadata,
        Column("number", BigInteger, Identity(always=True, start=FIRST_CONFIRMATION), primary_key=True),
        reference("address_id", "email_address"),
        Column("campaign_id", Uuid),
        stamp("at"),
        Column("confirmed_at", INSTANT),
        Column("evidence", JSONB, nullable=False, server_default=text("'{}'")),
    )
    Index("ix_consent_asking_address", asked.c.address_id, asked.c.at.desc())


def _templates(metadata: MetaData) -> None:
    """A template as it was when a run was scheduled; never changed afterwards."""
    Table(
        "template_version",
        metadata,
        new_id_column(),
        reference("template_id", "email_templates"),
        Column("number", Integer, nullable=False),
        Column("body", JSONB, nullable=False),
        stamp("created_at"),
        Column("created_by", Uuid),
        UniqueConstraint("template_id", "number"),
    )


def _runs(metadata: MetaData) -> None:
    """One scheduling of a marketing record. `kind` is live or test; counters are kept by the statements that move rows.

    `bounced`, `blocked` and `unrendered` are counted since `judged_from` attempts, when a person last let it go on; at `told_at`
    its people last heard that it waits for them.
    """
    run = Table(
        "mkt_run",
        metadata,
        new_id_column(),
        reference("marketing_id", "email_marketing"),
        reference("campaign_id", "campaigns"),
        word("kind", "live"),
        word("state", "scheduled"),
        stamp("state_at"),
        word("reason"),
        Column("reason_facts", JSONB, nullable=False, server_default=text("'{}'")),
        Column("scheduled_for", INSTANT),
        Column("expires_at", INSTANT),
        Column("started_at", INSTANT),
        Column("finished_at", INSTANT),
        Column("template_version_id", Uuid, ForeignKey("template_version.id")),
        Column("settings", JSONB, nullable=False, server_default=text("'{}'")),
        Column("audience", JSONB, nullable=False, server_default=text("'{}'")),
        number("fill_slices"),
        number("fill_done"),
        number("total"),
        number("attempted"),
        number("sent"),
        number("failed"),
        number("skipped"),
        number("uncertain"),
        number("cancelled"),
        number("bounced"),
        number("blocked"),
        number("unrendered"),
        number("judged_from"),
        Column("told_at", INSTANT),
        stamp("created_at"),
        Column("created_by", Uuid),
    )
    open_ = text(f"state NOT IN {OVER}")
    Index("ix_mkt_run_marketing", run.c.marketing_id, run.c.created_at.desc())
    Index("ix_mkt_run_campaign", run.c.campaign_id, run.c.created_at.desc())
    Index("ix_mkt_run_open", run.c.state, run.c.scheduled_for, postgresql_where=open_)
    live = text(f"kind = 'live' AND state NOT IN {OVER}")
    Index("ux_mkt_run_live", run.c.marketing_id, unique=True, postgresql_where=live)


def _frozen(metadata: MetaData) -> None:
    """What a run addresses and spares, copied when it was scheduled."""
    Table(
        "mkt_run_list",
        metadata,
        reference("run_id", "mkt_run", key=True),
        Column("list_id", Uuid, primary_key=True),
        Column("class", Text, nullable=False),
        number("position"),
    )
    Table(
        "run_exempt_record",
        metadata,
        reference("run_id", "mkt_run", key=True),
        Column("record_id", Uuid, primary_key=True),
    )
    Table(
        "run_exempt_address",
        metadata,
        reference("run_id", "mkt_run", key=True),
        Column("address_key", Text, primary_key=True),
    )
    Table(
        "run_exempt_domain",
        metadata,
        reference("run_id", "mkt_run", key=True),
        Column("domain", Text, primary_key=True),
        flag("include_subdomains", on=True),
    )


def _queue(metadata: MetaData) -> None:
    """One row for each address of a run: the only truth about who gets what. `class` is default, seed or test."""
    queue = Table(
        "email_queue",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        reference("run_id", "mkt_run"),
        Column("marketing_id", Uuid, nullable=False),
        Column("campaign_id", Uuid, nullable=False),
        flag("is_test"),
        Column("dedupe_key", Text, nullable=False),
        Column("address_id", Uuid, nullable=False),
        Column("module", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("list_id", Uuid),
        word("class", "default"),
        Column("mailbox_id", Uuid),
        word("provider"),
        word("state", "ready"),
        Column("priority", SmallInteger, nullable=False, server_default=text("0")),
        stamp("not_before"),
        Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
        Column("lease_token", BigInteger),
        Column("lease_until", INSTANT),
        Column("begun_at", INSTANT),
        Column("ended_at", INSTANT),
        word("reason"),
        Column("reply_code", Integer),
        word("reply"),
        Column("template_version_id", Uuid),
        Column("merged", JSONB),
        stamp("created_at"),
    )
    c = queue.c
    Index("ux_email_queue_live", c.marketing_id, c.dedupe_key, unique=True, postgresql_where=text("NOT is_test"))
    Index("ux_email_queue_test", c.run_id, c.dedupe_key, unique=True, postgresql_where=text("is_test"))
    Index("ix_email_queue_ready", c.run_id, c.not_before, c.id, postgresql_where=text("state = 'ready'"))
    Index("ix_email_queue_leased", c.lease_until, postgresql_where=text("state IN ('leased', 'begun')"))
    Index("ix_email_queue_run", c.run_id, c.state, c.id)
    Index("ix_email_queue_record", c.record_id, c.id)
    Index("ix_email_queue_address", c.address_id, c.id)
    skip = Table(
        "email_skip",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        reference("run_id", "mkt_run"),
        Column("module", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("address_id", Uuid),
        Column("list_id", Uuid),
        Column("reason", Text, nullable=False),
        stamp("at"),
    )
    Index("ix_email_skip_run", skip.c.run_id, skip.c.reason, skip.c.id)


def _limits(metadata: MetaData) -> None:
    """How fast may be sent: tokens left for a mailbox, the company or a provider, and until when one is given rest."""
    Table(
        "rate_bucket",
        metadata,
        Column("scope", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("tokens", Double, nullable=False, server_default=text("0")),
        Column("per_second", Double),
        number("failures"),
        Column("closed_until", INSTANT),
        stamp("updated_at"),
    )
