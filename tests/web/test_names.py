"""How people are named is the reader's choice: wherever he reads of them, and nowhere else."""

from collections.abc import Callable

import pytest

from tests.isolation.people import Person, hire
from tests.site import Site

STORED, TURNED, TITLED = "Nadia Turnwell", "Turnwell, Nadia", "Ms. Nadia Turnwell"
ORDERS = {"given_family": STORED, "family_given": TURNED, "titled": TITLED}
Choose = Callable[[str], None]


@pytest.fixture(scope="module")
def reader(site: Site) -> Person:
    return hire(site, "anybody")


@pytest.fixture(scope="module")
def choose(reader: Person) -> Choose:
    def choose(order: str) -> None:
        assert reader.browser.post("/settings", name_order=order, time_zone="Europe/Berlin").status_code == 303

    return choose


@pytest.fixture(scope="module")
def nadia(reader: Person) -> str:
    given = {"emails.0.address": "nadia@turnwell.example", "emails.primary": "0"}
    made = reader.browser.post(
        "/contacts", at="/contacts/new", salutation="ms", first_name="Nadia", last_name="Turnwell", **given
    )
    assert made.status_code == 303, made.text
    return made.headers["location"]


@pytest.fixture(scope="module")
def her_case(reader: Person, nadia: str) -> str:
    made = reader.browser.post("/cases", at="/cases/new", name="Turnwell asks", contact=nadia.rpartition("/")[2])
    assert made.status_code == 303, made.text
    return made.headers["location"]


@pytest.mark.parametrize("order", ORDERS)
def test_every_page_that_tells_of_somebody_follows_the_readers_order(
    reader: Person, choose: Choose, nadia: str, her_case: str, order: str
) -> None:
    choose(order)
    for page in (
        nadia, "/contacts?q=turnwell", her_case, "/search?q=turnwell",
        "/palette?q=nadia", "/contacts/export?q=turnwell",
    ):  # fmt: skip
        text = reader.browser.get(page).text
        others = [name for name in (TURNED, TITLED) if name != ORDERS[order]]
        assert ORDERS[order] in text.replace('"', ""), page
        assert not [name for name in others if name in text], page


def test_what_leaves_the_house_and_what_programs_read_stays_as_it_is_stored(
    reader: Person, choose: Choose, nadia: str
) -> None:
    choose("family_given")
    for page in (
        "/contacts/export?q=turnwell&format=raw", "/contacts/vcards?q=turnwell",
        f"/mail/compose?record={nadia.strip('/').replace('/', '.')}",
    ):  # fmt: skip
        assert STORED in reader.browser.get(page).text, page
    assert reader.api.get(f"/api/v1{nadia}").json()["name"] == STORED


def test_a_save_by_whoever_reads_family_names_first_changes_no_name(reader: Person, choose: Choose, nadia: str) -> None:
    choose("family_given")
    version = reader.api.get(f"/api/v1{nadia}").json()["version"]
    reader.browser.post(nadia, at=f"{nadia}/edit", version=str(version), title="Buyer")
    assert reader.api.get(f"/api/v1{nadia}").json()["name"] == STORED
    history = reader.browser.get(f"{nadia}/history").text
    assert "Buyer" in history and TURNED in history.partition("<main")[2]
