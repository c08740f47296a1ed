"""Who acts: rights, teams and preferences in one statement; roles and who may give them."""

from typing import Any

import pytest

from crm_domain.access.rights import Access, Scope
from crm_domain.modules import REGISTRY
from crm_domain.people.actor import Actor
from crm_domain.people.granting import RoleDraft
from crm_domain.problems import Invalid, NotFound, Refused
from crm_storage.people import administer, preferences
from crm_storage.people.actor import load_user_actor
from crm_storage.people.sessions import open_session

ADD_TEAM = "INSERT INTO teams (id, name, parent) VALUES (uuidv7(), %(name)s, %(parent)s) RETURNING id"


async def shipped(office, key: str):
    [(id_,)] = await office.rows("SELECT id FROM role WHERE shipped = %(key)s", key=key)
    return id_


async def admin(office, session) -> Actor:
    [(id_,)] = await office.rows("SELECT id FROM users WHERE user_name = 'admin'")
    actor = await load_user_actor(session, id_)
    assert actor is not None
    return actor


def by(access: Access) -> administer.By:
    return administer.By(access, "web", "r1")


async def member(office, session, name: str, *roles: str):
    id_ = await office.user(name)
    wanted = [await shipped(office, role) for role in roles]
    await administer.assign_roles(session, REGISTRY, by((await admin(office, session)).access), id_, wanted)
    await session.commit()
    return id_


async def test_the_actor_is_read_in_one_statement(office, session) -> None:
    sara = await member(office, session, "sara", "sales_rep", "read_only")
    async with office.database.tenant(office.number) as fresh:
        actor = await load_user_actor(fresh, sara)
        assert fresh.statements == 1
    assert actor is not None
    assert (actor.user_name, actor.email, actor.base_currency) == ("sara", "sara@harbour.example", "USD")
    assert actor.access.scope("leads", "list") == Scope.ALL
    assert actor.access.scope("leads", "edit") == Scope.OWN
    assert actor.access.scope("leads", "merge") == Scope.NONE
    assert actor.access.scope("users", "view") == Scope.ALL
    assert not actor.access.admin and actor.locale.language == "en"


async def test_the_most_restrictive_role_wins_where_the_company_wants_it(office, session) -> None:
    sara = await member(office, session, "sara", "sales_manager", "read_only")
    noted: dict[str, Any] = {"by": (await admin(office, session)).user, "request": "r"}
    await preferences.keep_combination(session, "most_restrictive", **noted)
    actor = await load_user_actor(session, sara)
    assert actor is not None and actor.access.scope("leads", "edit") == Scope.NONE
    with pytest.raises(Invalid):
        await preferences.keep_combination(session, "whatever", **noted)
    [(before, after)] = await session.rows(
        "SELECT changes -> 'before', changes -> 'after' FROM audit_event WHERE action = 'role_combination'"
    )
    assert (before, after) == (None, "most_restrictive")


async def test_leaders_reach_the_teams_below_and_members_only_their_own(office, session) -> None:
    sara, omid = await office.user("sara"), await office.user("omid")
    [(top,)] = await office.rows(ADD_TEAM, name="Top", parent=None)
    [(middle,)] = await office.rows(ADD_TEAM, name="Middle", parent=top)
    [(bottom,)] = await office.rows(ADD_TEAM, name="Bottom", parent=middle)
    acting = by((await admin(office, session)).access)
    await administer.set_members(session, acting, top, {omid: False})
    await administer.set_members(session, acting, middle, {sara: True})
    led = await load_user_actor(session, sara)
    plain = await load_user_actor(session, omid)
    assert led is not None and set(led.access.teams) == {middle, bottom}
    assert plain is not None and plain.access.teams == (top,)
    await administer.set_members(session, acting, middle, {omid: True, sara: False})
    assert [(one.name, one.is_leader) for one in await administer.members(session, middle)] == [
        ("omid", True),
        ("sara", False),
    ]
    with pytest.raises(NotFound):
        await administer.set_members(session, acting, sara, {})


