"""Signing in with the company's account elsewhere (scenario 50), and 25 ways in which that could be a lie (SEC-33)."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2 as httpx
import pytest
from joserfc import jwt

from sadra_cli.children import free_port
from tests.installation import Installation
from tests.isolation.people import connect, hire
from tests.site import PASSWORD, TOKEN, Browser, Site, serve

from .identity_provider import (
    CLIENT,
    SECRET,
    Provider,
    by_a_foreign_key,
    by_client_secret,
    by_public_key,
    listening,
    new_key,
    unsigned,
)

TENANT = "northwind"
Spoiler = Callable[[Provider, dict[str, Any], dict[str, Any]], str | None]


@pytest.fixture(scope="module")
def honest() -> Iterator[Provider]:
    with listening() as provider:
        yield provider


@pytest.fixture(scope="module")
def open_site(
    site: Site, installation: Installation, honest: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Another process of the app, whose operator allows the provider's host."""
    port, folder = free_port(), Path(tmp_path_factory.mktemp("sso"))
    settings = {
        "SADRA_WEB_DATABASE_URL": installation.login("sadra_web"),
        "SADRA_WEB_URL": f"http://{{tenant}}.localhost:{port}",
        "SADRA_OUTBOUND_ALLOWED": f"localhost:{honest.port}",
    }
    child = serve(folder, "crm_web.app:create_app", port, installation, settings)
    try:
        yield replace(site, port=port)
    finally:
        child.terminate()
        child.wait(20)


@pytest.fixture
def provider(honest: Provider, open_site: Site) -> Iterator[Provider]:
    settle(open_site, honest, enabled="1")
    yield honest
    honest.spoil, honest.answer_iss, honest.description, honest.shown, honest.moved = None, None, {}, [], {}
    with connect(open_site) as owner:
        owner.execute("DELETE FROM setting WHERE key = 'single_sign_on'")
        owner.execute("DELETE FROM secret WHERE module = 'settings'")
        owner.execute("DELETE FROM login_throttle")
        owner.execute("UPDATE users SET status = 'inactive' WHERE id IN (SELECT user_id FROM sso_identity)")
        owner.execute("DELETE FROM sso_identity")


def role(site: Site, shipped: str) -> str:
    with connect(site) as owner:
        return str(owner.execute("SELECT id FROM role WHERE shipped = %s", (shipped,)).fetchone()[0])  # type: ignore[index]


def settle(site: Site, provider: Provider, tenant: str = TENANT, status: int = 303, **more: Any) -> httpx.Response:
    fields: dict[str, Any] = {
        "preset": "own", "label": "Harbour ID", "issuer": provider.issuer, "client": CLIENT, "secret": SECRET,
        "scopes": "openid email profile", "domains": "north.example", "creates": "1",
        "claim_email": "email", "claim_first_name": "given_name", "claim_last_name": "family_name",
        "claim_user_name": "preferred_username", "claim_groups": "realm.groups",
        "first_role": role(site, "read_only"), "group": ["sellers"], "group_role": [role(site, "sales_rep")], **more,
    }  # fmt: skip
    at = "/admin/single_sign_on"
    answer = site.browser(tenant).post(at, at=at, **fields)
    assert answer.status_code == status, answer.text
    return answer


class Visitor:
    """A browser that nobody has signed in with."""

    def __init__(self, site: Site, tenant: str = TENANT) -> None:
        host = f"{tenant}.localhost:{site.port}"
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers={"host": host}, timeout=30)

    def away(self, path: str = "/sso/start?next=/leads") -> str:
        """Where it is led to."""
        answer = self.http.get(path)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def way_to_link(self) -> str:
        """Where the page leads that the form for linking answers with."""
        token = TOKEN.search(self.http.get("/settings/sessions").text)[1]  # type: ignore[index]
        answer = self.http.post("/sso/link", data={"_csrf": token})
        assert answer.status_code == 200, answer.text
        return html.unescape(re.search(r'href="(http[^"]+/authorize[^"]+)"', answer.text)[1])  # type: ignore[index]

    def back(self, url: str) -> httpx.Response:
        parts = urlsplit(url)
        return self.http.get(f"{parts.path}?{parts.query}")

    def sign_in(self, provider: Provider, path: str = "/sso/start?next=/leads") -> httpx.Response:
        return self.back(provider.sign_in(self.away(path)))


def person(**more: Any) -> dict[str, Any]:
    name = f"mina{uuid4().hex[:8]}"
    return {
        "sub": f"subject of {name}", "email": f"{name}@north.example", "email_verified": True, "given_name": "Mina",
        "family_name": "Rad", "preferred_username": name, "realm": {"groups": ["sellers", "others"]}, **more,
    }  # fmt: skip


