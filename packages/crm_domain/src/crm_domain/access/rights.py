"""Who may do what: roles grant actions on modules within a scope; without a grant nothing is allowed."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Literal, get_args
from uuid import UUID

import msgspec


class Scope(IntEnum):
    """How far a right reaches: no record, one's own, those of one's teams, all."""

    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3


Action = Literal[
    "list", "view", "create", "edit", "delete", "import", "export", "mass_update", "merge", "print", "audit"
]
ACTIONS: tuple[Action, ...] = get_args(Action)
SCOPELESS: frozenset[str] = frozenset({"create", "import"})
"""Actions that concern no existing record: for them only none and all make sense."""
Special = Literal[
    "manage_users", "manage_roles", "shared_views", "customise", "currencies", "purge_trash", "system_fields",
    "send_campaigns", "resume_sending", "decide_uncertain", "clear_opt_out", "manage_suppression", "mail_reports",
]  # fmt: skip
SPECIALS: tuple[Special, ...] = get_args(Special)
NOT_FOR_SUPPORT: frozenset[str] = frozenset({"export", "print"})
PEOPLE, LOOKING = "users", ("list", "view", "audit")
"""Of users support only looks: whoever made or changed one would have a way in for good."""
SPECIALS_NOT_FOR_SUPPORT: frozenset[str] = frozenset(
    {"manage_users", "manage_roles", "purge_trash", "system_fields", "mail_reports"}
)
"""What support of the host may not do in a user's place, whoever that is (scenario 58)."""
FieldRight = Literal["hidden", "read", "write"]
FIELD_RIGHTS: tuple[FieldRight, ...] = get_args(FieldRight)
"""The more a right allows, the later it stands."""
Combination = Literal["most_permissive", "most_restrictive"]


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A named bundle of rights. `grants` by module and action; `*` as module stands for every module."""

    id: UUID
    name: str
    grants: Mapping[str, Mapping[str, Scope]] = {}
    specials: frozenset[str] = frozenset()
    fields: Mapping[str, Mapping[str, FieldRight]] = {}
    """By module and field key; a field not named may be written."""

    def scope(self, module: str, action: str) -> Scope:
        """This role's own answer. A grant for the module beats the grant for every module."""
        for key in (module, "*"):
            if action in self.grants.get(key, {}):
                return self.grants[key][action]
        return Scope.NONE


class Whole(msgspec.Struct, frozen=True):
    """The module whose records others are parts of, and the fields of its that these repeat under the same keys."""

    module: str
    repeated: frozenset[str]


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """One user's rights, worked out: what every query and every save asks."""

    user: UUID
    admin: bool = False
    teams: tuple[UUID, ...] = ()
    """The user's teams with those below them that he leads."""
    roles: tuple[Role, ...] = ()
    combination: Combination = "most_permissive"
    wholes: Mapping[str, Whole] = {}
    """By module of parts: who may not read a field of the whole may not read it where a part repeats it (SEC-39)."""
    made_of: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    """By module and field, the fields that it is worked out from: who may not read one of them may not read it either."""
    support: bool = False
    """Whether support of the host acts in the user's place: it takes nothing along and changes nobody's rights."""

    def scope(self, module: str, action: str) -> Scope:
        """How far this user's right reaches. Administrators reach everything; no role means no right."""
        if self.support and (action in NOT_FOR_SUPPORT or (module == PEOPLE and action not in LOOKING)):
            return Scope.NONE
        if self.admin:
            return Scope.ALL
        scopes = [role.scope(module, action) for role in self.roles]
        pick = max if self.combination == "most_permissive" else min
        return pick(scopes, default=Scope.NONE)

    def can(self, module: str, action: str) -> bool:
        return self.scope(module, action) > Scope.NONE

    def special(self, right: Special) -> bool:
        if self.support and right in SPECIALS_NOT_FOR_SUPPORT:
            return False
        return self.admin or any(right in role.specials for role in self.roles)

    def field(self, module: str, key: str) -> FieldRight:
        """Hidden, read or write, by the same combination as scopes; what repeats the whole's field is no more open than that."""
        if self.admin:
            return "write"
        found = [self._worked_out(module, key)]
        found += [number for part in self._parts(module, key) if not (number := self._worked_out(module, part))]
        if (whole := self.wholes.get(module)) and key in whole.repeated:
            found.append(self._worked_out(whole.module, key))
        return FIELD_RIGHTS[min(found)]

    def _parts(self, module: str, key: str) -> tuple[str, ...]:
        return self.made_of.get(module, {}).get(key, ())

    def _worked_out(self, module: str, key: str) -> int:
        found = [FIELD_RIGHTS.index(role.fields.get(module, {}).get(key, "write")) for role in self.roles]
        pick = max if self.combination == "most_permissive" else min
        return pick(found, default=0)

    def hidden(self, module: str) -> frozenset[str]:
        """The fields of a module this user may not even read."""
        named = {key for role in self.roles for key in role.fields.get(module, {})} | set(self.made_of.get(module, {}))
        if whole := self.wholes.get(module):
            named |= whole.repeated
        return frozenset(key for key in named if self.field(module, key) == "hidden")


class Reason(msgspec.Struct, frozen=True):
    """One step of an explanation: the role, what it says, and whether it decided."""

    role: str
    scope: Scope
    decided: bool


def explain(access: Access, module: str, action: str) -> tuple[Reason, ...]:
    """Each role's answer, marking those that decided the outcome (scenario 49)."""
    outcome = access.scope(module, action)
    return tuple(
        Reason(role.name, role.scope(module, action), role.scope(module, action) == outcome) for role in access.roles
    )
