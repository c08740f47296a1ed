"""The option lists of documents."""

from crm_domain.definition import Options, option, plain

DOCUMENT_STATUSES = Options(
    "document_status",
    (
        option("active", kind="open", hue="green"),
        option("draft", kind="open"),
        option("faq", kind="open", hue="blue"),
        option("under_review", kind="open", hue="violet"),
        option("pending", kind="open", hue="amber"),
        option("expired", kind="closed", hue="red"),
    ),
    fixed=True,
    grows=True,
)
DOCUMENT_CATEGORIES = Options(
    "document_category",
    (
        option("marketing"),
        option("knowledge_base", aliases=("Knowledege Base",)),
        option("sales"),
        option("general"),
        option("contract"),
        option("quote"),
        option("product"),
        option("product_catalogue"),
    ),
)
DOCUMENT_SUBCATEGORIES = Options(
    "document_subcategory",
    (
        option("marketing_collateral", parent=("marketing", "sales")),
        option("product_brochures", parent=("marketing", "sales", "product", "product_catalogue")),
        option("faq", parent=("knowledge_base",)),
        option("drawing", parent=("product", "contract", "quote")),
        option("technical", parent=("product", "product_catalogue", "contract", "quote")),
        option("picture"),
    ),
)
DOCUMENT_TEMPLATE_TYPES = plain("document_template_type", "mailmerge eula nda license")
