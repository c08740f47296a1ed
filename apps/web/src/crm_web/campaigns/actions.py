"""What can be done with campaigns, their mailings and all that these are made of."""

from crm_domain.modules.marketing_options import MAILED_TYPES
from crm_domain.query.page import Row
from crm_web.records.action import Action
from crm_web.visit import Visit


def target_actions(visit: Visit, row: Row) -> list[Action]:
    """Becoming a lead, once."""
    if row["converted"] or not visit.access.can("leads", "create"):
        return []
    return [Action(label=visit.text("targets.convert"), url=f"/targets/{row.id}/convert", icon="arrow-right-left")]


def template_actions(visit: Visit, row: Row) -> list[Action]:
    """Writing it beside its preview."""
    if not visit.access.can("email_templates", "edit"):
        return []
    return [
        Action(label=visit.text("email_templates.editor"), url=f"/email_templates/{row.id}/editor", icon="panel-right")
    ]


def campaign_actions(visit: Visit, row: Row) -> list[Action]:
    """Going on with its steps; sending, where it has mailings."""
    steps = Action(
        label=visit.text("campaign_wizard.go_on"), url=f"/campaigns/{row.id}/wizard", icon="list-checks", tucked=True
    )
    if row["campaign_type"] not in MAILED_TYPES or not visit.access.special("send_campaigns"):
        return [steps]
    return [Action(label=visit.text("mailing.send"), url=f"/campaigns/{row.id}/send", icon="send"), steps]


def new_campaign(visit: Visit) -> list[Action]:
    """Setting one up step by step."""
    if not visit.access.can("campaigns", "create"):
        return []
    return [Action(label=visit.text("campaign_wizard.start"), url="/campaigns/wizard", icon="list-checks")]


def mailing_actions(visit: Visit, row: Row) -> list[Action]:
    """Sending, with everything to know before."""
    if not visit.access.special("send_campaigns"):
        return []
    return [Action(label=visit.text("mailing.send"), url=f"/email_marketing/{row.id}/send", icon="send")]


def tracker_actions(visit: Visit, row: Row) -> list[Action]:
    """Using it outside a mail, unless it is one for opting out."""
    if row["is_opt_out"] or row["campaign"] is None or not visit.access.can("campaigns", "view"):
        return []
    url = f"/campaigns/{row['campaign'].id}/links#link-{row.id}"
    return [Action(label=visit.text("public_links.open"), url=url, icon="link", leading=False)]


def account_actions(visit: Visit, row: Row) -> list[Action]:
    """Whether it works: a mail to oneself, and what receivers ask of its domain."""
    if not visit.access.admin:
        return []
    url = f"/outbound_accounts/{row.id}"
    return [
        Action(label=visit.text("account_trial.send"), url=f"{url}/try", icon="send", post=True, leading=False),
        Action(label=visit.text("standing.look"), url=f"{url}/standing", icon="list-checks", leading=False),
    ]


def web_form_actions(visit: Visit, row: Row) -> list[Action]:
    """Choosing what it asks."""
    if not visit.access.can("web_forms", "edit"):
        return []
    return [Action(label=visit.text("web_forms.arrange"), url=f"/web_forms/{row.id}/fields", icon="list-checks")]
