"""Questions about any of several fields ask only those the reader may see."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from crm_domain.access.rights import Access, Role
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_domain.problems import Invalid
from crm_domain.query.filter import EVERYTHING, AnyOf
from crm_domain.query.read import read_filter
from crm_domain.query.resolve import Resolved, resolve
from crm_domain.text.locale import Locale

CONTACTS = REGISTRY["contacts"]
VOICE = Voice(catalogue("fa"), Locale(), datetime(2026, 11, 25, tzinfo=UTC))
PHONES = ("assistant_phone", "phone_work", "phone_mobile", "phone_home", "phone_other", "phone_fax")


def asked(*hidden: str, op: str = "contains") -> Resolved:
    role = Role(id=UUID(int=1), name="r", grants={}, fields={"contacts": dict.fromkeys(hidden, "hidden")})
    filter_ = read_filter(REGISTRY, CONTACTS, [(f"filter[any_phone][{op}]", "۰۹۱۲ ۱۲۳")], VOICE)
    return resolve(filter_, REGISTRY, CONTACTS, Access(user=UUID(int=2), roles=(role,)), VOICE)


def test_any_phone_asks_all_numbers_in_any_digits() -> None:
    assert asked().filter == AnyOf(PHONES, "contains", "912123")
    assert asked(op="eq").filter == AnyOf(PHONES, "ends", "912123"), "as it was typed, without the country"


def test_sec_04_any_phone_never_asks_a_hidden_number() -> None:
    assert asked("phone_mobile") == Resolved(
        AnyOf(tuple(key for key in PHONES if key != "phone_mobile"), "contains", "912123"), ("phone_mobile",)
    )
    assert asked(*PHONES).filter == EVERYTHING


def test_what_cannot_be_asked_of_several_fields_is_refused() -> None:
    for op in ("empty", "domain"):
        with pytest.raises(Invalid):
            asked(op=op)
