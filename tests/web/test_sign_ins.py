"""Who tried to sign in as whom is shown to him and to administrators, who may let him try again at once (SEC-28)."""

from tests.isolation.people import connect, hire
from tests.site import PASSWORD, Browser, Site

TENANT = "northwind"
FREE = 5


def fails(site: Site, user: str) -> bool:
    try:
        Browser(site, TENANT, user, "a wrong guess at it")
    except AssertionError:
        return True
    return False


def test_sec_28_wrong_passwords_are_shown_and_an_administrator_lets_somebody_try_again(site: Site) -> None:
    person = hire(site, "owner", "forgetful")
    anna = site.browser(TENANT)
    assert all(fails(site, "forgetful") for _ in range(FREE))
    with connect(site) as owner:
        owner.execute("DELETE FROM login_throttle WHERE key LIKE 'network:%%'")
    page = anna.get(f"/admin/people/{person.id}").text
    assert page.count("Wrong password") == FREE
    assert "Wrong password" in person.browser.get("/settings/sessions").text
    assert anna.post(f"/admin/people/{person.id}/unlock", at=f"/admin/people/{person.id}").status_code == 303
    assert Browser(site, TENANT, "forgetful", PASSWORD).get("/").status_code == 200
