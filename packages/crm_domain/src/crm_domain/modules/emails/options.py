"""The option lists of e-mails."""

from crm_domain.definition import Options, option, plain

EMAIL_TYPES = Options(
    "email_type",
    (
        option("inbound", hue="blue"),
        option("out", hue="green"),
        option("draft", hue="amber"),
        option("archived"),
    ),
    fixed=True,
)
EMAIL_STATUSES = Options(
    "email_status",
    (
        option("unread", hue="blue"),
        option("read"),
        option("replied", hue="violet"),
        option("draft", hue="amber"),
        option("queued", hue="amber"),
        option("sending", hue="amber"),
        option("sent", hue="green"),
        option("uncertain", hue="red"),
        option("send_error", hue="red"),
        option("archived"),
        option("closed"),
    ),
    fixed=True,
)
EMAIL_CATEGORIES = plain("email_category", "archived")
"""What a company sorts its letters by; it adds its own."""
EMAIL_FAILURES = plain("email_failure", "refused unreachable not_allowed sign_in consent attachments", fixed=True)
"""Why a letter did not leave."""
EMAIL_FOLDERS = plain("email_folder", "inbox outbox sent drafts archive trash", fixed=True)
