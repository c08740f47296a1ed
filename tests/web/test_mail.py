"""My e-mail on its pages: whose letters are whose, what a letter may do, writing and answering."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.isolation.people import Person, connect, hire
from tests.site import Browser, Site

LETTER = """
INSERT INTO emails (id, name, sender, recipients, description, body, email_type, status, folder, personal, sent_at, thread,
  message_id, assigned_to, created_by)
VALUES (uuidv7(), %(name)s, 'Rita <rita@shop.example>', 'me@company.example, other@shop.example', 'The words', %(body)s, 'inbound',
  'unread', 'inbox', true, now(), %(name)s, %(name)s, %(owner)s, %(owner)s) RETURNING id
"""
OWN_BOX = """
INSERT INTO mailboxes (id, name, mailbox_use, address, active, host, port, security, user_name, folder, assigned_to)
VALUES (uuidv7(), 'Own', 'personal', 'own@company.example', true, 'mail.example', 993, 'tls', 'own', 'INBOX', %(owner)s)
"""
BODY = '<p style="color:red">Hello</p><script>alert(1)</script><img src="https://spy.example/x.png"><a href="javascript:x">y</a>'


@pytest.fixture(scope="module")
def owner(site: Site) -> Person:
    return hire(site, "owner", "letters")


@pytest.fixture(scope="module")
def admin(site: Site) -> Browser:
    return site.browser("northwind")


def letter(site: Site, owner: Person, name: str) -> UUID:
    with connect(site) as database:
        row = database.execute(LETTER, {"name": name, "body": BODY, "owner": owner.id}).fetchone()
    assert row
    return row[0]


def test_a_private_letter_is_nobody_elses_until_it_is_in_a_record(site: Site, owner: Person, admin: Browser) -> None:
    id_ = letter(site, owner, "Quite private words")
    paths = [f"/mail/{id_}", f"/emails/{id_}", f"/mail/{id_}/body", f"/emails/{id_}/edit"]
    assert [owner.browser.get(path).status_code for path in paths] == [200] * 4
    assert [admin.get(path).status_code for path in paths] == [404] * 4
    for path in ("/emails?q=Quite+private", "/search?q=Quite+private", "/mail?q=Quite+private"):
        assert "Quite private words" not in admin.get(path).text
    with connect(site) as database:
        row = database.execute("SELECT id FROM accounts WHERE deleted_at IS NULL LIMIT 1").fetchone()
        assert row
        database.execute(
            "INSERT INTO email_record (left_id, right_id, module) VALUES (%s, %s, 'accounts')", (id_, row[0])
        )
    assert [admin.get(path).status_code for path in paths[:3]] == [200] * 3
    assert admin.post(f"/mail/{id_}/mark", to="trash").status_code in (403, 404)
    assert "Quite private words" in admin.get(f"/accounts/{row[0]}/activities").text


def test_sec_13_a_letter_runs_and_loads_nothing_before_it_is_asked_to(site: Site, owner: Person) -> None:
    id_ = letter(site, owner, "Acting")
    answer = owner.browser.get(f"/mail/{id_}/body")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "img-src data:;" in policy
    assert "script" not in answer.text and "javascript" not in answer.text and 'style="color:red"' in answer.text
    assert "https:" in owner.browser.get(f"/mail/{id_}/body?pictures=true").headers["content-security-policy"]
    page = owner.browser.get(f"/mail/{id_}").text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page and "spy.example" not in page


def test_an_answer_goes_to_the_writer_and_quotes_him(site: Site, owner: Person) -> None:
    id_ = letter(site, owner, "Question")
    page = owner.browser.get(f"/mail/compose?answer={id_}&all=1").text
    assert 'value="Rita &lt;rita@shop.example&gt;"' in page and "other@shop.example" in page
    assert 'value="Re: Question"' in page and "blockquote" in page and "alert(1)" not in page


def test_what_is_written_is_kept_then_sent_once(site: Site, owner: Person) -> None:
    fields = {"box": "house", "to": "rita@shop.example", "name": "Offer", "body": "<p>Here it is</p>"}
    kept = owner.browser.post("/mail/compose", at="/mail/compose", do="draft", **fields)
    assert kept.status_code == 303
    draft = kept.headers["location"].partition("draft=")[2]
    assert "Here it is" in owner.browser.get(f"/mail/compose?draft={draft}").text
    sent = owner.browser.post("/mail/compose", at="/mail/compose", do="send", draft=draft, **fields)
    assert sent.headers["location"] == f"/mail/{draft}"
    again = owner.browser.post("/mail/compose", at="/mail/compose", do="send", draft=draft, **fields)
    assert again.status_code == 409 or "left already" in again.text
    with connect(site) as database:
        row = database.execute(
            "SELECT e.status, e.personal, (SELECT count(*) FROM outbox WHERE payload->>'email' = e.id::text) FROM emails e"
            " WHERE e.id = %s",
            (draft,),
        ).fetchone()
    assert row == ("queued", True, 1)


def test_sec_16_what_is_no_address_is_refused(owner: Person) -> None:
    for text in ("nobody", "a@b.example\r\nBcc: x@y.example, nobody", "a b c, d@e.example"):
        answer = owner.browser.post("/mail/compose", at="/mail/compose", do="send", box="house", to=text, name="x")
        assert answer.status_code == 422, text


def test_a_record_has_a_secret_address_in_each_group_mailbox(site: Site, admin: Browser) -> None:
    with connect(site) as database:
        row = database.execute("SELECT id FROM contacts WHERE deleted_at IS NULL LIMIT 1").fetchone()
        database.execute("UPDATE mailboxes SET active = true WHERE mailbox_use = 'group'")
        assert row
    page = admin.get(f"/mail/archive/contacts/{row[0]}").text
    assert re.search(r"sales\+[a-z2-7]{40}@northwind\.example", page)
    with connect(site) as database:
        database.execute("UPDATE mailboxes SET active = false")


def test_only_administrators_set_up_mailboxes_of_groups(owner: Person) -> None:
    facts = {"name": "Ours", "address": "a@b.example", "host": "imap.b.example", "user_name": "a", "folder": "INBOX"}
    answer = owner.api.post("/api/v1/mailboxes", json={**facts, "mailbox_use": "group"})
    assert answer.json()["code"] == "group_by_admin"
    assert owner.api.post("/api/v1/mailboxes", json={**facts, "mailbox_use": "personal"}).status_code == 201


BOX = """
INSERT INTO mailboxes (id, name, mailbox_use, address, active, host, port, security, user_name, folder, assigned_to, created_by)
VALUES (uuidv7(), %(use)s, %(use)s, %(use)s || '@northwind.example', true, 'imap.northwind.example', 993, 'tls', 'x', 'INBOX', %(owner)s,
  %(owner)s) RETURNING id
