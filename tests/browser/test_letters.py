"""My e-mail by keyboard and pointer: letters ticked and marked with a way back, readers as chips, a draft kept by itself."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.isolation.people import api_client, connect, token_of
from tests.site import Site

TENANT = "northwind"
LETTERS = """
INSERT INTO emails (id, name, sender, recipients, description, email_type, status, folder, personal, sent_at, thread, assigned_to)
SELECT uuidv7(), 'Ticked ' || n, 'Rita <rita@shop.example>', 'me@company.example', 'Words', 'inbound', 'unread', 'inbox', true, now(),
  'ticked ' || n, u.id
FROM users u, generate_series(1, 3) n WHERE u.user_name = 'admin'
"""
BOX = """
INSERT INTO mailboxes (id, name, mailbox_use, address, active, host, port, security, user_name, folder, signature, assigned_to)
SELECT uuidv7(), 'Signing', 'personal', 'sign@company.example', true, 'mail.example', 993, 'tls', 'own', 'INBOX',
  E'Signed: sales\n\nand service', u.id
FROM users u WHERE u.user_name = 'admin'
"""


def test_letters_are_ticked_by_keyboard_and_a_mark_is_taken_back(site: Site, person: Open) -> None:
    with connect(site) as database:
        database.execute(LETTERS)
    page = person(TENANT, "/mail?box=house&q=Ticked")
    unread = page.locator(".letters li.unread")
    expect(unread).to_have_count(3)
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator(".bulk [data-n]")).to_have_text("2")
    page.locator('.bulk button[value="read"]').click()
    expect(unread).to_have_count(1)
    page.locator("#toasts form button").click()
    expect(unread).to_have_count(3)


def test_readers_become_chips_and_the_draft_is_kept_by_itself(site: Site, person: Open) -> None:
    api = api_client(site, TENANT, token_of(site, TENANT, "admin"))
    emails = [{"address": "chip@binders.example", "primary": True}]
    assert api.post("/api/v1/contacts", json={"last_name": "Chipperfield", "emails": emails}).status_code == 201
    page = person(TENANT, "/mail/compose?box=house")
    page.locator("#c-to").press_sequentially("chipperf")
    page.get_by_role("option", name="Chipperfield").click()
    page.locator("#c-to").press_sequentially("other@shop.example,")
    chips = page.locator("address-field >> nth=0 >> .chip")
    expect(chips).to_have_count(2)
    expect(page.locator('[name="to"]')).to_have_value("Chipperfield <chip@binders.example>, other@shop.example")
    page.locator('[name="name"]').fill("Kept by itself")
    expect(page.locator("[data-kept]")).not_to_be_empty()
    page.reload()
    expect(chips).to_have_count(2)
    expect(page.locator('[name="name"]')).to_have_value("Kept by itself")


def test_who_signs_changes_with_the_account_a_letter_leaves_from(site: Site, person: Open) -> None:
    with connect(site) as database:
        database.execute(BOX)
    page = person(TENANT, "/mail/compose?box=house")
    words = page.locator("rich-text .prose")
    words.click()
    page.keyboard.type("Good morning")
    own = page.locator("#c-box option", has_text="Signing").get_attribute("value")
    for key, texts in ((own, ["Good morning", "Signed: sales", "and service"]), ("house", ["Good morning"])):
        page.locator("#c-box").select_option(key)
        expect(words.locator("p")).to_have_text(texts)
    with connect(site) as database:
        database.execute("UPDATE mailboxes SET active = false WHERE name = 'Signing'")
