"""What administrators do with people: roles and their matrix, who has them, who is in which team (scenario 49)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg.errors import ForeignKeyViolation, UniqueViolation

from crm_domain.access.rights import Action, Reason, Scope, explain
from crm_domain.definition import Ref, Registry
from crm_domain.people.granting import RoleDraft, check_giving, check_role
from crm_domain.problems import FieldProblem, Invalid, NotFound, Refused
from crm_storage.database import Session
from crm_storage.people.actor import load_user_actor
from crm_storage.people.log import By, log
from crm_storage.people.revoke import revoke

ADMINISTRATOR = "administrator"
"""The shipped role nobody changes: there must always be one that reaches everything."""
ROLES = """
SELECT r.id, r.name, coalesce(r.shipped, ''), r.grants, r.specials, r.fields, r.version,
  (SELECT count(*) FROM user_role ur JOIN users u ON u.id = ur.user_id AND u.deleted_at IS NULL WHERE ur.role_id = r.id)
FROM role r
WHERE %(ids)s::uuid[] IS NULL OR r.id = ANY(%(ids)s)
ORDER BY r.shipped IS NULL, r.name, r.id
"""
ADD = """
INSERT INTO role (name, grants, specials, fields)
VALUES (%(name)s, %(grants)s::jsonb, %(specials)s, %(fields)s::jsonb) RETURNING id
"""
CHANGE = """
UPDATE role SET name = %(name)s, grants = %(grants)s::jsonb, specials = %(specials)s, fields = %(fields)s::jsonb,
  version = version + 1
WHERE id = %(id)s AND version = %(version)s
"""
REMOVE = "DELETE FROM role WHERE id = %(id)s"
ROLES_OF = "SELECT user_id, array_agg(role_id) FROM user_role WHERE user_id = ANY(%(users)s) GROUP BY user_id"
USER_TYPE = "SELECT user_type FROM users WHERE id = %(user)s AND deleted_at IS NULL FOR UPDATE"
LEAVE_ROLES = "DELETE FROM user_role WHERE user_id = %(user)s AND NOT role_id = ANY(%(roles)s)"
TAKE_ROLES = """
INSERT INTO user_role (user_id, role_id) SELECT %(user)s, unnest(%(roles)s::uuid[]) ON CONFLICT DO NOTHING
"""
MEMBERS = """
SELECT u.id, coalesce(u.name, u.user_name), m.is_leader FROM team_member m
JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL
WHERE m.team_id = %(team)s ORDER BY m.is_leader DESC, u.sort_key, u.id
"""
LEAVE_TEAM = "DELETE FROM team_member WHERE team_id = %(team)s AND NOT user_id = ANY(%(users)s)"
JOIN_TEAM = """
INSERT INTO team_member (team_id, user_id, is_leader)
SELECT %(team)s, m.id, m.leads FROM unnest(%(users)s::uuid[], %(leads)s::bool[]) AS m (id, leads)
ON CONFLICT (user_id, team_id) DO UPDATE SET is_leader = excluded.is_leader
"""
TEAM_EXISTS = "SELECT FROM teams WHERE id = %(team)s AND deleted_at IS NULL"


class StoredRole(msgspec.Struct, frozen=True):
    """A role with what the pages need: `shipped` is the product's key or empty, `users` how many have it."""

    id: UUID
    name: str
    shipped: str
    grants: dict[str, dict[str, Scope]]
    specials: frozenset[str]
    fields: dict[str, dict[str, str]]
    version: int
    users: int

    @property
    def draft(self) -> RoleDraft:
        return msgspec.convert(
            {"name": self.name, "grants": self.grants, "specials": self.specials, "fields": self.fields}, RoleDraft
        )


class Member(msgspec.Struct, frozen=True):
    """Somebody in a team."""

    user: UUID
    name: str
    is_leader: bool


async def roles(session: Session) -> list[StoredRole]:
    """All roles, those of the product first."""
    return await _roles(session, None)


async def role(session: Session, id_: UUID) -> StoredRole:
    """Raises NotFound."""
    found = await _roles(session, [id_])
    if not found:
        raise NotFound
    return found[0]


async def add_role(session: Session, registry: Registry, by: By, draft: RoleDraft) -> UUID:
    """A role of the tenant's own. Raises Invalid, Refused."""
    check_role(draft, registry)
    check_giving(by.access, draft, registry)
    try:
        [(id_,)] = await session.rows(ADD, _columns(draft))
    except UniqueViolation:
        raise Invalid({"name": (FieldProblem("problems.taken"),)}) from None
    await log(session, by, "create", of=Ref("roles", id_), changes={"after": msgspec.to_builtins(draft)})
    return id_


