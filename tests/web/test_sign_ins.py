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


HIS = """
INSERT INTO list_view (module, name, owner_id, shared, body)
VALUES ('leads', 'Shared', %(id)s, true, '{}'), ('leads', 'Own', %(id)s, false, '{}')
"""


def test_sec_32_whoever_leaves_hands_over_and_signs_in_no_more(site: Site) -> None:
    leaver, colleague, anna = hire(site, "owner"), hire(site, "owner"), site.browser(TENANT)
    at = f"/users/{leaver.id}/hand_over"
    with connect(site) as owner:
        owner.execute(HIS.encode(), {"id": leaver.id})
    assert 'name="part" value="views"' in anna.get(at).text
    assert anna.post(at, at=at, deactivate="1", part="views").status_code == 422, "to whom?"
    assert leaver.browser.get("/leads").status_code == 200, "nothing was done"
    assert anna.post(at, at=at, to=str(colleague.id), deactivate="1", part="views").status_code == 303
    assert leaver.browser.get("/leads").status_code == 303
    assert leaver.api.get("/api/v1/leads").status_code == 401
    with connect(site) as owner:
        [(shared,), (own,)] = owner.execute(
            "SELECT owner_id FROM list_view WHERE owner_id IN (%s, %s) ORDER BY shared DESC", (leaver.id, colleague.id)
        ).fetchall()
        owner.execute("DELETE FROM list_view WHERE owner_id IN (%s, %s)", (leaver.id, colleague.id))
    assert (shared, own) == (colleague.id, leaver.id)
    mine = f"/users/{site_admin(site)}/hand_over"
    assert 'name="deactivate"' not in anna.get(mine).text
    assert anna.post(mine, at=mine, deactivate="1").status_code == 409, "nobody shuts himself out"


def site_admin(site: Site) -> str:
    with connect(site) as owner:
        return str(owner.execute("SELECT id FROM users WHERE user_name = 'admin'").fetchone()[0])  # type: ignore[index]
