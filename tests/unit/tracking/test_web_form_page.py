"""The page of a web form: its question, its columns, and the script that frames it."""

from typing import Any

import msgspec
import pytest

from crm_domain.web_forms.markup import markup
from crm_domain.web_forms.read import read_answers, read_posted
from crm_domain.web_forms.shown import Asked, Shown
from crm_tracker.pages.frame import Words
from crm_tracker.pages.web_form import ask, framing

FORM = Shown(
    company="Ropes",
    language="fa",
    heading='Ask "</script> us',
    question="دو به‌اضافهٔ سه چند می‌شود؟",
    answers=read_answers("۵، پنج"),
    fields=(Asked("last_name", "نام", "line", required=True), Asked("description", "متن", "text")),
    two_columns=True,
)


@pytest.mark.parametrize(("said", "wrong"), [("5", []), ("٥", []), (" پنج ", []), ("", ["answer"]), ("6", ["answer"])])
def test_28_a_question_is_answered_in_any_spelling_or_the_form_comes_back(said: str, wrong: list[str]) -> None:
    posted: dict[str, Any] = {"f.last_name": ["رضایی"], "answer": [said]}
    found, problems = read_posted(FORM, posted)
    assert sorted(problems) == wrong and "answer" not in found.values
    page = ask(Words("fa"), FORM, "t", posted, problems).decode()
    assert ('id="answer-e"' in page) is bool(wrong)


def test_a_form_without_a_question_asks_none_and_its_script_says_no_markup() -> None:
    page = ask(Words("fa"), FORM, "t").decode()
    assert 'class="two"' in page and "۵" not in page.partition("<form")[2], "the answer is not told"
    plain = ask(Words("fa"), msgspec.structs.replace(FORM, question="", two_columns=False), "t").decode()
    assert 'name="answer"' not in plain and 'class="two"' not in plain
    assert b'f.title="Ask \\"</script> us"' in framing(FORM) and b"replace(/\\.js$/" in framing(FORM)
    assert 'name="answer"' in markup("https://t.example/f/k", FORM, str)
