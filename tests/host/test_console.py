"""What operators do at the console, each step noted for good (SEC-08, SEC-30, SEC-47, SEC-52, scenario 53)."""

import re

import psycopg
import pytest

from .conftest import Host, Operator

LINK = re.compile(r"http://localhost:\d+(/welcome\?token=[0-9a-f.]+)")
NEW = {
    "name": "Harbour & Sons",
    "slug": "harbour",
    "language": "fa",
    "plan": "standard",
    "email": "boss@harbour.example",
}
CHOSEN = "three green boats 47"


@pytest.fixture(scope="module", autouse=True)
def harbour(owner: Operator) -> None:
    made = owner.post("/tenants", at="/tenants/new", **NEW)
    assert made.status_code == 303, made.text


def invited(owner: Operator, email: str, role: str) -> str:
    """The path of the link that a new operator gets."""
    page = owner.post("/operators", at="/operators", email=email, name="Somebody", role=role)
    found = LINK.search(page.text)
    assert found, page.text
    return found[1]


def hired(host: Host, owner: Operator, email: str, role: str) -> Operator:
    somebody, path = host.somebody(), invited(owner, email, role)
    done = somebody.post("/welcome", at=path, token=path.partition("=")[2], password=CHOSEN)
    assert done.status_code == 303, done.text
    return somebody.sign_in(email, CHOSEN)


def did(host: Host) -> list[str]:
    return [str(row[0]) for row in host.rows("SELECT action FROM host.operator_audit ORDER BY at, id")]


@pytest.mark.parametrize(
    "path", ["/", "/tenants/new", "/tenants/harbour", "/tenants/harbour/backups", "/plans", "/operators", "/trail"]
)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_page_opens_with_its_words(owner: Operator, path: str, language: str) -> None:
    page = owner.http.get(path, headers={"cookie": f"host_language={language}; {cookie(owner)}"})
    assert page.status_code == 200 and f'lang="{language}"' in page.text
    assert not re.search(r">\s*(host|tenants|problems)\.[a-z_.]+\s*<", page.text)


def test_53_a_persian_company_is_opened_and_its_first_administrator_invited(host: Host) -> None:
    [(number, locale)] = host.rows("SELECT number, locale FROM host.tenant WHERE slug = 'harbour'")
    assert isinstance(locale, dict) and (locale["language"], locale["calendar"]) == ("fa", "jalali")
    [(payload,)] = host.rows(f"SELECT payload FROM t_{number}.outbox WHERE subject = 'mail.send'")
    assert isinstance(payload, dict) and payload["to"] == "boss@harbour.example" and payload["language"] == "fa"


def test_a_plan_is_made_changed_and_counts_at_once(host: Host, owner: Operator) -> None:
    for limit in ("3", "۷"):
        kept = owner.post(
            "/plans", at="/plans", key="tiny", users=limit, records="1,000", storage_mb="", mails_a_day="50"
        )
        assert kept.status_code == 303
    [(quotas,)] = host.rows("SELECT quotas FROM host.plan WHERE key = 'tiny'")
    assert isinstance(quotas, dict)
    assert quotas == {**quotas, "users": 7, "records": 1000, "storage_mb": 0, "mails_a_day": 50}
    for key, users in (("Bad key!", "1"), ("tiny", "many"), ("tiny", "-1"), ("tiny", "9" * 30)):
        assert owner.post("/plans", at="/plans", key=key, users=users).status_code == 422
    moved = owner.post("/tenants/harbour", at="/tenants/harbour", name="Harbour", plan="tiny")
    assert moved.status_code == 303 and "of 7" in owner.get("/tenants/harbour").text
    assert owner.post("/tenants/harbour", at="/tenants/harbour", name="Harbour", plan="none").status_code == 422


def test_what_is_used_up_is_said_in_words(host: Host, owner: Operator) -> None:
    owner.post("/plans", at="/plans", key="tiny", users="1", records="1000", storage_mb="", mails_a_day="")
    owner.post("/tenants/harbour", at="/tenants/harbour", name="Harbour", plan="tiny")
    assert "at 100% of the plan’s limit" in owner.get("/tenants/harbour").text


def test_sec_52_the_last_anchor_of_a_companys_audit_log_is_told(host: Host, owner: Operator) -> None:
    assert "no anchor yet" in owner.get("/tenants/harbour").text
    host.rows(
        "INSERT INTO host.anchor (tenant, day, seal, chain) "
        "SELECT number, day, seal, '' FROM host.tenant, (VALUES ('2026-01-01', 16), ('2026-01-02', 17)) a (day, seal) "
        "WHERE slug = 'harbour'"
    )
    assert "up to seal 17." in owner.get("/tenants/harbour").text


def test_sec_47_a_domain_is_claimed_checked_and_given_up(host: Host, owner: Operator) -> None:
    at = "/tenants/harbour"
    for wrong in ("localhost", "10.0.0.1", "a b.example", "evil.example:80", ""):
        assert owner.post(f"{at}/domains", at=at, domain=wrong).status_code == 422, wrong
    assert owner.post(f"{at}/domains", at=at, domain="crm.harbour.example").status_code == 303
    page = owner.get(at).text
    assert "_sadra.crm.harbour.example" in page and "sadra=" in page
    assert owner.post(f"{at}/domains/check", at=at, domain="crm.harbour.example").status_code == 409
    assert owner.post(f"{at}/domains/check", at=at, domain="other.example").status_code == 404
    assert host.rows("SELECT verified_at FROM host.domain WHERE name = 'crm.harbour.example'") == [(None,)]
    assert owner.post(f"{at}/domains/drop", at=at, domain="crm.harbour.example").status_code == 303
    assert host.rows("SELECT 1 FROM host.domain WHERE name = 'crm.harbour.example'") == []


