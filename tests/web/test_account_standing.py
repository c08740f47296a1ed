"""What receivers ask of an account's domain, rule by rule, for whoever may change the account."""

from crm_web.pages.account_standing import TONES
from tests.isolation.people import hire
from tests.site import Site

FREE = {
    "name": "Free", "from_name": "We", "from_addr": "we@gmail.com", "host": "smtp.x.example", "port": "587",
    "security": "none", "dkim_mode": "relay",
}  # fmt: skip


def test_the_rules_are_told_with_what_would_mend_them(site: Site) -> None:
    somebody = site.browser("northwind")
    made = somebody.post("/outbound_accounts", at="/outbound_accounts/new", **FREE)
    where = made.headers["location"].partition("?")[0]
    assert f'href="{where}/standing"' in somebody.get(where).text
    answer = somebody.get(f"{where}/standing")
    page = answer.text
    assert answer.status_code == 200
    assert page.count('class="note ') >= 7 and "gmail.com" in page
    assert "from addresses of a free mailbox" in page and "go over the wire in clear" in page
    assert {tone for tone in TONES.values() if f'class="note {tone}"' in page} >= {"ok", "bad"}
    stranger = hire(site, "anybody").browser
    assert stranger.get(f"{where}/standing").status_code in (403, 404)
