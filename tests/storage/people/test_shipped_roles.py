"""What a later release brings reaches the product's roles, and only they; what an administrator settled stays."""

from typing import Any

import pytest
from tests.storage.people.test_rights import admin, by, shipped

from crm_domain.access.rights import SPECIALS
from crm_domain.access.shipped import SHIPPED_ROLES
from crm_domain.modules import REGISTRY
from crm_domain.people.granting import RoleDraft
from crm_storage.people import administer
from crm_storage.people.shipped_roles import GIVE, OFFERED, shipped_rights

NEW = ("invitees", "canned_replies")
SHIPPED = {role.key: role for role in SHIPPED_ROLES}
FORMER = """
UPDATE role SET grants = grants - %(modules)s::text[], specials = array_remove(specials, 'decide_uncertain')
WHERE shipped IS NOT NULL
"""
GRANTS = "SELECT grants FROM role WHERE shipped = %(key)s"


@pytest.fixture(params=["noted", "opened before it was noted"])
async def former(office, session, request) -> None:
    """A company of a release that knew neither module nor the right to decide on uncertain mails."""
    await session.execute(FORMER, {"modules": list(NEW)})
    if request.param == "noted":
        gone = [*NEW, "!decide_uncertain"]
        await session.execute(
            "UPDATE setting SET value = value - %(gone)s::text[] WHERE key = %(key)s", {"gone": gone, "key": OFFERED}
        )
    else:
        await session.execute("DELETE FROM setting WHERE key = %(key)s", {"key": OFFERED})
    await session.commit()


async def upgrade(session) -> int:
    """The end of a migration; how many roles it says to have changed."""
    said = "SELECT count(*) FROM audit_event WHERE source = 'upgrade'"
    [(before,)] = await session.rows(said)
    await session.execute(GIVE, shipped_rights())
    [(after,)] = await session.rows(said)
    await session.commit()
    return after - before


async def changed(office, session, key: str, grants: dict[str, Any]) -> None:
    """An administrator's word on some modules of a role; None takes the module away."""
    stored = await administer.role(session, await shipped(office, key))
    wanted = {module: actions for module, actions in {**stored.grants, **grants}.items() if actions is not None}
    draft = RoleDraft(name=stored.name, grants=wanted, specials=stored.specials)
    who = by((await admin(office, session)).access)
    await administer.change_role(session, REGISTRY, who, stored.id, version=stored.version, draft=draft)
    await session.commit()


async def grants(session, key: str) -> dict[str, Any]:
    [(found,)] = await session.rows(GRANTS, {"key": key})
    return found


async def test_shipped_roles_get_their_rights_on_what_is_new_once_and_the_audit_says_so(
    office, session, former
) -> None:
    assert await upgrade(session) == len(SHIPPED_ROLES)
    for key, role in SHIPPED.items():
        assert await grants(session, key) == role.grants
    [(specials,)] = await session.rows("SELECT specials FROM role WHERE shipped = 'administrator'")
    assert set(specials) == set(SPECIALS)
    told = "SELECT actor_id, changes FROM audit_event WHERE source = 'upgrade' AND record_id = %(id)s"
    [(actor, changes)] = await session.rows(told, {"id": await shipped(office, "read_only")})
    assert actor is None
    assert changes["after"]["grants"].keys() - changes["before"]["grants"].keys() == set(NEW)
    assert await upgrade(session) == 0


async def test_what_an_administrator_settled_before_and_after_stays(office, session, former) -> None:
    own = {"list": 3, "view": 3}
    await changed(office, session, "sales_rep", {"leads": None, "invitees": own})
    for key in SHIPPED.keys() - {"administrator"}:
        await changed(office, session, key, {"bugs": None})
    added = RoleDraft(name="Interns", grants={"leads": {"list": 3}})
    interns = await administer.add_role(session, REGISTRY, by((await admin(office, session)).access), added)
    await session.commit()
    await upgrade(session)
    rep = await grants(session, "sales_rep")
    assert "leads" not in rep and rep["invitees"] == own
    assert rep["canned_replies"] == SHIPPED["sales_rep"].grants["canned_replies"]
    assert (await grants(session, "support_agent"))["invitees"] == SHIPPED["support_agent"].grants["invitees"]
    assert not [key for key in SHIPPED if "bugs" in await grants(session, key)]
    assert (await administer.role(session, interns)).grants == {"leads": {"list": 3}}
    await changed(office, session, "support_agent", {"invitees": None})
    assert await upgrade(session) == 0
    assert "invitees" not in await grants(session, "support_agent")


async def test_a_new_company_was_offered_everything_its_roles_name(office, session) -> None:
    assert await upgrade(session) == 0
