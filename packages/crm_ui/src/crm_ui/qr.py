"""Pictures that phones read."""

import segno


def qr_picture(text: str) -> str:
    """The text as a QR code, in an address that a picture's `src` takes."""
    return segno.make(text, error="m", micro=False).png_data_uri(scale=5, border=4)
