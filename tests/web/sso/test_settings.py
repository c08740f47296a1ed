"""What a company settles about its provider, and trying that out."""

from tests.isolation.people import connect, hire
from tests.site import Site

from .identity_provider import CLIENT, SECRET, Provider
from .visiting import TENANT, Visitor, person, role, rows, settle


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


def test_sec_41_a_clients_secret_is_told_to_no_other_issuer(open_site: Site, provider: Provider) -> None:
    other, asked = f"http://localhost:{provider.port}/other", len(provider.asked)
    refused = settle(open_site, provider, status=422, enabled="1", issuer=other, secret="")
    assert "agreed with the former issuer" in refused.text and provider.asked[asked:] == []
    settle(open_site, provider, enabled="1", secret="")
    provider.claims = person()
    assert Visitor(open_site).sign_in(provider).status_code == 303, "its own issuer still has it"
