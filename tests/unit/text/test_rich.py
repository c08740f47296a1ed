"""Formatted text keeps its words and loses what acts (SEC-12)."""

import pytest

from crm_domain.text.rich import clean, from_typed, to_plain


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<p style="position:fixed">x</p>',
        "<svg><script>alert(1)</script></svg>",
        '<iframe src="https://example.com"></iframe>',
        '<form action="/x"><input></form>',
    ],
)
def test_sec_12_nothing_that_acts_is_left(text: str) -> None:
    found = clean(text).lower()
    assert not any(word in found for word in ("script", "onerror", "style", "data:", "iframe", "form", "alert", "svg"))


def test_harmless_elements_stay() -> None:
    text = '<p dir="rtl">سلام <strong>علی</strong></p><ul><li>یک</li></ul>'
    assert clean(text) == text


def test_only_known_alignments_stay() -> None:
    assert clean('<p align="center">x</p><p align="x">y</p>') == '<p align="center">x</p><p>y</p>'


def test_lines_typed_without_an_editor_become_paragraphs() -> None:
    assert from_typed("یک\n\nدو & سه") == "<p>یک</p><p>دو &amp; سه</p>"
    assert from_typed("<p>یک</p>") == "<p>یک</p>"


def test_cleaning_twice_changes_nothing() -> None:
    once = clean('<a href="https://example.com">x</a> <b>&lt;script&gt;</b>')
    assert clean(once) == once


def test_plain_text_has_a_line_for_each_paragraph() -> None:
    assert to_plain("<p>یک &amp;  دو<br>سه</p><ul><li>چهار<li>پنج</ul><script>x</script>") == "یک & دو\nسه\nچهار\nپنج"
