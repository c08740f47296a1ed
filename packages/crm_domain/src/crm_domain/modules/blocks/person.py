"""Fields that people share: colleagues and, with more of them, the people we deal with."""

from collections.abc import Mapping
from typing import Any

from crm_domain.definition import Record, required
from crm_domain.definition.kinds import (
    Address,
    Boolean,
    Choice,
    Computed,
    Date,
    Emails,
    Image,
    LongText,
    MultiChoice,
    Phone,
    Text,
)
from crm_domain.modules.options import GENDERS, LAWFUL_BASES, LAWFUL_BASIS_SOURCES, SALUTATIONS


def full_name(values: Mapping[str, Any]) -> str:
    """First and last name in natural order; either may be missing."""
    parts = (values.get("first_name"), values.get("last_name"))
    return " ".join(part for part in parts if part)


class Individual(Record):
    """Someone with a name, a post and ways to reach them."""

    first_name = Text(max_length=255)
    last_name = required(Text(max_length=255))
    name = Computed[str](by=full_name, of=("first_name", "last_name"), search=True, readonly=True, audited=False)
    title = Text(max_length=100)
    department = Text(max_length=255)
    photo = Image()
    emails = Emails()
    phone_work = Phone(search=True)
    phone_mobile = Phone(search=True)
    phone_home = Phone(search=True)
    phone_other = Phone(search=True)
    phone_fax = Phone()
    description = LongText()


class Person(Individual):
    """Someone outside the company whom we sell to, buy from or work with."""

    salutation = Choice(options=SALUTATIONS)
    do_not_call = Boolean()
    assistant = Text(max_length=75)
    assistant_phone = Phone()
    birthdate = Date()
    primary_address = Address(twin="alt_address")
    alt_address = Address(twin="primary_address")
    lawful_basis = MultiChoice(options=LAWFUL_BASES)
    date_reviewed = Date()
    lawful_basis_source = Choice(options=LAWFUL_BASIS_SOURCES)
    gender = Choice(options=GENDERS)
    national_id = Text(max_length=10, check="national_id", search=True)
    name_latin = Text(max_length=255, search=True)
    father_name = Text(max_length=100)
