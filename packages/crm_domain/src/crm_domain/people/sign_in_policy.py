"""What a company asks of everybody who signs in: how soon unused sessions end, how long passwords are, who needs two steps."""

from collections.abc import Iterable
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from crm_domain.people.passwords import MIN_LENGTH
from crm_domain.problems import FieldProblem, Invalid

FactorFor = Literal["nobody", "administrators", "roles", "everybody"]
FACTOR_FOR: tuple[FactorFor, ...] = get_args(FactorFor)
IDLE_MINUTES = (30, 60, 120, 240, 480, 720, 1440)
LENGTHS = (MIN_LENGTH, 12, 14, 16, 20)
KEY = "sign_in"
"""The setting's key."""


class SignInPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """`factor_roles` counts for `roles` only, where administrators need a second step as well."""

    idle_minutes: int = 480
    password_length: int = MIN_LENGTH
    factor_for: FactorFor = "nobody"
    factor_roles: tuple[UUID, ...] = ()

    def asks(self, *, admin: bool, roles: Iterable[UUID]) -> bool:
        """Whether somebody of that standing must have a second factor."""
        if self.factor_for in ("nobody", "everybody"):
            return self.factor_for == "everybody"
        return admin or (self.factor_for == "roles" and not set(self.factor_roles).isdisjoint(roles))


def policy_of(stored: Any) -> SignInPolicy:
    """From the setting, or what is usual."""
    return msgspec.convert(stored or {}, SignInPolicy)


def check_policy(policy: SignInPolicy, roles: Iterable[UUID]) -> SignInPolicy:
    """Raises Invalid for what the product does not offer; `roles` are those there are."""
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    for key, given, offered in (
        ("idle_minutes", policy.idle_minutes, IDLE_MINUTES),
        ("password_length", policy.password_length, LENGTHS),
    ):
        if given not in offered:
            problems[key] = (FieldProblem("problems.not_an_option", {"value": str(given)}),)
    if policy.factor_for == "roles" and not policy.factor_roles:
        problems["factor_roles"] = (FieldProblem("security.no_role"),)
    if not set(policy.factor_roles) <= set(roles):
        problems["factor_roles"] = (FieldProblem("problems.unknown_record"),)
    if problems:
        raise Invalid(problems)
    return policy