async def test_preferences_over_the_company_over_the_language(office, session) -> None:
    sara = await office.user("sara")
    await preferences.keep_for_company(session, {"time_zone": "Europe/Berlin", "page_size": 50}, by=sara, request="")
    await preferences.keep(session, sara, {"language": "fa", "theme": "dark"})
    await preferences.keep(session, sara, {"digits": "latin"})
    actor = await load_user_actor(session, sara)
    assert actor is not None
    chosen = actor.preferences
    assert (chosen.language, chosen.calendar, chosen.digits, chosen.time_zone) == (
        "fa",
        "jalali",
        "latin",
        "Europe/Berlin",
    )
    assert (chosen.theme, chosen.page_size) == ("dark", 50)
    await preferences.keep(session, sara, {"language": "en"})
    await preferences.keep(session, sara, {"language": "fa"})
    actor = await load_user_actor(session, sara)
    assert actor is not None and actor.preferences.digits == "persian" and actor.preferences.theme == "dark"
    await preferences.keep(session, sara, {"language": None})
    actor = await load_user_actor(session, sara)
    assert actor is not None and actor.preferences.language == "en"
    with pytest.raises(Invalid) as caught:
        await preferences.keep(session, sara, {"time_zone": "Nowhere/Here", "page_size": True, "odd": 1})
    assert set(caught.value.fields) == {"time_zone", "page_size", "odd"}


async def test_scenario_49_the_role_that_decided_is_named(office, session) -> None:
    sara = await member(office, session, "sara", "sales_rep", "read_only")
    scope, reasons = await administer.explain_right(session, sara, "leads", "edit")
    assert scope == Scope.OWN
    assert {reason.role: reason.decided for reason in reasons} == {"Sales representative": True, "Read-only": False}


async def test_a_role_of_ones_own_is_made_changed_and_removed(office, session) -> None:
    acting = by((await admin(office, session)).access)
    draft = RoleDraft(
        name="Helpers",
        grants={"leads": {"list": Scope.TEAM, "create": Scope.ALL}},
        fields={"leads": {"description": "hidden"}},
    )
    id_ = await administer.add_role(session, REGISTRY, acting, draft)
    sara = await office.user("sara")
    await administer.assign_roles(session, REGISTRY, acting, sara, [id_])
    actor = await load_user_actor(session, sara)
    assert actor is not None and actor.access.field("leads", "description") == "hidden"
    wider = RoleDraft(name="Helpers", grants={"leads": {"list": Scope.ALL}})
    await administer.change_role(session, REGISTRY, acting, id_, version=1, draft=wider)
    actor = await load_user_actor(session, sara)
    assert actor is not None and actor.access.scope("leads", "list") == Scope.ALL
    with pytest.raises(Refused, match=r"roles\.changed_since"):
        await administer.change_role(session, REGISTRY, acting, id_, version=1, draft=draft)
    with pytest.raises(Refused, match=r"roles\.in_use"):
        await administer.remove_role(session, REGISTRY, acting, id_)
    await administer.assign_roles(session, REGISTRY, acting, sara, [await shipped(office, "read_only")])
    await administer.remove_role(session, REGISTRY, acting, id_)
    with pytest.raises(NotFound):
        await administer.role(session, id_)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (RoleDraft(name=" "), "name"),
        (RoleDraft(name="R", grants={"nothing": {"list": Scope.ALL}}), "grants"),
        (RoleDraft(name="R", grants={"leads": {"create": Scope.OWN}}), "grants"),
        (RoleDraft(name="R", grants={"leads": {"fly": Scope.ALL}}), "grants"),
        (RoleDraft(name="R", specials=frozenset({"everything"})), "specials"),
        (RoleDraft(name="R", fields={"leads": {"nothing": "read"}}), "fields"),
        (RoleDraft(name="Marketing"), "name"),
    ],
)
async def test_rights_the_product_does_not_know_are_refused(office, session, draft: RoleDraft, field: str) -> None:
    acting = by((await admin(office, session)).access)
    with pytest.raises(Invalid) as caught:
        await administer.add_role(session, REGISTRY, acting, draft)
    assert set(caught.value.fields) == {field}


