"""The option lists of marketing, in the order in which they are offered."""

from crm_domain.definition import Options, option, plain

CAMPAIGN_STATUSES = Options(
    "campaign_status",
    (
        option("planning", kind="open", hue="blue", aliases=("Planning",)),
        option("active", kind="open", hue="green", aliases=("Active",)),
        option("inactive", kind="open", aliases=("Inactive",)),
        option("complete", kind="closed", hue="teal", aliases=("Complete",)),
    ),
    fixed=True,
)
MAILED_TYPES = ("newsletter", "email")
CAMPAIGN_TYPES = Options(
    "campaign_type",
    (
        option("newsletter", hue="violet", aliases=("NewsLetter",)),
        option("email", hue="blue", aliases=("Email",)),
        option("telesales", hue="amber", aliases=("Telesales",)),
        option("mail", hue="amber", aliases=("Mail",)),
        option("print", hue="amber", aliases=("Print",)),
        option("web", hue="teal", aliases=("Web",)),
        option("radio", hue="teal", aliases=("Radio",)),
        option("television", hue="teal", aliases=("Television",)),
        option("survey", hue="rose", aliases=("Survey",)),
    ),
    fixed=True,
    grows=True,
)
NEWSLETTER_FREQUENCIES = plain("newsletter_frequency", "daily weekly biweekly monthly quarterly annually custom")
CONSENT_POLICIES = plain("consent_policy", "none opt_in confirmed", fixed=True)

LIST_TYPES = Options(
    "target_list_type",
    (
        option("default", hue="green"),
        option("seed", hue="violet"),
        option("exempt_domain", hue="red"),
        option("exempt_address", hue="red"),
        option("exempt", hue="red"),
        option("test", hue="amber"),
    ),
    fixed=True,
)
SUPPRESSING = ("exempt", "exempt_address", "exempt_domain")
"""Types of lists that keep people out of a mailing."""
LIST_PURPOSES = plain("target_list_purpose", "subscription unsubscription test", fixed=True)

MARKETING_STATUSES = Options(
    "email_marketing_status",
    (option("active", kind="open", hue="green"), option("inactive", kind="closed")),
    fixed=True,
)
RUN_STATES = Options(
    "run_state",
    (
        option("draft", kind="open"),
        option("scheduled", kind="open", hue="blue"),
        option("overdue", kind="open", hue="red"),
        option("filling", kind="open", hue="violet"),
        option("ready", kind="open", hue="violet"),
        option("sending", kind="open", hue="violet"),
        option("paused", kind="open", hue="amber"),
        option("halted", kind="open", hue="red"),
        option("cancelling", kind="open", hue="amber"),
        option("finished", kind="closed", hue="green"),
        option("cancelled", kind="closed"),
        option("failed", kind="closed", hue="red"),
    ),
    fixed=True,
)
QUEUE_STATES = Options(
    "queue_state",
    (
        option("ready", kind="open", hue="blue"),
        option("leased", kind="open", hue="violet"),
        option("begun", kind="open", hue="violet"),
        option("sent", kind="sent", hue="green"),
        option("failed", kind="closed", hue="red"),
        option("skipped", kind="closed", hue="amber"),
        option("uncertain", kind="open", hue="rose"),
        option("cancelled", kind="closed"),
    ),
    fixed=True,
)

TEMPLATE_TYPES = Options(
    "template_type",
    (
        option("campaign", hue="violet"),
        option("email", hue="blue"),
        option("event", hue="teal"),
        option("system"),
    ),
    fixed=True,
)
TEMPLATE_LANGUAGES = plain("template_language", "fa en", fixed=True)

SMTP_SECURITIES = plain("smtp_security", "none starttls tls", fixed=True)
DKIM_MODES = plain("dkim_mode", "relay own", fixed=True)
MAILBOX_STATES = Options(
    "mailbox_state",
    (
        option("untried", kind="open"),
        option("working", kind="open", hue="green"),
        option("slow", kind="open", hue="amber"),
        option("disabled", kind="closed", hue="red"),
    ),
    fixed=True,
)
MAILBOX_PROTOCOLS = plain("mailbox_protocol", "imap pop3", fixed=True)

FORM_STATUSES = Options(
    "web_form_status",
    (option("active", kind="open", hue="green"), option("inactive", kind="closed")),
    fixed=True,
)
FORM_MAKES = plain("web_form_makes", "leads contacts targets", fixed=True)
WHEN_KNOWN = plain("web_form_when_known", "complete create", fixed=True)
SUBMISSION_STATES = Options(
    "web_form_submission",
    (
        option("new", kind="open", hue="blue"),
        option("made", kind="closed", hue="green"),
        option("known", kind="closed", hue="teal"),
        option("held", kind="open", hue="amber"),
        option("discarded", kind="closed"),
    ),
    fixed=True,
)
