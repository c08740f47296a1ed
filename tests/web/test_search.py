"""What is written one way is found when it is typed another way, and by nobody who may not list it."""

import re

import pytest

from tests.isolation.people import connect, hire
from tests.site import Browser, Site

NAMES = re.compile(r'<a class="name clip" href="[^"]*"><bdi>([^<]*)</bdi>')
SURNAMES = ["پرویز", "آرش", "گیتی", "یاسر", "وحید", "هادی"]


@pytest.fixture(scope="module")
def sara(site: Site) -> Browser:
    return site.browser("pishro")


def names(browser: Browser, module: str, **question: str) -> list[str]:
    return NAMES.findall(browser.http.get(f"/{module}", params=question).text)


def test_8_a_name_typed_with_arabic_letters_is_found_in_list_search_and_import(sara: Browser) -> None:
    made = sara.post("/contacts", at="/contacts/new", first_name="علي", last_name="كاظمي مقدم")
    path = made.headers["location"]
    assert "علی کاظمی مقدم" in names(sara, "contacts", q="علی کاظمی مقدم")
    assert path in sara.http.get("/search", params={"q": "علی کاظمی مقدم"}).text
    assert path in sara.http.get("/palette", params={"q": "علی کاظمی مقدم"}).text
    alike = sara.post("/contacts/alike", first_name="علی", last_name="کاظمی مقدم")
    assert path in alike.text and "یکسان: نام خانوادگی" in alike.text


def test_what_is_typed_over_an_old_record_is_compared_with_the_others_and_why(sara: Browser) -> None:
    def made(**values: str) -> str:
        return sara.post("/contacts", at="/contacts/new", **values).headers["location"]

    there = made(first_name="مهرانگیز", last_name="پورسینا", phone_mobile="+989351112233")
    other = made(first_name="دیگر", last_name="ناهمنام", phone_mobile="+989351112234")

    def hits(**values: str) -> str:
        return sara.post(f"{other}/alike", at=f"{other}/edit", first_name="دیگر", **values).text

    same_phone = hits(last_name="ناهمنام", phone_mobile="۰۹۳۵۱۱۱۲۲۳۳")
    assert there in same_phone and "تلفن یکسان" in same_phone and "نام خانوادگی" not in same_phone
    assert there not in hits(last_name="ناهمنام", phone_mobile="+989351112234"), "nothing was changed"
    begun = sara.post("/contacts/alike", at="/contacts/new", first_name="مهر", last_name="پورسینا").text
    assert there in begun and "مشابه: " in begun
    assert other not in hits(last_name="ناهمنام", phone_mobile="+989351112299"), "it is not compared with itself"


@pytest.mark.parametrize("typed", ["می روم", "میروم", "می‌روم"])
def test_9_a_word_with_a_joiner_is_found_split_and_joined(sara: Browser, typed: str) -> None:
    if not names(sara, "accounts", q="می‌روم به سفر"):
        assert sara.post("/accounts", at="/accounts/new", name="می‌روم به سفر").status_code == 303
    assert "می‌روم به سفر" in names(sara, "accounts", q=typed)
    found = sara.http.get("/search", params={"q": typed}).text.replace("<mark>", "").replace("</mark>", "")
    assert "می‌روم به سفر" in found


def test_12_who_may_not_list_leads_sees_neither_hits_nor_counts_of_them(site: Site) -> None:
    anna = site.browser("northwind")
    for module, field in (("leads", "last_name"), ("accounts", "name")):
        made = anna.post(f"/{module}", at=f"/{module}/new", **{field: "Zweigstelle"})
        assert made.status_code == 303
    blind = hire(site, "anybody", "leadless", {"leads": {"list": 0}}).browser
    for page in ("/search?q=Zweigstelle", "/palette?q=Zweigstelle", "/search?q=Zweigstelle&module=leads"):
        assert "/leads" in anna.get(page).text
        seen = blind.get(page).text
        assert "/leads" not in seen and "Leads" not in seen
        assert "/accounts/" in seen
    assert blind.get("/leads").status_code == 403


def test_47_persian_names_stand_in_the_order_of_the_persian_alphabet(sara: Browser) -> None:
    for name in SURNAMES:
        assert sara.post("/accounts", at="/accounts/new", name=f"{name} ترتیب‌سنج").status_code == 303
    listed = names(sara, "accounts", q="ترتیب‌سنج", sort="name")
    assert [name.split()[0] for name in listed] == ["آرش", "پرویز", "گیتی", "وحید", "هادی", "یاسر"]


