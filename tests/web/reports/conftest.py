"""Who asks reports, and what there is to ask about."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2 as httpx
import pytest

from tests.isolation.people import Person, api_client, connect, hire, token_of
from tests.site import Site
from tests.web.reports.asking import TENANT, every

OWN = {action: 1 for action in ("list", "view", "export")}


@pytest.fixture(scope="module")
def api(site: Site) -> httpx.Client:
    """The administrator's program."""
    return api_client(site, TENANT, token_of(site, TENANT, "admin"))


@pytest.fixture(scope="module")
def deals(site: Site, api: httpx.Client) -> list[Any]:
    """All deals with their amounts in the base currency."""
    with connect(site) as owner:
        base = {
            str(id_): amount
            for id_, amount in owner.execute("SELECT id, amount_base FROM opportunities WHERE deleted_at IS NULL")
        }
    return [{**deal, "base": base[deal["id"]]} for deal in every(api, "opportunities")]


@pytest.fixture(scope="module")
def seller(site: Site) -> Iterator[Person]:
    """Somebody who reaches his own deals alone, of which two are given to him; he may not see amounts."""
    person = hire(site, "reader", f"seller-{uuid4()}", {"opportunities": OWN})
    fields = json.dumps({"opportunities": {"amount": "hidden"}, "accounts": {"industry": "hidden"}})
    with connect(site) as owner:
        owner.execute("UPDATE role SET fields = %s WHERE name = %s", (fields, person.name))
        ids = [row[0] for row in owner.execute("SELECT id FROM opportunities ORDER BY id LIMIT 2")]
        before = owner.execute("SELECT id, assigned_to FROM opportunities WHERE id = ANY(%s)", (ids,)).fetchall()
        owner.execute("UPDATE opportunities SET assigned_to = %s WHERE id = ANY(%s)", (person.id, ids))
    yield person
    with connect(site) as owner:
        for id_, assigned in before:
            owner.execute("UPDATE opportunities SET assigned_to = %s WHERE id = %s", (assigned, id_))
