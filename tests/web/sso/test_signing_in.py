"""Signing in with the company's account elsewhere: who comes in, as whom, and with which rights (scenario 50)."""

from uuid import uuid4

from tests.isolation.people import connect, hire
from tests.site import PASSWORD, TOKEN, Browser, Site

from .identity_provider import Provider
from .visiting import ROLES, TENANT, Visitor, person, role, rows, said, settle


def test_scenario_50_who_comes_first_becomes_a_user_with_the_role_of_his_group(
    open_site: Site, provider: Provider
) -> None:
    provider.claims = person()
    visitor, name = Visitor(open_site), provider.claims["preferred_username"]
    assert "Harbour ID" in visitor.http.get("/login").text
    entered = visitor.sign_in(provider)
    assert (entered.status_code, entered.headers["location"]) == (303, "/leads"), entered.text
    assert visitor.http.get("/leads").status_code == 200
    assert rows(open_site, ROLES, name) == [("sales_rep",)]
    [(first, kind, way)] = rows(open_site, """
        SELECT u.first_name, u.user_type, e.method FROM users u JOIN login_event e ON e.user_id = u.id WHERE u.user_name = %s
    """, name)  # fmt: skip
    assert (first, kind, way) == ("Mina", "regular", "sso")
    provider.claims = {**provider.claims, "realm": {"groups": []}}
    assert Visitor(open_site).sign_in(provider).status_code == 303
    assert rows(open_site, ROLES, name) == [("read_only",)], "out of the group, out of its role"
    assert len(rows(open_site, "SELECT 1 FROM users WHERE user_name = %s", name)) == 1


def test_scenario_50_once_forced_passwords_open_nothing_but_for_one_administrator(
    open_site: Site, provider: Provider
) -> None:
    seller = hire(open_site, "anybody", f"seller-{uuid4()}")
    [(admin,)] = rows(open_site, "SELECT id FROM users WHERE user_name = 'admin'")
    settle(open_site, provider, enabled="1", forced="1", break_glass=str(admin))
    page = Visitor(open_site).http.get("/login").text
    assert "Harbour ID" in page and 'name="password"' not in page
    visitor = Visitor(open_site)
    local = visitor.http.get("/login?local=true").text
    fields = {"_csrf": TOKEN.search(local)[1], "login": seller.name, "password": PASSWORD}  # type: ignore[index]
    refused = visitor.http.post("/login", data=fields)
    assert refused.status_code == 401 and "session" not in visitor.http.cookies
    assert visitor.http.post("/login", data={**fields, "login": "admin"}).status_code == 303
    provider.claims = person()
    assert Visitor(open_site).sign_in(provider).status_code == 303


def test_sec_33_an_address_alone_links_only_in_a_proven_domain_and_never_an_administrator(
    open_site: Site, provider: Provider
) -> None:
    one = hire(open_site, "anybody", f"linked-{uuid4()}")
    address = f"{one.name}@north.example"
    with connect(open_site) as owner:
        owner.execute("INSERT INTO email_address (address, address_key) VALUES (%s, %s)", (address, address))
        owner.execute("""
            INSERT INTO email_link (module, record_id, address_id, is_primary, position)
            SELECT 'users', %s, id, true, 0 FROM email_address WHERE address_key = %s
        """, (one.id, address))  # fmt: skip
    provider.claims = person(email=address)
    assert Visitor(open_site).sign_in(provider).status_code == 401
    with connect(open_site) as owner:
        owner.execute(
            "UPDATE setting SET value = value || '{\"proven\": [\"north.example\"]}' WHERE key = 'single_sign_on'"
        )
        owner.execute("UPDATE users SET user_type = 'administrator' WHERE id = %s", (one.id,))
    assert Visitor(open_site).sign_in(provider).status_code == 401
    with connect(open_site) as owner:
        owner.execute("UPDATE users SET user_type = 'regular' WHERE id = %s", (one.id,))
    assert Visitor(open_site).sign_in(provider).status_code == 303
    assert rows(open_site, "SELECT user_id FROM sso_identity WHERE subject = %s", provider.claims["sub"]) == [(one.id,)]


def test_sec_33_one_links_ones_own_account_while_signed_in_and_nobody_elses(
    open_site: Site, provider: Provider
) -> None:
    one, two = hire(open_site, "anybody", f"one-{uuid4()}"), hire(open_site, "anybody", f"two-{uuid4()}")
    provider.claims = person(email_verified=False)
    visitor = Visitor(open_site)
    visitor.http = Browser(open_site, TENANT, one.name).http
    assert visitor.back(provider.sign_in(visitor.way_to_link())).headers["location"] == "/settings/sessions"
    assert Visitor(open_site).sign_in(provider).status_code == 303, "it is known now, whatever its address"
    other = Visitor(open_site)
    other.http = Browser(open_site, TENANT, two.name).http
    assert other.back(provider.sign_in(other.way_to_link())).status_code == 401, "it is another's"
    url = provider.sign_in(other.way_to_link())
    other.http.cookies.delete("session")
    assert other.back(url).status_code == 401, "whoever began it has left"


