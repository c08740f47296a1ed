"""A report's answer as a file, in each of its forms."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from crm_domain.reports.answer import MOST_IN_FILE, MOST_PRINTED, Answer
from crm_ui.papers.page import Sheets
from crm_ui.reader import Reader
from crm_ui.reports.paper import Told, paper, standalone
from crm_ui.reports.sheet import as_csv, as_xlsx, sheet_of

FORMATS = ("pdf", "html", "xlsx", "csv")
PRINTED = frozenset({"pdf", "html"})
"""Those that people read as they are, with as many rows as anybody reads."""
MEDIA = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Draw = Callable[[Sequence[Sheets]], Awaitable[bytes]]
"""Draws pages as PDF."""


class Made(msgspec.Struct, frozen=True):
    """A file with its name."""

    name: str
    media_type: str
    body: bytes


def most_in(form: str) -> int:
    """How many groups or rows a file of that form holds."""
    return MOST_PRINTED if form in PRINTED else MOST_IN_FILE


async def made(reader: Reader, answer: Answer, told: Told, form: str, draw: Draw) -> Made:
    """The answer in one of FORMATS. Raises BadValue where it is too much to draw."""
    match form:
        case "pdf":
            body = await draw([paper(reader, answer, told)])
        case "html":
            body = standalone(reader, answer, told)
        case "xlsx":
            question, rtl = answer.asked.question, reader.voice.locale.rtl
            body = as_xlsx(sheet_of(reader, answer), question, told.title, rtl=rtl)
        case _:
            body = as_csv(sheet_of(reader, answer))
    return Made(f"{told.title}.{form}", MEDIA[form], body)