def test_sec_30_an_invited_operator_chooses_a_password_and_sets_up_a_second_factor(host: Host, owner: Operator) -> None:
    path = invited(owner, "new@host.example", "viewer")
    token = path.partition("=")[2]
    somebody = host.somebody()
    assert "new@host.example" in somebody.get(path).text
    assert somebody.post("/welcome", at=path, token=token, password="short").status_code == 422
    assert somebody.post("/welcome", at=path, token=token, password=CHOSEN).status_code == 303
    assert somebody.get(path).status_code == 404, "a link works once"
    assert somebody.get(path[:-2] + "00").status_code == 404
    assert somebody.sign_in("new@host.example", CHOSEN).get("/").status_code == 200
    assert (
        owner.post("/operators", at="/operators", email="new@host.example", name="N", role="viewer").status_code == 422
    )


@pytest.mark.parametrize(
    ("role", "may"), [("viewer", set()), ("support", set()), ("billing", {"plans"}), ("operator", {"tenants"})]
)
def test_sec_08_an_operator_changes_only_what_his_role_lets_him(
    host: Host, owner: Operator, role: str, may: set[str]
) -> None:
    somebody = hired(host, owner, f"{role}@host.example", role)
    before = host.rows("SELECT md5(string_agg(x::text, '' ORDER BY x::text)) FROM host.tenant x")
    tries = {
        "plans": ("/plans", {"key": "tiny", "users": "9"}),
        "tenants": ("/tenants/harbour", {"name": "Harbour", "plan": "tiny"}),
        "operators": ("/operators", {"email": "x@host.example", "name": "X", "role": "owner"}),
    }
    for part, (path, body) in tries.items():
        answer = somebody.post(path, at="/", **body)
        assert (answer.status_code == 403) is (part not in may), (part, answer.status_code)
    others = ("/tenants", "/tenants/harbour/state", "/tenants/harbour/domains", "/tenants/harbour/domains/check")
    for path in others if "tenants" not in may else ():
        assert somebody.post(path, at="/", state="suspended", reason="x", domain="a.example").status_code == 403, path
    if "tenants" not in may:
        assert host.rows("SELECT md5(string_agg(x::text, '' ORDER BY x::text)) FROM host.tenant x") == before
    assert somebody.get("/trail").status_code == 200, "reading is open to all of them"


def test_a_closed_operator_is_out_at_once_and_comes_back_when_opened(host: Host, owner: Operator) -> None:
    somebody = hired(host, owner, "leaving@host.example", "viewer")
    [(id_,)] = host.rows("SELECT id FROM host.operator WHERE email = 'leaving@host.example'")
    owner.post(f"/operators/{id_}/active", at="/operators")
    assert somebody.get("/").status_code == 303
    assert host.somebody().post("/login", at="/login", email="leaving@host.example", password=CHOSEN).status_code == 401
    owner.post(f"/operators/{id_}/active", at="/operators", on="1")
    assert host.somebody().post("/login", at="/login", email="leaving@host.example", password=CHOSEN).status_code == 303


def test_sec_30_a_reset_factor_is_set_up_anew_before_anything_else(host: Host, owner: Operator) -> None:
    somebody = hired(host, owner, "lost@host.example", "viewer")
    [(id_,)] = host.rows("SELECT id FROM host.operator WHERE email = 'lost@host.example'")
    owner.post(f"/operators/{id_}/factor", at="/operators")
    assert somebody.get("/").status_code == 303
    assert host.somebody().sign_in("lost@host.example", CHOSEN).get("/").status_code == 200


def test_the_last_owner_stays_and_nobody_raises_himself(host: Host, owner: Operator) -> None:
    [(own,)] = host.rows(f"SELECT id FROM host.operator WHERE email = '{host.owner}'")
    for path, body in ((f"/operators/{own}/role", {"role": "viewer"}), (f"/operators/{own}/active", {})):
        assert owner.post(path, at="/operators", **body).status_code == 409
    assert host.rows(f"SELECT role, active FROM host.operator WHERE email = '{host.owner}'") == [("owner", True)]


def test_sec_52_every_step_is_noted_and_what_is_noted_stays(host: Host, owner: Operator) -> None:
    assert {"signed_in", "tenant_opened", "tenant_changed", "plan_set", "domain_claimed", "operator_invited"} <= set(
        did(host)
    )
    assert host.owner in owner.get("/trail").text
    with psycopg.connect(host.installation.login("sadra_host"), autocommit=True) as console:
        for statement in ("UPDATE host.operator_audit SET action = 'x'", "DELETE FROM host.operator_audit"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                console.execute(statement.encode())


def test_sec_45_nothing_is_posted_without_a_token(owner: Operator) -> None:
    for path in ("/plans", "/operators", "/tenants", "/tenants/harbour", "/tenants/harbour/domains", "/logout"):
        assert owner.http.post(path, data={"key": "x"}).status_code == 403, path


def cookie(owner: Operator) -> str:
    return f"host_session={owner.http.cookies.get('host_session')}"
