"""Asking at the console to be let into a company's pages (scenario 58, SEC-08)."""

import pytest

from .conftest import Host, Operator
from .test_console import hired

PIER = {"name": "Pier", "slug": "pier", "language": "en", "plan": "standard", "email": "boss@pier.example"}
AT = "/tenants/pier/support"
ASKED = {"reason": "Ticket 12", "user_name": "admin", "minutes": "30"}


@pytest.fixture(scope="module", autouse=True)
def pier(owner: Operator) -> None:
    assert owner.post("/tenants", at="/tenants/new", **PIER).status_code == 303


def test_58_support_asks_and_gets_a_way_in_only_with_the_companys_word(host: Host, owner: Operator) -> None:
    helper = hired(host, owner, "helper@host.example", "support")
    for wrong in ({"reason": " "}, {"user_name": "nobody"}, {"minutes": "600"}):
        assert helper.post(AT, at=AT, **{**ASKED, **wrong}).status_code == 422, wrong
    assert helper.post(AT, at=AT, **ASKED).status_code == 200
    [(number,)] = host.rows("SELECT number FROM host.tenant WHERE slug = 'pier'")
    [(access, state)] = host.rows(f"SELECT id, state FROM t_{number}.support_access")
    assert state == "asked"
    assert helper.post(f"{AT}/{access}/enter", at=AT).status_code == 409
    host.rows(f"UPDATE t_{number}.support_access SET state = 'granted'")
    assert owner.post(f"{AT}/{access}/enter", at=AT).status_code == 409, "only who asked comes in"
    given = helper.post(f"{AT}/{access}/enter", at=AT)
    assert given.status_code == 200 and "http://pier.localhost:1/support/enter?token=" in given.text
    noted = host.rows(f"SELECT action, reason FROM host.tenant_event WHERE tenant = {number} ORDER BY at DESC LIMIT 2")
    assert noted == [("support_entered", ""), ("support_asked", "Ticket 12")]


@pytest.mark.parametrize("role", ["viewer", "billing"])
def test_sec_08_others_may_not_ask(host: Host, owner: Operator, role: str) -> None:
    somebody = hired(host, owner, f"{role}-looks@host.example", role)
    assert somebody.get(AT).status_code == 200
    assert somebody.post(AT, at="/", **ASKED).status_code == 403
