"""The language of templates: what it says, what it refuses, and that values are harmless wherever they land (SEC-14)."""

import html
from datetime import UTC, date, datetime
from decimal import Decimal
from email import message_from_string
from email.policy import default
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crm_domain.definition import Amount
from crm_domain.messages.catalogue import catalogue
from crm_domain.text.locale import ENGLISH, PERSIAN, Locale
from crm_domain.text.merge_tags import (
    BadTemplate,
    Missing,
    Place,
    TooMuch,
    Vocabulary,
    Word,
    check,
    compile_template,
    names,
    parse,
)

WORDS = {
    "contact.first_name": Word(),
    "contact.city": Word(otherwise="here"),
    "contact.website": Word(sort="link"),
    "contact.phone": Word(latin=True),
    "contact.mobile": Word(latin=True, coded=True, write=lambda value: value.replace("+98", "0")),
    "contact.birthdate": Word(sort="date", write=str),
    "deal.amount": Word(sort="money", write=lambda amount: str(amount.value)),
    "deal.count": Word(sort="number"),
    "contact.vip": Word(sort="truth", write=lambda value: "yes" if value else "no"),
    "quote.lines": Word(sort="list", items={"name": Word(), "price": Word(sort="number")}),
}

LATE = datetime(2026, 3, 20, 21, tzinfo=UTC)
"""The next day in Tehran."""


def vocabulary(locale: Locale = ENGLISH) -> Vocabulary:
    return Vocabulary(WORDS, locale, catalogue(locale.language))


def filled(source: str, values: dict[str, Any], place: Place = Place.TEXT, locale: Locale = ENGLISH) -> str:
    nodes = parse(source, html=place is Place.HTML)
    return compile_template(nodes, vocabulary(locale), place)(values)


def test_a_number_is_read_as_people_write_it_and_dialled_as_it_is_stored() -> None:
    source = '<a href="tel:{{ contact.mobile }}">{{ contact.mobile }}</a>'
    assert filled(source, {"contact.mobile": "+982188"}, Place.HTML) == '<a href="tel:%2B982188">02188</a>'


def test_scenario_29_the_fallback_stands_for_an_empty_name() -> None:
    source = 'سلام {{contact.first_name|default:"دوست گرامی"}}!'
    assert filled(source, {"contact.first_name": "مریم"}) == "سلام مریم!"
    for nothing in ({}, {"contact.first_name": ""}, {"contact.first_name": "  "}, {"contact.first_name": None}):
        assert filled(source, nothing) == "سلام دوست گرامی!"


def test_scenario_29_an_unknown_variable_is_named_with_its_line() -> None:
    found = check("first\nsecond {{ contact.salary }} {{ contact.first_name | shout }}", vocabulary(), Place.TEXT)
    assert [(fault.id, fault.facts) for fault in found] == [
        ("merge_tags.unknown", {"line": 2, "text": "contact.salary"}),
        ("merge_tags.no_filter", {"line": 2, "text": "shout"}),
    ]


def test_a_demanded_value_that_is_missing_stops_the_mail() -> None:
    with pytest.raises(Missing) as raised:
        filled("Dear {{ contact.first_name | required }},", {})
    assert raised.value.problem.facts == {"name": "contact.first_name"}
    assert filled("Dear {{ contact.first_name | required }},", {"contact.first_name": "Ann"}) == "Dear Ann,"


@pytest.mark.parametrize(
    ("source", "values", "persian", "english"),
    [
        ("{{ contact.birthdate | jdate }}", {"contact.birthdate": date(2026, 3, 21)}, "۱ فروردین ۱۴۰۵", "1 Farvardin 1405"),
        ("{{ contact.birthdate | date:'short' }}", {"contact.birthdate": date(2026, 3, 21)}, "۱۴۰۵/۰۱/۰۱", "21 Mar 2026"),
        ("{{ contact.birthdate | gdate:'short' }}", {"contact.birthdate": LATE}, "۲۰۲۶/۰۳/۲۱", "21 Mar 2026"),
        ("{{ deal.amount | money }}", {"deal.amount": Amount(Decimal(12000000), "IRR")}, "۱٬۲۰۰٬۰۰۰ تومان", "12,000,000"),
        ("{{ deal.count | number }}", {"deal.count": 1234}, "۱٬۲۳۴", "1,234"),
        ("{{ contact.first_name | fa_digits }}", {"contact.first_name": "Flat 12"}, "Flat ۱۲", "Flat ۱۲"),
        ("{{ contact.first_name | upper }}", {"contact.first_name": "ann"}, "ANN", "ANN"),
        ("{{ contact.first_name | first_word }}", {"contact.first_name": "Ann Mary"}, "Ann", "Ann"),
        ("{{ contact.first_name | truncate:9 }}", {"contact.first_name": "a very long name"}, "a very…", "a very…"),
        ("{{ contact.city }}", {}, "here", "here"),
    ],
)  # fmt: skip
def test_values_are_written_as_the_reader_writes(source: str, values: dict, persian: str, english: str) -> None:
    assert persian in filled(source, values, locale=PERSIAN)
    assert english in filled(source, values, locale=ENGLISH)


