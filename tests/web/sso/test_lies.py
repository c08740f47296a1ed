"""A provider, or somebody in its name, that lies: in more than 25 ways (SEC-33)."""

import re
from typing import Any

import pytest
from joserfc import jwt

from tests.isolation.people import connect
from tests.site import Site

from .identity_provider import CLIENT, Provider, by_a_foreign_key, by_client_secret, by_public_key, new_key, unsigned
from .visiting import Spoiler, Visitor, gone, person, rows, said, settle

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
