"""A document drawn as PDF from HTML; runs in the limited child only. It loads nothing but what it was handed (SEC-25)."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# The renderer has no types.

import logging
from base64 import b64decode
from io import BytesIO
from typing import Any

import msgspec
import pypdfium2
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from crm_domain.problems import BadValue

HANDED = "handed:"
"""What the addresses of handed files begin with."""
INLINE = "data:image/"
RASTER = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
"""How pictures of points begin: drawings that authors bring are not rendered, whatever they call themselves (SEC-17)."""
DRAWING = "{http://www.w3.org/2000/svg}svg"
MOST_PAGES = 300


class Paper(msgspec.Struct, frozen=True):
    """What is to be drawn: a page, its styles, the files either may name as `handed:<key>`, and PDFs to go before
    and behind it."""

    html: str
    css: str
    handed: dict[str, bytes] = {}
    ahead: tuple[bytes, ...] = ()
    appended: tuple[bytes, ...] = ()


class Handed(URLFetcher):
    """Serves handed files and pictures that stand in the document itself; everything else is refused."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Raises ValueError, which leaves the place empty."""
        if url.startswith(HANDED) and (key := url.removeprefix(HANDED)) in self._files:
            return URLFetcherResponse(url, self._files[key])
        if url.startswith(INLINE):
            return _inline(url)
        raise ValueError(url)


def ready() -> None:
    """Loads the renderer and the libraries below it."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    one = run(msgspec.msgpack.encode([Paper("<p>a", "")]))
    joined([one, one])


def run(body: bytes) -> bytes:
    """One PDF of all papers in their order. Raises BadValue for more pages than anybody prints, and for no PDF behind one."""
    pieces: list[bytes] = []
    drawn: list[Any] = []
    pages = 0
    for paper in msgspec.msgpack.decode(body, type=list[Paper]):
        if paper.ahead:
            pieces += [*([_written(drawn)] if drawn else []), *paper.ahead]
            drawn = []
        drawn.append(_drawn(paper))
        pages += len(drawn[-1].pages)
        if pages > MOST_PAGES:
            raise BadValue("papers.too_long", most=MOST_PAGES)
        if paper.appended:
            pieces += [_written(drawn), *paper.appended]
            drawn = []
    return joined([*pieces, *([_written(drawn)] if drawn else [])])


def _written(drawn: list[Any]) -> bytes:
    return drawn[0].copy([page for document in drawn for page in document.pages]).write_pdf() or b""


def joined(pieces: list[bytes]) -> bytes:
    """PDFs as one. Raises BadValue for one that cannot be read or has more pages than anybody prints."""
    if len(pieces) == 1:
        return pieces[0]
    try:
        whole = pypdfium2.PdfDocument(pieces[0])
        for piece in pieces[1:]:
            whole.import_pages(pypdfium2.PdfDocument(piece))
    except (pypdfium2.PdfiumError, ValueError):
        raise BadValue("papers.appendix_unreadable") from None
    if len(whole) > MOST_PAGES:
        raise BadValue("papers.too_long", most=MOST_PAGES)
    with BytesIO() as made:
        whole.save(made)
        return made.getvalue()


def _drawn(paper: Paper) -> Any:
    fetch = Handed(paper.handed)
    fonts = FontConfiguration()
    style = CSS(string=paper.css, font_config=fonts, url_fetcher=fetch)
    page = HTML(string=paper.html, url_fetcher=fetch)
    for drawing in tuple(page.etree_element.iter(DRAWING)):
        tail = drawing.tail
        drawing.clear()
        drawing.tag, drawing.tail = "span", tail
    return page.render(stylesheets=[style], font_config=fonts)


def _inline(url: str) -> URLFetcherResponse:
    head, _, data = url.partition(",")
    picture = b64decode(data)
    if not picture.startswith(RASTER):
        raise ValueError(head)
    return URLFetcherResponse(url, picture, {"Content-Type": head.removeprefix("data:").split(";")[0]})
