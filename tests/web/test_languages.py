"""Language, direction, calendar and digits follow the reader from one page to the next; machines read one spelling."""

import re

from tests.isolation.people import api_client, hire, token_of
from tests.site import Site

from .test_forms import filled

PAGES = ("/", "/contacts", "/leads/new", "/opportunities?mode=board", "/calendar", "/search?q=a", "/jobs", "/help")
PERSIAN = re.compile("[\u0600-\u06ff]+")


def test_43_another_language_turns_every_page_and_back_in_the_same_session(site: Site) -> None:
    person = hire(site, "anybody", "polyglot").browser
    cookie = dict(person.http.cookies)

    def speak(language: str) -> None:
        chosen = person.post(
            "/settings", language=language, time_zone="Europe/Berlin", theme="light", density="compact"
        )
        assert chosen.status_code == 303

    for language, start, year in (
        ("fa", '<html lang="fa" dir="rtl"', "۱۴۰"),
        ("en", '<html lang="en" dir="ltr"', "202"),
    ):
        speak(language)
        for path in PAGES:
            page = person.get(path)
            assert page.status_code == 200 and start in page.text, path
            assert language == "fa" or PERSIAN.findall(page.text) == [], path
        assert year in person.get("/calendar").text
    speak("fa")
    assert '<html lang="fa" dir="rtl"' in person.get("/contacts").text
    assert dict(person.http.cookies) == cookie, "nobody had to sign in again"


def test_44_a_form_shows_persian_digits_takes_latin_ones_and_machines_read_iso(site: Site) -> None:
    sara = site.browser("pishro")
    program = api_client(site, "pishro", token_of(site, "pishro", "admin"))
    account = sara.post("/accounts", at="/accounts/new", name="رقم‌نویسان").headers["location"].rpartition("/")[2]
    given = {"amount": "900000", "amount.currency": "IRR", "stage": "prospecting", "account": account}
    made = sara.post("/opportunities", at="/opportunities/new", name="رقم‌ها", closes_on="۱۴۰۵/۰۹/۰۱", **given)
    path = made.headers["location"]
    saved = sara.post(path, at=f"{path}/edit", version="1", closes_on="1405/09/02")
    assert saved.status_code == 303
    assert filled(sara.get(f"{path}/edit").text)["closes_on"] == "۱۴۰۵/۰۹/۰۲"
    assert program.get(f"/api/v1{path}").json()["closes_on"] == "2026-11-23"