def rows(site: Site, statement: str, *facts: Any) -> list[tuple[Any, ...]]:
    with connect(site) as owner:
        return owner.execute(statement.encode(), facts).fetchall()


ROLES = "SELECT r.shipped FROM user_role ur JOIN role r ON r.id = ur.role_id JOIN users u ON u.id = ur.user_id WHERE u.user_name = %s"


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


def gone(name: str) -> Spoiler:
    return lambda _p, _h, claims: claims.pop(name) and None


def said(**claims: Any) -> Spoiler:
    return lambda _p, _h, given: given.update(claims)


LIES: dict[str, Spoiler] = {
    "no algorithm": unsigned,
    "signed with the client's secret": by_client_secret,
    "signed with the public key as a secret": by_public_key,
    "signed with another key under the same name": by_a_foreign_key,
    "a key nobody knows": lambda p, h, c: p.signed({**h, "kid": "unknown"}, c),
    "another nonce": said(nonce="another"),
    "no nonce": gone("nonce"),
    "another audience": said(aud="somebody else"),
    "no audience": gone("aud"),
    "several audiences and none authorised": said(aud=[CLIENT, "somebody else"]),
    "authorised is another": said(aud=[CLIENT, "somebody else"], azp="somebody else"),
    "another issuer": said(iss="https://evil.example"),
    "the issuer with a slash more": lambda p, _h, c: c.update(iss=f"{p.issuer}/"),
    "no issuer": gone("iss"),
    "expired": said(exp=1_700_000_000),
    "no end": gone("exp"),
    "an end that is no number": said(exp="tomorrow"),
    "not yet": said(nbf=4_000_000_000),
    "issued in the future": said(iat=4_000_000_000),
    "another access token": said(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "nobody": gone("sub"),
    "a subject that is no text": said(sub=7),
    "no token": lambda _p, _h, _c: "not.a.token",
    "an address nobody verified": said(email_verified=False),
    "an address of another domain": said(email="mina@evil.example"),
    "no word on whether it was verified": gone("email_verified"),
}


@pytest.mark.parametrize("lie", LIES)
def test_sec_33_a_provider_that_lies_lets_nobody_in(open_site: Site, provider: Provider, lie: str) -> None:
    provider.claims, provider.spoil = person(), LIES[lie]
    visitor, asked = Visitor(open_site), len(provider.asked)
    refused = visitor.sign_in(provider)
    assert "/token" in provider.asked[asked:], "it came as far as its token"
    assert refused.status_code == 401 and 'role="alert"' in refused.text
    assert "session" not in visitor.http.cookies
    assert rows(open_site, "SELECT 1 FROM users WHERE user_name = %s", provider.claims["preferred_username"]) == []


def test_sec_33_a_way_back_is_good_for_the_browser_and_company_that_began_it_and_once(
    open_site: Site, provider: Provider
) -> None:
    provider.claims = person()
    visitor = Visitor(open_site)
    url = provider.sign_in(visitor.away())
    assert Visitor(open_site).back(url).status_code == 401, "another browser"
    other = Visitor(open_site, "pishro")
    other.http.cookies.set("sso", visitor.http.cookies["sso"])
    assert other.back(url).status_code == 401, "another company's state"
    assert visitor.back(re.sub(r"state=[^&]+", "state=made-up", url)).status_code == 401
    assert visitor.back(url).status_code == 401, "that used it up"
    spoilt = Visitor(open_site)
    url = provider.sign_in(spoilt.away())
    packed, _, mac = spoilt.http.cookies["sso"].partition(".")
    spoilt.http.cookies.clear()
    spoilt.http.cookies.set("sso", f"{packed[:-4]}aaaa.{mac}")
    assert spoilt.back(url).status_code == 401, "a changed cookie"
    again = Visitor(open_site)
    url = provider.sign_in(again.away())
    assert again.back(url).status_code == 303
    again.http.cookies.delete("session")
    assert again.back(url).status_code == 401, "twice"


def test_sec_33_a_mix_up_of_providers_is_noticed(open_site: Site, provider: Provider) -> None:
    provider.claims, provider.answer_iss = person(), "https://evil.example"
    assert Visitor(open_site).sign_in(provider).status_code == 401
    visitor = Visitor(open_site)
    provider.answer_iss = provider.issuer
    url = provider.sign_in(visitor.away())
    with connect(open_site) as owner:
        owner.execute(
            "UPDATE setting SET value = value || '{\"issuer\": \"https://other.example\"}' WHERE key = 'single_sign_on'"
        )
    asked = len(provider.asked)
    assert visitor.back(url).status_code == 401
    assert "/token" not in provider.asked[asked:], "the code went nowhere"


def test_keys_may_change_and_former_ones_count_no_more(open_site: Site, provider: Provider) -> None:
    provider.claims = person()
    assert Visitor(open_site).sign_in(provider).status_code == 303
    former, provider.key = provider.key, new_key("two")
    assert Visitor(open_site).sign_in(provider).status_code == 303, "the new key is asked for"
    provider.spoil = lambda _p, header, claims: jwt.encode({**header, "kid": former.kid}, claims, former)
    assert Visitor(open_site).sign_in(provider).status_code == 401


def test_sec_24_a_provider_inside_is_not_asked(site: Site, honest: Provider) -> None:
    """The shared site's operator allows nothing inside."""
    with connect(site) as owner:
        owner.execute("DELETE FROM setting WHERE key = 'single_sign_on'")
    asked = len(honest.asked)
    for issuer in (
        honest.issuer,
        "https://127.0.0.1",
        "https://169.254.169.254",
        "https://localhost",
        "https://user@x.example",
    ):
        settle(site, honest, status=422, enabled="1", issuer=issuer)
    assert honest.asked[asked:] == []


@pytest.mark.parametrize(
    "wrong", [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/"}, {"jwks_uri": 7}]
)
def test_sec_33_a_description_that_is_not_the_issuers_is_not_taken(
    open_site: Site, provider: Provider, wrong: dict[str, Any]
) -> None:
    provider.description = wrong
    settle(open_site, provider, status=422, enabled="1")


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


def test_trying_it_out_shows_what_would_be_and_lets_nobody_in(open_site: Site, provider: Provider) -> None:
    settle(open_site, provider)
    assert Visitor(open_site).http.get("/sso/start").status_code == 404, "not in use yet"
    provider.claims = person(given_name='<b>"Mina"')
    visitor = Visitor(open_site)
    visitor.http = open_site.browser(TENANT).http
    tried = visitor.sign_in(provider, "/sso/test")
    assert tried.status_code == 200 and "&lt;b&gt;" in tried.text and provider.claims["email"] in tried.text
    assert rows(open_site, "SELECT 1 FROM users WHERE user_name = %s", provider.claims["preferred_username"]) == []
    somebody = hire(open_site, "anybody")
    assert somebody.browser.get("/sso/test").status_code == 403


def test_sec_36_41_the_settings_ask_for_a_proof_and_never_show_the_secret(open_site: Site, provider: Provider) -> None:
    anna, at = open_site.browser(TENANT), "/admin/single_sign_on"
    assert SECRET not in anna.get(at).text
    assert SECRET.encode() not in bytes(rows(open_site, "SELECT sealed FROM secret WHERE module = 'settings'")[0][0])
    settle(open_site, provider, status=422, first_role=role(open_site, "administrator"))
    settle(open_site, provider, status=422, forced="1", break_glass="")
    settle(open_site, provider, status=422, scopes="email")
    settle(open_site, provider, status=422, domains="not a domain!")
    settle(open_site, provider, enabled="1", secret="")
    provider.claims = person()
    assert Visitor(open_site).sign_in(provider).status_code == 303, "an empty field leaves the secret"
    somebody = hire(open_site, "anybody")
    assert somebody.browser.get(at).status_code == 403
    assert somebody.browser.post(at, issuer="https://x.example").status_code == 403
    with connect(open_site) as owner:
        owner.execute("UPDATE session SET created_at = now() - interval '11 minutes'")
    asked = anna.post(at, at=at, issuer=provider.issuer, client=CLIENT, scopes="openid")
    assert asked.status_code == 403 and 'name="_proof"' in asked.text


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


def test_sec_41_a_clients_secret_is_told_to_no_other_issuer(open_site: Site, provider: Provider) -> None:
    other, asked = f"http://localhost:{provider.port}/other", len(provider.asked)
    refused = settle(open_site, provider, status=422, enabled="1", issuer=other, secret="")
    assert "agreed with the former issuer" in refused.text and provider.asked[asked:] == []
    settle(open_site, provider, enabled="1", secret="")
    provider.claims = person()
    assert Visitor(open_site).sign_in(provider).status_code == 303, "its own issuer still has it"


@pytest.mark.parametrize("path", ["/keys", "/.well-known/openid-configuration"])
def test_sec_24_a_provider_sends_nobody_on(open_site: Site, provider: Provider, path: str) -> None:
    provider.claims, provider.key = person(), new_key("moved")
    provider.moved[path] = f"{provider.issuer}/elsewhere"
    asked = len(provider.asked)
    if path == "/keys":
        assert Visitor(open_site).sign_in(provider).status_code == 401
    else:
        settle(open_site, provider, status=422, enabled="1")
    assert path in provider.asked[asked:] and "/elsewhere" not in provider.asked[asked:]


def test_sec_49_a_provider_that_says_too_much_is_none(open_site: Site, provider: Provider) -> None:
    provider.description = {"padding": "x" * 600_000}
    settle(open_site, provider, status=422, enabled="1")


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
