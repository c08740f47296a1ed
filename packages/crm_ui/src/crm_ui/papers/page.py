"""A template filled for one record, as a page for the PDF renderer with its styles and fonts."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.text.merge_tags import Place, Vocabulary, compile_template, names, parse
from crm_ui.static import DIST, Assets

FONTS = {"vazirmatn": "vazirmatn-arabic-wght-normal.woff2", "inter": "inter-latin-wght-normal.woff2"}
TEXT = re.compile(r"\{\{\s*record\.(\w+)\s*\}\}")
LOGO = "logo"
LOGO_ADDRESS = f"handed:{LOGO}"
STYLES = Path(__file__).with_name("paper.css")
PAGE = (
    '<!doctype html><html lang="{language}" dir="{dir}"><head><meta charset="utf-8"><title>{title}</title>{version}</head><body>'
    '<div id="paper-header">{header}</div><div id="paper-footer">{footer}</div><main>{body}</main></body></html>'
)
AT_PAGE = """
@page {{ size: {size} {orientation}; margin: {top}mm {right}mm {bottom}mm {left}mm; }}
"""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A template: pieces of HTML with tags, and the paper they are for. Margins are millimetres."""

    template: str = ""
    """Its name; empty for the product's own."""
    version: int = 0
    cover: str = ""
    header: str = ""
    body: str = ""
    footer: str = ""
    logo: bytes = b""
    """A picture, for `company.logo`."""
    company: str = ""
    """Lines for `company.details`."""
    appendix: bytes = b""
    """A PDF, for behind the last page."""
    language: Literal["fa", "en"] = "fa"
    page_size: str = "a4"
    orientation: str = "portrait"
    margins: tuple[int, int, int, int] = (16, 15, 18, 15)
    """Top, right, bottom, left."""

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.header, self.body, self.footer

    @property
    def label(self) -> str:
        """By which version of which template a document was made."""
        return f"{self.template} · {self.version}" if self.template else ""


class Besides(msgspec.Struct, frozen=True, kw_only=True):
    """What a document has besides its template: pictures by the key that stands in `handed:<key>`, PDFs before and behind."""

    pictures: Mapping[str, bytes] = {}
    ahead: bytes = b""
    behind: bytes = b""


NOTHING = Besides()


class Sheets(msgspec.Struct, frozen=True):
    """What the renderer is handed."""

    html: str
    css: str
    handed: Mapping[str, bytes]
    ahead: tuple[bytes, ...] = ()
    appended: tuple[bytes, ...] = ()


def with_texts(source: Source, module: Module[Any], values: Mapping[str, Any]) -> Source:
    """The template with the record's formatted texts in the places of their tags; they may have tags of their own."""
    texts = {field.key: values.get(field.key) or "" for field in module.fields if isinstance(field, kinds.RichText)}
    parts = {key: getattr(source, key) for key in ("cover", "header", "body", "footer")}
    filled = {key: TEXT.sub(lambda tag: texts.get(tag[1], tag[0]), part) for key, part in parts.items()}
    return msgspec.structs.replace(source, **filled) if texts else source


def tags_of(source: Source) -> set[str]:
    """All names that the template's tags use. Raises BadTemplate."""
    return {name for part in (source.cover, *source.parts) for name in names(parse(part, html=True))}


def sheets(
    source: Source, vocabulary: Vocabulary, values: Mapping[str, Any], title: str, besides: Besides = NOTHING
) -> list[Sheets]:
    """The filled cover, if there is one, and pages, with what stands around them. Raises BadTemplate, Missing, TooMuch."""
    cover = _filled(source.cover, vocabulary, values)
    header, body, footer = (_filled(part, vocabulary, values) for part in source.parts)
    pages = sheets_of(source, title, header, body, footer)
    handed = {**pages.handed, **besides.pictures}
    behind = tuple(pdf for pdf in (source.appendix, besides.behind) if pdf)
    pages = msgspec.structs.replace(pages, handed=handed, appended=behind)
    covers = [sheets_of(source, title, "", cover, "")] if cover.strip() else []
    first, *rest = [*covers, pages]
    return [msgspec.structs.replace(first, ahead=(besides.ahead,) if besides.ahead else ()), *rest]


def body_of(source: Source, vocabulary: Vocabulary, values: Mapping[str, Any]) -> str:
    """The filled body alone. Raises BadTemplate, Missing, TooMuch."""
    return _filled(source.body, vocabulary, values)


def sheets_of(source: Source, title: str, header: str, body: str, footer: str) -> Sheets:
    """Pages of HTML that is ready, on the source's paper."""
    top, right, bottom, left = source.margins
    at_page = AT_PAGE.format(
        size=source.page_size.upper() if source.page_size.startswith("a") else source.page_size,
        orientation=source.orientation, top=top, right=right, bottom=bottom, left=left,
    )  # fmt: skip
    html = PAGE.format(
        language=source.language,
        dir="rtl" if source.language == "fa" else "ltr",
        title=escape(title),
        version=f'<meta name="keywords" content="{escape(source.label)}">' if source.label else "",
        header=header,
        body=body,
        footer=footer,
    )
    pictures = {LOGO: source.logo} if source.logo else {}
    return Sheets(html, STYLES.read_text("utf-8") + at_page, {**_fonts(), **pictures})


def _filled(part: str, vocabulary: Vocabulary, values: Mapping[str, Any]) -> str:
    return compile_template(parse(part, html=True), vocabulary, Place.HTML)(values)


@cache
def _fonts() -> Mapping[str, bytes]:
    """The product's own fonts, so that a document looks the same on every machine."""
    assets = Assets()
    return {key: (DIST / Path(assets.url(name)).name).read_bytes() for key, name in FONTS.items()}
