"""What is typed into a form is kept before it is saved (9.5)."""

from uuid import uuid4

import pytest

from tests.isolation.people import connect, hire
from tests.site import Browser, Site

TENANT = "northwind"


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser(TENANT)


def test_a_new_record_goes_on_where_it_was_left_and_saving_ends_the_draft(anna: Browser) -> None:
    name = f"Half typed {uuid4()}"
    kept = anna.post("/accounts/draft", at="/accounts/new", name=name, industry="banking", website="not yet an")
    assert kept.status_code in (200, 201) and kept.json()["said"]
    assert "did not save it" in anna.get("/accounts/new").text
    again = anna.get("/accounts/new?draft=1").text
    assert name in again and "not yet an" in again and "did not save it" not in again
    assert anna.post("/accounts", at="/accounts/new", name=name).status_code == 303
    assert "did not save it" not in anna.get("/accounts/new").text


def test_a_change_goes_on_over_the_edition_it_was_begun_with(anna: Browser) -> None:
    path = anna.post("/accounts", at="/accounts/new", name=f"Edited {uuid4()}").headers["location"]
    first = {"name": "Mine", "version": "1"}
    assert anna.post(f"{path}/draft", at=f"{path}/edit", **first).status_code in (200, 201)
    assert anna.post(path, at=path, name="Theirs", version="1").status_code == 303
    anna.post(f"{path}/draft", at=f"{path}/edit", **first)
    resumed = anna.get(f"{path}/edit?draft=1").text
    assert 'value="Mine"' in resumed and 'name="version" value="1"' in resumed
    assert anna.post(path, at=path, **first).status_code == 409, "what another changed meanwhile is not lost"
    assert anna.post(f"{path}/draft/drop", at=f"{path}/edit").status_code == 303
    assert "did not save it" not in anna.get(f"{path}/edit").text


def test_sec_51_a_draft_is_its_writers_alone_and_holds_no_secret(site: Site, anna: Browser) -> None:
    other = hire(site, "anybody")
    mine = "/bounce_accounts/draft"
    assert anna.post(mine, at="/bounce_accounts/new", name="Relay", password="hunter2").status_code in (200, 201)
    with connect(site) as owner:
        held = owner.execute("SELECT pairs::text FROM form_draft WHERE module = 'bounce_accounts'").fetchall()
    assert held and "Relay" in held[0][0] and "hunter2" not in held[0][0]
    anna.post("/accounts/draft", at="/accounts/new", name="For nobody else")
    assert "For nobody else" not in other.browser.get("/accounts/new?draft=1").text
    long = anna.post("/accounts/draft", at="/accounts/new", description="x" * 300_001)
    assert long.status_code == 409
    for module in ("accounts", "bounce_accounts"):
        assert anna.post(f"/{module}/draft/drop", at=f"/{module}/new").status_code == 303
