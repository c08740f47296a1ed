"""Letters ticked in a box: marked, moved, filed and thrown away together, and taken back; and records that begin with one."""

import re
from urllib.parse import unquote
from uuid import UUID

import httpx2 as httpx
import pytest

from crm_domain.letters.addresses import Party
from crm_domain.letters.begin import BEGUN, names
from tests.isolation.people import Person, connect, hire
from tests.site import Site
from tests.web.test_mail import letter

STATES = "SELECT status, coalesce(flagged, false), folder, place FROM emails WHERE id = ANY(%s) ORDER BY name"
FILED = "SELECT left_id FROM email_record WHERE right_id = %s ORDER BY left_id"


@pytest.fixture(scope="module")
def owner(site: Site) -> Person:
    return hire(site, "owner", "marker")


@pytest.fixture(scope="module")
def stranger(site: Site) -> Person:
    return hire(site, "owner", "passerby")


def states(site: Site, ids: list[UUID]) -> list[tuple[object, ...]]:
    with connect(site) as database:
        return list(database.execute(STATES, (ids,)).fetchall())


def act(owner: Person, ids: list[UUID], to: str, **more: str) -> str:
    """Does it; the address that takes it back."""
    ticked = ",".join(map(str, ids))
    answer = owner.browser.post("/mail/marks", at="/mail?box=house", id=ticked, to=to, box="house", **more)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/mail?box=house")
    return undo_of(answer)


def undo_of(answer: httpx.Response) -> str:
    flash = re.search(r"flash=([0-9a-f]+)", answer.headers["set-cookie"])
    assert flash
    said = bytes.fromhex(flash[1]).decode()
    undo = re.search(r'"undo": "([^"]*)"', said)
    return undo[1] if undo else ""


def test_ticked_letters_are_marked_moved_and_taken_back(site: Site, owner: Person, stranger: Person) -> None:
    ids = [letter(site, owner, f"Marked {name}") for name in "AB"]
    page = owner.browser.get("/mail?box=house").text
    assert f'value="{ids[0]}"' in page and 'id="bulk"' in page
    with connect(site) as database:
        database.execute("UPDATE emails SET status = 'replied', flagged = true WHERE id = %s", (ids[1],))
    before = states(site, ids)
    for wish, after in (
        ("unread", [("unread", False), ("unread", True)]),
        ("flag", [("unread", True), ("replied", True)]),
        ("unflag", [("unread", False), ("replied", False)]),
    ):
        undo = act(owner, ids, wish)
        assert [(status, flagged) for status, flagged, _, _ in states(site, ids)] == after, wish
        assert owner.browser.post(undo, at="/mail").status_code == 303
        assert states(site, ids) == before, wish
    undo = act(owner, ids, "trash")
    assert [folder for _, _, folder, _ in states(site, ids)] == ["trash", "trash"]
    gone = act(owner, ids, "delete")
    assert owner.browser.get(f"/mail/{ids[0]}").status_code == 404
    assert owner.browser.post(gone, at="/mail").status_code == 303 and owner.browser.get(f"/mail/{ids[0]}").is_success
    assert owner.browser.post(undo, at="/mail").status_code == 303 and states(site, ids) == before
    assert act(stranger, ids, "trash") == "" and states(site, ids) == before
    assert stranger.browser.post(undo, at="/mail").status_code == 303 and states(site, ids) == before
    for wrong in ("outbox", "@Nowhere", "nothing"):
        answer = owner.browser.post("/mail/marks", at="/mail", id=str(ids[0]), to=wrong)
        assert answer.status_code == 404, wrong


def test_one_opened_letter_is_marked_as_ticked_ones_are_with_a_way_back(site: Site, owner: Person) -> None:
    id_ = letter(site, owner, "Marked alone")
    with connect(site) as database:
        database.execute("UPDATE emails SET status = 'replied' WHERE id = %s", (id_,))
    before = states(site, [id_])
    read = owner.browser.post(f"/mail/{id_}/mark", to="read")
    assert read.headers["location"] == f"/mail/{id_}" and states(site, [id_]) == before
    gone = owner.browser.post(f"/mail/{id_}/mark", to="trash")
    assert gone.headers["location"] == "/mail?box=house&folder=inbox" and states(site, [id_])[0][2] == "trash"
    assert owner.browser.post(undo_of(gone), at="/mail").status_code == 303 and states(site, [id_]) == before


