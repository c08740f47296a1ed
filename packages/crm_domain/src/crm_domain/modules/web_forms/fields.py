"""What a web form holds besides the fields it asks, and the rules of its own fields."""

from crm_domain.definition import Arrangement, Change, Module, Record, panel, required
from crm_domain.definition.kinds import (
    AutoNumber,
    Boolean,
    Choice,
    DateTime,
    Integer,
    Link,
    LongText,
    Text,
    Url,
    UserLink,
)
from crm_domain.modules.marketing_options import FORM_STATUSES, TEMPLATE_LANGUAGES, WHEN_KNOWN
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.web_forms.sites import read_sites


class WebForm(Record):
    """`form_number` stands in the form's address; `sites` are the pages in which it may stand in a frame, one a line."""

    name = required(Text(max_length=255, search=True))
    form_number = AutoNumber(readonly=True, copied=False, indexed=True, unique=True)
    campaign = required(Link(target="campaigns", inverse="web_forms", indexed=True, on_delete="block"))
    status = required(Choice(options=FORM_STATUSES, default="active", indexed=True))
    language = required(Choice(options=TEMPLATE_LANGUAGES, default="fa"))
    heading = required(Text(max_length=255))
    introduction = LongText(max_length=2000)
    submit_label = Text(max_length=80)
    thanks = LongText(max_length=2000)
    redirect_url = Url(max_length=2000)
    consent_text = Text(max_length=1000)
    sites = LongText(max_length=2000)
    when_known = required(Choice(options=WHEN_KNOWN, default="complete"))
    lead_owner = UserLink()
    notify = Boolean(default=True)
    received = Integer(readonly=True, audited=False, copied=False, default=0)
    received_at = DateTime(readonly=True, audited=False, copied=False)

    layout = Arrangement(
        columns=(name, campaign, status, language, received, received_at, Record.assigned_to),
        offered=(heading, lead_owner, redirect_url, Record.team, Record.created_at, Record.created_by),
        panels=(
            panel("overview", (name, campaign), (status, language), (received, received_at)),
            panel(
                "page", (heading, submit_label), (introduction,), (consent_text,), (thanks,), (redirect_url,), (sites,)
            ),
            panel("leads", (lead_owner, notify), (when_known,), (Record.assigned_to, Record.team)),
        ),
        quick=((name, campaign), (heading, language), (status, lead_owner)),
        picker=(name, campaign, status),
        basic=(name,),
        advanced=(name, campaign, status, language, lead_owner, Record.assigned_to, Record.team),
        highlights=(campaign, status, received, received_at, lead_owner),
        sort="-created_at",
    )


def leads_to_the_web(change: Change[WebForm]) -> None:
    """Where a form sends people, and where it may be shown, are addresses of the web."""
    wrong: dict[str, tuple[FieldProblem, ...]] = {}
    url = change.after.redirect_url
    if url and change.touches(WebForm.redirect_url) and not url.lower().startswith(("http://", "https://")):
        wrong["redirect_url"] = (FieldProblem("tracker_urls.not_web"),)
    if change.touches(WebForm.sites):
        try:
            read_sites(change.after.sites or "")
        except BadValue as bad:
            wrong["sites"] = (bad.problem,)
    if wrong:
        raise Invalid(wrong)


WEB_FORMS = Module(
    key="web_forms",
    record=WebForm,
    icon="notebook-pen",
    group="marketing",
    open_field="status",
    before_save=(leads_to_the_web,),
)
