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
from crm_domain.modules.marketing_options import FORM_MAKES, FORM_STATUSES, TEMPLATE_LANGUAGES, WHEN_KNOWN
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.web_forms.read import read_answers
from crm_domain.web_forms.sites import origin_of, read_sites


class WebForm(Record):
    """`form_number` stands in the form's address; `sites` are the only places, one a line, in whose pages it may stand and to
    which it may lead people. `question` is one that people answer easily, with any of the `answers`, separated by commas."""

    name = required(Text(max_length=255, search=True))
    form_number = AutoNumber(readonly=True, copied=False, indexed=True, unique=True)
    campaign = required(Link(target="campaigns", inverse="web_forms", indexed=True, on_delete="block"))
    makes = required(Choice(options=FORM_MAKES, default="leads", indexed=True, mass=False))
    status = required(Choice(options=FORM_STATUSES, default="active", indexed=True))
    language = required(Choice(options=TEMPLATE_LANGUAGES, default="fa"))
    heading = required(Text(max_length=255))
    introduction = LongText(max_length=2000)
    two_columns = Boolean()
    question = Text(max_length=255)
    answers = Text(max_length=255)
    submit_label = Text(max_length=80)
    thanks = LongText(max_length=2000)
    redirect_url = Url(max_length=2000)
    sites = LongText(max_length=2000)
    consent_text = Text(max_length=1000)
    consent_version = Integer(readonly=True, copied=False)
    double_opt_in = Boolean(default=True)
    record_owner = UserLink()
    target_list = Link(target="target_lists", inverse="web_forms", indexed=True)
    when_known = required(Choice(options=WHEN_KNOWN, default="complete"))
    notify = Boolean(default=True)
    received = Integer(readonly=True, audited=False, copied=False, default=0)
    received_at = DateTime(readonly=True, audited=False, copied=False)

    layout = Arrangement(
        columns=(name, campaign, makes, status, received, received_at, Record.assigned_to),
        offered=(heading, language, record_owner, target_list, redirect_url, Record.team, Record.created_at, Record.created_by),
        panels=(
            panel("overview", (name, campaign), (makes, status), (received, received_at)),
            panel(
                "page",
                (heading, language),
                (introduction,),
                (submit_label, two_columns),
                (question, answers),
                (thanks,),
                (consent_text,),
                (consent_version, double_opt_in),
                (redirect_url,),
                (sites,),
            ),
            panel("result", (record_owner, notify), (when_known, target_list), (Record.assigned_to, Record.team)),
        ),
        quick=((name, campaign), (heading, language), (makes, record_owner), (status, when_known)),
        picker=(name, campaign, status),
        basic=(name,),
        advanced=(name, campaign, makes, status, language, record_owner, target_list, Record.assigned_to, Record.team),
        highlights=(campaign, makes, received, received_at, record_owner),
        sort="-created_at",
    )  # fmt: skip


def leads_home(change: Change[WebForm]) -> None:
    """A form stands in the company's own sites, and leads people nowhere else."""
    try:
        sites = read_sites(change.after.sites or "")
    except BadValue as bad:
        raise Invalid({"sites": (bad.problem,)}) from None
    url = change.after.redirect_url
    if url and origin(url) not in sites:
        raise Invalid({"redirect_url": (FieldProblem("web_forms.not_allowed"),)})


def questions_have_answers(change: Change[WebForm]) -> None:
    """A question without an answer would keep everybody out."""
    if bool(change.after.question) != bool(read_answers(change.after.answers or "")):
        missing = "answers" if change.after.question else "question"
        raise Invalid({missing: (FieldProblem("web_forms.question_and_answer"),)})


def origin(url: str) -> str:
    """The site of an address; empty for what is no address of the web."""
    try:
        return origin_of(url)
    except BadValue:
        return ""


def counts_consent(change: Change[WebForm]) -> None:
    """Each wording of the consent is an edition of its own."""
    if change.touches(WebForm.consent_text) and change.after.consent_text:
        change.set(WebForm.consent_version, (change.after.consent_version or 0) + 1)


WEB_FORMS = Module(
    key="web_forms",
    record=WebForm,
    icon="notebook-pen",
    group="marketing",
    open_field="status",
    before_save=(leads_home, counts_consent, questions_have_answers),
)
