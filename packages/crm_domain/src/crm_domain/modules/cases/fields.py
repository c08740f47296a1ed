"""What a case holds: a customer's problem or request with its number, owner and outcome."""

from crm_domain.definition import Arrangement, LinkFields, ManyToMany, Record, panel, required
from crm_domain.definition.kinds import (
    AutoNumber,
    Boolean,
    Choice,
    DateTime,
    DependentChoice,
    Integer,
    Link,
    LongText,
    RichText,
    Text,
)
from crm_domain.modules.service_options import (
    CASE_CHANNELS,
    CASE_PRIORITIES,
    CASE_ROLES,
    CASE_STATES,
    CASE_STATUSES,
    CASE_TYPES,
)


class Case(Record):
    case_number = AutoNumber(search=True, readonly=True, copied=False, indexed=True, unique=True)
    name = required(Text(max_length=255, search=True))
    account = Link(target="accounts", inverse="cases", indexed=True)
    contact = Link(target="contacts", indexed=True)
    product = Link(target="products", inverse="cases", indexed=True)
    contract = Link(target="contracts", inverse="cases", among="account", indexed=True)
    state = required(Choice(options=CASE_STATES, default="open", copied=False))
    status = required(DependentChoice(options=CASE_STATUSES, leader="state", default="new", indexed=True, copied=False))
    priority = required(Choice(options=CASE_PRIORITIES, default="medium", indexed=True))
    case_type = Choice(options=CASE_TYPES)
    channel = Choice(options=CASE_CHANNELS)
    description = RichText()
    resolution = LongText(copied=False)
    work_log = LongText(copied=False)
    is_internal = Boolean()
    duplicate_of = Link(target="cases", inverse="duplicates", indexed=True, copied=False)
    due_at = DateTime(indexed=True)
    first_response_at = DateTime(readonly=True, copied=False)
    closed_at = DateTime(readonly=True, copied=False, indexed=True)
    reopened_count = Integer(readonly=True, copied=False)

    layout = Arrangement(
        columns=(case_number, name, account, priority, status, Record.assigned_to, Record.created_at),
        offered=(
            contact,
            product,
            contract,
            state,
            case_type,
            channel,
            due_at,
            first_response_at,
            closed_at,
            reopened_count,
            resolution,
            is_internal,
            duplicate_of,
            "account.industry",
            "contact.phone_mobile",
            Record.team,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (name,),
                (account, contact),
                (product, contract),
                (state, status),
                (priority, case_type),
                (channel, due_at),
                (description,),
                (Record.assigned_to, Record.team),
            ),
            panel("outcome", (resolution,), (duplicate_of, is_internal), (work_log,)),
            panel("times", (case_number, first_response_at), (closed_at, reopened_count), folded=True),
        ),
        quick=((name,), (priority, status), (state, account), (contact, Record.assigned_to), (description,)),
        picker=(name, account, priority, status, Record.assigned_to),
        basic=(name,),
        advanced=(
            case_number,
            name,
            account,
            contact,
            product,
            contract,
            case_type,
            channel,
            state,
            status,
            priority,
            due_at,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(status, priority, account, contact, due_at, Record.assigned_to),
        board=status,
        card=(name, account, priority, due_at, Record.assigned_to),
        subpanels=("contacts", "articles", "bugs", "duplicates"),
    )


class CaseContact(LinkFields):
    """What a contact is to a case."""

    role = Choice(options=CASE_ROLES, default="primary")
    is_primary = Boolean()


CASE_CONTACTS = ManyToMany(
    key="case_contacts",
    left="contacts",
    right="cases",
    left_key="cases",
    right_key="contacts",
    fields=CaseContact,
    primary="is_primary",
    mirrors="contact",
)
CASE_ARTICLES = ManyToMany(
    key="case_articles", left="cases", right="knowledge_articles", left_key="articles", right_key="cases"
)
