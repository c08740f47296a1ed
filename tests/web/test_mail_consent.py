"""A mailbox connected without a password, from the company's program at a provider to the owner's consent."""

import re
from html import unescape
from typing import Any

import pytest

from tests.isolation.people import connect, hire
from tests.provider import CLIENT, SECRET, provider
from tests.site import Browser, Site

BOX = {
    "name": "Consenting", "mailbox_use": "personal", "address": "me@company.example", "host": "imap.company.example",
    "port": "993", "security": "tls", "user_name": "me", "folder": "INBOX", "sign_in": "own", "active": "1",
}  # fmt: skip
MAIL = "/admin/mail"


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser("northwind")


@pytest.fixture(scope="module")
def box(anna: Browser) -> str:
    made = anna.post("/mailboxes", at="/mailboxes/new", **BOX)
    assert made.status_code == 303, made.text
    return made.headers["location"].rpartition("/")[2]


def register(anna: Browser, there: Any, **more: str) -> Any:
    told = there.program["own"]["provider"]
    fields = {f"own.{key}": value for key, value in told.items()}
    given = {"own.client_id": CLIENT, "own.secret": SECRET, **fields, **more}
    return anna.post(f"{MAIL}/providers", at=MAIL, **given)


def test_the_owner_consents_and_a_moved_mailbox_loses_it(site: Site, anna: Browser, box: str) -> None:
    def kept() -> Any:
        with connect(site) as owner:
            row = owner.execute("SELECT 1 FROM secret WHERE record_id = %s AND field = 'consent'", (box,))
            return row.fetchone()

    assert "registered no program" in anna.get(f"/mail/consent/{box}").text
    with provider(site.outside) as there:
        assert register(anna, there).status_code == 303
        page = anna.get(MAIL).text
        assert CLIENT in page and SECRET not in page and "/mail/consent/back" in page
        assert f'href="/mail/consent/{box}"' in anna.get(f"/mailboxes/{box}").text
        begun = anna.post(f"/mail/consent/{box}", at=f"/mail/consent/{box}").text
        way = re.search(rf'href="(http://localhost:{site.outside}/authorize[^"]*)"', begun)
        assert way
        back = there.consent(unescape(way[1]))
        other = hire(site, "anybody").browser
        assert other.http.get("/mail/consent/back", params=back).status_code == 404, "it was not his question"
        assert kept() is None
        answer = anna.http.get("/mail/consent/back", params=back)
        assert answer.status_code == 303 and answer.headers["location"].endswith(f"/mailboxes/{box}")
        assert kept() and there.refresh not in anna.get(f"/mailboxes/{box}").text
        assert anna.http.get("/mail/consent/back", params=back).status_code == 404
        moved = {**BOX, "host": "elsewhere.example", "version": version(anna, box)}
        assert anna.post(f"/mailboxes/{box}", at=f"/mailboxes/{box}/edit", **moved).status_code == 303
        assert kept() is None, "a consent goes only to the servers it was given for"
        begun = anna.post(f"/mail/consent/{box}", at=f"/mail/consent/{box}").text
        way = re.search(rf'href="(http://localhost:{site.outside}/authorize[^"]*)"', begun)
        assert way
        state = there.consent(unescape(way[1]))["state"]
        declined = anna.http.get("/mail/consent/back", params={"state": state, "error": "access_denied"})
        assert declined.status_code == 303 and declined.headers["location"].endswith(f"/mail/consent/{box}")


def version(anna: Browser, box: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', anna.get(f"/mailboxes/{box}/edit").text)
    assert found
    return found[1]


def test_addresses_that_are_none_are_refused_and_nobody_else_registers(site: Site, anna: Browser, box: str) -> None:
    with provider(site.outside) as there:
        for wrong in ("ftp://x.example/", "https://user@x.example/", "nonsense"):
            assert register(anna, there, **{"own.token_url": wrong}).status_code == 422, wrong
    reader = hire(site, "reader").browser
    assert reader.post(f"{MAIL}/providers", at="/settings").status_code == 403
    assert reader.get(f"/mail/consent/{box}").status_code in (403, 404)
    assert reader.get("/mail/consent/back?state=x&code=y").status_code == 404


def test_sec_41_what_was_given_for_one_place_goes_to_no_other(site: Site, anna: Browser) -> None:
    """Neither a password to another outgoing server, nor a consent to where the company's program lies next."""
    made = anna.post(
        "/mailboxes", at="/mailboxes/new", **{**BOX, "name": "Moving", "sign_in": "own", "password": "hush"}
    )
    box = made.headers["location"].rpartition("/")[2]

    def kept() -> set[str]:
        with connect(site) as owner:
            return {name for (name,) in owner.execute("SELECT field FROM secret WHERE record_id = %s", (box,))}

    with provider(site.outside) as there:
        assert register(anna, there).status_code == 303
        begun = anna.post(f"/mail/consent/{box}", at=f"/mail/consent/{box}").text
        way = re.search(rf'href="(http://localhost:{site.outside}/authorize[^"]*)"', begun)
        assert way
        assert anna.http.get("/mail/consent/back", params=there.consent(unescape(way[1]))).status_code == 303
        assert {"consent", "password"} <= kept()
        assert register(anna, there, **{"own.secret": ""}).status_code == 303
        assert "consent" in kept(), "nothing was moved"
        assert (
            register(anna, there, **{"own.token_url": "https://elsewhere.example/", "own.secret": ""}).status_code
            == 303
        )
        assert kept() == {"password"}
        with connect(site) as owner:
            row = owner.execute("SELECT 1 FROM secret WHERE module = 'settings' AND field = 'mail_own'").fetchone()
        assert row is None, "the program's own secret goes nowhere else either"
    moved = {**BOX, "name": "Moving", "smtp_host": "smtp.elsewhere.example", "version": version(anna, box)}
    assert anna.post(f"/mailboxes/{box}", at=f"/mailboxes/{box}/edit", **moved).status_code == 303
    assert kept() == set()
    later = site.browser("northwind")
    with connect(site) as owner:
        owner.execute(
            "UPDATE session SET created_at = now() - interval '11 minutes' "
            "WHERE id = (SELECT id FROM session ORDER BY created_at DESC LIMIT 1)"
        )
    asked = later.post(f"{MAIL}/providers", at=MAIL, **{"own.client_id": "x"})
    assert asked.status_code == 403 and 'name="_proof"' in asked.text
    with connect(site) as owner:
        owner.execute("DELETE FROM setting WHERE key = 'mail_providers'")
