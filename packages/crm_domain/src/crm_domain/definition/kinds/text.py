"""Kinds of text: one line, many lines, formatted, and web addresses."""

from typing import Literal

from crm_domain.definition.field import Field

Check = Literal[
    "", "national_id", "legal_id", "postal_code", "economic_code", "digits", "currency_code", "user_name",
    "email_address", "host_name", "tracker_name",
]  # fmt: skip


class Text(Field[str | None], frozen=True, kw_only=True, eq=False):
    """One line. `check` names a rule for identifiers, whose digits are then Latin and whose direction is left to right."""

    max_length: int = 255
    check: Check = ""


class LongText(Field[str | None], frozen=True, kw_only=True, eq=False):
    """Several lines of plain text."""

    max_length: int = 65_535


class RichText(Field[str | None], frozen=True, kw_only=True, eq=False):
    """HTML within the allow-list, cleaned when stored and again when shown (SEC-12).

    `library` is the module whose records' `body` may be put into it, as copies. People may be named where it `mentions` them,
    and are told.
    """

    max_length: int = 262_144
    library: str = ""
    mentions: bool = False


class Url(Field[str | None], frozen=True, kw_only=True, eq=False):
    """A web address, kept as typed; a missing scheme is added only in the link."""

    max_length: int = 255
