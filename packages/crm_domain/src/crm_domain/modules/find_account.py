"""The account that a written company name means, whatever legal form stands beside it."""

import re
from typing import TYPE_CHECKING

from crm_domain.definition import Ref
from crm_domain.modules.accounts import Account
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery
from crm_domain.text.normalise import search_key

if TYPE_CHECKING:
    from crm_domain.records.work import Work

FORMS = (
    "شرکت", "موسسه", "گروه", "سهامی خاص", "سهامی عام", "با مسئولیت محدود", "مسئولیت محدود", "تضامنی", "تعاونی", "ltd", "limited",
    "llc", "inc", "incorporated", "corp", "corporation", "co", "company", "gmbh", "ag", "plc", "sa", "bv",
)  # fmt: skip
MOST = 20
"""Names that are looked at; where more are alike, none is meant."""
_FORMS = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(search_key(form)) for form in FORMS)})(?!\w)")
_MARKS = re.compile(r"[^\w\s]+")


def bare(name: str) -> str:
    """The name as it is compared: blind to spelling, marks and legal form."""
    plain = _MARKS.sub(" ", search_key(name))
    return " ".join(_FORMS.sub(" ", plain).split())


async def find_account(work: "Work", name: str) -> Ref | None:
    """The only account within reach of that name, else the only one of the same name in another legal form."""
    module, core = work.module(Account), bare(name)
    for asked in (Condition("name", "eq", name), *([Condition("name", "contains", core)] if core else [])):
        page = await work.store.page(module, ListQuery(filter=asked, columns=("name",), limit=MOST))
        rows = [row for row in page.rows if bare(str(row["name"])) == core]
        if len(rows) == 1 and page.after is None:
            return Ref(module.key, rows[0].id, str(rows[0]["name"]))
    return None
