"""Templates: every kind has its input, every word exists in both languages, nothing inline, user text stays text."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from sample import Side
from sample_words import LABELS

import crm_ui
from crm_domain.messages.catalogue import messages_of
from crm_ui.static import Assets
from crm_ui.templates import initials, make_environment

TEMPLATES = Path(crm_ui.__file__).parent / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))
ENVIRONMENT = make_environment(Assets())
USED = {
    id_
    for path in FILES
    for id_ in re.findall(r"""\bt\(["']([a-z_]+\.[a-zA-Z_0-9]+)["']""", path.read_text("utf-8"))
    if not id_.endswith("_")
}
EVIL = '"><script>alert(1)</script>'


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_word_of_the_templates_is_in_the_catalogue(language: str) -> None:
    assert USED - messages_of(language).keys() == set()


@pytest.mark.parametrize("room", ["shell", "components"])
def test_both_languages_have_the_same_messages_with_the_same_facts(room: str) -> None:
    def of(language: str) -> dict[str, set[str]]:
        own = {id_: text for id_, text in messages_of(language).items() if id_.startswith(f"{room}.")}
        return {id_: set(re.findall(r"\{(\w+)\}", text)) for id_, text in own.items()}

    assert of("fa") == of("en")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sec_43_no_inline_script_style_or_handler(path: Path) -> None:
    """What leaves the house as a file of its own carries its styles along."""
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|hx-on|javascript:|js:|\|\s*safe", text)
    assert path.parent.name == "papers" or "<style" not in text


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("readonly", [False, True])
def test_every_kind_draws_its_label_and_its_name(kind: str, readonly: bool) -> None:
    field = Side("en").input(kind, readonly=readonly)
    html = drawn(field)
    assert field.label in html
    if kind not in ("auto_number", "computed") and not (kind == "rich_text" and readonly):
        assert f'name="{field.name}' in html


@pytest.mark.parametrize(
    "kind", ["text", "long_text", "money", "link", "url", "phone", "computed", "emails", "address", "rich_text"]
)
def test_sec_12_a_value_cannot_become_markup(kind: str) -> None:
    value = {
        "money": {"": EVIL, "currency": EVIL},
        "link": {"": EVIL, "label": EVIL},
        "emails": [{"address": EVIL}],
        "address": {"city": EVIL, "street": EVIL},
    }.get(kind, EVIL)
    field = Side("en").input(kind)
    assert "<script" not in drawn(
        type(field)(kind=kind, name=kind, id=kind, label=EVIL, value=value, extra=field.extra)
    )


@pytest.mark.parametrize("kind", LABELS)
def test_an_empty_field_of_every_kind_draws(kind: str) -> None:
    field = Side("fa").input(kind)
    empty = type(field)(kind=kind, name=kind, id=kind, label=kind, extra=field.extra)
    assert kind in drawn(empty)


def test_typed_email_rows_are_shown_again_in_their_order() -> None:
    typed = {str(n): {"address": f"a{n}@x.example"} for n in (10, 2, 0)} | {"primary": "2"}
    field = Side("en").input("emails")
    html = drawn(type(field)(kind="emails", name="emails", id="e", label="E", value=typed))
    assert re.findall(r"a\d+@x", html) == ["a0@x", "a2@x", "a10@x"]
    assert re.search(r'value="1" checked', html)


def test_a_missing_fact_is_an_error_and_not_silence() -> None:
    with pytest.raises(UndefinedError):
        ENVIRONMENT.from_string("{{ nobody_gave_this }}").render()


def test_sec_44_htmx_attributes_carry_the_nonce_and_are_escaped() -> None:
    template = ENVIRONMENT.from_string("<a{{ attributes({'hx-get': url}) }}>")
    assert template.render(nonce="N", url='/x?"') == '<a hx-get="/x?&#34;" hx-nonce="N">'


@pytest.mark.parametrize(
    ("name", "letters"), [("سارا محمدی", "س"), ("Sara Mohammadi", "SM"), ("Acme", "A"), ("—", "?"), ("", "?")]
)
def test_avatars_show_one_persian_letter_or_two_latin(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_counts_come_in_the_readers_digits() -> None:
    template = ENVIRONMENT.from_string("{{ number(12345) }}")
    assert template.render(shell=Side("fa").shell("", "")) == "۱۲٬۳۴۵"
    assert template.render(shell=Side("en").shell("", "")) == "12,345"


def drawn(field: object) -> str:
    template = ENVIRONMENT.from_string('{% import "components/field.html" as field with context %}{{ field.field(f) }}')
    return template.render(f=field, t=lambda id_, **facts: id_, nonce="N", shell=Side("en").shell("N", "T"))
