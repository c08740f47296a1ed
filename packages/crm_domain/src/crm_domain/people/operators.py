"""Those who run the installation: what each of their roles may change. Reading is open to all of them."""

from typing import Literal, get_args

from crm_domain.problems import BadValue

OperatorRole = Literal["viewer", "support", "billing", "operator", "owner"]
Part = Literal["tenants", "backups", "support", "plans", "operators"]
"""What there is to change: tenants with their domains and states, their backups, support in their pages,
plans with their quotas, and operators themselves."""
ROLES: tuple[OperatorRole, ...] = get_args(OperatorRole)
MAY: dict[OperatorRole, frozenset[Part]] = {
    "viewer": frozenset(),
    "support": frozenset({"support"}),
    "billing": frozenset({"plans"}),
    "operator": frozenset({"tenants", "backups", "support"}),
    "owner": frozenset({"tenants", "backups", "support", "plans", "operators"}),
}


def checked_role(text: str) -> OperatorRole:
    """The role of that name. Raises BadValue."""
    for role in ROLES:
        if role == text:
            return role
    raise BadValue("problems.not_an_option", value=text[:40])
