"""E-mails, and which records they belong to."""

from crm_domain.definition import ManyToAny, Module, Privacy
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_domain.modules.emails.fields import Email, completed, stays_as_written

EMAIL_LINKS = ManyToAny(key="email_record", left="emails", rights=EMAIL_PARTNERS, right_key="correspondence", told=True)
EMAILS = Module(
    key="emails",
    record=Email,
    icon="mail",
    group="",
    before_save=(stays_as_written, completed),
    privacy=Privacy("personal", "email_record"),
    drafted={"status": "draft"},
)

__all__ = ["EMAILS", "EMAIL_LINKS", "Email"]
