"""The tables that documents of sale share: the lines of all bills, and the numbers that documents are given."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Numeric, Table, Text, Uuid, text

from crm_storage.columns import AMOUNT, CURRENCY, UNIT_PRICE


def selling_tables(metadata: MetaData) -> None:
    """The lines of all bills, owned by a record's field, and the numbers that documents are given."""
    line = Table(
        "line_item",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
        Column("module", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("field", Text, nullable=False),
        Column("position", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("product", Uuid),
        Column("part_number", Text, nullable=False, server_default=""),
        Column("note", Text, nullable=False, server_default=""),
        Column("quantity", Numeric(18, 4), nullable=False),
        Column("unit", Text, nullable=False, server_default=""),
        Column("list_price", UNIT_PRICE),
        Column("discount_type", Text, nullable=False),
        Column("discount", UNIT_PRICE, nullable=False),
        Column("tax_rate", Numeric(5, 2)),
        Column("currency", CURRENCY, nullable=False),
        Column("unit_price", UNIT_PRICE, nullable=False),
        Column("net", AMOUNT, nullable=False),
        Column("tax", AMOUNT, nullable=False),
    )
    Table("number_series", metadata, Column("key", Text, primary_key=True), Column("value", BigInteger, nullable=False))
    Index("ux_line_item_place", line.c.record_id, line.c.field, line.c.position, unique=True)
    Index("ix_line_item_product", line.c.product, line.c.module, postgresql_where=line.c.product.is_not(None))
