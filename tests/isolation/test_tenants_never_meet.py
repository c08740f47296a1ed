"""What one company may learn of another: nothing, not even that there is something (SEC-01, SEC-04)."""

import psycopg
import pytest

from tests.isolation.people import connect
from tests.site import Site


def test_sec_01_only_the_host_name_says_which_company(site: Site) -> None:
    stranger = site.browser("pishro")
    with connect(site) as owner:
        (other,) = owner.execute("SELECT id FROM accounts LIMIT 1").fetchone() or (None,)
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
