"""Pictures decoded and encoded anew, without what hides in them; runs in the limited child only (SEC-21)."""

from importlib import import_module
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError
from PIL.Image import DecompressionBombError, Resampling

from crm_domain.problems import BadValue

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
MOST_PIXELS = 40_000_000
MOST_FRAMES = 200
PREVIEW, THUMB = (1400, 1400), (160, 160)
QUALITY = 88
PREVIEW_QUALITY = 80


def ready() -> None:
    """Goes through all formats once, which loads whatever they need: nothing can be loaded afterwards."""
    import_module("PIL.MpoImagePlugin")  # what phones call JPEG
    tiny = [Image.new("RGBA", (2, 2), (shade, 0, 0, shade)) for shade in (0, 255)]
    for kind in FORMATS:
        still = tiny[0].convert("RGB") if kind == "JPEG" else tiny[0]
        moving = {"save_all": True, "append_images": tiny[1:]} if kind in ("GIF", "WEBP") else {}
        for how in ({}, moving):
            run(_written(still, kind, **how))


def run(body: bytes) -> tuple[str, bytes, bytes, bytes]:
    """Media type, the picture, its preview and its thumbnail. Raises BadValue."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(BytesIO(body), formats=tuple(FORMATS)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadValue("problems.picture_too_large", most=MOST_PIXELS // 1_000_000)
            kind = picture.format if picture.format in FORMATS else "JPEG"
            return FORMATS[kind], *_encoded(picture, kind)
    except (UnidentifiedImageError, DecompressionBombError, OSError, SyntaxError, ValueError, EOFError):
        raise BadValue("problems.not_a_picture") from None


def shrunk(picture: Image.Image) -> tuple[bytes, bytes]:
    """The preview and the thumbnail; the picture itself is used up, for two large ones do not fit."""
    picture.thumbnail(PREVIEW, Resampling.LANCZOS)
    small = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    preview = _written(small, "WEBP", quality=PREVIEW_QUALITY)
    small.thumbnail(THUMB, Resampling.LANCZOS)
    return preview, _written(small, "WEBP", quality=PREVIEW_QUALITY)


def _encoded(picture: Image.Image, kind: str) -> tuple[bytes, bytes, bytes]:
    """The picture encoded with nothing of what came along (no EXIF, comments, profiles or text), and its small ones."""
    if getattr(picture, "n_frames", 1) > 1 and kind in ("GIF", "WEBP"):
        body = _moving(picture, kind)
        picture.seek(0)
    else:
        ImageOps.exif_transpose(picture, in_place=True)
        picture.info = {name: value for name, value in picture.info.items() if name == "transparency"}
        fits = kind != "JPEG" or picture.mode in ("RGB", "L")
        body = _written(picture if fits else picture.convert("RGB"), kind, quality=QUALITY)
    return body, *shrunk(picture)


def _moving(picture: Image.Image, kind: str) -> bytes:
    if picture.n_frames > MOST_FRAMES:  # type: ignore[attr-defined] - of moving pictures
        raise BadValue("problems.too_many", most=MOST_FRAMES)
    pause, loop = picture.info.get("duration", 100), picture.info.get("loop", 0)
    first, *rest = [frame.convert("RGBA") for frame in ImageSequence.Iterator(picture)]
    first.info = {}
    return _written(first, kind, save_all=True, append_images=rest, duration=pause, loop=loop)


def _written(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()
