"""Numbers and times as the console's reader is used to."""

from datetime import datetime

from crm_domain.messages.catalogue import catalogue
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_domain.text.locale import ENGLISH, PERSIAN, Locale
from crm_host.visit import Visit


def locale_of(visit: Visit) -> Locale:
    return PERSIAN if visit.language == "fa" else ENGLISH


def number(visit: Visit, value: int) -> str:
    return numbers.format_number(value, locale_of(visit))


def when(visit: Visit, at: datetime) -> str:
    return formats.format_datetime(at, locale_of(visit), catalogue(visit.language))