def test_choices_and_repetitions() -> None:
    source = (
        "{% if contact.vip %}VIP{% elif contact.city == 'Shiraz' %}south{% elif not contact.city %}nowhere"
        "{% else %}else{% endif %}"
    )
    assert filled(source, {"contact.vip": True}) == "VIP"
    assert filled(source, {"contact.city": "Shiraz"}) == "south"
    assert filled(source, {"contact.city": "Tabriz"}) == "else"
    assert filled(source, {}) == "nowhere"
    lines = "{% each line in quote.lines %}{{ line.name }}={{ line.price | number }};{% endeach %}"
    rows = [{"name": "a", "price": 1000}, {"name": "b", "price": 2}]
    assert filled(lines, {"quote.lines": rows}) == "a=1,000;b=2;"
    assert check("{{ line.name }}", vocabulary(), Place.TEXT)
    assert not check(lines, vocabulary(), Place.TEXT)


def test_sec_14_a_repetition_ends_before_it_is_too_long() -> None:
    with pytest.raises(TooMuch):
        filled("{% each x in quote.lines %}{{ x.name }}{% endeach %}", {"quote.lines": [{}] * 50_001})
    with pytest.raises(TooMuch):
        filled("{% each x in quote.lines %}{{ x.name }}{% endeach %}", {"quote.lines": [{"name": "n" * 1000}] * 1001})


@pytest.mark.parametrize(
    "payload",
    [
        "{{ ''.__class__ }}", "{{ contact.__class__ }}", "{{ 7*7 }}", "{{ contact.first_name.upper() }}", "{{ config }}",
        "{{ request.application.__globals__ }}", "{% for x in contact %}{% endfor %}", "{% include 'x' %}", "{{ self }}",
        "{% import os %}", "{{ contact.first_name | attr('x') }}", "{{ lipsum }}", "{{ cycler.__init__ }}", "{% set a = 1 %}",
        "{{ contact['first_name'] }}", "{{ 'a'.format }}", "{{ _self.env }}", "{{ range(9) }}", "{{ contact.first_name | map }}",
        "{{ contact.first_name | truncate }}", "{{ contact.first_name | default:contact.city }}", "{{", "{% if %}", "{{ }}",
        "{% endif %}", "{% else %}", "{% if contact.city %}", "{% each a in contact.city %}{% endeach %}", "{{ dump(app) }}",
        "{% each a in quote.lines %}{% each b in quote.lines %}{% endeach %}{% endeach %}", "{{ contact.first_name | }}",
        "{{ contact.first_name || upper }}", "{% debug %}", "{{ a.b.c.d }}", "{{ contact.first_name | default:'x }}",
    ],
)  # fmt: skip
def test_sec_14_code_of_other_template_languages_is_refused(payload: str) -> None:
    assert check(payload, vocabulary(), Place.TEXT)
    with pytest.raises(BadTemplate):
        filled(payload, {})


@pytest.mark.parametrize(
    "payload", ["${7*7}", "#{7*7}", "<%= 7*7 %>", "{7*7}", "*{7*7}", "@(7*7)", "{ {x} }", "[[x]]", "%s"]
)
def test_sec_14_marks_of_other_languages_are_plain_text(payload: str) -> None:
    assert filled(payload, {}) == payload


MARKS = (
    "{{{{ {} }}}}", "{{% print {} %}}", "{{% if {} %}}x{{% endif %}}", "${{{}}}", "<%= {} %>", "#{{{}}}", "*{{{}}}", "@({})",
    "[[${{{}}}]]", "{{php}}{}{{/php}}", "#set($x={})$x",
)  # fmt: skip
"""Of Jinja and Twig, Handlebars, FreeMarker and Velocity, ERB and JSP, Smarty, Razor, Thymeleaf."""
CODE = (
    "7*7", "7*'7'", "config.items()", "self.__init__.__globals__", "''.__class__.__mro__[1].__subclasses__()", "[].class.base",
    "request.application.__globals__", "system('id')", "_self.env.registerUndefinedFilterCallback('exec')", "cycler.__init__",
    "constructor.constructor('return process')()", "lookup string.sub 'constructor'", "range(1, 9)|join", "contact.__class__",
    "T(java.lang.Runtime).getRuntime().exec('id')", "'x'?new()", "`id`", "File.open('/etc/passwd').read", "42 if 1 else 0",
    "contact.first_name.upper()", "contact['first_name']", "namespace.x", "dump(app)", "get_flashed_messages.__globals__",
)  # fmt: skip


