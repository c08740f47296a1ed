"""A report's answer as a document: pages for the PDF renderer, or one file of HTML that needs nothing else."""

import re
from base64 import b64encode
from functools import cache
from typing import Any

import msgspec
from jinja2 import Environment
from markupsafe import Markup

from crm_domain.meaning.show import show
from crm_domain.reports.answer import MOST_PRINTED, Answer
from crm_domain.reports.paths import place_of
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_ui.papers.page import Sheets, Source, sheets_of
from crm_ui.reader import Reader
from crm_ui.reports.facts import body_of, left_out, rows
from crm_ui.reports.pictures import picture
from crm_ui.reports.plots import bars, plot
from crm_ui.static import Assets
from crm_ui.templates import make_environment

COLOURS = {"f1": "#0f6b5c", "f2": "#4a7fd4", "f3": "#b57412", "f4": "#8a6fd1", "f5": "#8b93a3", "fx": "url(#hatch)"}
RING = 200
DRAWING = "chart"
UPRIGHT, ACROSS = 6, 12
"""Columns that fit on A4 as it stands, and as it lies; more take A3."""
HANDED = re.compile(r"url\(handed:(\w+)\)")
FONT = "data:font/woff2;base64,"


class Told(msgspec.Struct, frozen=True):
    """What stands around an answer: the report's name, whose it is, and what was asked, in words."""

    title: str
    company: str
    person: str
    asked: tuple[str, ...] = ()


def paper(reader: Reader, answer: Answer, told: Told) -> Sheets:
    """The pages for the renderer, the paper as wide as its table."""
    drawn = _drawing(reader, answer)
    body, wide = _body(reader, answer, told, Markup('<img src="handed:{}" alt="">').format(DRAWING))
    source = Source(
        language="fa" if reader.voice.language == "fa" else "en",
        page_size="a4" if wide <= ACROSS else "a3",
        orientation="portrait" if wide <= UPRIGHT else "landscape",
    )
    pages = sheets_of(source, told.title, "", body, _footer(reader, told))
    return msgspec.structs.replace(pages, handed={**pages.handed, **({DRAWING: drawn.encode()} if drawn else {})})


def standalone(reader: Reader, answer: Answer, told: Told) -> bytes:
    """One file with its fonts and drawing in it, to be read, printed and passed on."""
    body, _ = _body(reader, answer, told, Markup(_drawing(reader, answer)))  # noqa: S704 - our own drawing, escaped
    language = reader.voice.language
    pages = sheets_of(Source(language="fa" if language == "fa" else "en"), told.title, "", body, "")
    styles = HANDED.sub(lambda font: f"url({FONT}{b64encode(pages.handed[font[1]]).decode()})", pages.css)
    facts = {"title": told.title, "styles": Markup(styles), "body": Markup(body), "said": _said(reader, told)}  # noqa: S704
    return _render(reader, "papers/report_page.html", facts, language=language).encode()


def _body(reader: Reader, answer: Answer, told: Told, drawing: Markup) -> tuple[str, int]:
    """The document's HTML, and how many columns its table has."""
    found = body_of(reader, answer)
    if answer.asked.question.kind == "list":
        found = {"body": "papers/report_list.html", "table": {**rows(reader, answer), "lines": _lines(reader, answer)}}
    elif answer.asked.question.kind == "number":
        found["body"] = "papers/report_number.html"
    chart = picture(reader, answer)
    facts: dict[str, Any] = {
        **found,
        "title": told.title,
        "base": reader.voice.module(reader.work.registry[answer.asked.question.base]),
        "records": reader.text("list.records", number=answer.total.count),
        "asked": told.asked,
        "notes": _notes(reader, answer),
        "chart": chart,
        "drawing": _chart(chart, drawing),
        "on_paper": True,
    }
    table: Any = found.get("table", {})
    return _render(reader, "papers/report.html", facts), len(table.get("columns", table.get("heads", ()))) + 1


def _lines(reader: Reader, answer: Answer) -> list[list[str]]:
    question = answer.asked.question
    places = [place_of(reader.work.registry, question.base, path) for path in question.columns]
    return [
        [
            "" if value is None else str(value) if place.part else show(place.field, value, reader.voice)
            for place, value in zip(places, row.values, strict=True)
        ]
        for row in answer.rows
    ]


def _notes(reader: Reader, answer: Answer) -> list[str]:
    """What the reader must know: that not all is printed, and what he may not see."""
    found: list[str] = []
    if answer.more:
        most = numbers.format_number(max(len(answer.rows), len(answer.lines)) or MOST_PRINTED, reader.voice.locale)
        found.append(reader.text("reports.printed_rows" if answer.rows else "reports.printed_groups", most=most))
    if unseen := left_out(reader, answer):
        fields = reader.text("record.list_separator").join(unseen)
        found.append(reader.text("reports.printed_without", fields=fields))
    return found


def _drawing(reader: Reader, answer: Answer) -> str:
    """The chart's lines and shapes as SVG; empty where there are none."""
    drawn = picture(reader, answer)
    if drawn is None or drawn["draws"] == "bars":
        return ""
    facts = {"width": RING, "height": RING, "colours": COLOURS.items(), "bare": True, **drawn}
    return _render(reader, "papers/chart.svg", facts).strip()


def _chart(chart: dict[str, Any] | None, drawing: Markup) -> Markup:
    """The drawing with its words; nothing without a chart."""
    match chart:
        case None:
            return Markup("")
        case {"draws": "bars"}:
            return bars(chart["bars"])
        case {"draws": "pie"}:
            return Markup('<div class="ring">{}</div>').format(drawing)
        case _:
            return plot(chart, drawing)


def _footer(reader: Reader, told: Told) -> str:
    return _render(reader, "papers/report_footer.html", {"said": _said(reader, told)})


def _said(reader: Reader, told: Told) -> str:
    at = formats.format_datetime(reader.voice.now, reader.voice.locale, reader.voice.catalogue)
    return reader.text("reports.printed_by", company=told.company, name=told.person, at=at)


def _render(reader: Reader, name: str, facts: dict[str, Any], **more: Any) -> str:
    return _templates().get_template(name).render(t=reader.voice.catalogue.text, **facts, **more)


@cache
def _templates() -> Environment:
    return make_environment(Assets())