def test_folders_say_how_many_letters_wait_in_them(site: Site, owner: Person) -> None:
    counter = hire(site, "owner", "counter")
    ids = [letter(site, counter, f"Waiting {n}") for n in range(3)]
    with connect(site) as database:
        database.execute("UPDATE emails SET folder = 'archive' WHERE id = %s", (ids[0],))
        database.execute("UPDATE emails SET folder = 'drafts', status = 'draft' WHERE id = %s", (ids[1],))
    page = counter.browser.get("/mail?box=house").text
    found = re.findall(r'folder=(\w+)"[^>]*>(?:(?!</a>).)*?<span class="n">(\d+)', page)
    assert found == [("inbox", "1"), ("drafts", "1"), ("archive", "1")]


def test_a_folder_shows_its_unread_or_flagged_letters_alone(site: Site, owner: Person) -> None:
    letter(site, owner, "Sieved new")
    read = [letter(site, owner, name) for name in ("Sieved old", "Sieved star")]
    with connect(site) as database:
        database.execute("UPDATE emails SET status = 'read', flagged = id = %s WHERE id = ANY(%s)", (read[1], read))
    for only, shown in (("unread", {"new"}), ("flagged", {"star"}), ("", {"new", "old", "star"})):
        page = owner.browser.get(f"/mail?box=house&q=Sieved&only={only}").text
        assert set(re.findall(r"<bdi>Sieved (\w+)</bdi>", page)) == shown, only


def test_ticked_letters_go_into_one_record_and_out_again(site: Site, owner: Person) -> None:
    ids = sorted(letter(site, owner, f"Filed {name}") for name in "AB")
    made = owner.api.post("/api/v1/accounts", json={"name": "Files of letters"}).json()["id"]
    with connect(site) as database:
        database.execute(
            "INSERT INTO email_record (left_id, right_id, module) VALUES (%s, %s, 'accounts')", (ids[0], made)
        )
    record = {"record.module": "accounts", "record.id": made}
    undo = act(owner, ids, "record", **record)
    with connect(site) as database:
        assert [id_ for (id_,) in database.execute(FILED, (made,)).fetchall()] == ids
    assert owner.browser.post(undo, at="/mail").status_code == 303
    with connect(site) as database:
        assert [id_ for (id_,) in database.execute(FILED, (made,)).fetchall()] == ids[:1]


def test_a_record_begins_with_a_letter_and_keeps_it(site: Site, owner: Person, stranger: Person) -> None:
    id_ = letter(site, owner, "Wishes an offer")
    menu = owner.browser.get(f"/mail/{id_}").text
    assert {f"/{key}/new?letter={id_}" for key in BEGUN} <= {
        unquote(href) for href in re.findall(r'href="(/[a-z]+/new\?letter=[^"]+)"', menu)
    }
    form = owner.browser.get(f"/leads/new?letter={id_}").text
    assert 'value="Rita"' in form and 'value="rita@shop.example"' in form and "Wishes an offer" in form
    assert 'value="Wishes an offer"' in owner.browser.get(f"/tasks/new?letter={id_}").text
    assert stranger.browser.get(f"/leads/new?letter={id_}").status_code == 404
    wrong = owner.browser.post("/leads", at="/leads/new", letter=str(id_), last_name="")
    assert wrong.status_code == 422 and f'name="letter" value="{id_}"' in wrong.text
    facts = {"last_name": "Rita", "status": "new"}
    made = owner.browser.post("/leads", at="/leads/new", letter=str(id_), **facts)
    lead = made.headers["location"].removeprefix("/leads/")
    with connect(site) as database:
        assert database.execute(FILED, (lead,)).fetchall() == [(id_,)]
    contact = owner.browser.get(f"/tasks/new?letter={id_}").text
    assert lead in contact, "what the letter belongs to, the task is about"


@pytest.mark.parametrize(
    ("name", "address", "found"),
    [
        ("Ali Reza Karimi", "a@x.example", ("Ali Reza", "Karimi")),
        ("Karimi, Ali", "a@x.example", ("Ali", "Karimi")),
        ("Sales", "sales@x.example", ("", "Sales")),
        ("", "ali.karimi@x.example", ("Ali", "Karimi")),
    ],
)
def test_names_are_read_as_mails_write_them(name: str, address: str, found: tuple[str, str]) -> None:
    assert names(Party(name, address)) == found
