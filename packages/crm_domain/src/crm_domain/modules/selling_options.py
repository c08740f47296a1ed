"""The option lists of products, quotes, invoices and contracts, in the order in which they are offered."""

from crm_domain.definition import Options, option, plain

PRODUCT_TYPES = Options("product_type", (option("good", hue="blue"), option("service", hue="violet")), fixed=True)
UNITS = plain("unit", "piece pack kg ton m sqm litre hour person_day month user")
RECURRENCES = plain("recurrence", "once monthly annually")
AVAILABILITIES = Options(
    "availability", (option("active", kind="open", hue="green"), option("inactive", kind="closed")), fixed=True
)

QUOTE_STAGES = Options(
    "quote_stage",
    (
        option("draft", kind="open", hue="gray"),
        option("negotiation", kind="open", hue="amber"),
        option("delivered", kind="sent", hue="blue", aliases=("Sent",)),
        option("on_hold", kind="open", hue="amber"),
        option("confirmed", kind="sent", hue="violet"),
        option("closed_accepted", kind="won", hue="green", aliases=("Accepted",)),
        option("closed_lost", kind="lost", hue="red"),
        option("closed_dead", kind="lost"),
    ),
    fixed=True,
    grows=True,
)
QUOTE_ABBREVIATIONS = Options(
    "quote_abbreviation",
    (option("qt", aliases=("Qt",)), option("ex_qt", aliases=("ExQt",)), option("in_qt", aliases=("InQt",))),
    fixed=True,
)
CONTRACT_ABBREVIATIONS = Options(
    "contract_abbreviation",
    (option("cnt", aliases=("Cnt",)), option("ex_cnt", aliases=("ExCnt",)), option("in_cnt", aliases=("InCnt",))),
    fixed=True,
)
PAYMENT_TERMS = Options(
    "payment_term",
    (
        option("cash"),
        option("advance"),
        option("net_15", aliases=("Net 15", "Nett 15")),
        option("net_30", aliases=("Net 30", "Nett 30")),
        option("net_45"),
        option("net_60"),
        option("cheque"),
        option("instalments"),
    ),
)
SHIPMENT_TERMS = plain("shipment_terms", "exw fca cpt cip ddu ddp")
APPROVALS = Options(
    "approval_status",
    (option("pending", hue="amber"), option("approved", hue="green"), option("not_approved", hue="red")),
    fixed=True,
)
INVOICING = Options(
    "quote_invoice_status",
    (option("not_invoiced"), option("partly", hue="amber"), option("invoiced", hue="green")),
    fixed=True,
)
INVOICE_STATUSES = Options(
    "invoice_status",
    (
        option("draft", kind="open", hue="gray"),
        option("unpaid", kind="sent", hue="amber"),
        option("partly_paid", kind="sent", hue="violet"),
        option("paid", kind="closed", hue="green"),
        option("cancelled", kind="closed", hue="red"),
    ),
    fixed=True,
)
CONTRACT_STATUSES = Options(
    "contract_status",
    (
        option("not_started", kind="open", hue="gray"),
        option("draft", kind="open", hue="gray"),
        option("sent", kind="open", hue="blue"),
        option("signed", kind="open", hue="teal"),
        option("in_progress", kind="open", hue="violet"),
        option("completed", kind="closed", hue="green"),
        option("expired", kind="closed", hue="amber"),
        option("terminated", kind="closed", hue="red"),
    ),
    fixed=True,
    grows=True,
)
CONTRACT_TYPES = plain("contract_type", "sale purchase maintenance support rent leasing agency nda")
NOTICE_PERIODS = Options(
    "notice_period",
    (
        option("1month", aliases=("1 month",)),
        option("3months", aliases=("3 months",)),
        option("6months", aliases=("6 months",)),
    ),
    fixed=True,
)
CATALOGUE_CONTENTS = plain("catalogue_content", "full descriptions prices", fixed=True)
"""What a catalogue says of its products: everything, no prices, or prices alone."""
