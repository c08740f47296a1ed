"""The option lists of the sales modules and of people, in the order in which they are offered."""

from crm_domain.definition import Options, option, plain

SALUTATIONS = Options(
    "salutation",
    (
        option("mr", aliases=("Mr.",)),
        option("mrs", aliases=("Mrs.",)),
        option("ms", aliases=("Ms.",)),
        option("miss"),
        option("dr", aliases=("Dr.",)),
        option("prof", aliases=("Prof.",)),
        option("eng"),
        option("haj", active=False),
    ),
)
GENDERS = plain("gender", "female male other")

ACCOUNT_TYPES = Options(
    "account_type",
    (
        option("customer", hue="green"),
        option("prospect", hue="blue"),
        option("partner", hue="violet"),
        option("reseller", hue="violet"),
        option("supplier", hue="teal"),
        option("integrator", hue="teal"),
        option("investor", hue="amber"),
        option("competitor", hue="rose"),
        option("analyst"),
        option("press"),
        option("other"),
    ),
)
INDUSTRIES = plain(
    "industry",
    "agriculture apparel automotive banking biotechnology chemicals communications construction"
    " consulting education electronics"
    " energy engineering entertainment environmental finance food government healthcare hospitality"
    " insurance machinery"
    " manufacturing media mining not_for_profit oil_gas pharma recreation retail shipping steel"
    " technology telecommunications"
    " transportation utilities other",
)
RATINGS = Options("rating", (option("hot", hue="red"), option("warm", hue="amber"), option("cold", hue="blue")))

LAWFUL_BASES = plain(
    "lawful_basis",
    "consent contract legal_obligation protection_of_interest public_interest legitimate_interest withdrawn",
)
LAWFUL_BASIS_SOURCES = plain("lawful_basis_source", "website phone given_to_user email third_party")

LEAD_SOURCES = plain(
    "lead_source",
    "cold_call existing_customer self_generated employee partner public_relations direct_mail"
    " conference trade_show web_site"
    " word_of_mouth email campaign instagram messenger sms tender directory other",
)
LEAD_STATUSES = Options(
    "lead_status",
    (
        option("new", kind="open", hue="blue"),
        option("assigned", kind="open", hue="violet"),
        option("in_process", kind="open", hue="violet", aliases=("In Process",)),
        option("converted", kind="closed", hue="green"),
        option("recycled", kind="closed", hue="amber"),
        option("dead", kind="closed"),
    ),
    fixed=True,
    grows=True,
)

CONVERSION_PARTS = plain("conversion_part", "contact account opportunity", fixed=True)

OPPORTUNITY_TYPES = plain("opportunity_type", "new_business existing_business")
SALES_STAGES = Options(
    "sales_stage",
    (
        option("prospecting", kind="open", weight=10),
        option("qualification", kind="open", weight=20, hue="blue"),
        option("needs_analysis", kind="open", weight=25, hue="blue"),
        option("value_proposition", kind="open", weight=30, hue="violet"),
        option("decision_makers", kind="open", weight=40, hue="violet", aliases=("Id. Decision Makers",)),
        option("perception_analysis", kind="open", weight=50, hue="violet"),
        option("proposal", kind="open", weight=65, hue="violet"),
        option("negotiation", kind="open", weight=80, hue="amber"),
        option("closed_won", kind="won", weight=100, hue="green"),
        option("closed_lost", kind="lost", weight=0, hue="red"),
    ),
    fixed=True,
    grows=True,
)
OPPORTUNITY_ROLES = plain(
    "opportunity_role",
    "primary_decision_maker business_decision_maker business_evaluator technical_decision_maker technical_evaluator"
    " executive_sponsor influencer other",
)
LOST_REASONS = plain("lost_reason", "price competitor no_budget no_decision timing product_fit no_response other")

USER_STATUSES = Options(
    "user_status", (option("active", kind="open", hue="green"), option("inactive", kind="closed")), fixed=True
)
USER_TYPES = Options(
    "user_type",
    (option("regular", aliases=("RegularUser",)), option("administrator", hue="violet")),
    fixed=True,
)
EMPLOYEE_STATUSES = Options(
    "employee_status",
    (
        option("active", kind="open", hue="green"),
        option("leave", kind="open", hue="amber", aliases=("Leave of Absence",)),
        option("terminated", kind="closed"),
    ),
)
MESSENGER_TYPES = Options(
    "messenger_type",
    (
        *(
            option(key)
            for key in ("bale", "eitaa", "rubika", "soroush", "telegram", "whatsapp", "instagram", "skype", "other")
        ),
        *(option(key, active=False) for key in ("msn", "yahoo", "aol")),
    ),
)

CURRENCY_STATUSES = Options(
    "currency_status", (option("active", kind="open", hue="green"), option("inactive", kind="closed")), fixed=True
)
SYMBOL_POSITIONS = plain("symbol_position", "before after", fixed=True)
