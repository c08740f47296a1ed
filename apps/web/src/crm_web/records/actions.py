"""What single modules add to what one can do with a record, and to the ways to new ones."""

from collections.abc import Callable, Mapping
from typing import Any

from crm_domain.definition import Module, kinds
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_domain.modules.pdf_templates import PAPER_MODULES
from crm_domain.query.page import Row
from crm_web.campaigns.actions import (
    account_actions,
    campaign_actions,
    mailing_actions,
    new_campaign,
    target_actions,
    template_actions,
    tracker_actions,
    web_form_actions,
)
from crm_web.projects.actions import from_template, project_actions, project_template_actions
from crm_web.records.action import Action
from crm_web.visit import Visit


def lead_actions(visit: Visit, row: Row) -> list[Action]:
    """Converting, once; then what came of it."""
    if row["converted"]:
        url = f"/leads/{row.id}/converted"
        return [
            Action(label=visit.text("convert.came_of_it"), url=url, icon="arrow-right-left", leading=False, reads=True)
        ]
    return [Action(label=visit.text("leads.convert"), url=f"/leads/{row.id}/convert", icon="arrow-right-left")]


def case_actions(visit: Visit, row: Row) -> list[Action]:
    """Reporting what the case has shown to be wrong with the product."""
    if not visit.access.can("bugs", "create"):
        return []
    return [
        Action(label=visit.text("cases.report_bug"), url=f"/cases/{row.id}/bug", icon="bug", post=True, tucked=True)
    ]


def quote_actions(visit: Visit, row: Row) -> list[Action]:
    """What becomes of a quote; an older edition only stands for what it said."""
    if not row["is_latest"]:
        return []
    url, made = f"/quotes/{row.id}", [("contract", "contracts", "file-signature"), ("invoice", "invoices", "banknote")]
    found = [
        Action(label=visit.text(f"quotes.make_{name}"), url=f"{url}/{name}", icon=icon, post=True, tucked=True)
        for name, module, icon in made
        if visit.access.can(module, "create")
    ]
    if row["opportunity"] is None and visit.access.can("opportunities", "create"):
        label = visit.text("quotes.make_opportunity")
        found.append(Action(label=label, url=f"{url}/opportunity", icon="target", post=True, tucked=True))
    if row["stage"] != "draft":
        found.append(Action(label=visit.text("quotes.revise"), url=f"{url}/revise", icon="copy-plus", post=True))
    return found


def contract_actions(visit: Visit, row: Row) -> list[Action]:
    """Going on with it for as long again."""
    if not (row["starts_on"] and row["ends_on"]) or not visit.access.can("contracts", "create"):
        return []
    return [
        Action(
            label=visit.text("contracts.renew"), url=f"/contracts/{row.id}/renew", icon="repeat", post=True, tucked=True
        )
    ]


def pdf_template_actions(visit: Visit, row: Row) -> list[Action]:
    """Writing it beside a document made of it."""
    if not visit.access.can("pdf_templates", "edit"):
        return []
    return [Action(label=visit.text("pdf_templates.editor"), url=f"/pdf_templates/{row.id}/editor", icon="panel-right")]


def letter_actions(visit: Visit, row: Row) -> list[Action]:
    """Reading it where it can be answered."""
    return [Action(label=visit.text("my_mail.open"), url=f"/mail/{row.id}", icon="mail-open", reads=True)]


def document_actions(visit: Visit, row: Row) -> list[Action]:
    """Sending the current revision with a letter."""
    if not visit.access.can("emails", "create"):
        return []
    return [
        Action(
            label=visit.text("documents.mail"),
            url=f"/mail/compose?document={row.id}",
            icon="mail",
            leading=False,
            reads=True,
        )
    ]


def revision_actions(visit: Visit, row: Row) -> list[Action]:
    """Taking back what was published since."""
    if not visit.access.can("knowledge_articles", "edit"):
        return []
    label, url = visit.text("knowledge_revisions.restore"), f"/knowledge_revisions/{row.id}/restore"
    return [Action(label=label, url=url, icon="undo-2", post=True, leading=False)]


