"""Answers that are files: always an attachment, never run or sniffed (SEC-20, SEC-23)."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

SANDBOX = "default-src 'none'; sandbox"


def attachment(name: str, media_type: str, body: bytes) -> Response[bytes]:
    """A download. The name is a label in any script, encoded as RFC 6266 wants it."""
    return Response(body, media_type=media_type, headers=_headers(name))


def inline_pdf(name: str, body: bytes) -> Response[bytes]:
    """A document we drew ourselves, to be read in the browser; its viewer does not start in a sandbox."""
    headers = {**_headers(name), "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'"}
    headers["Content-Disposition"] = headers["Content-Disposition"].replace("attachment", "inline", 1)
    return Response(body, media_type="application/pdf", headers=headers)


def streamed(name: str, media_type: str, pieces: AsyncIterator[bytes], size: int) -> Stream:
    """The same, piece by piece."""
    return Stream(pieces, media_type=media_type, headers={**_headers(name), "Content-Length": str(size)})


def given_out(name: str, media_type: str, pieces: AsyncIterator[bytes]) -> Stream:
    """The same, where nobody knows yet how long it gets."""
    return Stream(pieces, media_type=media_type, headers=_headers(name))


def picture(pieces: AsyncIterator[bytes]) -> Stream:
    """A preview or thumbnail that we made ourselves, to be shown in a page."""
    return Stream(
        pieces, media_type="image/webp", headers={"Content-Disposition": "inline", "Content-Security-Policy": SANDBOX}
    )


def _headers(name: str) -> dict[str, str]:
    ascii_name = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name
    )
    return {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": SANDBOX,
    }
