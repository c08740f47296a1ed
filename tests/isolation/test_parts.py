"""What a part repeats of its whole is no more open than it is there: a field hidden in an article is hidden in what it said."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.isolation.people import Person, connect, hire
from tests.site import Site

TENANT = "northwind"
SECRET = "Quokkafuse"
HIDE = "UPDATE role SET fields = %s WHERE name = %s"


@pytest.fixture(scope="module")
def revision(site: Site) -> str:
    """The id of what a published article said, of which the reader shall not know the additional information."""
    facts = {"description": "<p>For everybody to read</p>", "additional_info": SECRET, "status": "public"}
    made = site.browser(TENANT).post(
        "/knowledge_articles", at="/knowledge_articles/new", name="Article with two faces", language="en", **facts
    )
    assert made.status_code == 303, made.text
    article = made.headers["location"].rpartition("/")[2]
    with connect(site) as owner:
        row = owner.execute("SELECT id FROM knowledge_revisions WHERE article = %s", (article,)).fetchone()
    assert row
    return str(row[0])


@pytest.fixture
def reader(site: Site) -> Iterator[Any]:
    """Readers from whom some fields of some modules are hidden."""
    hired: list[Person] = []

    def hide(fields: dict[str, dict[str, str]]) -> Person:
        person = hire(site, "anybody", f"half-{uuid4()}")
        hired.append(person)
        with connect(site) as owner:
            owner.execute(HIDE, (json.dumps(fields), person.name))
        return person

    yield hide
    with connect(site) as owner:
        for person in hired:
            owner.execute("UPDATE users SET status = 'inactive' WHERE id = %s", (person.id,))


def shown(person: Person, revision: str) -> list[bool]:
    """Whether the words stand in the record's page, in its history, in the answer of the API, and answer a filter."""
    base = "/knowledge_revisions"
    asked = f"filter[additional_info][contains]={SECRET}"
    api = person.api.get(f"/api/v1{base}/{revision}")
    assert api.status_code == 200 and "For everybody to read" in api.text
    filtered = person.api.get(f"/api/v1{base}?{asked}")
    return [
        SECRET in person.browser.get(f"{base}/{revision}").text,
        SECRET in person.browser.get(f"{base}/{revision}/history").text,
        SECRET in api.text,
        filtered.status_code == 200 and revision in filtered.text,
    ]


def test_sec_39_a_field_hidden_in_the_whole_is_hidden_in_its_parts(reader: Any, revision: str) -> None:
    everything = shown(reader({}), revision)
    assert everything[0] and everything[2] and everything[3]
    hidden = {"additional_info": "hidden"}
    assert shown(reader({"knowledge_articles": hidden}), revision) == [False] * 4
    assert shown(reader({"knowledge_revisions": hidden}), revision) == [False] * 4, "as its own field always was"