def test_sec_14_no_payload_of_any_family_is_carried_out() -> None:
    payloads = [mark.format(code) for mark in MARKS for code in CODE]
    assert len(set(payloads)) >= 200
    for payload in payloads:
        if not check(payload, vocabulary(), Place.TEXT):
            assert filled(payload, {}) == payload, "what is not refused is text"


@pytest.mark.parametrize(
    "source",
    [
        "<p style='color:{{ contact.city }}'>", "<a onclick=\"x('{{ contact.city }}')\">", "<{{ contact.city }}>",
        "<p {{ contact.city }}>", "<p class={{ contact.city }}>", "<script>{{ contact.city }}</script>",
        "<style>{{ contact.city }}</style>", "<!-- {{ contact.city }} -->", "<a {{ contact.city }}='x'>",
        "<a href={{ contact.city }}>", "<p class = {{ contact.city }} >", "<STYLE >{{ contact.city }}</style>",
        "<a href='{% if contact.city %}x'>{% else %}y{% endif %}{{ contact.city }}",
    ],
)  # fmt: skip
def test_sec_14_a_tag_where_no_value_is_harmless_is_refused(source: str) -> None:
    found = check(source, vocabulary(), Place.HTML)
    assert [fault.id for fault in found] == ["merge_tags.misplaced"]


def test_tags_in_html_may_be_written_with_entities() -> None:
    source = "<p>{{ contact.first_name&nbsp;| default:&quot;friend&quot; }}</p>"
    assert filled(source, {}, Place.HTML) == "<p>friend</p>"


def test_latin_values_keep_their_direction_among_persian_words() -> None:
    source = '<p title="{{ contact.phone }}">{{ contact.phone }}</p>'
    values = {"contact.phone": "+98 21"}
    assert filled(source, values, Place.HTML, PERSIAN).count('<span dir="ltr"') == 1
    assert "<span" not in filled(source, values, Place.HTML, ENGLISH)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "vbscript:x", "//evil.example", "http://["]
)
def test_sec_14_an_address_that_is_no_web_or_mail_address_leads_nowhere(address: str) -> None:
    assert filled('<a href="{{ contact.website }}">', {"contact.website": address}, Place.HTML) == '<a href="#">'


@given(st.text())
def test_sec_14_any_value_is_text_in_html(value: str) -> None:
    source = '<p title="{{ contact.first_name }}">{{ contact.first_name }}</p>'
    page = filled(source, {"contact.first_name": value}, Place.HTML)
    tree = LexborHTMLParser(page)
    shown = value.translate({n: None for n in (*range(9), 11, *range(14, 32), 127)})
    body = tree.body
    assert body is not None and [node.tag for node in body.iter()] == ["p"]
    assert html.unescape(page).count(shown if value.strip() else "") >= 2


@given(st.text())
def test_sec_14_any_value_is_one_part_of_an_address(value: str) -> None:
    page = filled('<a href="https://x.example/?q={{ contact.first_name }}">', {"contact.first_name": value}, Place.HTML)
    inside = page.removeprefix('<a href="https://x.example/?q=').removesuffix('">')
    assert not set(inside) & set(" \"'<>&#?/\\\r\n")
    expected = value if value.strip() else ""
    assert unquote(inside) == expected.translate({n: None for n in (*range(9), 11, *range(14, 32), 127)})


@given(st.text())
def test_sec_16_any_value_is_one_line_of_a_header(value: str) -> None:
    line = filled("{{ contact.first_name }}", {"contact.first_name": value}, Place.HEADER)
    assert not set(line) & {"\r", "\n", "\0", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"}
    message = message_from_string(f"Subject: a{line}b\nX-End: yes\n\nbody", policy=default)
    assert message["X-End"] == "yes" and message.get_content_type() == "text/plain" and len(message.keys()) == 2


@given(st.text(alphabet="{}%|:\"' abc.contact_firstname\n<>=", max_size=200))
def test_sec_14_any_template_is_filled_or_refused(source: str) -> None:
    faults = check(source, vocabulary(), Place.HTML)
    if not faults:
        filled(source, {"contact.first_name": "x"}, Place.HTML)


def test_names_are_those_the_template_uses() -> None:
    nodes = parse("{{ a.b }}{% if c.d %}{{ e.f | upper }}{% endif %}{% each x in g.h %}{{ x.i }}{% endeach %}")
    assert names(nodes) == {"a.b", "c.d", "e.f", "g.h", "x.i"}
