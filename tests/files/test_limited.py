"""Hostile files meet a child process with limits: what they do to it, they do to nobody else."""

import asyncio
import subprocess
import sys
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from crm_domain.problems import BadValue
from crm_domain.records.imports import MOST_COLUMNS, MOST_ROWS
from crm_storage.limited import in_child

from .samples import pdf, picture, telling_picture

IN_CHILD = """
import sys
from crm_storage import limited
class Job:
    def ready(self): import socket
    def run(self, body):
        {doing}
        return "did it"
limited.import_module = lambda name: Job()
limited.JOBS["picture"] = limited.Job("", cpu_s=1)
sys.exit(limited.main("picture"))
"""


def opened(job: str, body: bytes) -> Any:
    return asyncio.run(in_child(job, body))


def problem(job: str, body: bytes) -> str:
    with pytest.raises(BadValue) as refused:
        opened(job, body)
    return refused.value.problem.id


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_sec_21_a_picture_is_encoded_anew_with_small_ones_beside_it(kind: str) -> None:
    given = picture(kind, (400, 300))
    media_type, body, preview, thumb = opened("picture", given)
    assert media_type == f"image/{kind.lower()}"
    sizes = [Image.open(BytesIO(made)).size for made in (body, preview, thumb)]
    assert sizes == [(400, 300), (400, 300), (160, 120)]


def test_sec_21_nothing_hidden_in_a_picture_is_kept_and_it_stands_upright() -> None:
    _, body, _, _ = opened("picture", telling_picture())
    made = Image.open(BytesIO(body))
    assert made.size == (20, 40)
    assert not made.getexif() and b"Sara" not in body and b"secret" not in body


def test_a_moving_picture_keeps_moving() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 120, 240)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80)
    _, body, _, _ = opened("picture", out.getvalue())
    assert Image.open(BytesIO(body)).n_frames == 3  # type: ignore[attr-defined]


def test_sec_21_more_than_forty_million_pixels_are_refused() -> None:
    assert problem("picture", picture("PNG", (8000, 5200))) == "problems.picture_too_large"


@pytest.mark.parametrize(
    "body", [b"", b"no picture", picture()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("BMP")]
)
def test_what_is_no_picture_says_so(body: bytes) -> None:
    assert problem("picture", body) == "problems.not_a_picture"


def test_the_first_page_of_a_pdf_becomes_a_picture() -> None:
    preview, thumb = opened("page", pdf())
    assert max(Image.open(BytesIO(preview)).size) == 1400
    assert max(Image.open(BytesIO(thumb)).size) == 160


def test_a_broken_pdf_says_so() -> None:
    assert problem("page", b"%PDF-1.7 nothing") == "problems.file_unreadable"


@pytest.mark.parametrize(
    "doing",
    [
        "import socket; socket.socket()",
        "open('/etc/hostname')",
        "open('/tmp/left-behind', 'w')",
        "bytearray(600 * 1024 * 1024)",
        "while True: pass",
    ],
)
def test_sec_22_a_child_opens_no_socket_and_no_file_and_has_its_fill(doing: str) -> None:
    program = IN_CHILD.format(doing=doing)
    ended = subprocess.run([sys.executable, "-c", program], input=b"", capture_output=True, check=False)
    assert ended.returncode not in (0, 3) and b"did it" not in ended.stdout


def test_sec_22_a_child_that_does_as_told_answers() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", IN_CHILD.format(doing="pass")], input=b"", capture_output=True, check=False
    )
    assert ended.returncode == 0 and b"did it" in ended.stdout


def test_sec_22_a_file_may_have_so_many_rows_and_columns_and_no_more() -> None:
    row = b"a,b\n"
    assert len(opened("sheet", row * (MOST_ROWS + 1))) == MOST_ROWS + 1
    assert problem("sheet", row * (MOST_ROWS + 2)) == "imports.too_large"
    wide = b",".join([b"a"] * MOST_COLUMNS)
    assert len(opened("sheet", b"\n".join([wide, wide]))[0]) == MOST_COLUMNS
    assert problem("sheet", b"\n".join([wide, wide + b",a"])) == "imports.too_large"
