"""Pages of a PDF as pictures; runs in the limited child only (SEC-22)."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# The renderer has no types.

from io import BytesIO

import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - it has none

from crm_domain.problems import BadValue
from crm_storage.files import pictures

LONGEST = 1400
"""Pixels of the longer side of the page's preview."""
FIRST_ONES = 6
"""Pages that are looked at of a document of our own."""


def ready() -> None:
    """Loads what draws pages and encodes them."""
    pictures.ready()
    with BytesIO() as page:
        document = pypdfium2.PdfDocument.new()
        document.new_page(9, 9)
        document.save(page)
        run(page.getvalue())


def run(body: bytes, which: str = "first") -> tuple[bytes, bytes] | list[bytes]:
    """The first page as preview and thumbnail or, asked for `all`, the previews of the first few.

    Raises BadValue for what is no PDF or cannot be opened.
    """
    try:
        document = pypdfium2.PdfDocument(body)
        if which == "all":
            return [_drawn(document[place])[0] for place in range(min(len(document), FIRST_ONES))]
        return _drawn(document[0])
    except (pypdfium2.PdfiumError, IndexError, ValueError):
        raise BadValue("problems.file_unreadable") from None


def _drawn(page: pypdfium2.PdfPage) -> tuple[bytes, bytes]:
    return pictures.shrunk(page.render(scale=LONGEST / max(page.get_width(), page.get_height(), 1)).to_pil())
