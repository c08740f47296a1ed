"""The option lists of the service modules, in the order in which they are offered."""

from crm_domain.definition import Options, option, plain

CASE_STATES = Options(
    "case_state",
    (
        option("open", kind="open", hue="violet", aliases=("Open",)),
        option("closed", kind="closed", aliases=("Closed",)),
    ),
    fixed=True,
)
CASE_STATUSES = Options(
    "case_status",
    (
        option("new", kind="open", hue="blue", parent=("open",), aliases=("Open_New",)),
        option("assigned", kind="open", hue="violet", parent=("open",), aliases=("Open_Assigned",)),
        option("pending_input", kind="open", hue="amber", parent=("open",), aliases=("Open_Pending Input",)),
        option("closed", kind="closed", hue="green", parent=("closed",), aliases=("Closed_Closed",)),
        option("rejected", kind="closed", hue="red", parent=("closed",), aliases=("Closed_Rejected",)),
        option("duplicate", kind="closed", parent=("closed",), aliases=("Closed_Duplicate",)),
    ),
    fixed=True,
    grows=True,
)
CASE_PRIORITIES = Options(
    "case_priority",
    (
        option("urgent", hue="red"),
        option("high", hue="amber", aliases=("P1",)),
        option("medium", hue="blue", aliases=("P2",)),
        option("low", aliases=("P3",)),
    ),
)
CASE_TYPES = Options(
    "case_type",
    (
        option("question", hue="blue"),
        option("incident", hue="amber"),
        option("problem", hue="red"),
        option("product", hue="teal"),
        option("user", hue="violet"),
        option("administration"),
    ),
)
CASE_CHANNELS = plain("case_channel", "email phone web portal chat")
CASE_ROLES = Options(
    "case_role",
    (option("primary", aliases=("Primary Contact",)), option("alternate", aliases=("Alternate Contact",))),
)

BUG_PRIORITIES = Options(
    "bug_priority",
    (option("urgent", hue="red"), option("high", hue="amber"), option("medium", hue="blue"), option("low")),
)
BUG_STATUSES = Options(
    "bug_status",
    (
        option("new", kind="open", hue="blue"),
        option("assigned", kind="open", hue="violet"),
        option("pending", kind="open", hue="amber"),
        option("closed", kind="closed", hue="green"),
        option("rejected", kind="closed", hue="red"),
    ),
    fixed=True,
    grows=True,
)
BUG_TYPES = Options("bug_type", (option("defect", hue="red", aliases=("Bug",)), option("feature", hue="teal")))
BUG_RESOLUTIONS = Options(
    "bug_resolution",
    (
        option("accepted", hue="blue"),
        option("duplicate"),
        option("fixed", hue="green"),
        option("out_of_date", aliases=("Out of Date",)),
        option("invalid"),
        option("later", hue="amber"),
    ),
)
BUG_SOURCES = Options(
    "bug_source",
    (option("internal"), option("forum"), option("web"), option("inbound_email", aliases=("InboundEmail",))),
)
OLDER_AREAS = plain(
    "bug_product_area",
    "accounts activities bugs calendar calls campaigns cases contacts currencies dashboard documents emails feeds forecasts"
    " help home leads meetings notes opportunities outlook_plugin projects quotes releases rss studio upgrade users laptops"
    " desktops",
)
BUG_AREAS = Options(
    "bug_product_area",
    (
        *plain("bug_product_area", "web mobile desktop api printing integration hardware other").items,
        *(option(item.key, active=False) for item in OLDER_AREAS.items),
    ),
)
"""The active ones are a beginning for the tenant's own; the others are only understood when older data comes in."""
RELEASE_STATUSES = Options(
    "release_status", (option("active", kind="open", hue="green"), option("inactive", kind="closed")), fixed=True
)

ARTICLE_STATUSES = Options(
    "article_status",
    (
        option("draft", kind="open", hue="blue"),
        option("in_review", kind="open", hue="amber", aliases=("In_Review",)),
        option("private", kind="open", hue="violet", aliases=("published_private",)),
        option("public", kind="open", hue="green", aliases=("published_public",)),
        option("expired", kind="closed", hue="gray"),
    ),
    fixed=True,
)
ARTICLE_LANGUAGES = plain("article_language", "fa en ar")
