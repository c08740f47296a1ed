"""What stands in a field that a role hides is neither found nor shown, and a hit says by which field it was found."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.isolation.people import Person, connect, hire

from .conftest import Browser, Site

TENANT = "northwind"
HIDDEN = {
    "contacts": {"phone_mobile": "hidden", "emails": "hidden", "primary_address": "hidden"},
    "users": {"phone_mobile": "hidden"},
}
HIDE = "UPDATE role SET fields = %s WHERE name = %s"


@pytest.fixture(scope="module")
def contact(site: Site) -> str:
    """A contact whom the administrator made."""
    made = site.browser(TENANT).post(
        "/contacts",
        at="/contacts/new",
        last_name="Quillfeather",
        phone_mobile="09125550177",
        phone_work="02188450266",
        emails="plume@quillery.example",
        **{"primary_address.city": "Inkwell"},
    )
    assert made.status_code == 303, made.text
    return made.headers["location"]


@pytest.fixture(scope="module")
def reader(site: Site) -> Iterator[Person]:
    """Somebody who may read all contacts, but not their mobile, e-mail addresses and address."""
    person = hire(site, "reader", f"shaded-{uuid4()}")
    with connect(site) as owner:
        owner.execute(HIDE, (json.dumps(HIDDEN), person.name))
    yield person
    with connect(site) as owner:
        owner.execute("UPDATE users SET status = 'inactive' WHERE id = %s", (person.id,))


@pytest.mark.parametrize("words", ["9125550177", "plume@quillery", "quillery"])
def test_sec_39_a_hidden_value_is_not_matched_by_any_search(
    site: Site, contact: str, reader: Person, words: str
) -> None:
    def found(browser: Browser) -> list[bool]:
        pages = (f"/search?q={words}", f"/contacts?q={words}", f"/palette?q={words}")
        return ["Quillfeather" in browser.get(page).text for page in pages]

    assert found(site.browser(TENANT)) == [True, True, True]
    assert found(reader.browser) == [False, False, False]


def test_sec_39_what_is_not_hidden_is_found_as_ever(contact: str, reader: Person) -> None:
    for words in ("Quillfeather", "2188450266", "quillf 218845"):
        assert "Quillfeather" in reader.browser.get(f"/contacts?q={words}").text, words
        found = reader.browser.get(f"/search?q={words}").text.replace("<mark>", "").replace("</mark>", "")
        assert "Quillfeather" in found, words


def test_a_hit_names_the_field_that_matched(site: Site, contact: str) -> None:
    somebody = site.browser(TENANT)
    for words, label in (("9125550177", "Mobile"), ("quillery", "Email addresses"), ("quillf 218845", "Office phone")):
        assert f"matched: {label}" in somebody.get(f"/search?q={words}").text, words
    assert "matched:" not in somebody.get("/search?q=Quillfeather").text


def test_sec_39_the_history_keeps_every_column_of_a_hidden_field_to_itself(
    site: Site, contact: str, reader: Person
) -> None:
    everybody = {"list": 3, "view": 3, "audit": 3}
    with connect(site) as owner:
        owner.execute("UPDATE role SET grants = %s WHERE name = %s", (json.dumps({"*": everybody}), reader.name))
    assert "Inkwell" in site.browser(TENANT).get(f"{contact}/history").text
    seen = reader.browser.get(f"{contact}/history")
    assert "Quillfeather" in seen.text
    assert "Inkwell" not in seen.text


def test_sec_39_no_order_and_no_question_tells_of_a_hidden_field_behind_a_link_or_in_an_address(
    site: Site, contact: str, reader: Person
) -> None:
    somebody = site.browser(TENANT)
    for name, city in (("Quillback", "Zinc"), ("Quillback", "Aden")):
        made = somebody.post(
            "/contacts", at="/contacts/new", last_name=name, first_name=city[0], **{"primary_address.city": city}
        )
        assert made.status_code == 303, made.text

    def order(browser: Browser, sort: str) -> list[str]:
        listed = browser.get(f"/contacts?q=Quillback&sort={sort}").text
        return sorted(("A Quillback", "Z Quillback"), key=listed.index)

    def found(browser: Browser) -> bool:
        return (
            "A Quillback"
            in browser.get("/contacts?q=Quillback&filter[assigned_to.phone_mobile][contains]=0770770").text
        )

    city = "primary_address.city"
    assert order(somebody, city) != order(somebody, f"-{city}")
    assert order(reader.browser, city) == order(reader.browser, f"-{city}")
    assert not found(somebody), "nobody has that number"
    assert found(reader.browser), "the question is left out"


def test_sec_39_no_question_order_or_lane_tells_of_a_hidden_state(site: Site) -> None:
    somebody, name = site.browser(TENANT), f"Quillstate {uuid4().hex[:6]}"
    for state in ("new", "dead"):
        made = somebody.post("/leads", at="/leads/new", last_name=f"{name} {state}", status=state)
        assert made.status_code == 303, made.text
    person = hire(site, "reader", f"stateless-{uuid4()}")
    with connect(site) as owner:
        owner.execute(HIDE, (json.dumps({"leads": {"status": "hidden"}}), person.name))

    def found(browser: Browser, asked: str) -> list[bool]:
        page = browser.get(f"/leads?q={name}&{asked}").text
        return [f"{name} {state}" in page for state in ("new", "dead")]

    assert found(somebody, "open=1") == [True, False]
    for asked in ("open=1", "late=1", "filter[status][in]=new", "mode=board"):
        assert found(person.browser, asked) == [True, True], asked
    assert 'class="board"' not in person.browser.get(f"/leads?q={name}&mode=board").text
    refused = person.api.get("/api/v1/leads?open=1")
    assert refused.status_code == 422, refused.text
    with connect(site) as owner:
        owner.execute("UPDATE users SET status = 'inactive' WHERE id = %s", (person.id,))