def test_sec_30_single_sign_on_spares_no_second_step(open_site: Site, provider: Provider) -> None:
    provider.claims = person()
    assert Visitor(open_site).sign_in(provider).status_code == 303
    with connect(open_site) as owner:
        owner.execute("""
            INSERT INTO second_factor (user_id, step, recovery) SELECT user_id, 0, '{}' FROM sso_identity WHERE subject = %s
        """, (provider.claims["sub"],))  # fmt: skip
    visitor = Visitor(open_site)
    asked = visitor.sign_in(provider)
    assert asked.status_code == 200 and 'name="code"' in asked.text and "session" not in visitor.http.cookies


def test_sec_32_who_was_deactivated_comes_in_no_more(open_site: Site, provider: Provider) -> None:
    provider.claims = person()
    assert Visitor(open_site).sign_in(provider).status_code == 303
    with connect(open_site) as owner:
        owner.execute(
            "UPDATE users SET status = 'inactive' WHERE user_name = %s", (provider.claims["preferred_username"],)
        )
    assert Visitor(open_site).sign_in(provider).status_code == 401


def test_sec_36_who_has_no_password_proves_himself_over_there_if_it_was_just_now(
    open_site: Site, provider: Provider
) -> None:
    provider.claims = person()
    visitor = Visitor(open_site)
    visitor.sign_in(provider)
    with connect(open_site) as owner:
        owner.execute("UPDATE session SET created_at = now() - interval '11 minutes'")
    token = TOKEN.search(visitor.http.get("/settings").text)[1]  # type: ignore[index]
    asked = visitor.http.post("/settings/tokens", data={"_csrf": token, "name": "x", "scope": "read"})
    assert asked.status_code == 403 and "/sso/prove" in asked.text
    provider.spoil = said(auth_time=1_700_000_000)
    assert visitor.sign_in(provider, "/sso/prove?next=/settings/tokens").status_code == 401
    provider.spoil = None
    url = visitor.away("/sso/prove?next=/settings/tokens")
    assert "prompt=login" in url and "max_age=0" in url
    assert visitor.back(provider.sign_in(url)).headers["location"] == "/settings/tokens"
    token = TOKEN.search(visitor.http.get("/settings/tokens").text)[1]  # type: ignore[index]
    made = visitor.http.post("/settings/tokens", data={"_csrf": token, "name": "x", "scope": "read"})
    assert made.status_code == 200


def test_sec_33_whose_groups_gave_him_all_he_had_comes_in_no_more_without_them(
    open_site: Site, provider: Provider
) -> None:
    settle(open_site, provider, enabled="1", creates="", first_role="")
    one = hire(open_site, "anybody", f"grouped-{uuid4()}")
    provider.claims = person()
    with connect(open_site) as owner:
        owner.execute("DELETE FROM user_role WHERE user_id = %s", (one.id,))
        owner.execute(
            "INSERT INTO user_role (user_id, role_id) VALUES (%s, %s)", (one.id, role(open_site, "sales_rep"))
        )
        owner.execute(
            "INSERT INTO sso_identity (issuer, subject, user_id) VALUES (%s, %s, %s)",
            (provider.issuer, provider.claims["sub"], one.id),
        )
    assert Visitor(open_site).sign_in(provider).status_code == 303
    provider.claims = {**provider.claims, "realm": {"groups": ["others"]}}
    visitor = Visitor(open_site)
    assert visitor.sign_in(provider).status_code == 401 and "session" not in visitor.http.cookies


def test_sec_42_45_linking_takes_a_form_of_ones_own_session(open_site: Site, provider: Provider) -> None:
    one = hire(open_site, "anybody", f"linking-{uuid4()}").browser.http
    assert one.get("/sso/link").status_code == 405
    assert one.post("/sso/link").status_code == 403, "no token"
    assert "sso" not in one.cookies


def test_sec_33_nobody_gets_a_name_that_reads_like_anothers_address(open_site: Site, provider: Provider) -> None:
    victim = f"boss{uuid4().hex[:8]}@north.example"
    provider.claims = person(preferred_username=victim)
    assert Visitor(open_site).sign_in(provider).status_code == 303
    assert rows(open_site, "SELECT 1 FROM users WHERE user_name = %s", victim) == []
    assert rows(open_site, "SELECT 1 FROM users WHERE user_name = %s", victim.partition("@")[0]) == [(1,)]


def test_sec_33_a_private_google_account_under_a_companys_address_does_not_come_in(
    open_site: Site, provider: Provider
) -> None:
    settle(open_site, provider, enabled="1", preset="google")
    provider.claims = person()
    assert Visitor(open_site).sign_in(provider).status_code == 401, "a private one names no company"
    provider.claims = person(hd="evil.example")
    assert Visitor(open_site).sign_in(provider).status_code == 401
    provider.claims = person(hd="north.example")
    assert Visitor(open_site).sign_in(provider).status_code == 303
