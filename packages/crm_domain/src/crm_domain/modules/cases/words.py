"""Words with places for what is another thing in every case, filled."""

from crm_domain.letters.incoming import as_markup
from crm_domain.modules.canned_replies import filled
from crm_domain.modules.cases.fields import Case
from crm_domain.text.locale import Locale


def facts_of(case: Case, locale: Locale, sender: str = "") -> dict[str, str]:
    """What stands in the places; `sender` is who writes."""
    return {
        "number": locale.in_digits(str(case.case_number)),
        "subject": case.name,
        "contact": case.contact.name if case.contact else "",
        "account": case.account.name if case.account else "",
        "resolution": case.resolution or "",
        "sender": sender,
    }


def letter_of(text: str, case: Case, locale: Locale, sender: str = "") -> str:
    """Plain words as the markup of a letter about the case."""
    return filled(as_markup(text), facts_of(case, locale, sender)).replace("<p></p>", "")
