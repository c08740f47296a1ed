"""A form is sent after its session has ended: its text stays in the answer, and is saved by signing in with it."""

from html import unescape
from re import findall

from tests.isolation.people import connect

from .conftest import PASSWORD, Site

TENANT = "northwind"
HIDDEN = r'<input type="hidden" name="([^"]+)" value="([^"]*)">'


def test_scenario_52_without_scripts_the_answer_keeps_the_text_until_one_has_signed_in(site: Site) -> None:
    somebody = site.browser(TENANT)
    token = somebody.token("/contacts/new")
    with connect(site) as owner:
        owner.execute("DELETE FROM session")
    text = 'Kept & "quoted" سارا'
    kept = somebody.http.post("/contacts", data={"_csrf": token, "last_name": text, "then": "new"})
    assert kept.status_code == 401
    assert "location" not in kept.headers
    again = {name: unescape(value) for name, value in findall(HIDDEN, kept.text)}
    assert (again["last_name"], again["then"]) == (text, "new")
    wrong = somebody.http.post("/contacts", data={**again, "_login": "admin", "_password": "wrong"})
    assert wrong.status_code == 401
    assert 'role="alert"' in wrong.text
    again = {name: unescape(value) for name, value in findall(HIDDEN, wrong.text)}
    assert "_password" not in again
    saved = somebody.http.post("/contacts", data={**again, "_login": "admin", "_password": PASSWORD})
    assert saved.status_code == 303
    assert text.split(maxsplit=1)[0] in somebody.get("/contacts?q=Kept").text


def test_scenario_52_without_scripts_and_without_a_session_cookie_the_text_stays_too(site: Site) -> None:
    somebody = site.browser(TENANT)
    token = somebody.token("/contacts/new")
    somebody.http.cookies.clear()
    form = {"_csrf": token, "last_name": "Carrythrough"}
    own = {"origin": site.url(TENANT)}
    assert somebody.http.post("/contacts", data=form).status_code == 403, "nobody says that a page of ours sent it"
    assert somebody.http.post("/contacts", data=form, headers={"origin": "https://evil.example"}).status_code == 403
    assert somebody.http.post("/login", data={"login": "admin", "password": PASSWORD}, headers=own).status_code == 403
    kept = somebody.http.post("/contacts", data=form, headers=own)
    assert kept.status_code == 401
    again = {name: unescape(value) for name, value in findall(HIDDEN, kept.text)}
    saved = somebody.http.post("/contacts", data={**again, "_login": "admin", "_password": PASSWORD}, headers=own)
    assert saved.status_code == 303
    assert "Carrythrough" in somebody.get("/contacts?q=Carrythrough").text


def test_scenario_52_a_part_of_a_page_or_a_program_is_told_so_and_keeps_its_own(site: Site) -> None:
    somebody = site.browser(TENANT)
    token = somebody.token("/contacts/new")
    with connect(site) as owner:
        owner.execute("DELETE FROM session")
    part = somebody.http.post(
        "/contacts", data={"_csrf": token, "last_name": "Fragmentary"}, headers={"hx-request": "true"}
    )
    asked = somebody.http.get("/session", headers={"accept": "application/json"})
    assert (part.status_code, asked.status_code) == (401, 401)
    assert "Fragmentary" not in part.text