async def change_role(
    session: Session, registry: Registry, by: By, id_: UUID, *, version: int, draft: RoleDraft
) -> None:
    """Changes a role at once for all who have it. Raises NotFound, Invalid, Refused (also when changed since)."""
    before = await role(session, id_)
    if before.shipped == ADMINISTRATOR:
        raise Refused("roles.administrator_kept")
    check_role(draft, registry)
    check_giving(by.access, before.draft, registry)
    check_giving(by.access, draft, registry)
    try:
        changed = await session.execute(CHANGE, {"id": id_, "version": version, **_columns(draft)})
    except UniqueViolation:
        raise Invalid({"name": (FieldProblem("problems.taken"),)}) from None
    if not changed:
        raise Refused("roles.changed_since", name=before.name)
    facts = {"before": msgspec.to_builtins(before.draft), "after": msgspec.to_builtins(draft)}
    await log(session, by, "update", of=Ref("roles", id_), changes=facts)


async def remove_role(session: Session, registry: Registry, by: By, id_: UUID) -> None:
    """Raises NotFound, and Refused while somebody has it: nobody is left without a role by this."""
    before = await role(session, id_)
    if before.shipped == ADMINISTRATOR:
        raise Refused("roles.administrator_kept")
    if before.users:
        raise Refused("roles.in_use", name=before.name, n=before.users)
    check_giving(by.access, before.draft, registry)
    await session.execute(REMOVE, {"id": id_})
    await log(session, by, "delete", of=Ref("roles", id_), changes={"before": msgspec.to_builtins(before.draft)})


async def roles_of(session: Session, users: Sequence[UUID]) -> Mapping[UUID, list[UUID]]:
    """The roles that each of these users has."""
    found = dict(await session.rows(ROLES_OF, {"users": list(users)}))
    return {user: found.get(user, []) for user in users}


async def assign_roles(
    session: Session, registry: Registry, by: By, user: UUID, ids: Sequence[UUID], *, keep: UUID | None = None
) -> None:
    """Makes these the user's roles and ends what he has open, but for the session `keep` (SEC-32).

    Raises NotFound, Refused: nobody has no role, nobody raises himself, only administrators touch administrators.
    """
    found = await session.one(USER_TYPE, {"user": user})
    wanted = await _roles(session, list(ids))
    if found is None or len(wanted) != len(set(ids)):
        raise NotFound
    if not wanted:
        raise Refused("roles.at_least_one")
    if not by.access.admin and (user == by.access.user or found[0] == ADMINISTRATOR):
        raise Refused("roles.not_yours")
    former = set((await roles_of(session, [user]))[user])
    known = {one.id: one for one in await _roles(session, list(former | set(ids)))}
    given = former ^ set(ids)
    for id_ in given:
        check_giving(by.access, known[id_].draft, registry)
    if not given:
        return
    await session.execute(LEAVE_ROLES, {"user": user, "roles": list(ids)})
    await session.execute(TAKE_ROLES, {"user": user, "roles": list(ids)})
    await revoke(session, user, keep=keep)
    facts = {"roles": [_names(known, former), _names(known, ids)], "ids": [sorted(former), sorted(ids)]}
    await log(session, by, "roles", of=Ref("users", user), changes=facts)


async def members(session: Session, team: UUID) -> list[Member]:
    """Who is in a team, leaders first."""
    return [Member(*row) for row in await session.rows(MEMBERS, {"team": team})]


async def set_members(session: Session, by: By, team: UUID, people: Mapping[UUID, bool]) -> None:
    """Makes these the team's members; the value says who leads it. Raises NotFound, Refused: nobody widens his own reach."""
    if await session.one(TEAM_EXISTS, {"team": team}) is None:
        raise NotFound
    before = {str(member.user): member.is_leader for member in await members(session, team)}
    me = by.access.user
    if not by.access.admin and before.get(str(me)) != people.get(me):
        raise Refused("roles.own_teams")
    facts = {"team": team, "users": list(people), "leads": list(people.values())}
    await session.execute(LEAVE_TEAM, facts)
    try:
        await session.execute(JOIN_TEAM, facts)
    except ForeignKeyViolation:
        raise NotFound from None
    after = {str(user): leads for user, leads in people.items()}
    await log(session, by, "members", of=Ref("teams", team), changes={"members": [before, after]})


async def explain_right(session: Session, user: UUID, module: str, action: Action) -> tuple[Scope, tuple[Reason, ...]]:
    """How far an active user's right reaches, and which of his roles decided that. Raises NotFound."""
    actor = await load_user_actor(session, user)
    if actor is None:
        raise NotFound
    return actor.access.scope(module, action), explain(actor.access, module, action)


async def _roles(session: Session, ids: list[UUID] | None) -> list[StoredRole]:
    found: list[StoredRole] = []
    for id_, name, shipped, grants, specials, fields, version, users in await session.rows(ROLES, {"ids": ids}):
        scopes = msgspec.convert(grants, dict[str, dict[str, Scope]])
        found.append(StoredRole(id_, name, shipped, scopes, frozenset(specials), fields, version, users))
    return found


def _names(known: Mapping[UUID, StoredRole], ids: Iterable[UUID]) -> list[str]:
    return sorted(known[id_].name for id_ in ids)


def _columns(draft: RoleDraft) -> dict[str, Any]:
    return {
        "name": draft.name.strip(),
        "grants": msgspec.json.encode(draft.grants).decode(),
        "specials": sorted(draft.specials),
        "fields": msgspec.json.encode(draft.fields).decode(),
    }
