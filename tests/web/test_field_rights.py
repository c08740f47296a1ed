"""What a role may do with single fields is set on a page, and kept when the rest of the role changes."""

import json
import re
from uuid import UUID

import msgspec
import pytest

from crm_domain.access.rights import Access, FieldRight, Role
from crm_domain.modules import REGISTRY
from tests.isolation.people import connect
from tests.site import Browser, Site

TENANT = "northwind"
FieldRights = dict[str, dict[str, FieldRight]]


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser(TENANT)


@pytest.fixture
def role(site: Site) -> UUID:
    with connect(site) as owner:
        row = owner.execute(
            "INSERT INTO role (name, grants, specials, fields) VALUES ('Clerk ' || uuidv7(), '{}', '{}', '{}') RETURNING id"
        ).fetchone()
    assert row
    return row[0]


def kept(site: Site, role: UUID) -> dict[str, dict[str, str]]:
    with connect(site) as owner:
        row = owner.execute("SELECT fields FROM role WHERE id = %s", (role,)).fetchone()
    assert row
    return row[0] if isinstance(row[0], dict) else json.loads(row[0])


def save(browser: Browser, page: str, **fields: str) -> int:
    version = re.search(r'name="version" value="(\d+)"', browser.get(page).text)
    assert version
    return browser.post(page.partition("?")[0], at=page, version=version[1], **fields).status_code


def test_sec_03_the_rights_on_fields_are_set_by_module_and_outlive_other_changes(
    site: Site, anna: Browser, role: UUID
) -> None:
    page = f"/admin/roles/{role}/fields?module=opportunities"
    assert 'name="field.amount"' in anna.get(page).text
    given = {"module": "opportunities", "field.amount": "hidden", "field.probability": "read", "field.stage": "write"}
    assert save(anna, page, **given) == 303
    assert kept(site, role) == {"opportunities": {"amount": "hidden", "probability": "read"}}
    assert re.search(r'name="field.amount" value="hidden"[^>]* checked', anna.get(page).text)
    assert save(anna, f"/admin/roles/{role}", name=f"Clerk {role}") == 303
    assert kept(site, role) == {"opportunities": {"amount": "hidden", "probability": "read"}}
    assert save(anna, page, module="opportunities", **{"field.amount": "write", "field.probability": "write"}) == 303
    assert kept(site, role) == {}


def test_sec_39_what_a_name_is_made_of_is_not_hidden_and_what_is_made_of_hidden_is(
    site: Site, anna: Browser, role: UUID
) -> None:
    page = f"/admin/roles/{role}/fields?module="
    assert save(anna, f"{page}contacts", module="contacts", **{"field.last_name": "hidden"}) == 422
    assert (
        save(anna, f"{page}knowledge_articles", module="knowledge_articles", **{"field.description": "hidden"}) == 303
    )
    hidden = kept(site, role)
    assert hidden == {"knowledge_articles": {"description": "hidden"}}
    clerk = Role(id=role, name="Clerk", fields=msgspec.convert(hidden, FieldRights))
    access = Access(user=role, roles=(clerk,), made_of=REGISTRY.made_of)
    assert access.hidden("knowledge_articles") == {"description", "words"}


@pytest.mark.parametrize("given", [{"field.nonsense": "hidden"}, {"field.amount": "everything"}])
def test_sec_03_nonsense_about_fields_is_refused(site: Site, anna: Browser, role: UUID, given: dict[str, str]) -> None:
    assert save(anna, f"/admin/roles/{role}/fields?module=opportunities", module="opportunities", **given) == 422
    assert kept(site, role) == {}
