"""Backups at the console: taking one, taking it home, rehearsing, and the two ways back (REL-35 to -37, SEC-36)."""

import re
from collections.abc import Callable

import pytest

from .conftest import Host, Operator
from .test_console import hired

QUAY = {"name": "Quay", "slug": "quay", "language": "fa", "plan": "standard", "email": "boss@quay.example"}
AT = "/tenants/quay/backups"


@pytest.fixture(scope="module", autouse=True)
def quay(owner: Operator) -> None:
    assert owner.post("/tenants", at="/tenants/new", **QUAY).status_code == 303


def taken(owner: Operator, settled: Callable[[], None]) -> str:
    """The address of a new backup's page."""
    assert owner.post(AT, at=AT).status_code == 303
    settled()
    found = re.search(rf'href="({AT}/[0-9a-f-]+)"', owner.get(AT).text)
    assert found
    return found[1]


def test_a_backup_is_taken_shown_taken_home_and_rehearsed(
    host: Host, owner: Operator, settled: Callable[[], None]
) -> None:
    at = taken(owner, settled)
    assert owner.get(at).status_code == 200
    file = owner.get(f"{at}/file")
    assert file.status_code == 200 and "quay-" in file.headers["content-disposition"]
    assert b"boss@quay" not in file.content and len(file.content) > 10_000
    assert owner.post(f"{at}/rehearsal", at=at).status_code == 303
    settled()
    assert "all are equal" in owner.get(AT).text
    assert owner.get(at.replace("quay", "harbour-not-there")).status_code == 404


def test_sec_36_ways_back_ask_for_a_fresh_code(host: Host, owner: Operator, settled: Callable[[], None]) -> None:
    at = taken(owner, settled)
    denied = owner.post(f"{at}/copy", at=at, slug="quay-copy", name="", code="000000")
    assert denied.status_code == 409 and "code is wrong" in denied.text
    host.rows("UPDATE host.operator SET failed = 0, locked_until = NULL, totp_step = 0")
    assert owner.post(f"{at}/copy", at=at, slug="quay-copy", name="Look", code=owner.code()).status_code == 303
    settled()
    assert host.rows("SELECT state, name FROM host.tenant WHERE slug = 'quay-copy'") == [("read_only", "Look")]
    host.rows("UPDATE host.operator SET totp_step = 0")
    assert owner.post(f"{at}/copy", at=at, slug="quay-copy", name="", code=owner.code()).status_code == 422


def test_rel_37_in_place_wants_suspension_reason_and_name(
    host: Host, owner: Operator, settled: Callable[[], None]
) -> None:
    at = taken(owner, settled)
    fields = {"reason": "a wrong import", "confirm": "quay"}
    assert owner.post(f"{at}/place", at=AT, **fields, code=owner.code()).status_code == 409
    owner.post("/tenants/quay/state", at="/tenants/quay", state="suspended", reason="to restore")
    assert owner.post(f"{at}/place", at=at, reason="", confirm="quay", code=owner.code()).status_code == 409
    [(number,)] = host.rows("SELECT number FROM host.tenant WHERE slug = 'quay'")
    host.rows(f"UPDATE t_{number}.users SET last_name = 'Changed'; UPDATE host.operator SET totp_step = 0")
    assert owner.post(f"{at}/place", at=at, **fields, code=owner.code()).status_code == 303
    settled()
    assert host.rows(f"SELECT 1 FROM t_{number}.users WHERE last_name = 'Changed'") == []
    assert [
        row[0]
        for row in host.rows(f"SELECT kind FROM host.backup WHERE tenant = {number} ORDER BY taken_at DESC LIMIT 1")
    ] == ["before_restore"]
    owner.post("/tenants/quay/state", at="/tenants/quay", state="active", reason="done")


def test_sec_08_who_only_looks_neither_takes_nor_downloads(
    host: Host, owner: Operator, settled: Callable[[], None]
) -> None:
    at = taken(owner, settled)
    viewer = hired(host, owner, "looks@host.example", "viewer")
    assert viewer.get(at).status_code == 200
    assert viewer.get(f"{at}/file").status_code == 403
    for path in (AT, f"{at}/rehearsal", f"{at}/copy", f"{at}/place"):
        assert viewer.post(path, at="/").status_code == 403, path
