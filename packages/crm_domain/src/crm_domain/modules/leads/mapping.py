"""Which of a lead's values become which values of the records it turns into."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crm_domain.definition import ADDRESS_PARTS, Module, PostalAddress, Record
from crm_domain.modules.accounts import Account
from crm_domain.modules.contacts import Contact
from crm_domain.modules.leads.fields import Lead
from crm_domain.modules.opportunities import Opportunity
from crm_domain.records.take_over import in_common

if TYPE_CHECKING:
    from crm_domain.records.work import Work


def contact_values(work: "Work", lead: Lead) -> dict[str, Any]:
    """What the contact takes over: all that is alike; the primary address stands in for a missing other one."""
    values = in_common(work.module(Lead), work.module(Contact), lead)
    return _without_gaps({**values, "alt_address": lead.alt_address or lead.primary_address})


def account_values(work: "Work", lead: Lead) -> dict[str, Any]:
    """What the account takes over, its own description instead of the person's."""
    values = in_common(work.module(Lead), work.module(Account), lead)
    own = {
        "name": lead.account_name,
        "description": lead.account_description,
        "phone_office": lead.phone_work,
        "billing_address": lead.primary_address,
        "shipping_address": lead.alt_address or lead.primary_address,
    }
    return _without_gaps({**values, **own})


def opportunity_values(work: "Work", lead: Lead) -> dict[str, Any]:
    """What the deal takes over."""
    values = in_common(work.module(Lead), work.module(Opportunity), lead)
    return _without_gaps({**values, "name": lead.opportunity_name, "amount": lead.opportunity_amount})


def with_typed(mapped: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed wins over the lead's value; an address is filled part by part."""
    joined = {key: _filled(value, mapped.get(key)) for key, value in typed.items()}
    return {**mapped, **joined}


def _filled(typed: Any, mapped: Any) -> Any:
    if not (isinstance(typed, PostalAddress) and isinstance(mapped, PostalAddress)):
        return typed
    gaps = {part: getattr(mapped, part) for part in ADDRESS_PARTS if not getattr(typed, part)}
    return msgspec.structs.replace(typed, **gaps)


def _without_gaps(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def unwritable(work: "Work", module: Module[Any], values: Iterable[str]) -> tuple[str, ...]:
    """Those of the values that the actor may not write."""
    return tuple(key for key in values if work.access.field(module.key, key) != "write")


MAPPED: Mapping[str, tuple[type[Record], Callable[["Work", Lead], dict[str, Any]]]] = {
    "contact": (Contact, contact_values),
    "account": (Account, account_values),
    "opportunity": (Opportunity, opportunity_values),
}
"""What a lead may become, by section: the record, and the lead's values for it."""