def test_11_a_module_that_is_not_searched_shows_its_cases_in_its_own_list_only(site: Site) -> None:
    anna = site.browser("northwind")
    account = anna.post("/accounts", at="/accounts/new", name="Numberless").headers["location"].rpartition("/")[2]
    made = anna.post("/cases", at="/cases/new", name="Unsearched case", account=account)
    path = made.headers["location"]
    with connect(site) as owner:
        row = owner.execute("SELECT case_number FROM cases WHERE id = %s", (path.rpartition("/")[2],)).fetchone()
    assert row
    number = str(row[0])
    every = re.findall(r'name="module" value="([a-z_]+)"', anna.get("/admin/search").text)
    places = ("/search?q=Unsearched", "/palette?q=Unsearched", f"/search?q={number}")
    try:
        for place in places[:2]:
            assert path in anna.get(place).text
        ticked = [key for key in every if key != "cases"]
        assert anna.post("/admin/search", at="/admin/search", module=ticked).status_code == 303
        for place in (*places, "/search?q=Unsearched&module=cases"):
            assert "/cases/" not in anna.http.get(place).text.partition('id="main"')[2], place
        for words in (number, "Unsearched"):
            assert "Unsearched case" in names(anna, "cases", q=words)
        first = anna.post("/admin/search", at="/admin/search", module=["cases", *ticked])
        assert first.status_code == 303 and path in anna.get(places[0]).text
    finally:
        anna.post("/admin/search", at="/admin/search", module=every)
    blind = hire(site, "anybody", "no-administrator").browser
    assert blind.get("/admin/search").status_code == 403
    assert blind.post("/admin/search", module="leads").status_code == 403


def test_a_search_says_how_many_narrows_marks_and_offers_to_make(site: Site) -> None:
    person = hire(site, "anybody")
    names = ["Quaternion Lamps", "Quaternion Pumps", "Old quaternion"]
    paths = [person.browser.post("/accounts", at="/accounts/new", name=name).headers["location"] for name in names]
    person.browser.post("/leads", at="/leads/new", last_name="Quaternion")
    page = person.browser.get("/search?q=quaternion").text
    assert page.count("<mark>") == 4 and "<mark>Quaternion</mark> Lamps" in page
    counts = re.findall(r'<a href="/search\?[^"]*module=(\w+)"[^>]*>[^<]*<span class="count">([^<]*)', page)
    assert dict(counts) == {"accounts": "3", "leads": "1"}
    assert 'href="/leads/new?last_name=quaternion"' in page and 'href="/accounts/new?name=quaternion"' in page
    only = person.browser.get("/search?q=quaternion&module=accounts").text
    assert paths[0] in only and only.count("<mark>") == 3
    person.browser.post(f"{paths[1]}/star")
    starred = person.browser.get("/search?q=quaternion&starred=1").text
    assert paths[1] in starred and paths[0] not in starred
    other = hire(site, "anybody").browser
    assert "<mark>" not in other.get("/search?q=quaternion&mine=1").text
    assert paths[0] in other.get("/search?q=quaternion").text


def test_the_command_window_knows_the_record_beneath_it_and_both_languages(site: Site) -> None:
    person = hire(site, "anybody")
    path = person.browser.post("/accounts", at="/accounts/new", name="Beneath").headers["location"]

    def offered(q: str, who: Browser = person.browser, here: str = "/") -> str:
        return who.http.get("/palette", params={"q": q, "here": here}).text

    shown = offered("", here=path)
    assert f'href="{path}/edit"' in shown and f'action="{path}/star"' in shown
    reader = hire(site, "reader").browser
    assert f"{path}/edit" not in offered("", reader, path) and f"{path}/print" in offered("", reader, path)
    assert "/edit" not in offered("", here="/accounts/01890000-0000-7000-8000-000000000000")
    assert 'href="/opportunities"' in offered("فرصت") and 'href="/opportunities"' in offered("opp")
    assert 'href="/tasks/new?name=Call+Nadia"' in offered("task Call Nadia")
    assert 'href="/contacts/new?last_name=%D8%B9%D9%84%D9%88%DB%8C"' in offered("مخاطب علوی")
    assert 'action="/settings/switch/language/fa"' in offered("language")
    said = person.browser.post("/settings/switch/language/fa", at=path, then=path)
    assert said.headers["location"] == path and 'dir="rtl"' in person.browser.get(path).text
    away = person.browser.post("/settings/switch/language/en", at=path, then="//evil.example")
    assert away.headers["location"] == "/"
