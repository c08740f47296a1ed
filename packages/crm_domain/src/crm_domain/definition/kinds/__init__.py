"""The kinds of fields: a closed union. A room that treats kinds is one `match` ending in `assert_never`."""

from typing import Any

from crm_domain.definition.kinds.bill import Bill
from crm_domain.definition.kinds.boolean import Boolean
from crm_domain.definition.kinds.choice import Choice, DependentChoice, MultiChoice
from crm_domain.definition.kinds.computed import Computed
from crm_domain.definition.kinds.contact import Address, Emails, Phone
from crm_domain.definition.kinds.file import File, Files, Image
from crm_domain.definition.kinds.link import AnyLink, Link, UserLink, targets_of
from crm_domain.definition.kinds.money import Money
from crm_domain.definition.kinds.number import AutoNumber, DecimalNumber, Integer, Percent
from crm_domain.definition.kinds.secret import Secret
from crm_domain.definition.kinds.text import LongText, RichText, Text, Url
from crm_domain.definition.kinds.time import Date, DateTime, Duration

Kind = (
    Text | LongText | RichText | Url
    | Integer | DecimalNumber | Percent | AutoNumber | Money
    | Boolean | Date | DateTime | Duration
    | Choice | DependentChoice | MultiChoice
    | Link | UserLink | AnyLink
    | Emails | Phone | Address
    | File | Files | Image | Secret | Bill | Computed[Any]
)  # fmt: skip

KINDS: tuple[type[Kind], ...] = (
    Text, LongText, RichText, Url, Integer, DecimalNumber, Percent, AutoNumber, Money, Boolean, Date, DateTime, Duration,
    Choice, DependentChoice, MultiChoice, Link, UserLink, AnyLink, Emails, Phone, Address, File, Files, Image, Secret,
    Bill, Computed,
)  # fmt: skip

__all__ = [
    "KINDS", "Address", "AnyLink", "AutoNumber", "Bill", "Boolean", "Choice", "Computed", "Date", "DateTime", "DecimalNumber",
    "DependentChoice", "Duration", "Emails", "File", "Files", "Image", "Integer", "Kind", "Link", "LongText", "Money", "MultiChoice",
    "Percent", "Phone", "RichText", "Secret", "Text", "Url", "UserLink", "targets_of",
]  # fmt: skip
