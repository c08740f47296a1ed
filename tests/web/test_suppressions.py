"""Whom the company mails nothing: added in one go, found, taken back; never what a recipient asked for himself."""

import re
from uuid import uuid4

import pytest

from tests.isolation.people import connect, hire
from tests.site import Browser, Site

PAGE = "/admin/suppressions"
ROW = "SELECT kind, include_subdomains, reason, note, expires_at IS NULL, paused_until IS NULL FROM suppression WHERE value = %s"


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser("northwind")


def test_addresses_and_domains_are_suppressed_for_all_campaigns_and_let_go(site: Site, anna: Browser) -> None:
    mark = uuid4().hex
    pasted = f"Ali@{mark}.example\n@{mark}.test; no address"
    answer = anna.post(PAGE, at=PAGE, values=pasted, wide="1", reason="legal", days="90", note="By the court")
    assert answer.status_code == 422 and "no address" in answer.text
    with connect(site) as owner:
        found = [owner.execute(ROW, (value,)).fetchone() for value in (f"ali@{mark}.example", f"{mark}.test")]
    assert found == [
        (kind, True, "legal", "By the court", False, True) for kind in ("address", "domain")
    ]  # the address has no domains below it, so the mark says nothing there
    page = anna.get(f"{PAGE}?words={mark}").text
    drops = re.findall(rf"{PAGE}/[0-9a-f-]{{36}}/drop", page)
    assert len(drops) == 2 and page.count("By the court") == 2
    for drop in drops:
        assert anna.post(drop, at=PAGE).status_code == 303
    assert "/drop" not in anna.get(f"{PAGE}?words={mark}").text
    assert anna.post(drops[0], at=PAGE).status_code == 404


def test_a_pause_that_a_recipient_asked_for_outlives_what_staff_decide(site: Site, anna: Browser) -> None:
    address = f"{uuid4().hex}@shop.example"
    with connect(site) as owner:
        owner.execute(
            "INSERT INTO suppression (kind, value, reason, expires_at, paused_until)"
            " VALUES ('address', %s, 'pause', now() + interval '30 days', now() + interval '30 days')",
            (address,),
        )
    page = f"{PAGE}?words={address}"
    assert "/drop" not in anna.get(page).text
    assert anna.post(PAGE, at=PAGE, values=address, reason="manual").status_code == 303
    [drop] = re.findall(rf"{PAGE}/[0-9a-f-]{{36}}/drop", anna.get(page).text)
    assert anna.post(drop, at=PAGE).status_code == 303
    with connect(site) as owner:
        assert owner.execute(ROW, (address,)).fetchone() == ("address", False, "pause", "", False, False)


def test_only_who_may_decide_it_sees_the_page(site: Site) -> None:
    clerk = hire(site, "owner", f"clerk-{uuid4()}").browser
    assert clerk.get(PAGE).status_code == 403
    assert clerk.post(PAGE, at="/", values="a@b.example").status_code == 403
