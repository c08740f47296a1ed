"""People of the English company with next to no rights, some, or all, each with a browser and a token of the API."""

import hashlib
import json
import secrets
from uuid import UUID, uuid4

import httpx2 as httpx
import msgspec
import psycopg

from crm_domain.access.rights import ACTIONS
from crm_domain.definition.kinds import Link
from crm_domain.modules import REGISTRY
from tests.site import Browser, Site

TENANT = "northwind"
EVERYTHING = {action: 3 for action in ACTIONS}
READING = dict.fromkeys(("list", "view", "print", "audit"), 3)
GRANTS = {
    "nobody": {},
    "reader": READING,
    "owner": {action: 3 if action in ("create", "import") else 1 for action in ACTIONS},
    "anybody": EVERYTHING,
}
"""What each of them may on every module: 1 is his own records, 3 all of them."""
ADD = """
WITH person AS (
  INSERT INTO users (id, user_name, status, user_type, last_name, name)
  VALUES (uuidv7(), %(name)s, 'active', 'regular', %(name)s, %(name)s) RETURNING id
), kind AS (
  INSERT INTO role (name, grants) VALUES (%(name)s, %(grants)s::jsonb) RETURNING id
), secret AS (
  INSERT INTO user_credential (user_id, password_hash)
  SELECT person.id, (SELECT c.password_hash FROM user_credential c JOIN users u ON u.id = c.user_id AND u.user_name = 'admin')
  FROM person
), may AS (
  INSERT INTO user_role (user_id, role_id) SELECT person.id, kind.id FROM person, kind
)
SELECT id FROM person
"""
TOKEN = """
INSERT INTO personal_token (user_id, name, prefix, token_hash, scopes)
SELECT id, 'drill', 'drill', %(hash)s, '{read,write}' FROM users WHERE user_name = %(name)s
"""
FORGOTTEN = (
    "session",
    "recent_item",
    "user_module_state",
    "personal_token",
    "login_throttle",
    "login_event",
    "outbox",
    "device",
    "notification",
)
"""What using the product writes without changing anything: visits, the last use, where a list was left, that a browser is new."""


class Person(msgspec.Struct):
    """Somebody with a name, an id, a browser that is signed in, and a client of the API."""

    name: str
    id: UUID
    browser: Browser
    api: httpx.Client
    token: str
    """Of the forms of this browser's session."""


def connect(site: Site, tenant: str = TENANT) -> psycopg.Connection:
    """The owner's connection, looking at a company's tables."""
    connection = psycopg.connect(site.admin_url, autocommit=True)
    connection.execute(f"SET search_path = {site.schemas[tenant]}, crm, public".encode())
    return connection


def hire(site: Site, kind: str, name: str = "", more: dict[str, dict[str, int]] | None = None) -> Person:
    """A new user with the grants of that kind, and `more` by module."""
    name = name or f"{kind}-{uuid4()}"
    facts = {"name": name, "grants": json.dumps({"*": GRANTS[kind], **(more or {})})}
    with connect(site) as owner:
        row = owner.execute(ADD.encode(), facts).fetchone()
    assert row
    browser = Browser(site, TENANT, name)
    api = api_client(site, TENANT, token_of(site, TENANT, name))
    return Person(name, row[0], browser, api, browser.token("/settings"))


def token_of(site: Site, tenant: str, user: str) -> str:
    """A new token of the API for a user."""
    secret = f"{secrets.token_urlsafe(12)} of {user}"
    with connect(site, tenant) as owner:
        owner.execute(TOKEN.encode(), {"name": user, "hash": hashlib.sha256(secret.encode()).digest()})
    return secret


def api_client(site: Site, tenant: str, token: str) -> httpx.Client:
    """A program with that token."""
    headers = {"host": f"{tenant}.localhost:{site.port}", "authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers=headers, timeout=30)


def give(site: Site, owner_id: UUID, *, skip: int) -> dict[str, UUID]:
    """One record of every module that is given to somebody; `skip` says which, so that two people get different ones.

    A part is given together with its whole: who cannot see that cannot see the part.
    """
    found: dict[str, UUID] = {}
    with connect(site) as owner:
        for key, module in REGISTRY.modules.items():
            whole = module.by_key.get(module.part_of)
            assert whole is None or isinstance(whole, Link)
            of_it = f'AND "{whole.key}" = %(whole)s' if whole else ""
            row = owner.execute(
                f"SELECT id FROM {key} WHERE deleted_at IS NULL {of_it} ORDER BY id OFFSET %(skip)s LIMIT 1".encode(),
                {"skip": 0 if whole else skip, "whole": found.get(whole.target) if whole else None},
            ).fetchone()
            if row:
                owner.execute(
                    f"UPDATE {key} SET assigned_to = %s, created_by = %s WHERE id = %s".encode(),
                    (owner_id, owner_id, row[0]),
                )
                found[key] = row[0]
    return found


def fingerprint(site: Site, tenant: str = TENANT) -> dict[str, str]:
    """A hash of every table's rows, but for what mere looking writes."""
    with connect(site, tenant) as owner:
        tables = owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
        ).fetchall()
        return {
            name: owner.execute(
                f'SELECT md5(string_agg(x::text, chr(10) ORDER BY x::text)) FROM "{name}" x'.encode()
            ).fetchone()[0]  # type: ignore[index]
            for (name,) in tables
            if name not in FORGOTTEN
        }
