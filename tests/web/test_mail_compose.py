"""Help while a letter is written: the address book, the records it goes into, drafts kept by themselves, one's signature."""

import re

import pytest

from crm_domain.letters.answer import language_of
from tests.isolation.people import Person, connect, hire
from tests.site import Site
from tests.web.test_mail import letter

DRAFTS = "SELECT id, name, recipients FROM emails WHERE status = 'draft' AND assigned_to = %s ORDER BY created_at"


@pytest.fixture(scope="module")
def writer(site: Site) -> Person:
    return hire(site, "owner", "writer")


def contact(person: Person, last: str, address: str, **more: str) -> str:
    facts = {"last_name": last, "emails": [{"address": address, "primary": True}], **more}
    made = person.api.post("/api/v1/contacts", json=facts)
    assert made.status_code == 201, made.text
    return made.json()["id"]


def test_readers_are_found_by_name_and_address_within_ones_reach(site: Site, writer: Person) -> None:
    account = writer.api.post("/api/v1/accounts", json={"name": "Bookbinders"}).json()["id"]
    near = contact(writer, "Zabihzadeh", "z.near@binders.example", account=account)
    contact(hire(site, "owner", "neighbour"), "Zabihzadeh", "z.far@binders.example")
    for words in ("zabihz", "z.near@"):
        found = writer.browser.get(f"/mail/people?q={words}").text
        assert "Zabihzadeh &lt;z.near@binders.example&gt;" in found and "z.far@" not in found, words
    around = writer.browser.get(f"/mail/people?record=contacts.{near}").text
    assert "z.near@binders.example" in around
    assert "role" not in writer.browser.get("/mail/people").text
    assert hire(site, "nobody", "mailless").browser.get("/mail/people?q=zabihz").status_code == 403


def test_a_draft_is_kept_while_it_is_written_and_goes_into_chosen_records(site: Site, writer: Person) -> None:
    account = writer.api.post("/api/v1/accounts", json={"name": "Of the draft"}).json()["id"]
    nothing = writer.browser.post("/mail/compose", at="/mail/compose", do="keep", box="house")
    assert nothing.json() == {"draft": "", "said": ""}
    facts = {"box": "house", "to": "rita@shop.example, unfinish", "name": "Kept by itself"}
    record = {"record.module": "accounts", "record.id": account}
    kept = writer.browser.post("/mail/compose", at="/mail/compose", do="keep", **facts, **record).json()
    assert kept["said"]
    facts |= {"draft": kept["draft"], "name": "Kept again"}
    assert writer.browser.post("/mail/compose", at="/mail/compose", do="keep", **facts).json()["draft"] == kept["draft"]
    with connect(site) as database:
        rows = [row for row in database.execute(DRAFTS, (writer.id,)).fetchall() if str(row[0]) == kept["draft"]]
    assert [row[1:] for row in rows] == [("Kept again", "rita@shop.example")]
    page = writer.browser.get(f"/mail/compose?draft={kept['draft']}").text
    assert f'value="accounts.{account}"' in page and "Of the draft" in page
    assert writer.browser.post("/mail/compose", at="/mail/compose", do="send", **facts).status_code == 422


def test_a_drafts_history_begins_when_it_leaves(site: Site, writer: Person) -> None:
    facts = {"box": "house", "to": "rita@shop.example", "draft": ""}
    for name in ("Half", "Half a wo", "Half a word"):
        facts["draft"] = writer.browser.post("/mail/compose", at="/mail/compose", do="keep", name=name, **facts).json()[
            "draft"
        ]

    def told() -> list[tuple[str, list[str]]]:
        with connect(site) as database:
            rows = database.execute(
                "SELECT action, changes FROM audit_event WHERE record_id = %s ORDER BY id", (facts["draft"],)
            )
            return [(action, sorted(changes)) for action, changes in rows.fetchall()]

    assert told() == [("create", [])]
    sent = writer.browser.post("/mail/compose", at="/mail/compose", do="send", name="A word", **facts)
    assert sent.status_code == 303
    assert told() == [("create", []), ("update", ["email_type", "sent_at"])]
    writer.browser.post(f"/mail/{facts['draft']}/back")
    assert [action for action, _ in told()] == ["create", "update", "update"]


def test_sec_13_letters_are_signed_in_their_language_with_clean_markup(site: Site, writer: Person) -> None:
    signed = {"signature_en": "<p>Kind regards<script>alert(1)</script></p>", "signature_fa": "<p>با احترام</p>"}
    assert writer.browser.post("/settings/signature", at="/settings/signature", **signed).status_code == 303
    page = writer.browser.get("/settings/signature").text
    assert "Kind regards" in page and "با احترام" in page and "alert(1)" not in page
    fresh = writer.browser.get("/mail/compose").text
    assert "Kind regards" in fresh and "با احترام" not in fresh
    id_ = letter(site, writer, "Asked in English")
    with connect(site) as database:
        database.execute("UPDATE emails SET description = 'سلام، لطفاً پاسخ دهید' WHERE id = %s", (id_,))
    answer = writer.browser.get(f"/mail/compose?answer={id_}").text
    assert "با احترام" in answer and "Kind regards" not in answer
    assert answer.index("با احترام") < answer.index("blockquote")
    below = {**signed, "below": "1"}
    assert writer.browser.post("/settings/signature", at="/settings/signature", **below).status_code == 303
    answer = writer.browser.get(f"/mail/compose?answer={id_}").text
    assert answer.rindex("با احترام") > answer.index("blockquote")
    long = writer.browser.post("/settings/signature", at="/settings/signature", signature_en="x" * 10_001)
    assert long.status_code == 422
    assert (
        writer.browser.post("/settings/signature", at="/settings/signature", signature_en="<p></p>").status_code == 303
    )
    assert not re.search("با احترام|Kind regards", writer.browser.get(f"/mail/compose?answer={id_}").text)


@pytest.mark.parametrize(("text", "language"), [("سلام Ali", "fa"), ("Hello دنیا!", "en"), ("123", "en")])
def test_the_language_of_a_letter_is_that_of_most_of_its_letters(text: str, language: str) -> None:
    assert language_of(text) == language
