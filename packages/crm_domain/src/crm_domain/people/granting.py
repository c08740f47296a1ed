"""Which roles make sense, and who may give them: nobody gives what he does not have."""

from collections.abc import Mapping
from typing import get_args

import msgspec

from crm_domain.access.rights import ACTIONS, SPECIALS, Access, FieldRight, Scope
from crm_domain.access.shipped import check_scope
from crm_domain.definition import Registry
from crm_domain.problems import FieldProblem, Invalid, Refused

NAME_MAX = 100
EVERY = "*"
NAME = "name"


class RoleDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A role as somebody fills it in: see `Role` for what the parts mean."""

    name: str
    grants: Mapping[str, Mapping[str, Scope]] = {}
    specials: frozenset[str] = frozenset()
    fields: Mapping[str, Mapping[str, FieldRight]] = {}


def check_role(draft: RoleDraft, registry: Registry) -> None:
    """Raises Invalid for a name that does not do, and for rights the product does not know."""
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    if not draft.name.strip():
        problems["name"] = (FieldProblem("problems.required"),)
    elif len(draft.name) > NAME_MAX:
        problems["name"] = (FieldProblem("problems.too_long", {"most": NAME_MAX}),)
    if not _known_grants(draft, registry):
        problems["grants"] = (FieldProblem("roles.unknown_right"),)
    if not draft.specials <= set(SPECIALS):
        problems["specials"] = (FieldProblem("roles.unknown_right"),)
    if not _known_fields(draft, registry):
        problems["fields"] = (FieldProblem("roles.unknown_right"),)
    elif _hides_name(draft, registry):
        problems["fields"] = (FieldProblem("roles.makes_name"),)
    if problems:
        raise Invalid(problems)


def check_giving(access: Access, draft: RoleDraft, registry: Registry) -> None:
    """Raises Refused when the role goes beyond the rights of whoever makes or assigns it."""
    if access.admin:
        return
    modules = set(registry.modules) if EVERY in draft.grants else set(draft.grants)
    beyond = any(
        _scope(draft, module, action) > access.scope(module, action) for module in modules for action in ACTIONS
    )
    if (
        beyond
        or _opens(access, draft)
        or any(right in draft.specials and not access.special(right) for right in SPECIALS)
    ):
        raise Refused("roles.beyond_own", name=draft.name)


def _opens(access: Access, draft: RoleDraft) -> bool:
    """Whether the role opens a field that is closed to whoever makes it."""
    closed = {(module, key) for role in access.roles for module, keys in role.fields.items() for key in keys}
    order = get_args(FieldRight)
    return any(
        order.index(draft.fields.get(module, {}).get(key, "write")) > order.index(access.field(module, key))
        for module, key in closed
    )


def _scope(draft: RoleDraft, module: str, action: str) -> Scope:
    for key in (module, EVERY):
        if action in draft.grants.get(key, {}):
            return draft.grants[key][action]
    return Scope.NONE


def _known_grants(draft: RoleDraft, registry: Registry) -> bool:
    return all(
        (module == EVERY or module in registry) and all(check_scope(action, scope) for action, scope in actions.items())
        for module, actions in draft.grants.items()
    )


def _hides_name(draft: RoleDraft, registry: Registry) -> bool:
    """Whether a record's name would tell what is hidden: it stands wherever the record does."""
    return any(
        rights.get(part) == "hidden"
        for module, rights in draft.fields.items()
        for part in registry.made_of.get(module, {}).get(NAME, ())
    )


def _known_fields(draft: RoleDraft, registry: Registry) -> bool:
    for module, rights in draft.fields.items():
        if module not in registry:
            return False
        known = {field.key for field in registry[module].fields}
        if any(key not in known or right not in get_args(FieldRight) for key, right in rights.items()):
            return False
    return True
