"""Which records others may belong to, as "related to" offers them."""

ACTIVITY_PARENTS = (
    "accounts",
    "contacts",
    "leads",
    "opportunities",
    "cases",
    "bugs",
    "quotes",
    "invoices",
    "contracts",
    "products",
    "projects",
    "project_tasks",
    "targets",
    "tasks",
)
"""What tasks, calls and meetings may be about: a module adds its key here to get their panels."""
NOTE_PARENTS = (*ACTIVITY_PARENTS, "calls", "meetings", "emails", "campaigns")
"""What notes may be about: the same and what has no activities of its own."""
EMAIL_PARTNERS = (*ACTIVITY_PARENTS, "meetings")
"""What e-mails may be linked to."""
DOCUMENT_OWNERS = (
    "accounts",
    "contacts",
    "leads",
    "opportunities",
    "cases",
    "bugs",
    "quotes",
    "invoices",
    "contracts",
    "products",
    "projects",
)
"""Whose documents are listed beside them."""
