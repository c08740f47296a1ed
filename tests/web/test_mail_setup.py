"""Setting up outgoing mail: the page of steps, a check that is asked for, a key that is made; for administrators alone."""

import pytest

from tests.isolation.people import connect, hire
from tests.site import Browser, Site

PATH = "/admin/sending/setup"
ACCOUNT = """
INSERT INTO outbound_accounts (id, name, from_name, from_addr, host, port, security, bulk, dkim_mode, state)
VALUES (uuidv7(), 'Set up', 'C', 'news@setup-company.ir', 'smtp.setup-company.ir', 587, 'starttls', true, 'relay', 'untried')
RETURNING id
"""
KEPT = """
SELECT dkim_mode, dkim_selector, EXISTS (SELECT FROM secret s WHERE s.record_id = a.id AND s.field = 'dkim_key')
FROM outbound_accounts a WHERE id = %s
"""
ASKED = "SELECT count(*) FROM outbox WHERE subject = 'mail.checkup'"


@pytest.fixture(scope="module")
def admin(site: Site) -> Browser:
    return site.browser("northwind")


def test_administrators_see_every_step_and_others_nothing(site: Site, admin: Browser) -> None:
    page = admin.get(PATH)
    assert page.status_code == 200
    for words in ("Outgoing mail", "Bounce mailbox", "Your domain", "Trial on the whole way", "Not checked yet."):
        assert words in page.text
    assert f'href="{PATH}"' in admin.get("/admin/sending").text
    other = hire(site, "anybody", "no_setup").browser
    assert other.get(PATH).status_code == 403
    assert [
        other.post(f"{PATH}{more}").status_code for more in ("/check", f"/key/{'0' * 8}-0000-0000-0000-{'0' * 12}")
    ] == [
        403,
        403,
    ]


def test_a_check_is_asked_for_and_a_key_is_made_for_an_account(site: Site, admin: Browser) -> None:
    with connect(site) as database:
        [account] = database.execute(ACCOUNT).fetchone() or [None]
        before = database.execute(ASKED).fetchone()
    assert "An outbound account for mailings is set up." in admin.get(PATH).text
    made = admin.post(f"{PATH}/key/{account}", at=PATH)
    assert made.headers["location"] == PATH
    assert admin.post(f"{PATH}/key/{account}", at=PATH).status_code == 409
    assert admin.post(f"{PATH}/check", at=PATH).status_code == 303
    page = admin.get(PATH).text
    assert "A check is under way." in page and 'hx-trigger="load delay:3s"' in page and "Set up" in page
    with connect(site) as database:
        assert database.execute(KEPT, (account,)).fetchone() == ("own", "sadra", True)
        after = database.execute(ASKED).fetchone()
        database.execute("UPDATE outbound_accounts SET deleted_at = now() WHERE id = %s", (account,))
    assert before and after and after[0] == before[0] + 1
