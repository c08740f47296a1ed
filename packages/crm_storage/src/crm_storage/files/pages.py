"""The first page of a PDF as a picture; runs in the limited child only (SEC-22)."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# The renderer has no types.

from io import BytesIO

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

from crm_domain.problems import BadValue
from crm_storage.files import pictures

LONGEST = 1400
"""Pixels of the longer side of the page's preview."""


def ready() -> None:
    """Loads what draws pages and encodes them."""
    pictures.ready()
    with BytesIO() as page:
        document = pypdfium2.PdfDocument.new()
        document.new_page(9, 9)
        document.save(page)
        run(page.getvalue())


def run(body: bytes) -> tuple[bytes, bytes]:
    """The preview and the thumbnail. Raises BadValue for what is no PDF or cannot be opened."""
    try:
        document = pypdfium2.PdfDocument(body)
        page = document[0]
        page_image = page.render(scale=LONGEST / max(page.get_width(), page.get_height(), 1)).to_pil()
    except (pypdfium2.PdfiumError, IndexError, ValueError):
        raise BadValue("problems.file_unreadable") from None
    return pictures.shrunk(page_image)
