"""A list as PDF: its columns as the reader has them, what was asked, who took it when."""

from collections.abc import Sequence
from html import escape

import msgspec

from crm_storage.limited import in_child
from crm_ui.cells import Cell
from crm_ui.papers.page import Source, sheets_of
from crm_web.lists.tables import Column, Line
from crm_web.visit import Visit

UPRIGHT = 5
"""More columns than these lie on the broad side of the paper."""


async def list_pdf(
    visit: Visit, title: str, about: Sequence[str], columns: Sequence[Column], lines: Sequence[Line]
) -> bytes:
    """The document; `about` is said below the title. Raises BadValue for more than the renderer draws in its time."""
    heads = "".join(f'<th class="{_css(column)}">{escape(column.label)}</th>' for column in columns)
    rows = "".join(_row(columns, line) for line in lines)
    said = "".join(f'<p class="muted small">{escape(part)}</p>' for part in about if part)
    body = (
        f'<h1>{escape(title)}</h1>{said}<div class="rule"></div>'
        f'<table class="lines"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )
    source = Source(
        language="fa" if visit.voice.language == "fa" else "en",
        orientation="landscape" if len(columns) > UPRIGHT else "portrait",
    )
    sheets = sheets_of(source, title, "", body, _footer(visit, title))
    return await in_child("paper", msgspec.msgpack.encode([sheets]))


def _row(columns: Sequence[Column], line: Line) -> str:
    cells = (f'<td class="{_css(column)}">{_text(cell)}</td>' for column, cell in line.across(columns))
    return f"<tr>{''.join(cells)}</tr>"


def _text(cell: Cell) -> str:
    return f'<span class="ltr">{escape(cell.text)}</span>' if cell.form == "ltr" else escape(cell.text)


def _css(column: Column) -> str:
    return "amount" if column.numeric else ""


def _footer(visit: Visit, title: str) -> str:
    page, of = visit.text("papers.word.page"), visit.text("papers.word.of")
    return (
        f"<table><tr><td>{escape(visit.tenant.name)} · {escape(title)}</td>"
        f'<td class="end">{escape(page)} <span class="page"></span> {escape(of)} <span class="pages"></span></td></tr></table>'
    )