def user_actions(visit: Visit, row: Row) -> list[Action]:
    """What lets a colleague in, and what he leaves behind."""
    if not visit.access.special("manage_users"):
        return []
    return [
        Action(label=visit.text("admin.access"), url=f"/admin/people/{row.id}", icon="key-round"),
        Action(
            label=visit.text("hand_over.title"), url=f"/users/{row.id}/hand_over", icon="arrow-right-left", tucked=True
        ),
    ]


def employee_actions(visit: Visit, row: Row) -> list[Action]:
    """Closing the door behind who has left."""
    if row["status"] != "terminated" or row["account_user"] is None or not visit.access.special("manage_users"):
        return []
    label, url = visit.text("employees.deactivate"), f"/employees/{row.id}/deactivate"
    return [Action(label=label, url=url, icon="lock", post=True)]


def mailbox_actions(visit: Visit, row: Row) -> list[Action]:
    """Consenting at the provider, where no password is used."""
    if (row["sign_in"] or "password") == "password":
        return []
    url = f"/mail/consent/{row.id}"
    return [Action(label=visit.text("mail_providers.connect"), url=url, icon="link", leading=row["consent"] is None)]


ACTIONS: Mapping[str, Callable[[Visit, Row], list[Action]]] = {
    "leads": lead_actions,
    "cases": case_actions,
    "quotes": quote_actions,
    "contracts": contract_actions,
    "targets": target_actions,
    "email_templates": template_actions,
    "pdf_templates": pdf_template_actions,
    "campaigns": campaign_actions,
    "email_marketing": mailing_actions,
    "tracker_urls": tracker_actions,
    "outbound_accounts": account_actions,
    "mailboxes": mailbox_actions,
    "emails": letter_actions,
    "documents": document_actions,
    "knowledge_revisions": revision_actions,
    "web_forms": web_form_actions,
    "users": user_actions,
    "employees": employee_actions,
    "projects": project_actions,
    "project_templates": project_template_actions,
}
LIST_ACTIONS: Mapping[str, Callable[[Visit], list[Action]]] = {"projects": from_template, "campaigns": new_campaign}


def ready_reports(visit: Visit) -> list[Action]:
    """Those that come with the product."""
    return [Action(label=visit.text("reports.ready"), url="/reports/ready", icon="chart-column")]


BESIDE: Mapping[str, Callable[[Visit], list[Action]]] = {"reports": ready_reports}


def beside(visit: Visit, module: Module[Any]) -> list[Action]:
    """What stands beside the views of a module's list."""
    make = BESIDE.get(module.key)
    return make(visit) if make else []


def on_paper(visit: Visit, module: Module[Any]) -> bool:
    """Whether a record of this module becomes a document, and the reader may have it."""
    return module.key in PAPER_MODULES and visit.access.can(module.key, "print")


def special_actions(visit: Visit, module: Module[Any], row: Row) -> list[Action]:
    """The module's own actions on a record, and its document where it has one."""
    make = ACTIONS.get(module.key)
    actions = make(visit, row) if make else []
    if on_paper(visit, module):
        url = f"/{module.key}/{row.id}/pdf"
        actions.append(Action(label=visit.text("papers.open"), url=url, icon="file-down", tucked=True, reads=True))
    return [*actions, *_letters(visit, module, row)]


def list_actions(visit: Visit, module: Module[Any]) -> list[Action]:
    """The module's own ways to new records, in the menu of its list."""
    make = LIST_ACTIONS.get(module.key)
    return make(visit) if make else []


def _letters(visit: Visit, module: Module[Any], row: Row) -> list[Action]:
    """Writing to whoever the record is about, and the address by which letters get into its files."""
    if module.key not in EMAIL_PARTNERS or not visit.access.can("emails", "create"):
        return []
    has_address = any(row.values.get(field.key) for field in module.fields if isinstance(field, kinds.Emails))
    write, archive = visit.text("my_mail.write"), visit.text("my_mail.archive")
    return [
        Action(
            label=write,
            url=f"/mail/compose?record={module.key}.{row.id}",
            icon="mail",
            tucked=not has_address,
            leading=False,
            reads=True,
        ),
        Action(label=archive, url=f"/mail/archive/{module.key}/{row.id}", icon="archive", tucked=True),
    ]