"""


def test_nobody_writes_from_anothers_mailbox_and_a_groups_letters_are_the_groups(
    site: Site, owner: Person, admin: Browser
) -> None:
    with connect(site) as database:
        made = {use: database.execute(BOX, {"use": use, "owner": owner.id}).fetchone() for use in ("personal", "group")}
    boxes = {use: row[0] for use, row in made.items() if row}
    fields = {"do": "draft", "to": "rita@shop.example", "body": "<p>x</p>"}
    for browser, use, allowed in (
        (owner.browser, "personal", True),
        (admin, "personal", False),
        (admin, "group", True),
    ):
        answer = browser.post("/mail/compose", at="/mail/compose", box=str(boxes[use]), name=f"As {use}", **fields)
        assert (answer.status_code == 303) is allowed, (use, answer.status_code)
    with connect(site) as database:
        rows = database.execute(
            "SELECT name, personal FROM emails WHERE mailbox = ANY(%s) ORDER BY name", (list(boxes.values()),)
        )
        assert rows.fetchall() == [("As group", False), ("As personal", True)]
        database.execute("UPDATE mailboxes SET active = false")


def test_a_writer_asks_to_see_opens_where_the_company_lets_him(site: Site, owner: Person, admin: Browser) -> None:
    fields = {
        "do": "draft",
        "box": "house",
        "to": "rita@shop.example",
        "name": "Asked",
        "body": "<p>x</p>",
        "tracked": "1",
    }
    wish = 'name="tracked"'
    assert wish in owner.browser.get("/mail/compose").text

    def asked() -> bool:
        kept = owner.browser.post("/mail/compose", at="/mail/compose", **fields)
        with connect(site) as database:
            draft = kept.headers["location"].partition("draft=")[2]
            row = database.execute("SELECT track_opens FROM emails WHERE id = %s", (draft,)).fetchone()
        return bool(row and row[0])

    assert asked()
    assert owner.browser.get("/admin/mail").status_code == 403
    assert admin.post("/admin/mail", at="/admin/mail", wait="10").status_code == 303
    assert wish not in owner.browser.get("/mail/compose").text
    assert not asked()
    assert admin.post("/admin/mail", at="/admin/mail", wait="10", may_track="1").status_code == 303
    with connect(site) as database:
        row = database.execute(
            "UPDATE emails SET status = 'sent', email_type = 'out', folder = 'sent' WHERE name = 'Asked' AND track_opens"
            " RETURNING id"
        ).fetchone()
        assert row
        database.execute(
            "INSERT INTO letter_open (email_id, opens, first_at, last_at) VALUES (%s, 2, now(), now())", (row[0],)
        )
    assert "Opened 2 times" in owner.browser.get(f"/mail/{row[0]}").text


def test_the_writer_settles_what_nobody_knows_and_sends_again_what_failed(site: Site, owner: Person) -> None:
    def written(name: str, status: str) -> UUID:
        id_ = letter(site, owner, name)
        with connect(site) as database:
            database.execute(
                "UPDATE emails SET email_type = 'out', folder = 'sent', status = %s WHERE id = %s", (status, id_)
            )
        return id_

    def status(id_: UUID) -> str:
        with connect(site) as database:
            row = database.execute("SELECT status FROM emails WHERE id = %s", (id_,)).fetchone()
        assert row
        return row[0]

    doubtful, other, failed = (
        written(f"Doubt {n}", state) for n, state in enumerate(("uncertain", "uncertain", "send_error"))
    )
    assert "not known whether this letter has left" in owner.browser.get(f"/mail/{doubtful}").text
    assert owner.browser.post(f"/mail/{doubtful}/arrived").status_code == 303
    assert owner.browser.post(f"/mail/{doubtful}/again").status_code == 409
    for id_ in (other, failed):
        assert owner.browser.post(f"/mail/{id_}/again").status_code == 303
    assert [status(id_) for id_ in (doubtful, other, failed)] == ["sent", "queued", "queued"]


def test_folders_are_chosen_by_the_mailboxs_owner_and_shown_beside_its_letters(
    site: Site, owner: Person, admin: Browser
) -> None:
    other = hire(site, "owner", "letters_too")
    with connect(site) as database:
        row = database.execute(BOX, {"use": "folders", "owner": owner.id}).fetchone()
        assert row
        box = row[0]
        database.execute("UPDATE mailboxes SET mailbox_use = 'personal', active = false WHERE id = %s", (box,))
        for name, kind in (("INBOX", ""), ("Sent", "sent"), ("پروژه‌ها", ""), ("Drafts", "drafts")):
            database.execute(
                "INSERT INTO mailbox_folder (mailbox_id, folder, uid_validity, last_uid, kind, listed)"
                " VALUES (%s, %s, 0, 0, %s, true)",
                (box, name, kind),
            )
    path = f"/mail/folders/{box}"
    page = owner.browser.get(path).text
    assert "پروژه‌ها" in page and "Drafts" not in page and "copies go to “Sent”" in page
    assert other.browser.get(path).status_code == 404 and other.browser.post(path, folder="INBOX").status_code == 404
    assert owner.browser.post(path, at=path, folder="پروژه‌ها", sent="Sent").status_code == 303
    id_ = letter(site, owner, "Filed away")
    with connect(site) as database:
        database.execute(
            "UPDATE emails SET mailbox = %s, folder = 'archive', place = 'پروژه‌ها' WHERE id = %s", (box, id_)
        )
        found = database.execute("SELECT sent_folder FROM mailboxes WHERE id = %s", (box,)).fetchone()
    assert found == ("Sent",)
    inbox = owner.browser.get(f"/mail?box={box}").text
    assert "پروژه‌ها" in inbox and "Filed away" not in inbox
    assert "Filed away" in owner.browser.get(f"/mail?box={box}&folder=@پروژه‌ها").text


def test_what_was_sent_may_be_taken_back_while_it_waits_and_be_sent_at_a_chosen_time(site: Site, owner: Person) -> None:
    browser = owner.browser
    fields = {"box": "house", "to": "rita@shop.example", "name": "Hasty", "body": "<p>x</p>"}

    def state(id_: str) -> tuple[str, str, bool, bool]:
        with connect(site) as database:
            row = database.execute(
                "SELECT e.status, e.folder, e.leaves_at > now(), EXISTS (SELECT FROM outbox WHERE payload->>'email' = e.id::text"
                " AND not_before IS NOT DISTINCT FROM e.leaves_at) FROM emails e WHERE e.id = %s",
                (id_,),
            ).fetchone()
        assert row
        return row

    sent = browser.post("/mail/compose", at="/mail/compose", do="send", **fields)
    id_ = sent.headers["location"].rpartition("/")[2]
    assert state(id_) == ("queued", "outbox", True, True)
    page = browser.get(f"/mail/{id_}").text
    assert f'action="/mail/{id_}/back"' in page and "leaves in a moment" in page
    assert browser.post(f"/mail/{id_}/back").headers["location"] == f"/mail/compose?draft={id_}"
    assert state(id_)[:3] == ("draft", "drafts", None)
    assert browser.post(f"/mail/{id_}/back").status_code == 409
    later = {"draft": id_, "do": "later", "later.time": "09:00"}
    past = browser.post("/mail/compose", at="/mail/compose", later="2020-01-01", **later, **fields)
    assert past.status_code == 422 and "Choose a time in the future" in past.text and "2020" in past.text
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    kept = browser.post("/mail/compose", at="/mail/compose", later=day, **later, **fields)
    assert kept.status_code == 303 and state(id_) == ("queued", "outbox", True, True)
    assert "This letter leaves at" in browser.get(f"/mail/{id_}").text
    assert "Hasty" in browser.get("/mail?box=house&folder=outbox").text
    assert browser.post(f"/mail/{id_}/now").status_code == 303
    assert state(id_) == ("queued", "outbox", None, True)


def test_addresses_lead_to_ones_own_mailbox_and_tell_who_wants_no_mailings(site: Site) -> None:
    writer = hire(site, "owner", "writers_own")
    entry = {"emails.0.address": "quiet@opted.example", "emails.primary": "0", "emails.0.opted_out": "true"}
    path = writer.browser.post("/contacts", at="/contacts/new", last_name="Optout", **entry).headers["location"]
    assert 'href="mailto:quiet@opted.example"' in writer.browser.get(path).text
    with connect(site) as database:
        database.execute(OWN_BOX, {"owner": writer.id})
    here = f"/mail/compose?record=contacts.{path.rpartition('/')[2]}&amp;to=quiet@opted.example"
    assert f'href="{here}"' in writer.browser.get(path).text
    assert f'href="{here}"' in writer.browser.get("/contacts?q=Optout").text
    form = writer.browser.get(here.replace("&amp;", "&")).text
    assert "quiet@opted.example opted out" in form and 'name="knowing" value="quiet@opted.example"' in form
    letter_ = {"do": "send", "box": "house", "to": "quiet@opted.example", "name": "x"}
    untold = writer.browser.post("/mail/compose", at="/mail/compose", **letter_)
    assert untold.status_code == 422 and 'value="quiet@opted.example"' in untold.text
    told = writer.browser.post("/mail/compose", at="/mail/compose", knowing="quiet@opted.example", **letter_)
    assert told.status_code == 303
