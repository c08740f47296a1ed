"""Kinds that reach people: e-mail addresses, phones, postal addresses."""

from crm_domain.definition.field import Field
from crm_domain.definition.values import EmailEntry, PostalAddress


class Emails(Field[tuple[EmailEntry, ...] | None], frozen=True, kw_only=True, eq=False):
    """Any number of e-mail addresses, exactly one of them primary.

    The address itself is a record of its own, shared by all who have it: opting out one owner opts out the address.
    """


class Phone(Field[str | None], frozen=True, kw_only=True, eq=False):
    """A phone number: E.164 when it can be understood, otherwise as typed."""

    max_length: int = 100


class Address(Field[PostalAddress | None], frozen=True, kw_only=True, eq=False):
    """A postal address in five parts. `twin` names the address field of the other side, for copying."""

    twin: str = ""
