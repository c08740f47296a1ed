"""What one company may learn of another: nothing, not even that there is something (SEC-01, SEC-04)."""

import random
from uuid import UUID

import psycopg
import pytest

from crm_domain.modules import REGISTRY
from tests.site import Browser, Site

SEED = 7
NUMBER = 1_000
"""The short form: a tenth of the full figure."""


def test_sec_04_54_foreign_ids_answer_like_unknown_ones(site: Site) -> None:
    chance = random.Random(SEED)
    stranger = site.browser("pishro")
    ids = _ids(site)
    shapes = ("/{m}/{i}", "/{m}/{i}/edit", "/{m}/{i}/history", "/{m}/{i}/print", "/{m}/{i}/vcard", "/{m}/{i}/cell/name",
              "/{m}/{i}/related/contacts", "/leads/{i}/convert")  # fmt: skip
    unknown: dict[tuple[str, str], tuple[int, str]] = {}
    for _ in range(NUMBER):
        module, shape = chance.choice(list(REGISTRY.modules)), chance.choice(shapes)
        if (module, shape) not in unknown:
            nobodys = UUID(int=chance.getrandbits(128), version=4)
            unknown[module, shape] = _answer(stranger, shape.format(m=module, i=nobodys))
        foreign = _answer(stranger, shape.format(m=module, i=chance.choice(ids[module])))
        assert foreign == unknown[module, shape], (module, shape)
        assert foreign[0] == 404


def test_sec_01_only_the_host_name_says_which_company(site: Site) -> None:
    stranger = site.browser("pishro")
    other = _ids(site)["accounts"][0]
    for extra in ({"x-forwarded-host": "northwind.localhost"}, {"x-tenant": "2"}, {"cookie": "tenant=2"}):
        headers = {**extra} if "cookie" not in extra else {}
        assert stranger.http.get(f"/accounts/{other}?tenant=2", headers=headers).status_code == 404


def test_sec_31_a_session_is_worth_nothing_at_another_company(site: Site) -> None:
    stranger = site.browser("pishro")
    stranger.http.headers["host"] = f"northwind.localhost:{site.port}"
    assert stranger.get("/accounts").status_code == 303


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "nobody.localhost",
        "northwind.localhost.",
        "NORTHWIND.localhost@evil",
        "127.0.0.1",
        "northwind.localhost.evil.example",
    ],
)
def test_sec_47_other_host_names_are_nobodys(site: Site, host: str) -> None:
    somebody = site.browser("northwind")
    assert somebody.http.get("/accounts", headers={"host": host}).status_code == 404


def test_sec_02_03_a_login_sees_no_tenant_and_a_tenant_no_other(site: Site) -> None:
    with psycopg.connect(site.admin_url, autocommit=True) as owner:
        other = site.schemas["northwind"]
        found = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (other,))
        tables = [row[0] for row in found]
        for role in ("sadra_web", "sadra_worker", "sadra_tracker", site.schemas["pishro"]):
            owner.execute(f"SET ROLE {role}")
            for table in tables:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    owner.execute(f"SELECT 1 FROM {other}.{table} LIMIT 1")
            owner.execute("RESET ROLE")


@pytest.mark.parametrize(
    "call", ["set_config('role', 'none', false)", "pg_sleep(0)", "pg_read_file('/etc/hostname')", "lo_creat(-1)"]
)
def test_sec_03_functions_that_reach_out_are_revoked(site: Site, call: str) -> None:
    with psycopg.connect(site.admin_url, autocommit=True) as owner:
        owner.execute(f"SET ROLE {site.schemas['pishro']}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f"SELECT {call}")


def _ids(site: Site) -> dict[str, list[UUID]]:
    """Records of the other company."""
    with psycopg.connect(site.admin_url) as owner:
        other = site.schemas["northwind"]
        return {
            key: [row[0] for row in owner.execute(f"SELECT id FROM {other}.{key} LIMIT 50")] for key in REGISTRY.modules
        }


def _answer(somebody: Browser, path: str) -> tuple[int, str]:
    """Status and body, without what differs on every request."""
    answer = somebody.get(path)
    return answer.status_code, "".join(
        line for line in answer.text.splitlines() if "nonce" not in line and "bdi" not in line
    )
