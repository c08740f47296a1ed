"""A form as the tracker shows it: everything its page needs, without a person or a right in it."""

from typing import Literal

import msgspec

FORM = "ask.form"
"""Subject of the question that a tracker asks. The form's number stands where else a link's does."""
Sort = Literal["line", "text", "email", "phone", "url", "number", "date", "choice", "several", "yes"]


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """One field of the form. `options` are keys with their words; `longest` counts letters."""

    key: str
    label: str
    sort: Sort
    required: bool = False
    longest: int = 255
    options: tuple[tuple[str, str], ...] = ()


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The whole form. `sites` are the origins whose pages may frame it; `answers` to the question are as they are compared."""

    company: str
    language: Literal["fa", "en"]
    heading: str
    introduction: str = ""
    submit: str = ""
    thanks: str = ""
    redirect: str = ""
    consent: str = ""
    consent_version: int = 0
    sites: tuple[str, ...] = ()
    fields: tuple[Asked, ...] = ()
    two_columns: bool = False
    question: str = ""
    answers: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody filled in, as it travels: text by field key, several texts for ticked boxes, and what looked odd."""

    values: dict[str, str | list[str]]
    consent: str = ""
    """The text that was agreed to."""
    consent_version: int = 0
    odd: tuple[str, ...] = ()
