"""The files of a letter in what is made of it: the same stored file, for whoever may see the record and for nobody else."""

from uuid import UUID

import pytest

from tests.files.samples import pdf, picture
from tests.isolation.people import Person, connect, hire
from tests.site import Site
from tests.web.test_files import sent

CAME = "UPDATE emails SET email_type = 'inbound', status = 'read', folder = 'inbox' WHERE id = %s"
HELD = "SELECT n.id, n.assigned_to, l.key FROM notes n JOIN blob_link l ON l.record_id = n.id WHERE n.parent_id = %s"
STORED = "SELECT count(*) FROM blob b JOIN blob own ON own.created_by = b.created_by WHERE own.key = %s"


@pytest.fixture(scope="module")
def owner(site: Site) -> Person:
    return hire(site, "owner", "letter_files")


@pytest.fixture(scope="module")
def letter(site: Site, owner: Person) -> tuple[UUID, list[str]]:
    """One that came with two files, and their keys."""
    files = [
        sent(owner.browser, name, body).json()["key"] for name, body in (("plan.png", picture()), ("t.pdf", pdf()))
    ]
    fields = {"box": "house", "to": "rita@shop.example", "name": "With two files", "body": "<p>x</p>"}
    kept = owner.browser.post(
        "/mail/compose",
        at="/mail/compose",
        do="draft",
        **{"attachments.shown": "1", "attachments.key": files},
        **fields,
    )
    id_ = UUID(kept.headers["location"].partition("draft=")[2])
    with connect(site) as database:
        database.execute(CAME, (id_,))
    return id_, files


def test_the_files_of_a_letter_stand_with_the_case_made_of_it(
    site: Site, owner: Person, letter: tuple[UUID, list[str]]
) -> None:
    id_, [picture_, paper] = letter
    other = hire(site, "anybody", "case_reader").browser
    assert [other.get(f"/files/{key}").status_code for key in (picture_, paper)] == [404, 404]
    form = owner.browser.get(f"/cases/new?letter={id_}").text
    assert form.count('name="letter_file"') == 2 and "plan.png" in form and "t.pdf" in form
    facts = {"letter": str(id_), "letter_file": picture_, "priority": "medium"}
    wrong = owner.browser.post("/cases", at="/cases/new", name="", **facts)
    assert wrong.status_code == 422 and wrong.text.count('name="letter_file"') == 2
    assert f'value="{picture_}" checked' in wrong.text and f'value="{paper}" checked' not in wrong.text
    made = owner.browser.post("/cases", at="/cases/new", name="Broken plan", **facts)
    assert made.status_code == 303, made.text
    case = made.headers["location"].rpartition("/")[2]
    with connect(site) as database:
        rows = database.execute(HELD, (case,)).fetchall()
        before = database.execute(STORED, (picture_,)).fetchone()
    assert [(row[1], row[2]) for row in rows] == [(owner.id, picture_)] and before == (2,), "one file, held twice"
    assert "plan.png" in other.get(f"/notes/{rows[0][0]}").text
    assert other.get(f"/files/{picture_}").status_code == 200
    document = owner.browser.get(f"/documents/new?letter={id_}&file={paper}").text
    assert f'value="{paper}" checked' in document and picture_ not in document and 'value="t"' in document
    given = {"letter": str(id_), "file.shown": "1", "file.keep": paper, "name": "Terms", "revision": "1"}
    given |= {"status": "active", "published_on": "2026-01-10"}
    saved = owner.browser.post("/documents", at="/documents/new", **given)
    assert saved.status_code == 303, saved.text
    id_of = saved.headers["location"].rpartition("/")[2]
    with connect(site) as database:
        linked = database.execute("SELECT left_id::text FROM cases_documents WHERE right_id = %s", (id_of,)).fetchall()
    assert linked == [(case,)], "the document stands beside the letter's records"


def test_a_note_made_of_a_letter_is_about_it_and_holds_its_files(
    site: Site, owner: Person, letter: tuple[UUID, list[str]]
) -> None:
    id_, files = letter
    page = owner.browser.get(f"/mail/{id_}").text
    assert f'href="/documents/new?letter={id_}&amp;file={files[0]}"' in page and f"/notes/new?letter={id_}" in page
    form = owner.browser.get(f"/notes/new?letter={id_}").text
    assert all(f'value="{key}" checked' in form for key in files) and 'name="letter_file"' not in form
    assert (
        str(id_) in form and hire(site, "owner", "no_reader").browser.get(f"/notes/new?letter={id_}").status_code == 404
    )


def test_documents_and_a_templates_files_go_along_with_what_was_sent_up(owner: Person) -> None:
    browser = owner.browser
    files = [sent(browser, name, body).json()["key"] for name, body in (("own.png", picture()), ("doc.pdf", pdf()))]
    plan = sent(browser, "of_template.png", picture()).json()["key"]
    given = {"file.shown": "1", "file.key": files[1], "name": "Price list", "revision": "1", "status": "active"}
    made = browser.post("/documents", at="/documents/new", published_on="2026-01-10", **given).headers["location"]
    words = {
        "name": "With a file",
        "subject": "Prices",
        "language": "en",
        "body_html": "<p>x</p>",
        "template_type": "email",
    }
    template = browser.post(
        "/email_templates", at="/email_templates/new", **{**words, "attachments.shown": "1", "attachments.key": plan}
    )
    assert template.status_code == 303, template.text
    fields = {"box": "house", "to": "rita@shop.example", "body": "<p>x</p>"}
    fields |= {"attachments.shown": "1", "attachments.key": files[0]}
    document = {"do": "attach", "document": made.rpartition("/")[2], "document.label": "Price list"}
    page = browser.post("/mail/compose", at="/mail/compose", **document, **fields).text
    assert all(f'value="{key}" checked' in page for key in files)
    none = browser.post("/mail/compose", at="/mail/compose", do="attach", **fields)
    assert f'value="{files[0]}" checked' in none.text and files[1] not in none.text
    chosen = {"do": "template", "template": template.headers["location"].rpartition("/")[2]}
    page = browser.post("/mail/compose", at="/mail/compose", **chosen, **fields).text
    assert all(f'value="{key}" checked' in page for key in (files[0], plan)) and 'value="Prices"' in page


def test_a_document_goes_along_beside_what_a_letter_hands_on(site: Site, owner: Person) -> None:
    key = sent(owner.browser, "price.pdf", pdf()).json()["key"]
    made = owner.browser.post("/documents", at="/documents/new", name="Prices", **{"file.shown": "1", "file.key": key})
    assert made.status_code == 303, made.text
    document = made.headers["location"].rpartition("/")[2]
    page = owner.browser.get(f"/mail/compose?document={document}").text
    assert f'value="{key}"' in page and 'value="Prices"' in page
    stranger = hire(site, "nobody", "no_documents").browser
    assert stranger.get(f"/mail/compose?document={document}").status_code in (403, 404)
