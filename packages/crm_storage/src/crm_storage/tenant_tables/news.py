"""The tables of a tenant about news: what each server said of its feed, and what each user has read."""

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, Table, Uuid

from crm_storage.tenant_tables.parts import reference, stamp, word


def news_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant."""
    Table(
        "feed_mark",
        metadata,
        reference("feed_id", "feeds", key=True),
        word("url"),
        word("etag"),
        word("modified"),
    )
    read = Table(
        "feed_read",
        metadata,
        Column("user_id", Uuid, nullable=False),
        reference("item_id", "feed_items"),
        stamp("at"),
        PrimaryKeyConstraint("user_id", "item_id", name="pk_feed_read"),
    )
    Index("ix_feed_read_item", read.c.item_id)
