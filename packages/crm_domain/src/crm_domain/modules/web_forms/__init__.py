"""Web forms: pages of a campaign on which people outside leave their words, and become leads."""

from crm_domain.modules.web_forms.fields import WEB_FORMS, WebForm

__all__ = ["WEB_FORMS", "WebForm"]
