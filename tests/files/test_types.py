"""What a file is, by ending and bytes together."""

import pytest

from crm_domain.problems import BadValue
from crm_storage.files.types import label, media_type

from .samples import pdf, picture


@pytest.mark.parametrize(
    ("name", "head", "type_"),
    [
        ("photo.PNG", picture(), "image/png"),
        ("photo.jpeg", picture("JPEG"), "image/jpeg"),
        ("photo.webp", picture("WEBP"), "image/webp"),
        ("قرارداد.pdf", pdf(), "application/pdf"),
        ("prices.csv", "نام,مبلغ\n".encode(), "text/csv"),
        ("talk.mp3", b"ID3\x03" + bytes(40), "audio/mpeg"),
        ("page.html", b"<script>alert(1)</script>", "application/octet-stream"),
        ("drawing.svg", b"<svg/>", "application/octet-stream"),
        ("setup.exe", b"MZ" + bytes(40), "application/octet-stream"),
        ("notes.txt", b"MZ\x00\x00", "application/octet-stream"),
        ("no ending", b"abc", "application/octet-stream"),
    ],
)
def test_sec_20_a_file_is_kept_as_what_it_is(name: str, head: bytes, type_: str) -> None:
    assert media_type(name, head) == type_


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("photo.png", b"<html><script>"),
        ("photo.jpg", picture()),
        ("paper.pdf", b"MZ\x90\x00"),
        ("table.xlsx", b"<?xml version='1.0'?>"),
        ("song.mp3", b"MZ\x90\x00"),
    ],
)
def test_sec_20_an_ending_that_lies_is_refused(name: str, head: bytes) -> None:
    with pytest.raises(BadValue) as refused:
        media_type(name, head)
    assert refused.value.problem.id == "problems.file_mismatch"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sara\\قرارداد.pdf", "قرارداد.pdf"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("پیش\u200cفاکتور.pdf", "پیش\u200cفاکتور.pdf"),
        ("  ...  ", "file"),
        ("x" * 400 + ".docx", "x" * 250 + ".docx"),
    ],
)
def test_sec_16_23_a_name_is_only_a_label(given: str, kept: str) -> None:
    assert label(given) == kept