async def test_the_administrator_role_and_the_last_role_of_a_user_stay(office, session) -> None:
    acting = by((await admin(office, session)).access)
    kept = await shipped(office, "administrator")
    with pytest.raises(Refused, match=r"roles\.administrator_kept"):
        await administer.change_role(session, REGISTRY, acting, kept, version=1, draft=RoleDraft(name="Nobody"))
    with pytest.raises(Refused, match=r"roles\.administrator_kept"):
        await administer.remove_role(session, REGISTRY, acting, kept)
    sara = await member(office, session, "sara", "sales_rep")
    with pytest.raises(Refused, match=r"roles\.at_least_one"):
        await administer.assign_roles(session, REGISTRY, acting, sara, [])


async def test_nobody_gives_more_than_he_has_nor_raises_himself(office, session) -> None:
    clerk = await member(office, session, "clerk", "sales_manager")
    sara = await member(office, session, "sara", "sales_rep")
    actor = await load_user_actor(session, clerk)
    assert actor is not None
    acting = by(actor.access)
    for beyond in (
        RoleDraft(name="R", grants={"users": {"edit": Scope.ALL}}),
        RoleDraft(name="R", grants={"*": {"delete": Scope.OWN}}),
        RoleDraft(name="R", specials=frozenset({"manage_users"})),
    ):
        with pytest.raises(Refused, match=r"roles\.beyond_own"):
            await administer.add_role(session, REGISTRY, acting, beyond)
    with pytest.raises(Refused, match=r"roles\.beyond_own"):
        await administer.assign_roles(session, REGISTRY, acting, sara, [await shipped(office, "administrator")])
    first = (await admin(office, session)).user
    for untouchable in (clerk, first):
        with pytest.raises(Refused, match=r"roles\.not_yours"):
            await administer.assign_roles(session, REGISTRY, acting, untouchable, [await shipped(office, "read_only")])
    own = await administer.add_role(
        session, REGISTRY, acting, RoleDraft(name="R", grants={"leads": {"list": Scope.ALL}})
    )
    await administer.assign_roles(session, REGISTRY, acting, sara, [own])


async def test_sec_32_another_role_ends_what_was_open(office, session) -> None:
    sara = await member(office, session, "sara", "sales_rep")
    secret = await open_session(session, sara, agent="", address="")
    await session.commit()
    acting = by((await admin(office, session)).access)
    await administer.assign_roles(session, REGISTRY, acting, sara, [await shipped(office, "sales_rep")])
    await session.commit()
    assert await office.actor(secret) is not None
    await administer.assign_roles(session, REGISTRY, acting, sara, [await shipped(office, "read_only")])
    await session.commit()
    assert await office.actor(secret) is None
    events = await office.rows(
        "SELECT action, actor_id FROM audit_event WHERE module = 'users' AND record_id = %(id)s", id=sara
    )
    assert {action for action, _ in events} == {"roles"}


async def test_sec_52_who_gave_which_role_to_whom_is_noted_by_name(office, session) -> None:
    sara = await member(office, session, "sara", "sales_rep")
    first = await admin(office, session)
    await administer.assign_roles(session, REGISTRY, by(first.access), sara, [await shipped(office, "read_only")])
    await session.commit()
    told = await office.rows(
        "SELECT actor_id, changes -> 'roles' FROM audit_event WHERE record_id = %(id)s ORDER BY at, id", id=sara
    )
    [(rep,)] = await office.rows("SELECT name FROM role WHERE shipped = 'sales_rep'")
    [(reader,)] = await office.rows("SELECT name FROM role WHERE shipped = 'read_only'")
    assert told == [(first.user, [[], [rep]]), (first.user, [[rep], [reader]])]


async def test_a_new_tenant_has_roles_currencies_and_a_team(office) -> None:
    assert len(await office.rows("SELECT FROM role WHERE shipped IS NOT NULL")) == 8
    rates = dict(await office.rows("SELECT iso4217, conversion_rate FROM currencies WHERE status = 'active'"))
    assert set(rates) == {"USD", "EUR", "IRR"} and rates["USD"] == 1 and rates["IRR"] == 1_150_000
    assert await office.rows("SELECT iso4217 FROM currencies WHERE is_base") == [("USD",)]
    assert await office.rows("SELECT t.name, m.is_leader FROM team_member m JOIN teams t ON t.id = m.team_id") == [
        ("Everyone", True)
    ]
