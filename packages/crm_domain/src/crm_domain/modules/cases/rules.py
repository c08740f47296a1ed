"""What a company settled about its cases: which mails customers get by themselves, and what their answers make of a case."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from crm_domain.records.work import Work

CASES = "cases"
"""The setting's key."""
Occasion = Literal["opened", "closed"]
OCCASIONS: tuple[Occasion, ...] = ("opened", "closed")
ANSWERED: Mapping[str, str] = {"pending_input": "assigned", "closed": "assigned"}
"""What a case becomes when its customer answers, by what it is; the others stay."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One that customers get by itself. `words` are the company's own by language; without any the product's are sent."""

    sent: bool = False
    words: Mapping[str, str] = {}


class CaseRules(msgspec.Struct, frozen=True, kw_only=True):
    """The mails on opening and on closing, and by status the one that a customer's answer leads to."""

    opened: Mail = Mail()
    closed: Mail = Mail()
    answered: Mapping[str, str] = msgspec.field(default_factory=lambda: ANSWERED)

    def mail(self, occasion: Occasion) -> Mail:
        return self.opened if occasion == "opened" else self.closed


def rules_of(kept: Mapping[str, Any] | None) -> CaseRules:
    """The rules as they were kept; what no longer fits counts as not settled."""
    try:
        return msgspec.convert(kept or {}, CaseRules)
    except msgspec.ValidationError:
        return CaseRules()


async def case_rules(work: "Work") -> CaseRules:
    """The company's rules."""
    return rules_of(await work.store.setting(CASES))
