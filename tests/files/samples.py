"""Small files of every sort, made on the spot."""

from io import BytesIO
from typing import Any

import weasyprint
from PIL import Image
from PIL.ExifTags import Base


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **how: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (180, 40, 40)).save(out, kind, **how)
    return out.getvalue()


def telling_picture() -> bytes:
    """A JPEG that lies on its side and says who made it and where."""
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    exif[Base.Artist] = "Sara"
    exif.get_ifd(0x8825)[2] = (35.0, 41.0, 0.0)
    return picture("JPEG", (40, 20), exif=exif, comment=b"secret words")


def pdf(text: str = "<h1>قرارداد</h1>") -> bytes:
    return weasyprint.HTML(string=text).write_pdf() or b""
