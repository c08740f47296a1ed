"""A template filled for one record, as a page for the PDF renderer with its styles and fonts."""

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import msgspec

from crm_domain.text.merge_tags import Place, Vocabulary, compile_template, names, parse
from crm_ui.static import DIST, Assets

FONTS = {"vazirmatn": "vazirmatn-arabic-wght-normal.woff2", "inter": "inter-latin-wght-normal.woff2"}
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


class Sheets(msgspec.Struct, frozen=True):
    """What the renderer is handed."""

    html: str
    css: str
    handed: Mapping[str, bytes]
    appended: bytes = b""


def tags_of(source: Source) -> set[str]:
    """All names that the template's tags use. Raises BadTemplate."""
    return {name for part in (source.cover, *source.parts) for name in names(parse(part, html=True))}


def sheets(source: Source, vocabulary: Vocabulary, values: Mapping[str, Any], title: str) -> list[Sheets]:
    """The filled cover, if there is one, and pages. Raises BadTemplate, Missing, TooMuch."""
    cover = _filled(source.cover, vocabulary, values)
    header, body, footer = (_filled(part, vocabulary, values) for part in source.parts)
    pages = sheets_of(source, title, header, body, footer)
    covers = [sheets_of(source, title, "", cover, "")] if cover.strip() else []
    return [*covers, msgspec.structs.replace(pages, appended=source.appendix)]


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
