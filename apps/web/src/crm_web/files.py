"""Answers that are files: always an attachment, never run or sniffed (SEC-20, SEC-23)."""

from urllib.parse import quote

from litestar import Response


def attachment(name: str, media_type: str, body: bytes) -> Response[bytes]:
    """A download. The name is a label in any script, encoded as RFC 6266 wants it."""
    ascii_name = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name
    )
    headers = {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox",
    }
    return Response(body, media_type=media_type, headers=headers)
