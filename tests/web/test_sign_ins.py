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


def test_sec_39_who_only_manages_users_gives_no_rule_to_somebody_with_wider_rights(site: Site) -> None:
    keeper = hire(site, "anybody")
    at = f"/users/{keeper.id}/hand_over"
    with connect(site) as owner:
        owner.execute("UPDATE role SET specials = '{manage_users}' WHERE name = %s", (keeper.name,))
        [(list_,)] = owner.execute(
            "INSERT INTO target_list_rule (list_id, module, question, owner_id) SELECT id, 'leads', '[]'::jsonb, %s "
            "FROM target_lists WHERE deleted_at IS NULL AND id NOT IN (SELECT list_id FROM target_list_rule) "
            "LIMIT 1 RETURNING list_id",
            (keeper.id,),
        ).fetchall()
    try:
        assert 'value="list_rules"' not in keeper.browser.get(at).text
        assert keeper.browser.post(at, at=at, to=site_admin(site), part="list_rules").status_code in (409, 422)
        assert 'value="list_rules"' in site.browser(TENANT).get(at).text
        with connect(site) as owner:
            assert owner.execute("SELECT owner_id FROM target_list_rule WHERE list_id = %s", (list_,)).fetchall() == [
                (keeper.id,)
            ]
    finally:
        with connect(site) as owner:
            owner.execute("DELETE FROM target_list_rule WHERE list_id = %s", (list_,))
